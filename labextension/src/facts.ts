/**
 * All that is known of one notebook at one moment, and how an event changes it. No DOM, no kernel.
 */
import type { Busy, CellVerdict, Delta, Finding, Job, State } from './protocol';

/** The facts as a change of one event returns them: another object, what is not changed shared. */
export type Facts = State;

/** The facts after a delta: a field that is absent is as it was. */
export function after(facts: Facts, delta: Delta): Facts {
  const { type, seq, cells, order, findings, findings_gone, ...plain } = delta;
  const next: Facts = { ...facts, ...plain };
  if (cells || order) {
    const next_cells = cellsAfter(facts.cells, cells ?? [], order);
    return {
      ...next,
      cells: next_cells,
      findings: findingsAfter(facts.findings, findings, findings_gone)
    };
  }
  if (findings || findings_gone) {
    return {
      ...next,
      findings: findingsAfter(facts.findings, findings, findings_gone)
    };
  }
  return next;
}

/** The facts when a cell has begun, or the kernel is idle. */
export function whileBusy(facts: Facts, busy: Busy | null): Facts {
  return { ...facts, busy };
}

/** The facts after a job has gone on: its rows are those that are another. */
export function withJob(facts: Facts, job: Job): Facts {
  const before = facts.jobs.find(each => each.id === job.id);
  const rows = before ? byKey(before.rows, job.rows, rowKey) : job.rows;
  return {
    ...facts,
    jobs: byKey(facts.jobs, [{ ...job, rows }], each => each.id)
  };
}

/** How many cells are not reproduced for certain, in words of the headline's counts. */
export function counts(cells: readonly CellVerdict[]): {
  departed: number;
  unknown: number;
  notRun: number;
} {
  let departed = 0;
  let unknown = 0;
  let notRun = 0;
  for (const { verdict } of cells) {
    if (verdict === 'unknown') {
      unknown += 1;
    } else if (verdict === 'not run') {
      notRun += 1;
    } else if (verdict !== 'reproduced') {
      departed += 1;
    }
  }
  return { departed, unknown, notRun };
}

/** Whether cells draw and no seed is set: without one, no run gives the results of another. */
export function lacksSeed(facts: Facts): boolean {
  return (
    typeof facts.governed?.seed !== 'number' &&
    facts.cells.some(cell => cell.verdict === 'rng shifted')
  );
}

function cellsAfter(
  before: readonly CellVerdict[],
  changed: readonly CellVerdict[],
  order: readonly string[] | undefined
): readonly CellVerdict[] {
  const cells = new Map(before.map(cell => [cell.id, cell]));
  for (const cell of changed) {
    cells.set(cell.id, cell);
  }
  return order
    ? order.flatMap(id => cells.get(id) ?? [])
    : Array.from(cells.values());
}

const RANK = { error: 0, warning: 1, info: 2 };

function findingsAfter(
  before: readonly Finding[],
  changed: readonly Finding[] = [],
  gone: readonly string[] = []
): readonly Finding[] {
  if (changed.length === 0 && gone.length === 0) {
    return before;
  }
  const left = before.filter(each => !gone.includes(each.key));
  return [...byKey(left, changed, each => each.key)].sort(
    (one, other) => RANK[one.severity] - RANK[other.severity]
  );
}

function rowKey(row: { cell: string; label: string }): string {
  return `${row.cell} ${row.label}`;
}

function byKey<T>(
  before: readonly T[],
  changed: readonly T[],
  key: (each: T) => string
): readonly T[] {
  const all = new Map(before.map(each => [key(each), each]));
  for (const each of changed) {
    all.set(key(each), each);
  }
  return Array.from(all.values());
}
