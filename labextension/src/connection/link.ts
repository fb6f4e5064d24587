/**
 * The link between one notebook and its kernel, across late kernels, restarts, changes of kernel and lost connections.
 */
import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { Facts } from '../facts';
import { HELLO, PROTOCOL } from '../protocol';
import type {
  Event,
  IDocumentChange,
  IRequests,
  RequestType
} from '../protocol';
import { Channel, RequestFailed } from './channel';
import { Feed } from './feed';
import { load, probe } from './probe';
import type { Found } from './probe';
import { refused, unlinkable } from './situation';
import type { Situation } from './situation';

/** How much a kernel tells by itself. */
export type Show = IRequests['watch']['fields']['show'];

/** Where the link gets the document from. */
export interface IDocumentSource {
  /** All of it. */
  whole(): IDocumentChange;
  /** What is another since the last `whole` or `changed`; nothing if nothing is. */
  changed(): IDocumentChange | null;
}

/** What the link is made of. */
export interface ILinkOptions {
  session: ISessionContext;
  document: IDocumentSource;
  /** One id for one page and notebook, kept over a reload. */
  client: string;
  /** Of this package. */
  version: string;
  /** Whether to load the extension where it is installed and not loaded. */
  wantsLoad(link: KernelLink): boolean;
}

/** Keeps one notebook's facts. */
export class KernelLink implements IDisposable {
  constructor(options: ILinkOptions) {
    this._options = options;
    const { session } = options;
    session.kernelChanged.connect(this._onKernelChanged, this);
    session.statusChanged.connect(this._onStatusChanged, this);
    session.connectionStatusChanged.connect(this._onConnectionChanged, this);
    this._bind(session.session?.kernel ?? null);
  }

  /** The situation or the facts have changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Why there is nothing to show, or `linked`. */
  get situation(): Situation {
    return this._situation;
  }

  /** What is known; nothing unless linked. */
  get facts(): Facts | null {
    return this._feed.facts;
  }

  /** Whether the extension was loaded in this notebook since the page is there. */
  get wasLinked(): boolean {
    return this._wasLinked;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Ask the kernel; see {@link Channel.request}. */
  async request<T extends RequestType>(
    type: T,
    fields: IRequests[T]['fields']
  ): Promise<IRequests[T]['reply']> {
    if (!this._channel || !this.facts) {
      throw new RequestFailed(
        'lost',
        'the notebook is not linked to a kernel',
        'start its kernel and load the extension'
      );
    }
    return this._channel.request(type, fields);
  }

  /** How much the kernel tells by itself from now on; `headline` and `nothing` cost it next to nothing. */
  watch(show: Show): void {
    if (show === this._show) {
      return;
    }
    this._show = show;
    if (this.facts) {
      void this._tellShow();
    }
  }

  /** Load the extension in the kernel, then link. */
  async load(): Promise<void> {
    const kernel = this._kernel;
    if (!kernel) {
      return;
    }
    this._become({ is: 'loading' });
    let error = '';
    try {
      error = await load(kernel);
    } catch (reason) {
      error = reason instanceof Error ? reason.message : String(reason);
    }
    if (kernel !== this._kernel || this._channel) {
      return;
    }
    if (error) {
      this._become({ is: 'not loaded', error });
    } else {
      await this._look(kernel);
    }
  }

  /** Look anew whether the kernel can be linked. */
  async lookAgain(): Promise<void> {
    if (this._kernel && !this._channel) {
      await this._look(this._kernel);
    }
  }

  /** Send what is another in the document. */
  async sendDocument(): Promise<void> {
    if (!this.facts || !this._channel) {
      return;
    }
    const channel = this._channel;
    const change = this._options.document.changed();
    if (!change) {
      return;
    }
    try {
      await channel.request('document', { document: change });
    } catch (error) {
      if (error instanceof RequestFailed && error.code === 'resync') {
        await channel.request('document', {
          document: this._options.document.whole()
        });
      } else if (!(error instanceof RequestFailed)) {
        throw error;
      }
    }
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._unbind();
    Signal.clearData(this);
  }

  private _bind(kernel: Kernel.IKernelConnection | null): void {
    this._kernel = kernel;
    if (!kernel) {
      const { session } = this._options;
      this._become({ is: session.isReady ? 'no kernel' : 'starting' });
      if (!session.isReady) {
        void session.ready.then(() => {
          if (!this._kernel && !this._isDisposed) {
            this._become({ is: 'no kernel' });
          }
        });
      }
      return;
    }
    kernel.registerCommTarget(HELLO, this._onHello);
    void this._look(kernel);
  }

  private _unbind(): void {
    this._drop(true);
    if (this._kernel && !this._kernel.isDisposed) {
      this._kernel.removeCommTarget(HELLO, this._onHello);
    }
    this._kernel = null;
  }

  /** Forget the comms and what they told. */
  private _drop(close = false): void {
    const channel = this._channel;
    this._channel = null;
    this._feed = new Feed();
    if (close) {
      channel?.close();
    } else {
      channel?.dispose();
    }
  }

  /** Find out what the kernel has of us, and link where it can be. */
  private async _look(kernel: Kernel.IKernelConnection): Promise<void> {
    const turn = ++this._turn;
    const stale = () =>
      turn !== this._turn || kernel !== this._kernel || this._isDisposed;
    this._become({ is: 'asking', busy: kernel.status === 'busy' });
    try {
      const info = await kernel.info;
      if (stale()) {
        return;
      }
      if (info.language_info.name !== 'python') {
        this._become({
          is: 'other language',
          language: info.language_info.name
        });
        return;
      }
      const found = await probe(kernel);
      if (!stale()) {
        await this._meet(kernel, found);
      }
    } catch {
      // the request was under way when the kernel restarted or went away
      if (!stale()) {
        this._become({ is: 'lost' });
      }
    }
  }

  private async _meet(
    kernel: Kernel.IKernelConnection,
    found: Found
  ): Promise<void> {
    if (found === 'linkable') {
      await this._link(kernel);
    } else if (found === 'not loaded' && this._options.wantsLoad(this)) {
      await this.load();
    } else {
      this._become(unlinkable(found));
    }
  }

  private async _link(kernel: Kernel.IKernelConnection): Promise<void> {
    this._drop();
    const channel: Channel = new Channel(
      kernel,
      this._options.client,
      event => this._onEvent(channel, event),
      unreadable => this._onClose(channel, unreadable)
    );
    this._channel = channel;
    try {
      await channel.open();
      const opened = await channel.request('open', {
        protocol: PROTOCOL,
        version: this._options.version,
        document: this._options.document.whole()
      });
      if (channel !== this._channel) {
        return;
      }
      this._wasLinked = true;
      this._situation = { is: 'linked', kernel: opened.version };
      this._take(channel, opened.state, opened.seq);
      if (this._show !== 'everything') {
        void this._tellShow();
      }
    } catch (error) {
      if (channel === this._channel) {
        this._drop(true);
        this._become(refused(error));
      }
    }
  }

  private async _tellShow(): Promise<void> {
    try {
      await this._channel?.request('watch', { show: this._show });
    } catch (error) {
      if (!(error instanceof RequestFailed)) {
        throw error;
      }
    }
  }

  /** Take over all facts; ask for them anew if what was told meanwhile has a gap. */
  private _take(channel: Channel, facts: Facts, seq: number): void {
    if (!this._feed.start(facts, seq)) {
      void this._resync(channel);
    }
    this._changed.emit();
  }

  private _onEvent(channel: Channel, event: Event): void {
    if (channel !== this._channel) {
      return;
    }
    if (event.type === 'closed') {
      this._onClosed(event.reason);
      return;
    }
    const fate = this._feed.receive(event);
    if (fate === 'gap') {
      void this._resync(channel);
    } else if (fate === 'taken') {
      this._changed.emit();
    }
  }

  private async _resync(channel: Channel): Promise<void> {
    try {
      const { state, seq } = await channel.request('state', {});
      if (channel === this._channel) {
        this._take(channel, state, seq);
      }
    } catch (error) {
      if (channel === this._channel) {
        this._drop(true);
        this._become(refused(error));
      }
    }
  }

  private _onClosed(reason: 'unloaded' | 'replaced' | 'restarting'): void {
    if (reason === 'restarting') {
      this._awaitStart();
      return;
    }
    this._drop();
    if (reason === 'replaced') {
      this._become({ is: 'lost' });
    } else {
      this._wasLinked = false;
      this._become({ is: 'not loaded', error: '' });
    }
  }

  private _onClose(channel: Channel, unreadable: boolean): void {
    if (channel !== this._channel) {
      return;
    }
    this._drop();
    if (unreadable) {
      this._become({ is: 'old version', kernel: '', remedy: '' });
    } else if (this._kernel) {
      void this._look(this._kernel);
    }
  }

  private _onKernelChanged(): void {
    this._unbind();
    this._bind(this._options.session.session?.kernel ?? null);
  }

  private _onStatusChanged(_: ISessionContext, status: Kernel.Status): void {
    switch (status) {
      case 'restarting':
      case 'autorestarting':
        this._awaitStart();
        break;
      case 'dead':
      case 'terminating':
        this._turn += 1;
        this._drop();
        this._become({ is: 'no kernel' });
        break;
      case 'starting':
      case 'idle':
      case 'busy':
        if (this._awaitsStart && this._kernel) {
          this._awaitsStart = false;
          void this._look(this._kernel);
        } else if (this._situation.is === 'asking') {
          this._become({ is: 'asking', busy: status === 'busy' });
        }
        break;
    }
  }

  /** The kernel's process is another from now on: look when it tells of itself. */
  private _awaitStart(): void {
    this._turn += 1;
    this._drop();
    this._awaitsStart = true;
    this._become({ is: 'starting' });
  }

  private _onConnectionChanged(
    _: ISessionContext,
    status: Kernel.ConnectionStatus
  ): void {
    if (status === 'connected') {
      if (this._wasCut && this._kernel) {
        this._wasCut = false;
        this._drop();
        void this._look(this._kernel);
      }
    } else if (this.facts) {
      this._wasCut = true;
      this._drop();
      this._become({ is: 'lost' });
    }
  }

  private _become(situation: Situation): void {
    if (this._isDisposed) {
      return;
    }
    this._situation = situation;
    this._changed.emit();
  }

  /** The kernel says that the extension has just been loaded. */
  private readonly _onHello = (): void => {
    const kernel = this._kernel;
    if (kernel && !this._channel && !this._isDisposed) {
      this._turn += 1;
      void this._link(kernel);
    }
  };

  private readonly _options: ILinkOptions;
  private readonly _changed = new Signal<this, void>(this);
  private _kernel: Kernel.IKernelConnection | null = null;
  private _channel: Channel | null = null;
  private _situation: Situation = { is: 'no kernel' };
  private _feed = new Feed();
  private _show: Show = 'everything';
  private _awaitsStart = false;
  private _turn = 0;
  private _wasLinked = false;
  private _wasCut = false;
  private _isDisposed = false;
}
