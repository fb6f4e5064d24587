/**
 * Bundle: what an export would hold, and the jobs that write, verify and prove.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { Facts } from '../facts';
import type { Job, JobRow } from '../protocol';
import { shown, size } from '../text';
import { CommandLine } from './environment';
import { Answered, Button, CellLink, Tag, Text } from './parts';
import type { IViewProps } from './parts';

/** The section's body. */
export function BundleView(props: IViewProps & { facts: Facts }): JSX.Element {
  const { model, trans, act, facts } = props;
  const running = facts.jobs.some(isRunning);
  return (
    <>
      <Answered answer={model.answer('bundle')} trans={trans}>
        {({ parts, bytes, refused, remedy }) => (
          <>
            <table className="jp-Repro-table">
              <thead>
                <tr>
                  <th scope="col">{trans.__('Part')}</th>
                  <th scope="col">{trans.__('Files')}</th>
                  <th scope="col">{trans.__('Size')}</th>
                </tr>
              </thead>
              <tbody>
                {parts.map(part => (
                  <tr key={part.name} title={shown(part.note)}>
                    <th scope="row">{shown(part.name, 80)}</th>
                    <td>{part.files}</td>
                    <td>
                      {part.bytes === null
                        ? trans.__('known at the end')
                        : size(part.bytes)}
                    </td>
                  </tr>
                ))}
                <tr>
                  <th scope="row">{trans.__('in all')}</th>
                  <td>
                    {parts.reduce((files, part) => files + part.files, 0)}
                  </td>
                  <td>{size(bytes)}</td>
                </tr>
              </tbody>
            </table>
            {refused ? (
              <p className="jp-Repro-failure">
                {shown(refused)}{' '}
                <Text className="jp-Repro-remedy">{remedy}</Text>
              </p>
            ) : null}
          </>
        )}
      </Answered>
      <div className="jp-Repro-buttons">
        <Button accept disabled={running} onClick={() => act('export')}>
          {trans.__('Export a bundle…')}
        </Button>
        <Button
          disabled={running}
          onClick={() => act('prove')}
          title={trans.__(
            'Run the notebook top to bottom in a kernel of its own and compare'
          )}
        >
          {trans.__('Prove it now')}
        </Button>
      </div>
      <ul className="jp-Repro-list" aria-label={trans.__('Jobs')}>
        {[...facts.jobs].reverse().map(job => (
          <JobView
            key={job.id}
            job={job}
            model={model}
            trans={trans}
            act={act}
          />
        ))}
      </ul>
    </>
  );
}

/** Whether it still goes on. */
export function isRunning(job: Job): boolean {
  return job.state === 'running' || job.state === 'cancelling';
}

function JobView(props: IViewProps & { job: Job }): JSX.Element {
  const { job, trans, act } = props;
  const cells =
    job.cell !== null && job.cells !== null
      ? trans.__('cell %1 of %2', job.cell, job.cells)
      : '';
  return (
    <li className="jp-Repro-job" data-job={job.kind} data-state={job.state}>
      <p>
        <strong>{jobLabel(trans, job.kind)}</strong> {shown(job.about, 120)}{' '}
        <Tag tone={TONE[job.state]}>{stateLabel(trans, job.state)}</Tag>
      </p>
      {isRunning(job) ? (
        <>
          <progress
            aria-label={jobLabel(trans, job.kind)}
            max={job.of ?? undefined}
            value={
              job.of === null ? undefined : (job.number ?? 1) - 1 + part(job)
            }
          />
          <p className="jp-Repro-why" role="status" aria-live="polite">
            {job.number !== null && job.of !== null
              ? trans.__('step %1 of %2: ', job.number, job.of)
              : ''}
            {shown(job.step, 200)}
            {cells ? ` · ${cells}` : ''}
            {job.estimate_s !== null
              ? ` · ${trans.__('about %1 s left', Math.ceil(job.estimate_s))}`
              : ''}
          </p>
          <div className="jp-Repro-buttons">
            <Button
              disabled={job.state === 'cancelling'}
              onClick={() => act('cancel-job', { job: job.id })}
            >
              {trans.__('Cancel')}
            </Button>
          </div>
        </>
      ) : null}
      {job.message ? (
        <p className="jp-Repro-failure">
          {shown(job.message)}{' '}
          <Text className="jp-Repro-remedy">{job.remedy}</Text>
        </p>
      ) : null}
      {job.refused.length > 0 ? (
        <div className="jp-Repro-buttons">
          <Button onClick={() => act('export', { job: job.id })}>
            {trans.__('Answer for it…')}
          </Button>
        </div>
      ) : null}
      {job.result ? <ResultView {...props} /> : null}
      {job.rows.length > 0 ? <RowsView {...props} rows={job.rows} /> : null}
    </li>
  );
}

/** How far the present step is, where it runs cells. */
function part(job: Job): number {
  return job.cell !== null && job.cells ? (job.cell - 1) / job.cells : 0;
}

function ResultView(props: IViewProps & { job: Job }): JSX.Element | null {
  const { trans, act, job } = props;
  const { result } = job;
  if (!result) {
    return null;
  }
  return (
    <>
      <p>
        {shown(result.sentence)}
        {result.size !== null ? ` · ${size(result.size)}` : ''}
      </p>
      {result.findings.map((each, index) => (
        <p key={index} className="jp-Repro-why">
          {shown(each)}
        </p>
      ))}
      <div className="jp-Repro-buttons">
        {result.path ? (
          <Button onClick={() => act('download', { path: result.path })}>
            {trans.__('Download')}
          </Button>
        ) : null}
        {result.report ? (
          <Button onClick={() => act('open-report', { path: result.report })}>
            {trans.__('Open the report')}
          </Button>
        ) : null}
        {result.path && job.kind === 'export' ? (
          <Button onClick={() => act('verify', { path: result.path })}>
            {trans.__('Verify it here')}
          </Button>
        ) : null}
      </div>
      {result.command ? (
        <CommandLine command={result.command} trans={trans} act={act} />
      ) : null}
    </>
  );
}

function RowsView(
  props: IViewProps & { rows: readonly JobRow[] }
): JSX.Element {
  const { rows, trans, model, act } = props;
  return (
    <details open>
      <summary>{trans._n('%1 cell', '%1 cells', rows.length)}</summary>
      <table className="jp-Repro-table">
        <tbody>
          {rows.map((row, index) => (
            <tr key={index} data-state={row.state}>
              <th scope="row">
                {model.facts?.cells.some(cell => cell.id === row.cell) ? (
                  <CellLink
                    cell={row.cell}
                    label={row.label}
                    model={model}
                    trans={trans}
                    act={act}
                  />
                ) : (
                  shown(row.label, 60)
                )}
              </th>
              <td>
                <Tag tone={ROW[row.state]}>{rowLabel(trans, row.state)}</Tag>
              </td>
              <td>{shown(row.detail)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

const TONE = {
  running: 'quiet',
  cancelling: 'quiet',
  done: 'good',
  failed: 'bad',
  cancelled: 'warn'
} as const;

const ROW = {
  running: 'quiet',
  ran: 'quiet',
  reproduced: 'good',
  volatile: 'warn',
  differs: 'bad',
  error: 'bad',
  'not run': 'quiet'
} as const;

/** What a job does, in a word. */
export function jobLabel(trans: TranslationBundle, kind: Job['kind']): string {
  switch (kind) {
    case 'export':
      return trans.__('Export');
    case 'verify':
      return trans.__('Verify');
    case 'prove':
      return trans.__('Prove');
  }
}

function stateLabel(trans: TranslationBundle, state: Job['state']): string {
  switch (state) {
    case 'running':
      return trans.__('running');
    case 'cancelling':
      return trans.__('being cancelled');
    case 'done':
      return trans.__('done');
    case 'failed':
      return trans.__('failed');
    case 'cancelled':
      return trans.__('cancelled');
  }
}

function rowLabel(trans: TranslationBundle, state: JobRow['state']): string {
  switch (state) {
    case 'running':
      return trans.__('running');
    case 'ran':
      return trans.__('ran');
    case 'reproduced':
      return trans.__('reproduced');
    case 'volatile':
      return trans.__('volatile');
    case 'differs':
      return trans.__('differs');
    case 'error':
      return trans.__('error');
    case 'not run':
      return trans.__('not run');
  }
}
