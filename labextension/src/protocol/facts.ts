/**
 * The state as the kernel tells it: see docs/status-json.md and docs/protocol.md.
 */
import { flag, list, maybe, number, object, orNull, text, word } from './shape';
import type { Read } from './shape';

export const verdicts = [
  'reproduced',
  'stale',
  'out of order',
  'hidden state',
  'edited',
  'not run',
  'not idempotent',
  'rng shifted',
  'input changed',
  'unknown'
] as const;

export const readWord = word('reproduced', 'differs', 'unknown', 'nothing run');
export type Word = Read<typeof readWord>;

export const readCell = object({
  id: text,
  label: text,
  verdict: word(...verdicts),
  why: list(text),
  because_of: list(text),
  order: orNull(number)
});
export type CellVerdict = Read<typeof readCell>;
export type Verdict = CellVerdict['verdict'];

export const readSeverity = word('error', 'warning', 'info');
export type Severity = Read<typeof readSeverity>;

export const readFinding = object({
  key: text,
  code: text,
  severity: readSeverity,
  message: text,
  remedy: text,
  cell: orNull(text),
  fix: orNull(
    object({
      act: word(
        'seed',
        'strict',
        'run plan',
        'restart',
        'restart with hash seed',
        'track',
        'accept',
        'save'
      ),
      paths: list(text)
    })
  ),
  may_allow: flag
});
export type Finding = Read<typeof readFinding>;
export type Fix = NonNullable<Finding['fix']>;

export const readPlan = object({
  kind: word('nothing', 'run cells', 'restart and run all'),
  sentence: text,
  count: number,
  look_again: flag,
  why: text
});
export type Plan = Read<typeof readPlan>;

export const readSeedPlan = object({
  seed: orNull(number),
  strictness: word('off', 'warn', 'strict'),
  entropy: word('off', 'report', 'derive', 'raise'),
  per_cell: flag
});
export type SeedPlan = Read<typeof readSeedPlan>;

export const readSetting = object({
  name: text,
  requested: text,
  effective: text,
  effect: word(
    'in force',
    'not in force',
    'too late',
    'waiting',
    'not available'
  ),
  verified_by: text,
  note: text
});
export type Setting = Read<typeof readSetting>;

export const readBusy = object({ since: number, cell: orNull(text) });
export type Busy = Read<typeof readBusy>;

export const readDocumentFacts = object({
  origin: word('file', 'given', 'panel', 'first run order'),
  path: orNull(text),
  note: text
});

export const readRefusal = object({
  code: text,
  kind: text,
  message: text,
  remedy: text
});
export type Refusal = Read<typeof readRefusal>;

export const readJob = object({
  id: text,
  kind: word('export', 'verify', 'prove'),
  state: word('running', 'cancelling', 'done', 'failed', 'cancelled'),
  about: text,
  started: number,
  ended: orNull(number),
  step: text,
  number: orNull(number),
  of: orNull(number),
  cell: orNull(number),
  cells: orNull(number),
  estimate_s: orNull(number),
  result: orNull(
    object({
      sentence: text,
      path: text,
      report: text,
      command: text,
      size: orNull(number),
      exit_code: orNull(number),
      findings: list(text)
    })
  ),
  message: text,
  remedy: text,
  refused: list(readRefusal),
  rows: list(
    object({
      cell: text,
      label: text,
      state: word(
        'running',
        'ran',
        'reproduced',
        'volatile',
        'differs',
        'error',
        'not run'
      ),
      detail: text
    })
  )
});
export type Job = Read<typeof readJob>;
export type JobRow = Job['rows'][number];

const state = {
  at: number,
  verdict: readWord,
  headline: text,
  cells: list(readCell),
  findings: list(readFinding),
  more_findings: number,
  plan: readPlan,
  governed: orNull(readSeedPlan),
  settings: list(readSetting),
  document: readDocumentFacts,
  recording: text,
  recording_on: flag,
  notices: flag
};

export const readState = object({
  ...state,
  busy: orNull(readBusy),
  jobs: list(readJob)
});
export type State = Read<typeof readState>;

export const deltaFields = {
  at: number,
  verdict: maybe(readWord),
  headline: maybe(text),
  cells: maybe(list(readCell)),
  order: maybe(list(text)),
  findings: maybe(list(readFinding)),
  findings_gone: maybe(list(text)),
  more_findings: maybe(number),
  plan: maybe(readPlan),
  governed: maybe(orNull(readSeedPlan)),
  settings: maybe(list(readSetting)),
  document: maybe(readDocumentFacts),
  recording: maybe(text),
  recording_on: maybe(flag),
  notices: maybe(flag)
};
