/**
 * Cells: the verdict of each, why, and the cells behind it.
 */
import React from 'react';

import type { Facts } from '../facts';
import type { CellVerdict } from '../protocol';
import { looks, verdictLabel, verdictMeaning } from '../verdicts';
import { FlowView } from './flow';
import {
  Answered,
  Button,
  CellLink,
  CellLinks,
  Icon,
  Quiet,
  Text
} from './parts';
import type { IViewProps } from './parts';

/** The section's body. */
export function CellsView(props: IViewProps & { facts: Facts }): JSX.Element {
  const { facts, trans, act, model } = props;
  const [all, setAll] = React.useState(false);
  if (facts.cells.length === 0) {
    return (
      <Quiet>
        {trans.__('This notebook has no code cell yet. Write one and run it.')}
      </Quiet>
    );
  }
  const departed = facts.cells.filter(cell => cell.verdict !== 'reproduced');
  const revealed = model.revealed?.cell;
  const rows = all
    ? facts.cells
    : facts.cells.filter(
        cell => cell.verdict !== 'reproduced' || cell.id === revealed
      );
  return (
    <>
      <div className="jp-Repro-buttons">
        {departed.length < facts.cells.length ? (
          <label>
            <input
              type="checkbox"
              checked={all}
              onChange={event => setAll(event.currentTarget.checked)}
            />{' '}
            {trans.__(
              'show also the %1 reproduced',
              facts.cells.length - departed.length
            )}
          </label>
        ) : null}
        <Button onClick={() => (model.drawsFlow = !model.drawsFlow)}>
          {model.drawsFlow
            ? trans.__('Hide the dataflow')
            : trans.__('Draw the dataflow')}
        </Button>
      </div>
      {model.drawsFlow ? (
        <Answered answer={model.answer('dataflow')} trans={trans}>
          {({ flows, more_flows }) => (
            <FlowView
              flows={flows}
              more={more_flows}
              cells={facts.cells}
              model={model}
              trans={trans}
              act={act}
            />
          )}
        </Answered>
      ) : null}
      {rows.length === 0 ? (
        <Quiet>
          {trans._n(
            'The cell is reproduced.',
            'All %1 cells are reproduced.',
            facts.cells.length
          )}
        </Quiet>
      ) : (
        <ul className="jp-Repro-list" aria-label={trans.__('Cells')}>
          {rows.map(cell => (
            <CellRow
              key={cell.id}
              cell={cell}
              model={model}
              trans={trans}
              act={act}
            />
          ))}
        </ul>
      )}
    </>
  );
}

function CellRow(props: IViewProps & { cell: CellVerdict }): JSX.Element {
  const { cell, trans, model, act } = props;
  const { revealed } = model;
  const row = React.useRef<HTMLLIElement>(null);
  const asked = revealed?.cell === cell.id ? revealed.count : 0;
  React.useEffect(() => {
    if (asked) {
      row.current?.scrollIntoView({ block: 'nearest' });
    }
  }, [asked]);
  return (
    <li
      ref={row}
      className={`jp-Repro-cell${asked ? ' jp-mod-revealed' : ''}`}
      data-cell={cell.id}
    >
      <p>
        <Icon look={looks[cell.verdict]} />
        <CellLink cell={cell.id} model={model} trans={trans} act={act} />{' '}
        <span
          className="jp-Repro-verdict"
          title={verdictMeaning(trans, cell.verdict)}
        >
          {verdictLabel(trans, cell.verdict)}
        </span>
      </p>
      {(cell.verdict === 'not run' ? [] : cell.why).map((why, index) => (
        <p className="jp-Repro-why" key={index}>
          <Text>{why}</Text>
        </p>
      ))}
      {cell.because_of.length > 0 ? (
        <p className="jp-Repro-why">
          {trans.__('Because of')}{' '}
          <CellLinks
            cells={cell.because_of}
            model={model}
            trans={trans}
            act={act}
          />
        </p>
      ) : null}
    </li>
  );
}
