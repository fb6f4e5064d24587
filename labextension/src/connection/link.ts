/**
 * The link between one notebook and its kernel, across late kernels, restarts, changes of kernel and lost connections.
 */
import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { Facts } from '../facts';
import { HELLO } from '../protocol';
import type { IRequests, RequestType } from '../protocol';
import { RequestFailed } from './channel';
import { remember, subshellAtWork } from './atwork';
import { Conversation } from './conversation';
import type { ISpeaker, Show } from './conversation';
import { KernelLife } from './life';
import { load, probe } from './probe';
import { refused, unlinkable } from './situation';
import type { Situation } from './situation';

/** What the link is made of. */
export interface ILinkOptions extends ISpeaker {
  session: ISessionContext;
  /** Whether to load the extension where it is installed and not loaded. */
  wantsLoad(link: KernelLink): boolean;
}

/** Keeps one notebook's facts. */
export class KernelLink implements IDisposable {
  constructor(options: ILinkOptions) {
    this._options = options;
    this._life = new KernelLife(options.session, {
      onKernel: (kernel, late) => this._bind(kernel, late),
      onRestarting: () => this._onRestarting(),
      onRestarted: () => void this.lookAgain(),
      onGone: () => this._onGone(),
      onBusy: busy => this._onBusy(busy),
      onReached: reached => this._onReached(reached)
    });
    this._life.begin();
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
    return this._talk?.facts ?? null;
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
    if (!this._talk?.facts) {
      throw new RequestFailed(
        'lost',
        'the notebook is not linked to a kernel',
        'start its kernel and load the extension'
      );
    }
    return this._talk.request(type, fields);
  }

  /** How much the kernel tells by itself from now on; `headline` and `nothing` cost it next to nothing. */
  watch(show: Show): void {
    if (show === this._show) {
      return;
    }
    this._show = show;
    if (this.facts) {
      void this._talk?.watch(show);
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
    if (kernel !== this._kernel || this._talk) {
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
    if (this._kernel && !this._talk) {
      await this._look(this._kernel);
    }
  }

  /** Send what is another in the document. */
  async sendDocument(): Promise<void> {
    if (this.facts) {
      await this._talk?.sendDocument();
    }
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._life.dispose();
    this._unbind();
    Signal.clearData(this);
  }

  private _bind(kernel: Kernel.IKernelConnection | null, late: boolean): void {
    this._unbind();
    this._kernel = kernel;
    if (kernel) {
      kernel.registerCommTarget(HELLO, this._onHello);
      void this._look(kernel);
    } else {
      this._become({ is: late ? 'starting' : 'no kernel' });
    }
  }

  private _unbind(): void {
    this._drop(true);
    if (this._kernel && !this._kernel.isDisposed) {
      this._kernel.removeCommTarget(HELLO, this._onHello);
    }
    this._kernel = null;
  }

  /** The kernel has us no more. */
  private _forget(): void {
    if (this._kernel) {
      remember(this._kernel.id, false);
    }
  }

  /** Forget the comms and what they told. */
  private _drop(close = false): void {
    const talk = this._talk;
    this._talk = null;
    if (close) {
      talk?.close();
    } else {
      talk?.dispose();
    }
  }

  /** Find out what the kernel has of us, and link where it can be. */
  private async _look(kernel: Kernel.IKernelConnection): Promise<void> {
    const turn = ++this._turn;
    const stale = () =>
      turn !== this._turn || kernel !== this._kernel || this._isDisposed;
    this._become({ is: 'asking', busy: kernel.status === 'busy' });
    try {
      const found = await Promise.race([probe(kernel), subshellAtWork(kernel)]);
      if (stale()) {
        return;
      }
      if (typeof found === 'object' && 'subshell' in found) {
        await this._link(kernel, found.subshell);
      } else if (found === 'linkable') {
        await this._link(kernel);
      } else if (found === 'not loaded' && this._options.wantsLoad(this)) {
        await this.load();
      } else {
        this._become(unlinkable(found));
      }
    } catch {
      // the request was under way when the kernel restarted or went away
      if (!stale()) {
        this._become({ is: 'lost' });
      }
    }
  }

  private async _link(
    kernel: Kernel.IKernelConnection,
    subshell: string | null = null
  ): Promise<void> {
    this._drop();
    // what a former conversation still says is nobody's business
    const now =
      <A extends unknown[]>(act: (...args: A) => void) =>
      (...args: A) => {
        if (talk === this._talk) {
          act(...args);
        }
      };
    const talk: Conversation = new Conversation(kernel, this._options, {
      onFacts: now(() => this._changed.emit()),
      onClosed: now(reason => this._onClosed(reason)),
      onCut: now(unreadable => this._onCut(unreadable)),
      onRefused: now(error => this._onRefused(error))
    });
    this._talk = talk;
    try {
      const version = await talk.open(this._show, subshell);
      if (talk === this._talk) {
        this._wasLinked = true;
        remember(kernel.id, subshell !== null || kernel.supportsSubshells);
        this._become({ is: 'linked', kernel: version });
      }
    } catch (error) {
      if (talk === this._talk) {
        this._onRefused(error);
      }
    }
  }

  private _onRefused(error: unknown): void {
    this._forget();
    this._drop(true);
    this._become(refused(error));
  }

  private _onClosed(reason: 'unloaded' | 'replaced' | 'restarting'): void {
    if (reason === 'restarting') {
      this._life.awaitSuccessor();
      return;
    }
    this._drop();
    if (reason === 'replaced') {
      this._become({ is: 'lost' });
    } else {
      this._wasLinked = false;
      this._forget();
      this._become({ is: 'not loaded', error: '' });
    }
  }

  private _onCut(unreadable: boolean): void {
    this._forget();
    this._drop();
    if (unreadable) {
      this._become({ is: 'old version', kernel: '', remedy: '' });
    } else if (this._kernel) {
      void this._look(this._kernel);
    }
  }

  private _onRestarting(): void {
    this._forget();
    this._turn += 1;
    this._drop();
    this._become({ is: 'starting' });
  }

  private _onGone(): void {
    this._turn += 1;
    this._drop();
    this._become({ is: 'no kernel' });
  }

  private _onBusy(busy: boolean): void {
    if (this._situation.is === 'asking') {
      this._become({ is: 'asking', busy });
    }
  }

  private _onReached(reached: boolean): void {
    if (!reached) {
      if (this.facts) {
        this._wasCut = true;
        this._drop();
        this._become({ is: 'lost' });
      }
    } else if (this._wasCut && this._kernel) {
      this._wasCut = false;
      this._drop();
      void this._look(this._kernel);
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
    if (kernel && !this._talk && !this._isDisposed) {
      this._turn += 1;
      void this._link(kernel);
    }
  };

  private readonly _options: ILinkOptions;
  private readonly _life: KernelLife;
  private readonly _changed = new Signal<this, void>(this);
  private _kernel: Kernel.IKernelConnection | null = null;
  private _talk: Conversation | null = null;
  private _situation: Situation = { is: 'no kernel' };
  private _show: Show = 'everything';
  private _turn = 0;
  private _wasLinked = false;
  private _wasCut = false;
  private _isDisposed = false;
}
