/**
 * Runs: those on record, and two of them beside each other.
 */
import React from 'react';

import { RequestFailed } from '../connection/channel';
import type { Diff, Run, Tracked } from '../protocol';
import { moment, shown } from '../text';
import { rankLabel } from './environment';
import { Answered, Button, Failure, Quiet, Tag, Text } from './parts';
import type { IViewProps } from './parts';

/** The section's body. */
export function RunsView(props: IViewProps): JSX.Element {
  const { model, trans } = props;
  const [chosen, choose] = React.useState<readonly string[]>([]);
  const [diff, setDiff] = React.useState<Diff | RequestFailed | null>(null);
  const toggle = (id: string) => {
    setDiff(null);
    choose(
      chosen.includes(id)
        ? chosen.filter(each => each !== id)
        : [...chosen.slice(-1), id]
    );
  };
  return (
    <Answered answer={model.answer('runs')} trans={trans}>
      {({ runs, run, trackers }) =>
        runs.length === 0 && !trackers?.length ? (
          <Quiet>
            {trans.__(
              'No run is on record yet. Each kernel life, export and verification adds one.'
            )}
          </Quiet>
        ) : (
          <>
            {trackers?.length ? (
              <p>
                {run
                  ? trans.__('Trackers know this run as %1', shown(run, 40))
                  : trans.__('This run leaves no record')}
              </p>
            ) : null}
            <Links links={trackers} trans={trans} />
            <ul className="jp-Repro-list">
              {runs.map(run => (
                <RunRow
                  key={run.id}
                  run={run}
                  chosen={chosen.includes(run.id)}
                  onToggle={() => toggle(run.id)}
                  trans={trans}
                />
              ))}
            </ul>
            <div className="jp-Repro-buttons" hidden={runs.length === 0}>
              <Button
                disabled={chosen.length !== 2}
                onClick={() => {
                  const [first, second] = inOrder(runs, chosen);
                  void model.diff(first, second).then(setDiff);
                }}
              >
                {trans.__('Compare the two chosen')}
              </Button>
            </div>
            {diff instanceof RequestFailed ? (
              <Failure failure={diff} />
            ) : diff ? (
              <DiffView diff={diff} trans={trans} />
            ) : null}
          </>
        )
      }
    </Answered>
  );
}

/** Runs of trackers, with a link where their address is one. */
function Links(props: {
  links: readonly Tracked[] | undefined;
  trans: IViewProps['trans'];
}): JSX.Element | null {
  return props.links?.length ? (
    <ul
      className="jp-Repro-list"
      aria-label={props.trans.__('Runs of trackers')}
    >
      {props.links.map(each => (
        <li key={`${each.tracker} ${each.id}`}>
          <p>
            {shown(each.tracker, 40)} <code>{shown(each.id, 60)}</code>{' '}
            {shown(each.name, 60)}
          </p>
          {each.address ? (
            <p className="jp-Repro-why">
              {/^https?:\/\//.test(each.address) ? (
                <a
                  href={each.address}
                  target="_blank"
                  rel="noopener noreferrer"
                >
                  {shown(each.address, 200)}
                </a>
              ) : (
                shown(each.address, 200)
              )}
            </p>
          ) : null}
          {each.note ? (
            <p className="jp-Repro-why">
              <Text>{each.note}</Text>
            </p>
          ) : null}
        </li>
      ))}
    </ul>
  ) : null;
}

/** The older one first. */
function inOrder(
  runs: readonly Run[],
  chosen: readonly string[]
): [string, string] {
  const made = (id: string) => runs.find(run => run.id === id)?.made ?? 0;
  const [one, other] = chosen;
  return made(one) <= made(other) ? [one, other] : [other, one];
}

function RunRow(props: {
  run: Run;
  chosen: boolean;
  onToggle: () => void;
  trans: IViewProps['trans'];
}): JSX.Element {
  const { run, trans } = props;
  return (
    <li>
      <p>
        <label>
          <input
            type="checkbox"
            checked={props.chosen}
            onChange={props.onToggle}
          />{' '}
          <strong>{moment(run.made)}</strong> {shown(run.kind, 40)}
        </label>{' '}
        <Tag
          tone={
            run.verdict === 'reproduced'
              ? 'good'
              : run.verdict === 'differs'
                ? 'bad'
                : 'quiet'
          }
        >
          {shown(run.verdict, 40) || trans.__('no verdict')}
        </Tag>
        {run.this_kernel ? ` · ${trans.__('this kernel')}` : ''}
      </p>
      <p className="jp-Repro-why">
        {shown(run.headline, 200)}
        {run.seed === null ? '' : ` · ${trans.__('seed %1', run.seed)}`}
        {run.commit ? ` · ${shown(run.commit, 12)}` : ''}
        {run.dirty ? ` (${trans.__('changed files')})` : ''}
      </p>
      {run.why ? <p className="jp-Repro-why">{shown(run.why, 200)}</p> : null}
      <Links links={run.trackers} trans={trans} />
    </li>
  );
}

const RANK = {
  'can change numbers': 'bad',
  'may change results': 'warn',
  'cannot change numbers': 'quiet'
} as const;

function DiffView(props: {
  diff: Diff;
  trans: IViewProps['trans'];
}): JSX.Element {
  const { diff, trans } = props;
  return (
    <div className="jp-Repro-diff" aria-live="polite">
      <p className="jp-Repro-lead">
        <Text>{diff.sentence}</Text>
      </p>
      <ul className="jp-Repro-list">
        {diff.outputs.map((each, index) => (
          <li key={index}>
            <p>
              {shown(each.cell, 60)}
              {': '}
              {shown(each.what, 60)}
            </p>
            {each.detail ? (
              <p className="jp-Repro-why">
                <Text>{each.detail}</Text>
              </p>
            ) : null}
          </li>
        ))}
      </ul>
      {diff.explanations.length > 0 ? (
        <h4>{trans.__('What could explain it')}</h4>
      ) : null}
      <ul className="jp-Repro-list">
        {diff.explanations.map((each, index) => (
          <li key={index}>
            <p>
              <strong>{shown(each.what, 80)}</strong>{' '}
              {shown(each.before, 80) || trans.__('absent')}
              {' → '}
              {shown(each.now, 80) || trans.__('absent')}{' '}
              <Tag tone={RANK[each.rank]}>{rankLabel(trans, each.rank)}</Tag>
            </p>
            <p className="jp-Repro-why">
              <Text>{each.reason}</Text>
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}
