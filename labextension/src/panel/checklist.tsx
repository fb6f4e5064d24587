/**
 * Checklist: what makes a notebook reproducible, item by item, with the evidence.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useId, useState } from 'react';

import type { Check } from '../protocol';
import { shown } from '../text';
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
                <Note item={item} trans={trans} act={act} />
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

/** What the author says to an item: shown, and written anew. */
function Note(props: {
  item: Check;
  trans: TranslationBundle;
  act: IViewProps['act'];
}): JSX.Element {
  const { item, trans, act } = props;
  const [draft, setDraft] = useState<string | null>(null);
  const id = useId();
  if (draft === null) {
    return (
      <p className="jp-Repro-checkNote">
        {item.note ? (
          <>
            {trans.__('Note:')} {shown(item.note, 1000)}{' '}
          </>
        ) : null}
        <button
          type="button"
          className="jp-Repro-link"
          onClick={() => setDraft(item.note)}
          aria-label={
            item.note
              ? trans.__('Edit the note on: %1', shown(item.title))
              : trans.__('Add a note on: %1', shown(item.title))
          }
        >
          {item.note ? trans.__('Edit') : trans.__('Add a note')}
        </button>
      </p>
    );
  }
  return (
    <form
      className="jp-Repro-checkNote"
      onSubmit={event => {
        event.preventDefault();
        act('annotate', { key: item.key, text: draft });
        setDraft(null);
      }}
    >
      <label htmlFor={id}>
        {trans.__('Note, kept beside the notebook and told in the bundle')}
      </label>
      <textarea
        id={id}
        className="jp-mod-styled"
        rows={2}
        maxLength={1000}
        value={draft}
        autoFocus
        onChange={event => setDraft(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Escape') {
            setDraft(null);
          }
        }}
      />
      <div className="jp-Repro-buttons">
        <button
          type="submit"
          className="jp-Repro-button jp-mod-styled jp-mod-accept"
        >
          {trans.__('Keep the note')}
        </button>
        <Button onClick={() => setDraft(null)}>{trans.__('Cancel')}</Button>
      </div>
    </form>
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
        item.remedy && `    → ${item.remedy}`,
        item.note && `    ${trans.__('Note:')} ${item.note}`
      ]
        .filter(Boolean)
        .join('\n')
    )
    .join('\n');
}
