/**
 * The verdict in JupyterLab's status bar.
 */
import { TextItem } from '@jupyterlab/statusbar';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import React from 'react';

import { counts } from './facts';
import type { Facts } from './facts';
import type { Notebooks } from './notebooks';

/** `Repro: ok`, `Repro: 2 cells`; a click opens the panel. */
export class StatusItem extends ReactWidget {
  constructor(
    private readonly _notebooks: Notebooks,
    private readonly _trans: TranslationBundle,
    private readonly _open: () => void
  ) {
    super();
    this.addClass('jp-mod-highlighted');
    this.addClass('jp-Repro-statusItem');
    _notebooks.currentChanged.connect(this._onCurrent, this);
  }

  protected render(): JSX.Element {
    return (
      <UseSignal signal={this._notebooks.changed}>
        {() => {
          const facts = this._notebooks.current?.link.facts ?? null;
          return (
            <TextItem
              source={statusText(this._trans, facts)}
              title={facts?.headline ?? this._trans.__('Show Reproducibility')}
              onClick={this._open}
              role="button"
              tabIndex={0}
            />
          );
        }}
      </UseSignal>
    );
  }

  private _onCurrent(): void {
    this.update();
  }
}

/** The verdict in a word or two. */
export function statusText(
  trans: TranslationBundle,
  facts: Facts | null
): string {
  if (!facts) {
    return trans.__('Repro: not linked');
  }
  switch (facts.verdict) {
    case 'reproduced':
      return trans.__('Repro: ok');
    case 'nothing run':
      return trans.__('Repro: nothing run');
    case 'unknown':
      return trans.__('Repro: unknown');
    case 'differs': {
      const { departed } = counts(facts.cells);
      return departed > 0
        ? trans._n('Repro: %1 cell', 'Repro: %1 cells', departed)
        : trans.__('Repro: differs');
    }
  }
}
