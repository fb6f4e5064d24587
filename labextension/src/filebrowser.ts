/**
 * Verify a bundle from the file browser.
 */
import { Notification } from '@jupyterlab/apputils';
import type { IFileBrowserFactory } from '@jupyterlab/filebrowser';

import { CommandIDs } from './commands';
import type { ICommandOptions } from './commands';
import { folderOf } from './editing';
import { relative } from './paths';

/** Add the command of the context menu; it is seen on bundles only. */
export function addVerifySelected(
  { app, notebooks, trans }: ICommandOptions,
  browsers: IFileBrowserFactory | null
): void {
  const selected = () => {
    const items = browsers?.tracker.currentWidget?.selectedItems();
    const path = items ? Array.from(items, item => item.path) : [];
    return path.length === 1 && path[0].endsWith('.repro.zip') ? path[0] : null;
  };
  app.commands.addCommand('jupyter-repro:verify-selected', {
    label: trans.__('Verify this bundle'),
    caption: trans.__('Rebuild its environment, run it, compare cell by cell'),
    describedBy: { args: { type: 'object', properties: {} } },
    isVisible: () => selected() !== null,
    execute: async () => {
      const path = selected();
      const linked = notebooks.all.find(({ link }) => link.facts);
      if (!path) {
        return;
      }
      if (!linked) {
        Notification.info(
          trans.__(
            'Open a notebook in which jupyter_repro is loaded: its kernel verifies the bundle. Or type in a terminal: jupyter repro verify %1',
            path
          ),
          { autoClose: false }
        );
        return;
      }
      if (notebooks.current !== linked && !notebooks.current?.link.facts) {
        app.shell.activateById(linked.panel.id);
      }
      const { panel } = notebooks.current ?? linked;
      await app.commands.execute(CommandIDs.verify, {
        path: relative(folderOf(panel), path)
      });
    }
  });
}
