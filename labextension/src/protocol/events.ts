/**
 * What the kernel tells by itself, on the comm of role `events`, and its short hello.
 */
import { deltaFields, readBusy, readJob, readSeverity } from './facts';
import { number, object, orNull, tagged, text, word } from './shape';
import type { Read } from './shape';

export const readEvent = tagged({
  delta: object({ type: word('delta'), seq: number, ...deltaFields }),
  kernel: object({
    type: word('kernel'),
    seq: number,
    busy: orNull(readBusy)
  }),
  job: object({ type: word('job'), seq: number, job: readJob }),
  notice: object({
    type: word('notice'),
    seq: number,
    severity: readSeverity,
    text,
    cell: orNull(text)
  }),
  closed: object({
    type: word('closed'),
    seq: number,
    reason: word('unloaded', 'replaced', 'restarting')
  })
});

/** Any event. */
export type Event = Read<typeof readEvent>;
export type Delta = Extract<Event, { type: 'delta' }>;

export const readHello = object({
  protocol: number,
  version: text,
  kernel: text
});
