/**
 * The options of an export, with what the bundle would hold and what speaks against it.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';

import { RequestFailed } from '../connection/channel';
import type { IExportOptions, Refusal, ReplyOf } from '../protocol';
import { shown, size } from '../text';
import { Form } from './form';
import { WaiverList } from './waivers';

/** What the kernel says of a bundle before it is made. */
export type BundlePlan = ReplyOf<'bundle'>;

/** What the form begins with. */
export interface IExportStart {
  suggested: string;
  /** What was chosen the last time. */
  options: Partial<IExportOptions>;
  /** Why the last export was refused. */
  refused: readonly Refusal[];
  /** Why the dialog is there again. */
  problem: string;
  /** Ask what such a bundle would hold. */
  weigh: (options: IExportOptions) => Promise<BundlePlan>;
}

/** How long nothing must have been typed before the kernel is asked. */
const PAUSE_MS = 400;
const MOST_RUNS = 9;

/** The dialog's body. */
export class ExportForm extends Form {
  constructor(
    private readonly _trans: TranslationBundle,
    private readonly _start: IExportStart
  ) {
    super();
    const { options } = _start;
    const trans = _trans;
    this.addClass('jp-Repro-exportForm');
    if (_start.problem) {
      this.say(_start.problem).className = 'jp-Repro-failure';
    }
    this._path = this.input(trans.__('File, beside the notebook'), 'text');
    this._path.value = options.path ?? _start.suggested;
    this._prove = this.check(
      trans.__(
        'Prove it: run the notebook in a fresh kernel and compare with what it shows'
      )
    );
    this._prove.checked = options.prove ?? true;
    this._calibrate = this.input(
      trans.__('Run it this many times more to learn what varies'),
      'number'
    );
    this._calibrate.min = '0';
    this._calibrate.max = String(MOST_RUNS);
    this._calibrate.value = String(options.calibrate ?? 0);
    this._profile = this.select(trans.__('Made for'), [
      ['cpu', trans.__('machines without a GPU')],
      ['gpu', trans.__('machines with a GPU')]
    ]);
    this._profile.value = options.profile ?? 'cpu';
    this._offline = this.check(
      trans.__('Offline: put all packages in, so that no network is needed')
    );
    this._offline.checked = options.offline ?? false;
    this._anonymous = this.check(
      trans.__('Anonymous: leave out names, paths and git, for blind review')
    );
    this._anonymous.checked = options.anonymous ?? false;
    this._addData(options);
    this._addMore(options);
    this._waivers = new WaiverList(trans, options.waivers ?? [], this._later);
    this._waivers.show(_start.refused);
    this.node.append(this._waivers.node);
    this._plan = document.createElement('div');
    this._plan.className = 'jp-Repro-exportPlan';
    this._plan.setAttribute('role', 'status');
    this._plan.textContent = trans.__('Weighing…');
    this.node.append(this._plan);
    this.node.addEventListener('input', event => {
      if (!this._waivers.node.contains(event.target as Node)) {
        this._later();
      }
    });
    this._greyOut();
  }

  /** What is chosen now. */
  get options(): IExportOptions {
    const runs = Math.trunc(Number(this._calibrate.value)) || 0;
    const seconds = Number(this._timeout.value);
    return {
      path: this._path.value.trim(),
      prove: this._prove.checked,
      calibrate: Math.min(MOST_RUNS, Math.max(0, runs)),
      profile: this._profile.value === 'gpu' ? 'gpu' : 'cpu',
      offline: this._offline.checked,
      anonymous: this._anonymous.checked,
      max_data: this._maxData.value.trim(),
      addresses: linesOf(this._addresses),
      include: linesOf(this._include),
      claims: linesOf(this._claims),
      waivers: this._waivers.texts,
      allowed_secrets: linesOf(this._secrets),
      image: this._image.value.trim(),
      sign: this._sign.value.trim(),
      cell_timeout_s: seconds > 0 ? seconds : null
    };
  }

  /** What is chosen now, as a next dialog begins with it. */
  get draft(): IExportOptions {
    return { ...this.options, waivers: this._waivers.drafts };
  }

  /** Why this cannot be exported; empty: it can. */
  get problem(): string {
    const { unexplained } = this._waivers;
    if (unexplained.length > 0) {
      return this._trans.__(
        'Say why it is exported in spite of %1: readers will see it.',
        unexplained.join(', ')
      );
    }
    return this._path.value.trim() ? '' : this._trans.__('Name the file.');
  }

  dispose(): void {
    clearTimeout(this._timer);
    super.dispose();
  }

  protected onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    void this._weigh();
  }

  private _addData(options: Partial<IExportOptions>): void {
    const trans = this._trans;
    const data = this.folded(trans.__('Data'));
    this._maxData = data.input(
      trans.__('Pack at most (larger files go by address and digest)'),
      'text'
    );
    this._maxData.placeholder = trans.__('1GB');
    this._maxData.value = options.max_data ?? '';
    this._addresses = data.lines(
      trans.__('Where readers get files that are not packed, one a line'),
      trans.__('data/train.bin=https://zenodo.org/…/train.bin')
    );
    this._addresses.value = (options.addresses ?? []).join('\n');
    this._include = data.lines(
      trans.__('Files to pack that the run was not seen to read, one a line'),
      trans.__('data/labels.csv')
    );
    this._include.value = (options.include ?? []).join('\n');
  }

  private _addMore(options: Partial<IExportOptions>): void {
    const trans = this._trans;
    const more = this.folded(trans.__('Signature, claims and more'));
    this._sign = more.input(trans.__('Sign with this private key'), 'text');
    this._sign.placeholder = trans.__('~/.ssh/id_ed25519');
    this._sign.value = options.sign ?? '';
    this._claims = more.lines(
      trans.__('Claims of the paper, tied to cells, one a line'),
      trans.__('cell 7: Table 2, row 3')
    );
    this._claims.value = (options.claims ?? []).join('\n');
    this._image = more.input(
      trans.__('Base image of the Dockerfile, by digest'),
      'text'
    );
    this._image.placeholder = trans.__('python@sha256:…');
    this._image.value = options.image ?? '';
    this._timeout = more.input(
      trans.__('Seconds that a cell may take (empty: no limit)'),
      'number'
    );
    this._timeout.min = '1';
    this._timeout.value = String(options.cell_timeout_s ?? '');
    this._secrets = more.lines(
      trans.__(
        'Places in files that look like a credential and are none, one a line'
      ),
      trans.__('settings.py:12')
    );
    this._secrets.value = (options.allowed_secrets ?? []).join('\n');
  }

  private _greyOut(): void {
    this._calibrate.disabled = !this._prove.checked;
    this._sign.disabled = this._anonymous.checked;
  }

  private readonly _later = (): void => {
    this._greyOut();
    clearTimeout(this._timer);
    this._timer = window.setTimeout(() => void this._weigh(), PAUSE_MS);
  };

  private async _weigh(): Promise<void> {
    const turn = ++this._turn;
    this._plan.setAttribute('aria-busy', 'true');
    try {
      const plan = await this._start.weigh(this.options);
      if (turn === this._turn && !this.isDisposed) {
        this._showPlan(plan);
      }
    } catch (error) {
      if (!(error instanceof RequestFailed)) {
        throw error;
      }
      if (turn === this._turn) {
        const said = [error.message, error.remedy].filter(Boolean);
        this._plan.replaceChildren(
          paragraph(said.map(each => shown(each)).join(': '))
        );
      }
    }
    if (turn === this._turn) {
      this._plan.removeAttribute('aria-busy');
    }
  }

  private _showPlan(plan: BundlePlan): void {
    const trans = this._trans;
    const table = document.createElement('table');
    table.className = 'jp-Repro-table';
    for (const { name, files, bytes } of plan.parts) {
      if (files > 0) {
        const row = table.insertRow();
        row.append(
          cell('th', shown(name, 80)),
          cell('td', trans._n('%1 file', '%1 files', files)),
          cell('td', bytes === null ? trans.__('not known') : size(bytes))
        );
      }
    }
    const sum = table.insertRow();
    sum.append(
      cell('th', trans.__('in all, at most')),
      cell('td', ''),
      cell('td', size(plan.bytes))
    );
    this._plan.replaceChildren(
      paragraph(shown(plan.sentence)),
      table,
      ...plan.unknown.map(each =>
        paragraph(trans.__('Not known yet: %1', shown(each)))
      )
    );
    this._waivers.show([...plan.refusals, ...this._start.refused]);
  }

  private readonly _path: HTMLInputElement;
  private readonly _prove: HTMLInputElement;
  private readonly _calibrate: HTMLInputElement;
  private readonly _profile: HTMLSelectElement;
  private readonly _offline: HTMLInputElement;
  private readonly _anonymous: HTMLInputElement;
  private readonly _waivers: WaiverList;
  private readonly _plan: HTMLDivElement;
  private _maxData!: HTMLInputElement;
  private _addresses!: HTMLTextAreaElement;
  private _include!: HTMLTextAreaElement;
  private _sign!: HTMLInputElement;
  private _claims!: HTMLTextAreaElement;
  private _image!: HTMLInputElement;
  private _timeout!: HTMLInputElement;
  private _secrets!: HTMLTextAreaElement;
  private _turn = 0;
  private _timer = 0;
}

function linesOf(area: HTMLTextAreaElement): string[] {
  return area.value
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean);
}

function paragraph(text: string): HTMLParagraphElement {
  const made = document.createElement('p');
  made.textContent = text;
  return made;
}

function cell(kind: 'th' | 'td', text: string): HTMLTableCellElement {
  const made = document.createElement(kind);
  made.textContent = text;
  if (kind === 'th') {
    made.scope = 'row';
  }
  return made;
}
