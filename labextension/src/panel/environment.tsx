/**
 * Environment: what differs from the one that made the saved outputs, and what this one is.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { Drift, Rank } from '../protocol';
import { shown } from '../text';
import { Answered, Button, Pairs, Quiet, Tag, Text } from './parts';
import type { IViewProps } from './parts';

/** The section's body. */
export function EnvironmentView(props: IViewProps): JSX.Element {
  const { model, trans, act } = props;
  return (
    <>
      <h4>{trans.__('Drift from the saved outputs')}</h4>
      <Answered answer={model.answer('drift')} trans={trans}>
        {({ drift }) => <DriftView drift={drift} trans={trans} act={act} />}
      </Answered>
      <h4>{trans.__('This environment')}</h4>
      <Answered answer={model.answer('environment')} trans={trans}>
        {({ facts, packages, more_packages, changes, conflicts }) => (
          <>
            {[...changes, ...conflicts].map((each, index) => (
              <p key={index} className="jp-Repro-failure">
                {shown(each)}
              </p>
            ))}
            <Pairs
              rows={facts.map(({ name, value }) => [
                shown(name, 80),
                shown(value)
              ])}
            />
            <details>
              <summary>
                {trans._n(
                  '%1 package',
                  '%1 packages',
                  packages.length + more_packages
                )}
              </summary>
              <Pairs
                rows={packages.map(each => [
                  shown(each.name, 80),
                  `${shown(each.version, 60)}${each.imported === 'cells' ? ` · ${trans.__('imported')}` : ''}`
                ])}
              />
              {more_packages > 0 ? (
                <Quiet>{trans.__('and %1 more', more_packages)}</Quiet>
              ) : null}
            </details>
          </>
        )}
      </Answered>
    </>
  );
}

function DriftView(props: {
  drift: Drift;
  trans: TranslationBundle;
  act: IViewProps['act'];
}): JSX.Element {
  const { drift, trans, act } = props;
  return (
    <>
      <p className="jp-Repro-lead">
        <Text>{drift.sentence}</Text>
      </p>
      {drift.differences.length > 0 ? (
        <ul className="jp-Repro-list">
          {drift.differences.map(each => (
            <DifferenceView
              key={each.what}
              difference={each}
              trans={trans}
              act={act}
            />
          ))}
        </ul>
      ) : null}
      {drift.restore_packages ? (
        <CommandLine command={drift.restore_packages} trans={trans} act={act} />
      ) : null}
      {drift.unknown.length > 0 ? (
        <details>
          <summary>
            {trans._n(
              '%1 fact could not be compared',
              '%1 facts could not be compared',
              drift.unknown.length
            )}
          </summary>
          <Pairs
            rows={drift.unknown.map(each => [
              shown(each.what, 80),
              shown(each.reason)
            ])}
          />
        </details>
      ) : null}
    </>
  );
}

/** One difference: what it was, what it is, how much it matters, and how to undo it. */
export function DifferenceView(props: {
  difference: Drift['differences'][number];
  trans: TranslationBundle;
  act: IViewProps['act'];
}): JSX.Element {
  const { difference: each, trans, act } = props;
  return (
    <li>
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
      {each.restore ? (
        <CommandLine command={each.restore} trans={trans} act={act} />
      ) : each.instead ? (
        <p className="jp-Repro-remedy">
          <Text>{each.instead}</Text>
        </p>
      ) : null}
    </li>
  );
}

/** A command to type elsewhere, with a button that copies it. */
export function CommandLine(props: {
  command: string;
  trans: TranslationBundle;
  act: IViewProps['act'];
}): JSX.Element {
  const { command, trans, act } = props;
  return (
    <p className="jp-Repro-command">
      <code>{shown(command, 1000)}</code>
      <Button
        onClick={() => act('copy', { text: command })}
        label={trans.__('Copy the command')}
      >
        {trans.__('Copy')}
      </Button>
    </p>
  );
}

const RANK = {
  'can change numbers': 'bad',
  'may change results': 'warn',
  'cannot change numbers': 'quiet'
} as const;

/** The rank of a difference, in words. */
export function rankLabel(trans: TranslationBundle, rank: Rank): string {
  switch (rank) {
    case 'can change numbers':
      return trans.__('can change numbers');
    case 'may change results':
      return trans.__('may change results');
    case 'cannot change numbers':
      return trans.__('cannot change numbers');
  }
}
