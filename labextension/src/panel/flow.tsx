/**
 * The dataflow: which cell feeds which, in the order of the page.
 */
import React from 'react';

import type { CellVerdict, Flow } from '../protocol';
import { shown } from '../text';
import { looks, verdictLabel } from '../verdicts';
import { LANE, LANES, ROW, arcs, pathOf } from './layout';
import type { IArc } from './layout';
import { CellLink, Icon, Quiet } from './parts';
import type { IViewProps } from './parts';

interface IFlowProps extends IViewProps {
  flows: readonly Flow[];
  more: number;
  cells: readonly CellVerdict[];
}

/** The picture, and in words what the chosen cell reads and feeds. */
export function FlowView(props: IFlowProps): JSX.Element {
  const { flows, cells, trans } = props;
  const [chosen, choose] = React.useState<string | null>(null);
  const laid = React.useMemo(
    () =>
      arcs(
        cells.map(cell => cell.id),
        flows
      ),
    [cells, flows]
  );
  if (laid.length === 0) {
    return <Quiet>{trans.__('No cell feeds another yet.')}</Quiet>;
  }
  const width =
    (Math.min(LANES, 1 + Math.max(...laid.map(arc => arc.lane))) + 1) * LANE;
  const touches = (arc: IArc) => arc.source === chosen || arc.target === chosen;
  // what is drawn last lies above the rest
  const drawn = [...laid].sort(
    (one, other) => Number(touches(one)) - Number(touches(other))
  );
  return (
    <div className="jp-Repro-flow">
      <div
        className="jp-Repro-flowPicture"
        role="group"
        aria-label={trans.__('Dataflow between cells')}
      >
        <ol>
          {cells.map(cell => (
            <li key={cell.id} style={{ height: ROW }}>
              <button
                type="button"
                aria-pressed={cell.id === chosen}
                onClick={() => choose(cell.id === chosen ? null : cell.id)}
                title={verdictLabel(trans, cell.verdict)}
              >
                <Icon look={looks[cell.verdict]} />
                {shown(cell.label, 40)}
              </button>
            </li>
          ))}
        </ol>
        <svg
          width={width}
          height={cells.length * ROW}
          aria-hidden="true"
          className={chosen ? 'jp-mod-chosen' : ''}
        >
          {drawn.map(arc => (
            <g
              key={`${arc.source} ${arc.target}`}
              className={`${arc.up ? 'jp-mod-up' : ''} ${chosen && touches(arc) ? 'jp-mod-touched' : ''}`}
            >
              <path d={pathOf(arc)} />
              <path
                className="jp-Repro-arrow"
                d={`M0 ${(arc.to + 0.5) * ROW + (arc.up ? 3 : -3)}l5-3v6z`}
              />
            </g>
          ))}
        </svg>
      </div>
      {chosen ? (
        <ChosenView {...props} arcs={laid.filter(touches)} chosen={chosen} />
      ) : (
        <Quiet>
          {trans.__('Choose a cell to see what it reads and what it feeds.')}
        </Quiet>
      )}
      {props.more > 0 ? (
        <Quiet>{trans.__('and %1 more links', props.more)}</Quiet>
      ) : null}
    </div>
  );
}

function ChosenView(
  props: IFlowProps & { arcs: readonly IArc[]; chosen: string }
): JSX.Element {
  const { trans, chosen, model, act } = props;
  const reads = props.arcs.filter(arc => arc.target === chosen);
  const feeds = props.arcs.filter(arc => arc.source === chosen);
  const line = (arc: IArc, other: string) => (
    <li key={other}>
      <CellLink cell={other} model={model} trans={trans} act={act} />
      {': '}
      {arc.resources
        .slice(0, 8)
        .map(each => shown(each, 60))
        .join(', ')}
    </li>
  );
  return (
    <div className="jp-Repro-chosen" aria-live="polite">
      <p>
        <CellLink cell={chosen} model={model} trans={trans} act={act} />{' '}
        {trans.__('reads from')}
      </p>
      {reads.length > 0 ? (
        <ul>{reads.map(arc => line(arc, arc.source))}</ul>
      ) : (
        <Quiet>{trans.__('no other cell')}</Quiet>
      )}
      <p>{trans.__('and feeds')}</p>
      {feeds.length > 0 ? (
        <ul>{feeds.map(arc => line(arc, arc.target))}</ul>
      ) : (
        <Quiet>{trans.__('no other cell')}</Quiet>
      )}
    </div>
  );
}
