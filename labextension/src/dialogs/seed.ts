/**
 * The dialog that asks for a seed.
 */
import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { SeedPlan } from '../protocol';
import { Form } from './form';

/** What the user chose. */
export interface ISeedChoice {
  seed: number | null;
  strictness: SeedPlan['strictness'];
  /** Write it into the notebook, so that it holds after a restart. */
  write: boolean;
}

/** Ask for a seed; nothing if the user cancels. */
export async function askSeed(
  trans: TranslationBundle,
  present: Partial<ISeedChoice>
): Promise<ISeedChoice | null> {
  const form = new Form();
  const seed = form.input(trans.__('Seed (a whole number)'), 'number');
  seed.min = '0';
  seed.step = '1';
  seed.value = String(present.seed ?? 42);
  const strictness = form.select(trans.__('Determinism'), [
    ['off', trans.__('off')],
    ['warn', trans.__('warn: report nondeterministic algorithms')],
    ['strict', trans.__('strict: refuse nondeterministic algorithms')]
  ]);
  strictness.value = present.strictness ?? 'off';
  const write = form.check(
    trans.__('Write it into the notebook, so that it holds after a restart')
  );
  write.checked = true;
  const result = await showDialog({
    title: trans.__('Set a seed'),
    body: form,
    focusNodeSelector: 'input',
    buttons: [
      Dialog.cancelButton(),
      Dialog.okButton({ label: trans.__('Set the seed') })
    ]
  });
  if (!result.button.accept) {
    return null;
  }
  const value = Number(seed.value);
  return {
    seed: seed.value !== '' && Number.isSafeInteger(value) ? value : null,
    strictness: strictness.value as SeedPlan['strictness'],
    write: write.checked
  };
}
