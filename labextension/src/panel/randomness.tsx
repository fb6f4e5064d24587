/**
 * Randomness: the seed, who draws, what leaks, and whether each setting holds.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { Setting } from '../protocol';
import { shown } from '../text';
import { Answered, Button, CellLink, CellLinks, Quiet, Tag } from './parts';
import type { IViewProps } from './parts';

/** The section's body. */
export function RandomnessView(props: IViewProps): JSX.Element {
  const { trans, act, model } = props;
  return (
    <Answered answer={model.answer('randomness')} trans={trans}>
      {({ governed, streams, leaks, settings }) => (
        <>
          <p className="jp-Repro-lead">
            {governed?.seed === null || governed?.seed === undefined
              ? trans.__('No seed is set: draws are another in each run.')
              : governed.per_cell
                ? trans.__('Seed %1, for each cell its own.', governed.seed)
                : trans.__('Seed %1', governed.seed)}{' '}
            <Button
              accept={governed?.seed === null || governed?.seed === undefined}
              onClick={() => act('set-seed')}
            >
              {trans.__('Set a seed…')}
            </Button>
          </p>
          <h4>{trans.__('Streams')}</h4>
          {streams.length === 0 ? (
            <Quiet>{trans.__('No cell has drawn a random number yet.')}</Quiet>
          ) : (
            <ul className="jp-Repro-list">
              {streams.map(stream => (
                <li key={stream.name}>
                  <p>
                    <code>{shown(stream.name, 80)}</code>{' '}
                    <Tag tone={stream.seeded ? 'good' : 'warn'}>
                      {stream.seeded
                        ? trans.__('seeded')
                        : trans.__('not seeded')}
                    </Tag>{' '}
                    {trans._n(
                      'drawn from in %1 run',
                      'drawn from in %1 runs',
                      stream.runs
                    )}
                    {' · '}
                    {stream.numbers === null
                      ? trans.__('how many numbers is unknown')
                      : trans._n(
                          '%1 number of 32 bits',
                          '%1 numbers of 32 bits',
                          stream.numbers
                        )}
                  </p>
                  {stream.drew.length > 0 ? (
                    <p className="jp-Repro-why">
                      <CellLinks
                        cells={stream.drew}
                        model={model}
                        trans={trans}
                        act={act}
                      />
                    </p>
                  ) : null}
                </li>
              ))}
            </ul>
          )}
          <h4>{trans.__('Leaks')}</h4>
          {leaks.length === 0 ? (
            <Quiet>
              {trans.__('No entropy came in past the seed, as far as seen.')}
            </Quiet>
          ) : (
            <ul className="jp-Repro-list">
              {leaks.map((leak, index) => (
                <li key={index}>
                  <p>
                    {leak.cell ? (
                      <CellLink
                        cell={leak.cell}
                        label={leak.label}
                        model={model}
                        trans={trans}
                        act={act}
                      />
                    ) : (
                      shown(leak.label, 60)
                    )}
                    {', '}
                    {trans.__('line %1', leak.line)}
                    {': '}
                    {shown(leak.what)}
                    {leak.count > 1 ? ` × ${leak.count}` : ''}{' '}
                    {leak.derived ? (
                      <Tag tone="good">{trans.__('derived from the seed')}</Tag>
                    ) : null}
                  </p>
                  <pre>{shown(leak.text, 200)}</pre>
                </li>
              ))}
            </ul>
          )}
          <h4>{trans.__('Settings')}</h4>
          <Settings settings={settings} trans={trans} />
        </>
      )}
    </Answered>
  );
}

function Settings(props: {
  settings: readonly Setting[];
  trans: TranslationBundle;
}): JSX.Element {
  const { settings, trans } = props;
  if (settings.length === 0) {
    return (
      <Quiet>{trans.__('None: no seed and no switch is asked for.')}</Quiet>
    );
  }
  return (
    <div className="jp-Repro-scroll" tabIndex={0} role="group">
      <table className="jp-Repro-table">
        <thead>
          <tr>
            <th scope="col">{trans.__('Setting')}</th>
            <th scope="col">{trans.__('Requested')}</th>
            <th scope="col">{trans.__('Effective')}</th>
            <th scope="col">{trans.__('State')}</th>
          </tr>
        </thead>
        <tbody>
          {settings.map(setting => (
            <tr key={setting.name} title={shown(setting.note)}>
              <th scope="row">{shown(setting.name, 80)}</th>
              <td>{shown(setting.requested, 80)}</td>
              <td title={shown(setting.verified_by)}>
                {shown(setting.effective, 80)}
              </td>
              <td>
                <Tag tone={EFFECT[setting.effect]}>
                  {effectLabel(trans, setting.effect)}
                </Tag>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const EFFECT = {
  'in force': 'good',
  'not in force': 'bad',
  'too late': 'bad',
  waiting: 'quiet',
  'not available': 'quiet'
} as const;

function effectLabel(
  trans: TranslationBundle,
  effect: Setting['effect']
): string {
  switch (effect) {
    case 'in force':
      return trans.__('in force');
    case 'not in force':
      return trans.__('not in force');
    case 'too late':
      return trans.__('too late');
    case 'waiting':
      return trans.__('waiting');
    case 'not available':
      return trans.__('not available');
  }
}
