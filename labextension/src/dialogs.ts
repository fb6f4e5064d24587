/**
 * The dialogs: a seed, and the options of an export.
 */
import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import type { IExportOptions, IVerifyOptions, SeedPlan } from './protocol';
import { shown } from './text';

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

/** Ask for the options of an export; nothing if the user cancels. */
export async function askExport(
  trans: TranslationBundle,
  suggested: string
): Promise<IExportOptions | null> {
  const form = new Form();
  const path = form.input(trans.__('File, beside the notebook'), 'text');
  path.value = suggested;
  const calibrate = form.input(
    trans.__('Run it this many times more to learn what varies'),
    'number'
  );
  calibrate.min = '0';
  calibrate.max = '20';
  calibrate.value = '0';
  const profile = form.select(trans.__('Made for'), [
    ['cpu', trans.__('machines without a GPU')],
    ['gpu', trans.__('machines with a GPU')]
  ]);
  const offline = form.check(
    trans.__('Offline: put all packages in, so that no network is needed')
  );
  const anonymous = form.check(
    trans.__('Anonymous: leave out names, paths and git, for blind review')
  );
  const result = await showDialog({
    title: trans.__('Export a bundle'),
    body: form,
    focusNodeSelector: 'input',
    buttons: [
      Dialog.cancelButton(),
      Dialog.okButton({ label: trans.__('Export') })
    ]
  });
  if (!result.button.accept || path.value.trim() === '') {
    return null;
  }
  return {
    path: path.value.trim(),
    calibrate: Math.min(20, Math.max(0, Math.trunc(Number(calibrate.value)))),
    profile: profile.value === 'gpu' ? 'gpu' : 'cpu',
    cell_timeout_s: null,
    allowed_secrets: [],
    offline: offline.checked,
    anonymous: anonymous.checked
  };
}

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

/** Labelled fields below each other. */
class Form extends Widget {
  constructor() {
    super();
    this.addClass('jp-Repro-form');
  }

  input(label: string, type: 'text' | 'number'): HTMLInputElement {
    const input = document.createElement('input');
    input.type = type;
    input.className = 'jp-mod-styled';
    this._add(label, input);
    return input;
  }

  select(
    label: string,
    options: readonly (readonly [value: string, label: string])[]
  ): HTMLSelectElement {
    const select = document.createElement('select');
    select.className = 'jp-mod-styled';
    for (const [value, name] of options) {
      select.append(new Option(name, value));
    }
    this._add(label, select);
    return select;
  }

  check(label: string): HTMLInputElement {
    const input = document.createElement('input');
    input.type = 'checkbox';
    const row = document.createElement('label');
    row.append(input, ` ${label}`);
    this.node.append(row);
    return input;
  }

  say(sentence: string): void {
    const line = document.createElement('p');
    line.textContent = sentence;
    this.node.append(line);
  }

  private _add(label: string, field: HTMLElement): void {
    const row = document.createElement('label');
    row.append(label, field);
    this.node.append(row);
  }
}
