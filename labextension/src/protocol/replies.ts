/**
 * What the kernel answers, on the comm of role `requests`.
 */
import {
  readBusy,
  readCell,
  readJob,
  readPlan,
  readRefusal,
  readSeedPlan,
  readSetting,
  readState
} from './facts';
import {
  readCheck,
  readDevice,
  readDiff,
  readDrift,
  readFact,
  readFlow,
  readInputs,
  readLeak,
  readPackage,
  readPart,
  readRun,
  readTracked,
  readStream
} from './sections';
import {
  flag,
  list,
  maybe,
  number,
  object,
  orNull,
  tagged,
  text,
  word
} from './shape';
import type { Read } from './shape';

const replies = {
  error: object({
    type: word('error'),
    id: text,
    code: word(
      'bad message',
      'unknown request',
      'too large',
      'protocol',
      'resync',
      'not open',
      'refused',
      'not available',
      'failed'
    ),
    message: text,
    remedy: text
  }),
  busy: object({ type: word('busy'), id: text, busy: readBusy }),
  done: object({ type: word('done'), id: text }),
  opened: object({
    type: word('opened'),
    id: text,
    protocol: number,
    version: text,
    kernel: text,
    seq: number,
    state: readState
  }),
  state: object({
    type: word('state'),
    id: text,
    seq: number,
    state: readState
  }),
  pong: object({ type: word('pong'), id: text, busy: orNull(readBusy) }),
  governed: object({
    type: word('governed'),
    id: text,
    queued: flag,
    sentence: text,
    governed: orNull(readSeedPlan),
    settings: list(readSetting)
  }),
  edit: object({ type: word('edit'), id: text, cell: text, line: text }),
  tracked: object({
    type: word('tracked'),
    id: text,
    sentence: text,
    manifest: text
  }),
  plan: object({
    type: word('plan'),
    id: text,
    plan: readPlan,
    cells: list(readCell)
  }),
  diff: object({ type: word('diff'), id: text, diff: readDiff }),
  job: object({ type: word('job'), id: text, job: readJob }),
  randomness: object({
    type: word('randomness'),
    id: text,
    governed: orNull(readSeedPlan),
    settings: list(readSetting),
    streams: list(readStream),
    leaks: list(readLeak)
  }),
  environment: object({
    type: word('environment'),
    id: text,
    facts: list(readFact),
    packages: list(readPackage),
    more_packages: number,
    changes: list(text),
    conflicts: list(text)
  }),
  drift: object({
    type: word('drift'),
    id: text,
    drift: readDrift,
    devices: list(text)
  }),
  gpu: object({
    type: word('gpu'),
    id: text,
    devices: list(readDevice),
    absent: text,
    at: number
  }),
  inputs: object({
    type: word('inputs'),
    id: text,
    inputs: readInputs,
    more_files: number
  }),
  runs: object({
    type: word('runs'),
    id: text,
    runs: list(readRun),
    run: maybe(text),
    trackers: maybe(list(readTracked))
  }),
  checklist: object({
    type: word('checklist'),
    id: text,
    items: list(readCheck)
  }),
  bundle: object({
    type: word('bundle'),
    id: text,
    suggested: text,
    parts: list(readPart),
    bytes: number,
    refused: text,
    remedy: text,
    command: text,
    sentence: text,
    unknown: list(text),
    refusals: list(readRefusal)
  }),
  dataflow: object({
    type: word('dataflow'),
    id: text,
    cell: orNull(text),
    flows: list(readFlow),
    more_flows: number
  })
};

export const readReply = tagged(replies);

/** Any reply. */
export type Reply = Read<typeof readReply>;

/** The reply of one type. */
export type ReplyOf<T extends Reply['type']> = Extract<Reply, { type: T }>;
