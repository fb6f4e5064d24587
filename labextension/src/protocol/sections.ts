/**
 * What the panel's sections ask for.
 */
import { flag, list, maybe, number, object, orNull, text, word } from './shape';
import type { Read } from './shape';

export const sectionNames = [
  'randomness',
  'environment',
  'gpu',
  'inputs',
  'runs',
  'checklist',
  'bundle',
  'dataflow',
  'drift'
] as const;
export type SectionName = (typeof sectionNames)[number];

export const readStream = object({
  name: text,
  drew: list(text),
  runs: number,
  numbers: orNull(number),
  seeded: flag
});
export type Stream = Read<typeof readStream>;

export const readLeak = object({
  cell: orNull(text),
  label: text,
  line: number,
  text,
  what: text,
  kind: text,
  count: number,
  derived: flag
});
export type Leak = Read<typeof readLeak>;

export const readFact = object({ name: text, value: text });

export const readPackage = object({
  name: text,
  version: text,
  imported: word('cells', 'libraries', 'kernel', ''),
  origin: text
});

export const readDevice = object({
  index: number,
  title: text,
  uuid: orNull(text),
  clock_mhz: orNull(number),
  clock_max_mhz: orNull(number),
  temperature_c: orNull(number),
  slowdown_at_c: orNull(number),
  power_w: orNull(number),
  power_limit_w: orNull(number),
  memory_used_bytes: orNull(number),
  memory_bytes: orNull(number),
  slowed_by: list(text),
  throttled: flag,
  trust: text
});
export type Device = Read<typeof readDevice>;

export const readTracked = object({
  tracker: text,
  id: text,
  name: text,
  address: text,
  note: text
});
/** A run that a tracker has of one of ours. */
export type Tracked = Read<typeof readTracked>;

export const readRun = object({
  id: text,
  kind: text,
  made: number,
  verdict: text,
  headline: text,
  seed: orNull(number),
  commit: text,
  dirty: flag,
  why: text,
  bundle: text,
  this_kernel: flag,
  trackers: maybe(list(readTracked))
});
export type Run = Read<typeof readRun>;

export const readCheck = object({
  key: text,
  title: text,
  state: word('yes', 'no', 'unknown', 'does not apply'),
  evidence: text,
  remedy: text,
  cells: list(text),
  note: text
});
export type Check = Read<typeof readCheck>;

export const readPart = object({
  name: text,
  files: number,
  bytes: orNull(number),
  note: text
});

export const readFlow = object({
  source: text,
  target: text,
  resources: list(text)
});
export type Flow = Read<typeof readFlow>;

const rank = word(
  'can change numbers',
  'may change results',
  'cannot change numbers'
);
export type Rank = Read<typeof rank>;
const notCompared = object({ what: text, reason: text });

export const readDrift = object({
  schema: number,
  notebook: text,
  record: text,
  made: orNull(number),
  covers: text,
  sentence: text,
  differences: list(
    object({
      what: text,
      before: text,
      now: text,
      rank,
      reason: text,
      restore: text,
      instead: text
    })
  ),
  unknown: list(notCompared),
  restore_packages: text
});
export type Drift = Read<typeof readDrift>;

export const readInputs = object({
  schema: number,
  folder: text,
  manifest: text,
  files: list(
    object({
      path: text,
      role: word('data', 'source', 'product', 'output'),
      sha256: orNull(text),
      size: orNull(number),
      mode: text,
      read_by: list(text),
      written_by: list(text),
      tracked: word('', 'as tracked', 'not as tracked'),
      revision: orNull(
        object({
          kind: text,
          name: text,
          revision: text,
          same: maybe(orNull(flag)),
          why: maybe(text)
        })
      ),
      note: text
    })
  ),
  contacts: list(object({ cell: text, hosts: list(text), recorded: flag })),
  unseen: list(text)
});
export type Inputs = Read<typeof readInputs>;
export type SeenFile = Inputs['files'][number];

export const readDiff = object({
  schema: number,
  first: text,
  second: text,
  sentence: text,
  outputs: list(
    object({
      cell: text,
      what: word(
        'differs',
        'only in the first',
        'only in the second',
        'ended otherwise'
      ),
      detail: text
    })
  ),
  same: number,
  explanations: list(
    object({
      area: text,
      what: text,
      before: text,
      now: text,
      rank,
      reason: text,
      restore: text
    })
  ),
  unknown: list(notCompared)
});
export type Diff = Read<typeof readDiff>;
