/**
 * Findings: what, why, and a button for the remedy.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { lacksSeed } from '../facts';
import type { Finding, Fix } from '../protocol';
import { shown } from '../text';
import { Button, CellLink, Tag, Text } from './parts';
import type { IViewProps } from './parts';

/** One finding. */
export function FindingView(
  props: IViewProps & { finding: Finding }
): JSX.Element {
  const { finding, trans, act, model } = props;
  const { cell, fix } = finding;
  const code = shown(finding.code, 40);
  const label = model.facts?.cells.find(each => each.id === cell)?.label ?? '';
  // most messages begin with the cell's name, which is a link here
  const named = label !== '' && finding.message.startsWith(`${label} `);
  const seedFirst =
    finding.code === SHIFTED && model.facts !== null && lacksSeed(model.facts);
  return (
    <li className={`jp-Repro-finding jp-mod-${finding.severity}`}>
      <p>
        <Tag tone={TONE[finding.severity]}>
          {severityLabel(trans, finding.severity)}
        </Tag>{' '}
        {cell && label ? (
          <>
            <CellLink cell={cell} model={model} trans={trans} act={act} />
            {named ? ' ' : ': '}
          </>
        ) : null}
        <Text>
          {named ? finding.message.slice(label.length + 1) : finding.message}
        </Text>
      </p>
      <p className="jp-Repro-remedy">
        <Text>{finding.remedy}</Text>{' '}
        <span className="jp-Repro-code">{code}</span>
      </p>
      {fix || finding.may_allow ? (
        <div className="jp-Repro-buttons">
          {seedFirst ? (
            <Button onClick={() => act('set-seed')}>
              {trans.__('Set a seed…')}
            </Button>
          ) : null}
          {fix ? (
            <Button onClick={() => act(...command(fix))}>
              {fixLabel(trans, fix)}
            </Button>
          ) : null}
          {finding.may_allow && cell ? (
            <Button
              onClick={() =>
                act('allow', {
                  cell,
                  code: finding.code,
                  message: finding.message
                })
              }
              label={trans.__('Allow %1 in this cell, with a reason', code)}
            >
              {trans.__('Allow…')}
            </Button>
          ) : null}
        </div>
      ) : null}
    </li>
  );
}

/** The code of a cell whose RNG is elsewhere. */
const SHIFTED = 'RP201';

const TONE = { error: 'bad', warning: 'warn', info: 'quiet' } as const;

function severityLabel(
  trans: TranslationBundle,
  severity: Finding['severity']
): string {
  switch (severity) {
    case 'error':
      return trans.__('error');
    case 'warning':
      return trans.__('warning');
    case 'info':
      return trans.__('note');
  }
}

/** The command that does what a fix says. */
function command(fix: Fix): [string, Record<string, unknown>?] {
  switch (fix.act) {
    case 'seed':
      return ['set-seed'];
    case 'strict':
      return ['set-seed', { strictness: 'strict' }];
    case 'run plan':
      return ['run-plan'];
    case 'restart':
      return ['restart-run-all'];
    case 'restart with hash seed':
      return ['restart-hash-seed'];
    case 'track':
      return ['track', { paths: [...fix.paths], accept: false }];
    case 'accept':
      return ['track', { paths: [...fix.paths], accept: true }];
    case 'save':
      return ['save'];
  }
}

function fixLabel(trans: TranslationBundle, fix: Fix): string {
  switch (fix.act) {
    case 'seed':
      return trans.__('Set a seed…');
    case 'strict':
      return trans.__('Make it strict…');
    case 'run plan':
      return trans.__('Run these cells');
    case 'restart':
      return trans.__('Restart and run all');
    case 'restart with hash seed':
      return trans.__('Restart with a hash seed');
    case 'track':
      return trans._n(
        'Track this file',
        'Track these %1 files',
        fix.paths.length
      );
    case 'accept':
      return trans._n(
        'Accept this file',
        'Accept these %1 files',
        fix.paths.length
      );
    case 'save':
      return trans.__('Save the notebook');
  }
}
