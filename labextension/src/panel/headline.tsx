/**
 * The one line first: would Restart & Run All give the results on the screen?
 */
import React from 'react';

import { lacksSeed } from '../facts';
import type { Facts } from '../facts';
import { clock, shown } from '../text';
import { wordLooks } from '../verdicts';
import { Button, CellLink, Icon, Text } from './parts';
import type { IViewProps } from './parts';

/** The verdict, when it was made, and the shortest way to a reproduced notebook. */
export function Headline(props: IViewProps & { facts: Facts }): JSX.Element {
  const { facts, trans } = props;
  return (
    <div
      className={`jp-Repro-headline jp-mod-${wordLooks[facts.verdict].tone}`}
      data-verdict={facts.verdict}
    >
      <Icon look={wordLooks[facts.verdict]} />
      <div>
        <p role="status" aria-live="polite" data-testid="repro-headline">
          <Text>{facts.headline}</Text>
        </p>
        <p className="jp-Repro-when">
          {facts.busy ? <Running {...props} facts={facts} /> : null}
          <span>{trans.__('as of %1', clock(facts.at))}</span>
        </p>
        <PlanView {...props} facts={facts} />
      </div>
    </div>
  );
}

function Running(props: IViewProps & { facts: Facts }): JSX.Element {
  const { facts, trans } = props;
  const { busy } = facts;
  return (
    <span className="jp-Repro-busy">
      {busy?.cell && facts.cells.some(each => each.id === busy.cell) ? (
        <>
          <CellLink
            cell={busy.cell}
            model={props.model}
            trans={trans}
            act={props.act}
          />{' '}
          {trans.__('is running')}
        </>
      ) : (
        trans.__('a cell is running')
      )}
      {' · '}
    </span>
  );
}

function PlanView(props: IViewProps & { facts: Facts }): JSX.Element | null {
  const { facts, trans, act } = props;
  const { plan } = facts;
  if (plan.kind === 'nothing') {
    return null;
  }
  const seedFirst = lacksSeed(facts);
  return (
    <div className="jp-Repro-plan">
      {plan.why ? (
        <p className="jp-Repro-why">
          <Text>{plan.why}</Text>
        </p>
      ) : null}
      {seedFirst ? (
        <Button accept onClick={() => act('set-seed')}>
          {trans.__('Set a seed…')}
        </Button>
      ) : null}
      {plan.kind === 'run cells' ? (
        <Button
          accept={!seedFirst}
          onClick={() => act('run-plan')}
          title={shown(plan.sentence)}
        >
          {trans._n('Run %1 cell', 'Run these %1 cells', plan.count)}
        </Button>
      ) : null}
      <Button
        accept={!seedFirst && plan.kind === 'restart and run all'}
        onClick={() => act('restart-run-all')}
      >
        {trans.__('Restart and run all')}
      </Button>
    </div>
  );
}
