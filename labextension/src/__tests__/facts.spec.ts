/**
 * @jest-environment node
 */
import { readFileSync } from 'fs';
import { join } from 'path';

import { after, counts, withJob } from '../facts';
import type { Facts } from '../facts';
import { readEvent, readReply } from '../protocol';
import type { Delta, Job } from '../protocol';

const golden = (name: string) =>
  JSON.parse(
    readFileSync(
      join(__dirname, '../../../tests/protocol', `${name}.json`),
      'utf8'
    )
  );
const opened = readReply(golden('reply-opened'), 'reply');
const facts: Facts = opened.type === 'opened' ? opened.state : (null as never);
const delta = (fields: object): Delta =>
  readEvent({ type: 'delta', seq: 1, at: 2, ...fields }, 'event') as Delta;
const cell = (id: string, verdict = 'reproduced') => ({
  id,
  label: id,
  verdict,
  why: [],
  because_of: [],
  order: null
});
const finding = (key: string, severity: string) => ({
  key,
  code: 'RP101',
  severity,
  message: key,
  remedy: '',
  cell: null,
  fix: null,
  may_allow: false
});

describe('after a delta', () => {
  const three: Facts = after(
    { ...facts, cells: [] },
    delta({
      cells: ['a', 'b', 'c'].map(id => cell(id)),
      order: ['a', 'b', 'c']
    })
  );

  it('a field that is absent is as it was', () => {
    const next = after(three, delta({ headline: 'other' }));
    expect(next).toEqual({ ...three, at: 2, headline: 'other' });
    expect(next.cells).toBe(three.cells);
  });

  it('a changed cell keeps its place, and the others are the same objects', () => {
    const next = after(three, delta({ cells: [cell('b', 'stale')] }));
    expect(next.cells.map(each => each.verdict)).toEqual([
      'reproduced',
      'stale',
      'reproduced'
    ]);
    expect(next.cells[0]).toBe(three.cells[0]);
  });

  it('an order moves cells and drops those that it leaves out', () => {
    const next = after(
      three,
      delta({ cells: [cell('d')], order: ['c', 'd', 'a'] })
    );
    expect(next.cells.map(each => each.id)).toEqual(['c', 'd', 'a']);
  });

  it('findings come and go by key, the worst first', () => {
    const some = after(
      { ...facts, findings: [] },
      delta({ findings: [finding('k1', 'info'), finding('k2', 'error')] })
    );
    expect(some.findings.map(each => each.key)).toEqual(['k2', 'k1']);
    const less = after(
      some,
      delta({ findings: [finding('k3', 'warning')], findings_gone: ['k2'] })
    );
    expect(less.findings.map(each => each.key)).toEqual(['k3', 'k1']);
  });

  it('null in `governed` is told from absence', () => {
    const seeded: Facts = {
      ...facts,
      governed: { seed: 1, strictness: 'off', entropy: 'off', per_cell: false }
    };
    expect(after(seeded, delta({})).governed).toBe(seeded.governed);
    expect(after(seeded, delta({ governed: null })).governed).toBeNull();
  });
});

it('a job keeps the rows that an event does not tell anew', () => {
  const job = (golden('reply-job') as { job: Job }).job;
  const told = withJob({ ...facts, jobs: [] }, job);
  const later = withJob(told, {
    ...job,
    step: 'compare',
    rows: [{ ...job.rows[1], state: 'differs' }]
  });
  expect(later.jobs).toHaveLength(1);
  expect(later.jobs[0].step).toBe('compare');
  expect(later.jobs[0].rows.map(row => row.state)).toEqual([
    'reproduced',
    'differs'
  ]);
});

it('counts tell departed, unknown and not run apart', () => {
  const cells = after(
    { ...facts, cells: [] },
    delta({
      cells: [
        cell('a'),
        cell('b', 'stale'),
        cell('c', 'unknown'),
        cell('d', 'not run')
      ]
    })
  ).cells;
  expect(counts(cells)).toEqual({ departed: 1, unknown: 1, notRun: 1 });
});
