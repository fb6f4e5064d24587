/**
 * Why there is nothing to show: one sentence and the next step for each reason.
 */
import React from 'react';

import type { Situation } from '../connection/situation';
import { shown } from '../text';
import { Button } from './parts';
import type { IViewProps } from './parts';

/** The sentence for a situation without facts. */
export function Empty(
  props: IViewProps & { situation: Situation | null }
): JSX.Element {
  const { situation, trans, act } = props;
  const say = (sentence: string, step?: React.ReactNode, code?: string) => (
    <div
      className="jp-Repro-empty"
      data-situation={situation?.is ?? 'no notebook'}
    >
      <p role="status" aria-live="polite" data-testid="repro-empty">
        {sentence}
      </p>
      {code ? <code>{code}</code> : null}
      {step}
    </div>
  );
  switch (situation?.is) {
    case undefined:
      return say(
        trans.__(
          'Open a notebook to see whether Restart & Run All would give its results.'
        )
      );
    case 'no kernel':
      return say(
        trans.__('This notebook has no kernel.'),
        <Button accept onClick={() => act('select-kernel')}>
          {trans.__('Select a kernel')}
        </Button>
      );
    case 'starting':
      return say(trans.__('The kernel is starting…'));
    case 'asking':
      return say(
        situation.busy
          ? trans.__(
              'The kernel is busy. The panel links to it as soon as the running cell ends.'
            )
          : trans.__('Asking the kernel…')
      );
    case 'other language':
      return say(
        trans.__(
          'The kernel runs %1. Reproducibility is watched in Python notebooks.',
          shown(situation.language, 40)
        ),
        <Button onClick={() => act('select-kernel')}>
          {trans.__('Select another kernel')}
        </Button>
      );
    case 'not installed':
      return say(
        trans.__(
          'jupyter_repro is not installed in the environment of this kernel. Install it there, then look again:'
        ),
        <Button onClick={() => act('look-again')}>
          {trans.__('Look again')}
        </Button>,
        '%pip install jupyter_repro'
      );
    case 'not loaded':
      return say(
        situation.error
          ? trans.__('Loading failed: %1', shown(situation.error))
          : trans.__(
              'jupyter_repro is not loaded in this kernel. Cells are on record from the moment that it is.'
            ),
        <>
          <Button accept onClick={() => act('load')}>
            {trans.__('Load it')}
          </Button>
          <Button onClick={() => act('auto-load')}>
            {trans.__('Load it by itself from now on…')}
          </Button>
        </>
      );
    case 'loading':
      return say(trans.__('Loading jupyter_repro…'));
    case 'old version':
      return say(
        situation.remedy
          ? `${shown(situation.kernel)}: ${shown(situation.remedy)}`
          : trans.__(
              'The kernel has an older jupyter_repro, which does not know this panel. Upgrade it there, then restart the kernel:'
            ),
        <Button onClick={() => act('look-again')}>
          {trans.__('Look again')}
        </Button>,
        '%pip install --upgrade jupyter_repro'
      );
    case 'lost':
    case 'linked':
      return say(
        trans.__('The link to the kernel is lost.'),
        <Button accept onClick={() => act('look-again')}>
          {trans.__('Link again')}
        </Button>
      );
  }
}
