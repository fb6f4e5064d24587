/**
 * One life of a link, from `open` until the comms end: the facts as the kernel tells them, and what is asked of it.
 */
import type { Kernel } from '@jupyterlab/services';

import type { Facts } from '../facts';
import { PROTOCOL } from '../protocol';
import type {
  Event,
  IDocumentChange,
  IRequests,
  RequestType
} from '../protocol';
import { Channel, RequestFailed } from './channel';
import { Feed } from './feed';

/** How much a kernel tells by itself. */
export type Show = IRequests['watch']['fields']['show'];

/** Where the document comes from. */
export interface IDocumentSource {
  /** All of it. */
  whole(): IDocumentChange;
  /** What is another since the last `whole` or `changed`; nothing if nothing is. */
  changed(): IDocumentChange | null;
}

/** Who talks, about what. */
export interface ISpeaker {
  document: IDocumentSource;
  /** One id for one page and notebook, kept over a reload. */
  client: string;
  /** Of this package. */
  version: string;
}

/** What its owner is told; nothing after it has been disposed. */
export interface IListener {
  /** The facts are others. */
  onFacts(): void;
  /** The kernel's last word. */
  onClosed(reason: 'unloaded' | 'replaced' | 'restarting'): void;
  /** A comm has ended without a word, or said what cannot be read. */
  onCut(unreadable: boolean): void;
  /** All facts were asked for anew, and the kernel would not tell them. */
  onRefused(error: unknown): void;
}

/** Talks with a kernel in which the extension is loaded. */
export class Conversation {
  constructor(
    kernel: Kernel.IKernelConnection,
    private readonly _speaker: ISpeaker,
    private readonly _listener: IListener
  ) {
    this._channel = new Channel(
      kernel,
      _speaker.client,
      event => this._onEvent(event),
      unreadable => this._listener.onCut(unreadable)
    );
  }

  /** What is known; nothing until it is open. */
  get facts(): Facts | null {
    return this._feed.facts;
  }

  /**
   * Begin; returns the version of the kernel's package.
   *
   * @param subshell - Of a kernel that is at work.
   * @throws {@link RequestFailed} where the kernel refuses, or goes away.
   */
  async open(show: Show, subshell: string | null): Promise<string> {
    await this._channel.open(subshell);
    const opened = await this._channel.request('open', {
      protocol: PROTOCOL,
      version: this._speaker.version,
      document: this._speaker.document.whole()
    });
    this._take(opened.state, opened.seq);
    if (show !== 'everything') {
      void this.watch(show);
    }
    return opened.version;
  }

  /** Ask the kernel; see {@link Channel.request}. */
  request<T extends RequestType>(
    type: T,
    fields: IRequests[T]['fields']
  ): Promise<IRequests[T]['reply']> {
    return this._channel.request(type, fields);
  }

  /** Say how much the kernel is to tell by itself. */
  async watch(show: Show): Promise<void> {
    await this._quietly(this._channel.request('watch', { show }));
  }

  /** Send what is another in the document. */
  async sendDocument(): Promise<void> {
    const { document } = this._speaker;
    const change = document.changed();
    if (!change) {
      return;
    }
    try {
      await this._channel.request('document', { document: change });
    } catch (error) {
      if (!(error instanceof RequestFailed)) {
        throw error;
      }
      if (error.code === 'resync') {
        await this._channel.request('document', { document: document.whole() });
      }
    }
  }

  /** Forget the comms. */
  dispose(): void {
    this._channel.dispose();
  }

  /** Tell the kernel that this is the end. */
  close(): void {
    this._channel.close();
  }

  /** Take over all facts; ask for them anew if what was told meanwhile has a gap. */
  private _take(facts: Facts, seq: number): void {
    if (!this._feed.start(facts, seq)) {
      void this._resync();
    }
  }

  private _onEvent(event: Event): void {
    if (event.type === 'closed') {
      this._listener.onClosed(event.reason);
      return;
    }
    const fate = this._feed.receive(event);
    if (fate === 'gap') {
      void this._resync();
    } else if (fate === 'taken') {
      this._listener.onFacts();
    }
  }

  private async _resync(): Promise<void> {
    try {
      const { state, seq } = await this._channel.request('state', {});
      this._take(state, seq);
      this._listener.onFacts();
    } catch (error) {
      if (!this._channel.isDisposed) {
        this._listener.onRefused(error);
      }
    }
  }

  /** What is not done now is done with the next `open`. */
  private async _quietly(request: Promise<unknown>): Promise<void> {
    try {
      await request;
    } catch (error) {
      if (!(error instanceof RequestFailed)) {
        throw error;
      }
    }
  }

  private readonly _channel: Channel;
  private readonly _feed = new Feed();
}
