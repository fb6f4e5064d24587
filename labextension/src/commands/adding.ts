/**
 * How a command is added: with its label, its arguments, and what the kernel refuses told to the user.
 */
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { LabIcon } from '@jupyterlab/ui-components';
import type {
  ReadonlyJSONObject,
  ReadonlyPartialJSONObject
} from '@lumino/coreutils';

import { RequestFailed } from '../connection/channel';
import type { INotebook, Notebooks } from '../notebooks';
import type { PanelModel } from '../panel/model';
import { shown } from '../text';

/** What the commands act on. */
export interface ICommandOptions {
  app: JupyterFrontEnd;
  notebooks: Notebooks;
  model: PanelModel;
  trans: TranslationBundle;
  /** Bring the panel to the front. */
  show: () => void;
  /** Open the settings at ours. */
  openSettings: () => void;
}

/** The arguments of a command. */
export type Args = ReadonlyPartialJSONObject;

/** What a command has beside its label and its act. */
export interface ICommandDetails {
  isEnabled?: () => boolean;
  isToggled?: () => boolean;
  /** JSON schemas of its arguments. */
  args?: ReadonlyJSONObject;
  required?: string[];
  icon?: LabIcon;
  caption?: string;
}

/** Adds commands that act on the notebook in front. */
export class Adding {
  constructor(readonly options: ICommandOptions) {}

  /** Whether the notebook in front is linked. */
  readonly isLinked = (): boolean =>
    Boolean(this.options.notebooks.current?.link.facts);

  /** Whether a notebook is in front. */
  readonly hasNotebook = (): boolean => this.options.notebooks.current !== null;

  /** Add one command. */
  add(
    id: string,
    label: string,
    execute: (args: Args) => Promise<void> | void,
    more: ICommandDetails = {}
  ): void {
    this.options.app.commands.addCommand(id, {
      label,
      caption: more.caption ?? label,
      icon: more.icon,
      isEnabled: more.isEnabled,
      isToggled: more.isToggled,
      describedBy: {
        args: {
          type: 'object',
          properties: more.args ?? {},
          required: more.required ?? []
        }
      },
      execute: args => execute(args as Args)
    });
  }

  /** Act on the notebook in front; what the kernel refuses is told. */
  onNotebook(
    act: (notebook: INotebook, args: Args) => Promise<unknown> | void
  ): (args: Args) => Promise<void> {
    return async args => {
      const notebook = this.options.notebooks.current;
      if (!notebook) {
        return;
      }
      try {
        await act(notebook, args);
      } catch (error) {
        if (!(error instanceof RequestFailed)) {
          throw error;
        }
        const told = [error.message, error.remedy].filter(Boolean);
        Notification.error(told.map(each => shown(each)).join('. '), {
          autoClose: 8000
        });
      }
    };
  }
}
