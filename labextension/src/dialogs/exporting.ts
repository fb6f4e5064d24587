/**
 * The dialog that comes before an export.
 */
import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IExportOptions } from '../protocol';
import { ExportForm } from './exportform';
import type { IExportStart } from './exportform';

/** Ask for the options of an export, until they can be exported; nothing if the user cancels. */
export async function askExport(
  trans: TranslationBundle,
  start: Omit<IExportStart, 'problem'>
): Promise<IExportOptions | null> {
  let { options } = start;
  let problem = '';
  for (;;) {
    const form = new ExportForm(trans, { ...start, options, problem });
    const result = await showDialog({
      title: trans.__('Export a bundle'),
      body: form,
      focusNodeSelector: 'input',
      buttons: [
        Dialog.cancelButton(),
        Dialog.okButton({ label: trans.__('Export') })
      ]
    });
    if (!result.button.accept) {
      return null;
    }
    options = form.draft;
    problem = form.problem;
    if (!problem) {
      return form.options;
    }
  }
}
