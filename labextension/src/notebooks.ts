/**
 * One link for each open notebook, and which of them the user looks at.
 */
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { NotebookDocument } from './connection/document';
import { KernelLink } from './connection/link';
import type { Show } from './connection/conversation';

/** When the extension is loaded without a click. */
export type AutoLoad = 'never' | 'used' | 'always';

/** How long the document must have been at rest before its change is told. */
const REST_MS = 250;

/** From the least to the most. */
const RANK: readonly Show[] = ['nothing', 'headline', 'everything'];

/** One notebook panel with its link. */
export interface INotebook {
  readonly panel: NotebookPanel;
  readonly link: KernelLink;
}

/** All open notebooks. */
export class Notebooks implements IDisposable {
  constructor(tracker: INotebookTracker, version: string) {
    this._tracker = tracker;
    this._version = version;
    tracker.widgetAdded.connect(this._onAdded, this);
    tracker.currentChanged.connect(this._onCurrent, this);
    tracker.forEach(panel => this._add(panel));
    this._onCurrent();
  }

  /** When to load without a click. */
  autoLoad: AutoLoad = 'never';

  /** Say who looks at what the kernels tell. */
  look(who: 'badges' | 'panel' | 'bar', on: boolean): void {
    if (this._looks[who] !== on) {
      this._looks[who] = on;
      this._watch();
    }
  }

  /** Another notebook is in front, or none. */
  get currentChanged(): ISignal<this, void> {
    return this._currentChanged;
  }

  /** A notebook has been opened. */
  get added(): ISignal<this, INotebook> {
    return this._added;
  }

  /** The link of the notebook in front has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The notebook in front. */
  get current(): INotebook | null {
    return this._current;
  }

  /** All of them. */
  get all(): INotebook[] {
    return [...this._notebooks.values()];
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    for (const { link } of this._notebooks.values()) {
      link.dispose();
    }
    this._notebooks.clear();
    Signal.clearData(this);
  }

  private _onAdded(_: INotebookTracker, panel: NotebookPanel): void {
    this._add(panel);
  }

  private _add(panel: NotebookPanel): void {
    if (this._notebooks.has(panel)) {
      return;
    }
    // a second view of a notebook has the same context, and one link serves both
    const twin = this.all.find(each => each.panel.context === panel.context);
    const link = twin?.link ?? this._linkOf(panel);
    const notebook = { panel, link };
    this._notebooks.set(panel, notebook);
    panel.disposed.connect(this._onDisposed, this);
    this._added.emit(notebook);
    this._onCurrent();
  }

  private _linkOf(panel: NotebookPanel): KernelLink {
    const { context } = panel;
    const source = new NotebookDocument(context);
    const link = new KernelLink({
      session: context.sessionContext,
      document: source,
      client: clientOf(context.path),
      version: this._version,
      wantsLoad: asked => this._wantsLoad(panel, asked)
    });
    let timer = 0;
    const later = () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => {
        if (!link.isDisposed && !context.isDisposed) {
          void link.sendDocument();
        }
      }, REST_MS);
    };
    // `contentChanged` tells of cells, sources and tags; the path and the mark "not saved" have their own signals
    context.model.contentChanged.connect(later, link);
    context.model.stateChanged.connect(later, link);
    context.pathChanged.connect(later, link);
    return link;
  }

  private _wantsLoad(panel: NotebookPanel, link: KernelLink): boolean {
    if (this.autoLoad !== 'used') {
      return this.autoLoad === 'always';
    }
    return (
      link.wasLinked ||
      Array.from(panel.context.model.cells).some(
        // not in a stranger's notebook: what its folder holds could be what is loaded
        cell =>
          cell.type === 'code' &&
          cell.trusted &&
          /^\s*%(re)?load_ext\s+jupyter_repro\b/m.test(
            cell.sharedModel.getSource()
          )
      )
    );
  }

  private _onDisposed(panel: NotebookPanel): void {
    const notebook = this._notebooks.get(panel);
    this._notebooks.delete(panel);
    if (notebook && !this.all.some(each => each.link === notebook.link)) {
      notebook.link.dispose();
    }
    this._onCurrent();
  }

  /** A kernel tells no more than somebody looks at. */
  private _watch(): void {
    const { badges, panel, bar } = this._looks;
    const shows = new Map<KernelLink, Show>();
    for (const notebook of this._notebooks.values()) {
      const current = notebook === this._current;
      const seen = notebook.panel.isVisible || current;
      const show: Show =
        (seen && badges) || (current && panel)
          ? 'everything'
          : current && bar
            ? 'headline'
            : 'nothing';
      const other = shows.get(notebook.link);
      if (!other || RANK.indexOf(show) > RANK.indexOf(other)) {
        shows.set(notebook.link, show);
      }
    }
    shows.forEach((show, link) => link.watch(show));
  }

  private _onCurrent(): void {
    // the notebook that is left is hidden only when the shell is done with it
    window.requestAnimationFrame(() => this._watch());
    const panel = this._tracker.currentWidget;
    const next = (panel && this._notebooks.get(panel)) || null;
    if (next === this._current) {
      return;
    }
    this._current?.link.changed.disconnect(this._onChanged, this);
    this._current = next;
    next?.link.changed.connect(this._onChanged, this);
    this._currentChanged.emit();
  }

  private _onChanged(): void {
    this._changed.emit();
  }

  private readonly _tracker: INotebookTracker;
  private readonly _version: string;
  private readonly _notebooks = new Map<NotebookPanel, INotebook>();
  private readonly _looks = { badges: true, panel: false, bar: false };
  private readonly _added = new Signal<this, INotebook>(this);
  private readonly _currentChanged = new Signal<this, void>(this);
  private readonly _changed = new Signal<this, void>(this);
  private _current: INotebook | null = null;
  private _isDisposed = false;
}

/** One id for this page and notebook, the same after a reload. */
function clientOf(path: string): string {
  const key = `jupyter-repro:client:${path}`;
  const known = window.sessionStorage.getItem(key);
  if (known) {
    return known;
  }
  const made = `c-${Array.from(crypto.getRandomValues(new Uint8Array(12)), byte => byte.toString(16).padStart(2, '0')).join('')}`;
  window.sessionStorage.setItem(key, made);
  return made;
}
