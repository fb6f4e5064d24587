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

/** How long painting may hold a frame: what is left over comes with the next one. */
const FRAME_MS = 8;

/** The name under which the browser keeps what each frame of the last repaint took. */
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
    // the last repaint alone is kept, for whoever asks what it took
    performance.clearMeasures(PAINTED);
    this._nextFrame();
  }

  private _nextFrame(): void {
    window.cancelAnimationFrame(this._frame);
    this._frame = window.requestAnimationFrame(() => {
      if (this._isDisposed || this._panel.isDisposed) {
        return;
      }
      const begun = performance.now();
      if (!this._paint(begun + FRAME_MS)) {
        this._nextFrame();
      }
      performance.measure(PAINTED, { start: begun });
    });
  }

  /** Paint what is another, first where the user looks; returns whether all of it was done before `end`. */
  private _paint(end: number): boolean {
    const { facts } = this._link;
    const verdicts = new Map<string, CellVerdict>();
    if (this._choice !== 'none') {
      for (const cell of facts?.cells ?? []) {
        if (this._choice === 'all' || cell.verdict !== 'reproduced') {
          verdicts.set(cell.id, cell);
        }
      }
    }
    const { widgets } = this._panel.content;
    for (const seen of [true, false]) {
      for (const { node, model, inViewport } of widgets) {
        if (
          // JupyterLab has not asked yet where a new cell is
          Boolean(inViewport) === seen &&
          this._paintCell(node, verdicts.get(model.id)) &&
          performance.now() > end
        ) {
          return false;
        }
      }
    }
    return true;
  }

  /** Touch only what is another, and measure nothing; returns whether anything was. */
  private _paintCell(
    node: HTMLElement,
    verdict: CellVerdict | undefined
  ): boolean {
    const badge = this._painted.get(node);
    if (badge?.cell === verdict) {
      return false;
    }
    if (!verdict) {
      badge?.remove();
      this._painted.delete(node);
    } else if (!badge) {
      this._painted.set(node, new Badge(node, verdict, this._options));
    } else {
      badge.show(verdict);
    }
    return true;
  }

  private _choice: BadgeChoice = 'all';
  private readonly _options: IBadgeOptions;
  private readonly _painted = new WeakMap<HTMLElement, Badge>();
  private _frame = 0;
  private _isDisposed = false;
}
