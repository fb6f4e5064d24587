/**
 * Labelled fields below each other: the body of a dialog. Plain DOM, as Lumino's dialogs are.
 */
import { Widget } from '@lumino/widgets';

/** A group of fields, or all of a dialog. */
export class Form extends Widget {
  constructor(node: HTMLElement = document.createElement('div')) {
    super({ node });
    this.addClass('jp-Repro-form');
  }

  /** A line of text, or a number. */
  input(label: string, type: 'text' | 'number'): HTMLInputElement {
    const input = document.createElement('input');
    input.type = type;
    input.className = 'jp-mod-styled';
    this._add(label, input);
    return input;
  }

  /** Several lines of text. */
  lines(label: string, example: string): HTMLTextAreaElement {
    const area = document.createElement('textarea');
    area.className = 'jp-mod-styled';
    area.rows = 2;
    area.placeholder = example;
    area.spellcheck = false;
    this._add(label, area);
    return area;
  }

  /** One of several. */
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

  /** Yes or no. */
  check(label: string): HTMLInputElement {
    const input = document.createElement('input');
    input.type = 'checkbox';
    const row = document.createElement('label');
    row.className = 'jp-Repro-check';
    row.append(input, ` ${label}`);
    this.node.append(row);
    return input;
  }

  /** A sentence between the fields. */
  say(sentence: string): HTMLParagraphElement {
    const line = document.createElement('p');
    line.textContent = sentence;
    this.node.append(line);
    return line;
  }

  /** Fields that are shown when they are asked for. */
  folded(title: string): Form {
    const details = document.createElement('details');
    const summary = document.createElement('summary');
    summary.textContent = title;
    details.append(summary);
    this.node.append(details);
    return new Form(details);
  }

  private _add(label: string, field: HTMLElement): void {
    const row = document.createElement('label');
    row.append(label, field);
    this.node.append(row);
  }
}
