/**
 * Status: what is in force, what is on record, and the findings.
 */
import React from 'react';

import type { Facts } from '../facts';
import { shown } from '../text';
import { FindingView } from './findings';
import { Button, Pairs, Quiet, Text } from './parts';
import type { IViewProps } from './parts';

/** The section's body. */
export function StatusView(props: IViewProps & { facts: Facts }): JSX.Element {
  const { facts, trans, act } = props;
  const { governed } = facts;
  return (
    <>
      <Pairs
        rows={[
          [
            trans.__('Seed'),
            <>
              {governed?.seed !== null && governed?.seed !== undefined
                ? String(governed.seed)
                : trans.__('none')}{' '}
              <Button onClick={() => act('set-seed')}>
                {trans.__('Set…')}
              </Button>
            </>
          ],
          [
            trans.__('Determinism'),
            governed
              ? strictnessLabel(props, governed.strictness)
              : trans.__('off')
          ],
          [
            trans.__('Record'),
            facts.recording_on ? (
              <span title={shown(facts.recording, 1000)}>{trans.__('on')}</span>
            ) : (
              <Text>{facts.recording}</Text>
            )
          ],
          [
            trans.__('Order'),
            facts.document.note
              ? shown(facts.document.note)
              : trans.__('as the notebook shows it')
          ]
        ]}
      />
      <h4>{trans.__('Findings')}</h4>
      {facts.findings.length === 0 ? (
        <Quiet>
          {trans.__('Nothing found that would make the results differ.')}
        </Quiet>
      ) : (
        <ul className="jp-Repro-list">
          {facts.findings.map(finding => (
            <FindingView
              key={finding.key}
              finding={finding}
              model={props.model}
              trans={trans}
              act={act}
            />
          ))}
        </ul>
      )}
      {facts.more_findings > 0 ? (
        <Quiet>{trans.__('and %1 more', facts.more_findings)}</Quiet>
      ) : null}
    </>
  );
}

function strictnessLabel(
  { trans }: IViewProps,
  strictness: 'off' | 'warn' | 'strict'
): string {
  switch (strictness) {
    case 'off':
      return trans.__('off');
    case 'warn':
      return trans.__('warn: nondeterministic algorithms are reported');
    case 'strict':
      return trans.__('strict: nondeterministic algorithms are refused');
  }
}
