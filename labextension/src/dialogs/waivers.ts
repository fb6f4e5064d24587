/**
 * What speaks against an export, as check boxes: the author answers for a finding with a reason, which readers see.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Refusal } from '../protocol';
import { shown } from '../text';

/** How many findings of one code are named. */
const NAMED = 3;

interface IAnswer {
  row: HTMLElement;
  kind: string;
  name: HTMLElement;
  messages: HTMLUListElement;
  check: HTMLInputElement;
  reason: HTMLInputElement;
}

/** One check box for each code. */
export class WaiverList {
  /**
   * @param given - Waivers as texts, `RP801=why`.
   * @param onChange - Called when another finding is answered for.
   */
  constructor(
    private readonly _trans: TranslationBundle,
    given: readonly string[],
    private readonly _onChange: () => void
  ) {
    this.node = document.createElement('fieldset');
    const legend = document.createElement('legend');
    legend.textContent = _trans.__('Speaks against it');
    this.node.append(legend);
    this.node.hidden = true;
    for (const each of given) {
      const [code, ...reason] = each.split('=');
      const answer = this._answer(code, '');
      answer.check.checked = true;
      answer.reason.value = reason.join('=');
      answer.reason.hidden = false;
    }
  }

  readonly node: HTMLFieldSetElement;

  /** Show what speaks against the export now; what is answered for stays. */
  show(refusals: readonly Refusal[]): void {
    const messages = new Map<string, string[]>();
    for (const { code, kind, message } of refusals) {
      const answer = this._answer(code, kind);
      answer.row.hidden = false;
      messages.set(code, [...(messages.get(code) ?? []), message]);
    }
    for (const [code, answer] of this._answers) {
      const found = messages.get(code);
      if (found) {
        this._list(answer.messages, found);
      } else if (!answer.check.checked) {
        answer.row.hidden = true;
      }
    }
    this.node.hidden = [...this._answers.values()].every(
      ({ row }) => row.hidden
    );
  }

  /** The codes that are answered for without a reason. */
  get unexplained(): string[] {
    return this._checked()
      .filter(([, { reason }]) => reason.value.trim() === '')
      .map(([code]) => code);
  }

  /** What is answered for, also where the reason is missing yet. */
  get drafts(): string[] {
    return this._checked().map(
      ([code, { reason }]) => `${code}=${reason.value.trim()}`
    );
  }

  /** The waivers as texts. */
  get texts(): string[] {
    return this._checked()
      .filter(([, { reason }]) => reason.value.trim() !== '')
      .map(([code, { reason }]) => `${code}=${reason.value.trim()}`);
  }

  private _checked(): [string, IAnswer][] {
    return [...this._answers].filter(([, { check }]) => check.checked);
  }

  private _list(node: HTMLUListElement, messages: readonly string[]): void {
    const lines = messages.slice(0, NAMED).map(each => shown(each));
    if (messages.length > NAMED) {
      lines.push(this._trans.__('and %1 more', messages.length - NAMED));
    }
    node.replaceChildren(
      ...lines.map(line => {
        const item = document.createElement('li');
        item.textContent = line;
        return item;
      })
    );
  }

  /** The row of a code, made where it is not there yet. */
  private _answer(code: string, kind: string): IAnswer {
    const known = this._answers.get(code);
    if (known && (known.kind || !kind)) {
      return known;
    }
    const answer = known ?? this._made(code);
    answer.kind = kind;
    const name = [shown(code, 20), shown(kind, 40)].filter(Boolean).join(' ');
    answer.name.textContent = ` ${this._trans.__('Export in spite of %1', name)}`;
    answer.reason.setAttribute(
      'aria-label',
      this._trans.__('Reason for %1', name)
    );
    return answer;
  }

  private _made(code: string): IAnswer {
    const trans = this._trans;
    const row = document.createElement('div');
    row.className = 'jp-Repro-waiver';
    const label = document.createElement('label');
    label.className = 'jp-Repro-check';
    const check = document.createElement('input');
    check.type = 'checkbox';
    const name = document.createElement('span');
    label.append(check, name);
    const messages = document.createElement('ul');
    const reason = document.createElement('input');
    reason.type = 'text';
    reason.className = 'jp-mod-styled';
    reason.hidden = true;
    reason.placeholder = trans.__('Why: every reader of the bundle sees it');
    check.addEventListener('change', () => {
      reason.hidden = !check.checked;
      if (check.checked) {
        reason.focus();
      }
      this._onChange();
    });
    reason.addEventListener('change', () => this._onChange());
    row.append(label, messages, reason);
    this.node.append(row);
    const answer = { row, name, messages, check, reason, kind: '' };
    this._answers.set(code, answer);
    return answer;
  }

  private readonly _answers = new Map<string, IAnswer>();
}
