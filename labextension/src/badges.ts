/**
 * The badges in the cells' gutter: a text and an icon, and on demand the reason with links to the cells behind it.
 */
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

import type { KernelLink } from './connection/link';
import { Badge } from './badge';
import type { IBadgeActs, IBadgeOptions } from './badgecard';
import type { CellVerdict } from './protocol';

/** Which cells get a badge. */
export type BadgeChoice = 'all' | 'departed' | 'none';

/** The name under which the browser keeps what the last repaint took. */
const PAINTED = 'jupyter-repro:badges';

/** Paints the badges of one notebook view. */
export class Badges implements IDisposable {
  constructor(
    private readonly _panel: NotebookPanel,
    private readonly _link: KernelLink,
    trans: TranslationBundle,
    acts: IBadgeActs
  ) {
    this._options = {
      trans,
      labelOf: id => _link.facts?.cells.find(cell => cell.id === id)?.label,
      ...acts
    };
    _link.changed.connect(this._later, this);
    _panel.content.modelContentChanged.connect(this._later, this);
    _panel.disposed.connect(this.dispose, this);
    this._later();
  }

  get choice(): BadgeChoice {
    return this._choice;
  }

  set choice(choice: BadgeChoice) {
    this._choice = choice;
    this._later();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    window.cancelAnimationFrame(this._frame);
    Signal.clearData(this);
  }

  /** Paint with the next frame: many changes at once are painted once, a hidden page not at all. */
  private _later(): void {
    window.cancelAnimationFrame(this._frame);
    this._frame = window.requestAnimationFrame(() => {
      const start = performance.now();
      this._paint();
      // the last repaint alone is kept, for whoever asks what it took
      performance.clearMeasures(PAINTED);
      performance.measure(PAINTED, { start });
    });
  }

  private _paint(): void {
    if (this._isDisposed || this._panel.isDisposed) {
      return;
    }
    const { facts } = this._link;
    const verdicts = new Map<string, CellVerdict>();
    if (this._choice !== 'none') {
      for (const cell of facts?.cells ?? []) {
        if (this._choice === 'all' || cell.verdict !== 'reproduced') {
          verdicts.set(cell.id, cell);
        }
      }
    }
    for (const { node, model } of this._panel.content.widgets) {
      this._paintCell(node, verdicts.get(model.id));
    }
  }

  /** Only what is another is touched, and nothing is measured: 400 cells are painted at once. */
  private _paintCell(
    node: HTMLElement,
    verdict: CellVerdict | undefined
  ): void {
    const badge = this._painted.get(node);
    if (!verdict) {
      badge?.remove();
      this._painted.delete(node);
    } else if (!badge) {
      this._painted.set(node, new Badge(node, verdict, this._options));
    } else if (badge.cell !== verdict) {
      badge.show(verdict);
    }
  }

  private _choice: BadgeChoice = 'all';
  private readonly _options: IBadgeOptions;
  private readonly _painted = new WeakMap<HTMLElement, Badge>();
  private _frame = 0;
  private _isDisposed = false;
}
