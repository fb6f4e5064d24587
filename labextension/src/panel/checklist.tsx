/**
 * Checklist: what makes a notebook reproducible, item by item, with the evidence.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { Check } from '../protocol';
import { Answered, Button, CellLinks, Tag, Text } from './parts';
import type { IViewProps } from './parts';

/** The section's body. */
export function ChecklistView(props: IViewProps): JSX.Element {
  const { model, trans, act } = props;
  return (
    <Answered answer={model.answer('checklist')} trans={trans}>
      {({ items }) => (
        <>
          <ul className="jp-Repro-list">
            {items.map(item => (
              <li key={item.key} data-check={item.key}>
                <p>
                  <Tag tone={TONE[item.state]}>
                    {stateLabel(trans, item.state)}
                  </Tag>{' '}
                  <Text>{item.title}</Text>
                </p>
                {item.evidence ? (
                  <p className="jp-Repro-why">
                    <Text>{item.evidence}</Text>
                  </p>
                ) : null}
                {item.remedy ? (
                  <p className="jp-Repro-remedy">
                    <Text>{item.remedy}</Text>
                  </p>
                ) : null}
                {item.cells.length > 0 ? (
                  <p className="jp-Repro-why">
                    <CellLinks
                      cells={item.cells}
                      model={model}
                      trans={trans}
                      act={act}
                    />
                  </p>
                ) : null}
              </li>
            ))}
          </ul>
          <div className="jp-Repro-buttons">
            <Button onClick={() => act('copy', { text: asText(trans, items) })}>
              {trans.__('Copy as text')}
            </Button>
          </div>
        </>
      )}
    </Answered>
  );
}

const TONE = {
  yes: 'good',
  no: 'bad',
  unknown: 'warn',
  'does not apply': 'quiet'
} as const;

function stateLabel(trans: TranslationBundle, state: Check['state']): string {
  switch (state) {
    case 'yes':
      return trans.__('yes');
    case 'no':
      return trans.__('no');
    case 'unknown':
      return trans.__('unknown');
    case 'does not apply':
      return trans.__('does not apply');
  }
}

function asText(trans: TranslationBundle, items: readonly Check[]): string {
  return items
    .map(item =>
      [
        `[${stateLabel(trans, item.state)}] ${item.title}`,
        item.evidence && `    ${item.evidence}`,
        item.remedy && `    → ${item.remedy}`
      ]
        .filter(Boolean)
        .join('\n')
    )
    .join('\n');
}
