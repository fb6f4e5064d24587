/**
 * What the panel shows, without a line of DOM: the notebook in front, and the facts of the sections that are open.
 */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { RequestFailed } from '../connection/channel';
import type { KernelLink } from '../connection/link';
import type { Situation } from '../connection/situation';
import type { Facts } from '../facts';
import type { Diff, ReplyOf, SectionName } from '../protocol';

/** The sections of the panel, from above. */
export const sections = [
  'status',
  'cells',
  'randomness',
  'environment',
  'gpu',
  'inputs',
  'runs',
  'bundle',
  'checklist'
] as const;
export type Section = (typeof sections)[number];

/** What the kernel has told for a section. */
export interface IAnswer<N extends SectionName = SectionName> {
  readonly reply: ReplyOf<N> | null;
  readonly failure: RequestFailed | null;
}

/** What is needed of {@link Notebooks}. */
export interface INotebookSource {
  readonly current: { readonly link: KernelLink } | null;
  readonly currentChanged: ISignal<unknown, void>;
  readonly changed: ISignal<unknown, void>;
}

/** What each section asks for. */
const ASKS: Readonly<Record<Section, readonly SectionName[]>> = {
  status: [],
  cells: [],
  randomness: ['randomness'],
  environment: ['environment', 'drift'],
  gpu: ['gpu', 'drift'],
  inputs: ['inputs'],
  runs: ['runs'],
  bundle: ['bundle'],
  checklist: ['checklist']
};

const NOTHING: IAnswer = { reply: null, failure: null };

/** The least time between two looks at a section. */
const REST_MS = 1000;

/** The panel's state. While it is hidden it asks nothing and says nothing. */
export class PanelModel implements IDisposable {
  constructor(notebooks: INotebookSource) {
    this._notebooks = notebooks;
    notebooks.currentChanged.connect(this._onCurrent, this);
    notebooks.changed.connect(this._onFacts, this);
  }

  /** Something that is shown has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Why there is nothing to show, or `linked`; nothing: no notebook is in front. */
  get situation(): Situation | null {
    return this._notebooks.current?.link.situation ?? null;
  }

  get facts(): Facts | null {
    return this._notebooks.current?.link.facts ?? null;
  }

  /** The cell that the user has asked for, and a count that tells one asking from the next. */
  get revealed(): { cell: string; count: number } | null {
    return this._revealed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** The panel is seen, or is no more. */
  get visibleChanged(): ISignal<this, boolean> {
    return this._visibleChanged;
  }

  get visible(): boolean {
    return this._visible;
  }

  set visible(visible: boolean) {
    if (visible === this._visible) {
      return;
    }
    this._visible = visible;
    this._visibleChanged.emit(visible);
    if (visible) {
      this._isOld = true;
      this._refresh();
      this._changed.emit();
    } else {
      this._stopTimer();
    }
  }

  isOpen(section: Section): boolean {
    return this._open.has(section);
  }

  /** Open or close a section. */
  toggle(section: Section, open = !this._open.has(section)): void {
    if (open) {
      this._open.add(section);
      this._isOld = true;
      this._refresh();
    } else {
      this._open.delete(section);
    }
    this._changed.emit();
  }

  /** What the kernel has told for a section. */
  answer<N extends SectionName>(name: N): IAnswer<N> {
    const known = this._answers.get(name);
    return (known ?? NOTHING) as unknown as IAnswer<N>;
  }

  /** Whether the dataflow is drawn. */
  get drawsFlow(): boolean {
    return this._drawsFlow;
  }

  set drawsFlow(draws: boolean) {
    this._drawsFlow = draws;
    if (draws) {
      this._open.add('cells');
      this.refresh();
    }
    this._changed.emit();
  }

  /** Show a cell's row. */
  reveal(cell: string): void {
    this._open.add('cells');
    this._revealed = { cell, count: (this._revealed?.count ?? 0) + 1 };
    this._changed.emit();
  }

  /** Two runs beside each other, or why not. */
  async diff(first: string, second: string): Promise<Diff | RequestFailed> {
    const link = this._notebooks.current?.link;
    try {
      if (!link) {
        throw new RequestFailed('lost', 'no notebook is in front', '');
      }
      return (await link.request('diff', { first, second })).diff;
    } catch (error) {
      if (error instanceof RequestFailed) {
        return error;
      }
      throw error;
    }
  }

  /** Ask anew for what is open. */
  refresh(): void {
    this._asked = 0;
    this._isOld = true;
    this._refresh();
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._stopTimer();
    Signal.clearData(this);
  }

  private _onCurrent(): void {
    this._answers.clear();
    this._isOld = true;
    this._revealed = null;
    this._asked = 0;
    if (this._visible) {
      this._refresh();
      this._changed.emit();
    }
  }

  private _onFacts(): void {
    this._isOld = true;
    if (!this.facts) {
      this._answers.clear();
    }
    if (this._visible) {
      this._refresh();
      this._changed.emit();
    }
  }

  /** Ask for the open sections, now or when the last asking is long enough ago. */
  private _refresh(): void {
    if (!this._visible || !this.facts || this._timer !== null) {
      return;
    }
    const wait = Math.max(0, this._asked + REST_MS - Date.now());
    this._timer = setTimeout(() => {
      this._timer = null;
      this._asked = Date.now();
      void this._ask();
    }, wait);
  }

  private async _ask(): Promise<void> {
    const link = this._notebooks.current?.link;
    if (!link || !this._visible) {
      return;
    }
    if (this._isAsking) {
      this._asksAgain = true;
      return;
    }
    this._isAsking = true;
    this._asksAgain = false;
    // what is live is looked at each second; the rest when something has changed, and not while a cell runs: it would
    // say the same, or wait for the cell
    const busy = Boolean(this.facts?.busy);
    const anew = this._isOld && !busy;
    this._isOld = this._isOld && busy;
    const names = [...this._open]
      .flatMap<SectionName>(section =>
        section === 'cells' && this._drawsFlow ? ['dataflow'] : ASKS[section]
      )
      .filter(name => name === 'gpu' || anew || !this._answers.has(name));
    await Promise.all(
      [...new Set(names)].map(name => this._askFor(link, name))
    );
    this._isAsking = false;
    if (this._asksAgain || this._open.has('gpu')) {
      this._refresh();
    }
  }

  private async _askFor(link: KernelLink, name: SectionName): Promise<void> {
    let answer: IAnswer;
    try {
      const reply = await link.request('section', { name });
      answer = { reply, failure: null };
    } catch (error) {
      if (!(error instanceof RequestFailed)) {
        throw error;
      }
      answer = {
        reply: this._answers.get(name)?.reply ?? null,
        failure: error
      };
    }
    if (link === this._notebooks.current?.link && !this._isDisposed) {
      this._answers.set(name, answer);
      this._changed.emit();
    }
  }

  private _stopTimer(): void {
    if (this._timer !== null) {
      clearTimeout(this._timer);
      this._timer = null;
    }
  }

  private readonly _notebooks: INotebookSource;
  private readonly _changed = new Signal<this, void>(this);
  private readonly _visibleChanged = new Signal<this, boolean>(this);
  private readonly _open = new Set<Section>(['status', 'cells']);
  private readonly _answers = new Map<SectionName, IAnswer>();
  private _revealed: { cell: string; count: number } | null = null;
  private _drawsFlow = false;
  private _visible = false;
  private _isAsking = false;
  /** Something has changed since the sections were asked for. */
  private _isOld = true;
  private _asksAgain = false;
  private _asked = 0;
  private _timer: ReturnType<typeof setTimeout> | null = null;
  private _isDisposed = false;
}
