/**
 * The dialog that comes before a bundle is verified: its code will run.
 */
import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IVerifyOptions } from '../protocol';
import { shown } from '../text';
import { Form } from './form';

/** Ask under what a bundle is verified; nothing if the user cancels. */
export async function askVerify(
  trans: TranslationBundle,
  path: string
): Promise<IVerifyOptions | null> {
  const form = new Form();
  form.say(
    trans.__(
      'The environment of %1 is built and its notebook is run: code of its author runs on this machine.',
      shown(path, 200)
    )
  );
  const sandbox = form.select(trans.__('Sandbox'), [
    ['required', trans.__('required: only where it works')],
    ['if-possible', trans.__('if possible')],
    ['off', trans.__('none: I trust the author')]
  ]);
  const network = form.check(trans.__('Its notebook may use the network'));
  const result = await showDialog({
    title: trans.__('Verify this bundle?'),
    body: form,
    buttons: [
      Dialog.cancelButton(),
      Dialog.okButton({ label: trans.__('Verify') })
    ]
  });
  return result.button.accept
    ? {
        sandbox: sandbox.value as IVerifyOptions['sandbox'],
        network: network.checked
      }
    : null;
}
