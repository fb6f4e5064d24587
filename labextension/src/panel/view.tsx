/**
 * The whole panel: the headline, then the sections; or why there is nothing to show.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { counts } from '../facts';
import type { Facts } from '../facts';
import { BundleView, isRunning } from './bundle';
import { CellsView } from './cells';
import { ChecklistView } from './checklist';
import { Empty } from './empty';
import { EnvironmentView } from './environment';
import { GpuView } from './gpu';
import { Headline } from './headline';
import { InputsView } from './inputs';
import { sections } from './model';
import type { Section } from './model';
import { SectionFrame } from './parts';
import type { IViewProps } from './parts';
import { RandomnessView } from './randomness';
import { RunsView } from './runs';
import { StatusView } from './status';

/** The panel's content. */
export function PanelView(props: IViewProps): JSX.Element {
  const { model, trans } = props;
  const { facts } = model;
  return (
    <div
      className="jp-Repro-panelContent"
      role="region"
      aria-label={trans.__('Reproducibility')}
    >
      {facts ? (
        <>
          <Headline {...props} facts={facts} />
          {sections.map(section => (
            <SectionFrame
              key={section}
              section={section}
              title={titleOf(trans, section)}
              note={noteOf(trans, section, facts)}
              {...props}
            >
              {() => bodyOf(section, props, facts)}
            </SectionFrame>
          ))}
        </>
      ) : (
        <Empty {...props} situation={model.situation} />
      )}
    </div>
  );
}

function bodyOf(
  section: Section,
  props: IViewProps,
  facts: Facts
): React.ReactNode {
  switch (section) {
    case 'status':
      return <StatusView {...props} facts={facts} />;
    case 'cells':
      return <CellsView {...props} facts={facts} />;
    case 'randomness':
      return <RandomnessView {...props} />;
    case 'environment':
      return <EnvironmentView {...props} />;
    case 'gpu':
      return <GpuView {...props} />;
    case 'inputs':
      return <InputsView {...props} />;
    case 'runs':
      return <RunsView {...props} />;
    case 'bundle':
      return <BundleView {...props} facts={facts} />;
    case 'checklist':
      return <ChecklistView {...props} />;
  }
}

function titleOf(trans: TranslationBundle, section: Section): string {
  switch (section) {
    case 'status':
      return trans.__('Status');
    case 'cells':
      return trans.__('Cells');
    case 'randomness':
      return trans.__('Randomness');
    case 'environment':
      return trans.__('Environment');
    case 'gpu':
      return trans.__('GPU');
    case 'inputs':
      return trans.__('Inputs');
    case 'runs':
      return trans.__('Runs');
    case 'bundle':
      return trans.__('Bundle');
    case 'checklist':
      return trans.__('Checklist');
  }
}

/** What a title says while its section is closed. */
function noteOf(
  trans: TranslationBundle,
  section: Section,
  facts: Facts
): string {
  switch (section) {
    case 'status': {
      const found = facts.findings.length + facts.more_findings;
      return found > 0 ? trans._n('%1 finding', '%1 findings', found) : '';
    }
    case 'cells': {
      const { departed, unknown, notRun } = counts(facts.cells);
      const reproduced = facts.cells.length - departed - unknown - notRun;
      return trans.__('%1 of %2 reproduced', reproduced, facts.cells.length);
    }
    case 'randomness':
      return typeof facts.governed?.seed === 'number'
        ? trans.__('seed %1', facts.governed.seed)
        : trans.__('no seed');
    case 'bundle':
      return facts.jobs.some(isRunning) ? trans.__('at work') : '';
    default:
      return '';
  }
}
