/**
 * The panel as a widget of the sidebar.
 */
import type { CommandRegistry } from '@lumino/commands';
import type { JSONObject } from '@lumino/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import React from 'react';

import { reproIcon } from '../icons';
import type { PanelModel } from './model';
import { PanelView } from './view';

/** The widget's id in the shell. */
export const PANEL_ID = 'jupyter-repro-panel';

/** Draws nothing while it is hidden. */
export class ReproPanel extends ReactWidget {
  constructor(
    readonly model: PanelModel,
    commands: CommandRegistry,
    trans: TranslationBundle
  ) {
    super();
    this._commands = commands;
    this._trans = trans;
    this.id = PANEL_ID;
    this.addClass('jp-ReproPanel');
    this.title.icon = reproIcon;
    this.title.caption = trans.__('Reproducibility');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Reproducibility panel'));
  }

  protected onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.model.visible = true;
  }

  protected onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this.model.visible = false;
  }

  protected onBeforeDetach(message: Message): void {
    this.model.visible = false;
    super.onBeforeDetach(message);
  }

  protected render(): JSX.Element {
    return (
      <UseSignal signal={this.model.changed}>
        {() => (
          <PanelView model={this.model} trans={this._trans} act={this._act} />
        )}
      </UseSignal>
    );
  }

  private readonly _act = (
    command: string,
    args?: Record<string, unknown>
  ): void => {
    void this._commands.execute(
      `jupyter-repro:${command}`,
      args as JSONObject | undefined
    );
  };

  private readonly _commands: CommandRegistry;
  private readonly _trans: TranslationBundle;
}
