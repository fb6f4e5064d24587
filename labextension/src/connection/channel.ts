/**
 * One life of the two comms: requests with their replies, and numbered events.
 */
import type { JSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { Kernel } from '@jupyterlab/services';

import { PROTOCOL, TARGET, readEvent, readReply } from '../protocol';
import type {
  Event,
  IOpening,
  IRequests,
  Reply,
  ReplyOf,
  RequestType
} from '../protocol';

/** A request that the kernel could not do; `remedy` is the next step. */
export class RequestFailed extends Error {
  constructor(
    readonly code: ReplyOf<'error'>['code'] | 'busy' | 'lost',
    message: string,
    readonly remedy: string
  ) {
    super(message);
    this.name = 'RequestFailed';
  }
}

interface IWaiting {
  resolve: (reply: Reply) => void;
  reject: (error: Error) => void;
}

/** How long the subshell of the comms may take to start. */
const SUBSHELL_MS = 2000;

/**
 * Two comms of one target: the kernel only answers on the first, so that ipykernel leaves it on its subshell, where it
 * is answered while a cell runs; it pushes on the second.
 */
export class Channel implements IDisposable {
  /**
   * @param onEvent - Called with each event.
   * @param onClose - Called once when the kernel closes a comm, or sends an event that cannot be read.
   */
  constructor(
    kernel: Kernel.IKernelConnection,
    readonly client: string,
    onEvent: (event: Event) => void,
    onClose: (unreadable: boolean) => void
  ) {
    this._kernel = kernel;
    this._requests = kernel.createComm(TARGET);
    this._events = kernel.createComm(TARGET);
    this._requests.onMsg = message => this._answered(message.content.data);
    this._events.onMsg = message => {
      if (this._disposed) {
        return;
      }
      let event: Event;
      try {
        event = readEvent(message.content.data, 'event');
      } catch {
        this.close();
        onClose(true);
        return;
      }
      onEvent(event);
    };
    this._requests.onClose = this._events.onClose = () => {
      if (!this._disposed) {
        this.dispose();
        onClose(false);
      }
    };
  }

  get isDisposed(): boolean {
    return this._disposed;
  }

  /**
   * Open both comms, after the subshell that answers them is there.
   *
   * @param subshell - Of a kernel that is at work, and could not say yet that it has subshells.
   */
  async open(subshell: string | null = null): Promise<void> {
    this._subshell = subshell;
    const { subshellStarted } = this._requests as {
      subshellStarted?: Promise<void>;
    };
    if (subshellStarted && this._kernel.supportsSubshells) {
      await Promise.race([
        subshellStarted,
        new Promise(resolve => setTimeout(resolve, SUBSHELL_MS))
      ]);
    }
    if (this._disposed) {
      return;
    }
    const opening = (role: IOpening['role']): JSONObject => ({
      role,
      client: this.client,
      protocol: PROTOCOL
    });
    this._there(() => this._events.open(opening('events')));
    this._there(() => this._requests.open(opening('requests')));
  }

  /**
   * Ask, and wait for the reply.
   *
   * @throws {@link RequestFailed} where the kernel answers with an error, is busy, or goes away.
   */
  request<T extends RequestType>(
    type: T,
    fields: IRequests[T]['fields']
  ): Promise<IRequests[T]['reply']> {
    if (this._disposed) {
      return Promise.reject(lost());
    }
    const id = String(++this._count);
    return new Promise((resolve, reject) => {
      this._waiting.set(id, {
        resolve: resolve as IWaiting['resolve'],
        reject
      });
      this._there(() =>
        this._requests.send({ type, id, ...fields } as unknown as JSONObject)
      );
    });
  }

  /** Forget the comms; what still waits is told that the kernel is lost. */
  dispose(): void {
    if (this._disposed) {
      return;
    }
    this._disposed = true;
    for (const comm of [this._requests, this._events]) {
      if (!comm.isDisposed) {
        comm.onMsg = comm.onClose = () => undefined;
        comm.dispose();
      }
    }
    for (const waiting of this._waiting.values()) {
      waiting.reject(lost());
    }
    this._waiting.clear();
  }

  /** Tell the kernel that this client is gone, then dispose. */
  close(): void {
    for (const comm of [this._requests, this._events]) {
      if (
        !this._disposed &&
        !comm.isDisposed &&
        this._kernel.connectionStatus === 'connected'
      ) {
        comm.onClose = () => undefined;
        comm.close();
      }
    }
    this.dispose();
  }

  /** Send to the subshell that was named, and to no other: cells keep to the main one. */
  private _there(send: () => unknown): void {
    if (this._subshell === null) {
      send();
      return;
    }
    const before = this._kernel.subshellId;
    this._kernel.subshellId = this._subshell;
    try {
      send();
    } finally {
      this._kernel.subshellId = before;
    }
  }

  private _answered(data: unknown): void {
    let reply: Reply;
    try {
      reply = readReply(data, 'reply');
    } catch (error) {
      const { id } = data as { id?: unknown };
      this._waiting
        .get(String(id))
        ?.reject(
          new RequestFailed(
            'protocol',
            `the kernel's answer cannot be read: ${error}`,
            'bring jupyter_repro of the kernel and of the panel to one version'
          )
        );
      this._waiting.delete(String(id));
      return;
    }
    const waiting = this._waiting.get(reply.id);
    if (!waiting) {
      return;
    }
    this._waiting.delete(reply.id);
    if (reply.type === 'error') {
      waiting.reject(
        new RequestFailed(reply.code, reply.message, reply.remedy)
      );
    } else if (reply.type === 'busy') {
      waiting.reject(
        new RequestFailed(
          'busy',
          'a cell is running',
          'wait for it, or interrupt the kernel'
        )
      );
    } else {
      waiting.resolve(reply);
    }
  }

  private readonly _kernel: Kernel.IKernelConnection;
  private readonly _requests: Kernel.IComm;
  private readonly _events: Kernel.IComm;
  private readonly _waiting = new Map<string, IWaiting>();
  private _subshell: string | null = null;
  private _count = 0;
  private _disposed = false;
}

function lost(): RequestFailed {
  return new RequestFailed(
    'lost',
    'the kernel is gone',
    'wait until the panel is linked again'
  );
}
