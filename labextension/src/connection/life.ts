/**
 * The life of a notebook's kernel, as its session tells it, in the words that a link needs.
 */
import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

/** How long a session may take to say which kernel it has, or will have. */
const PATIENCE_MS = 3000;
/** How long a kernel that starts anew in its place may take to say so. */
const SUCCESSOR_MS = 5000;

/** What is told of it; nothing after it has been disposed. */
export interface ILifeListener {
  /** The notebook has another kernel, or none; `late` where one may still come. */
  onKernel(kernel: Kernel.IKernelConnection | null, late: boolean): void;
  /** Its process ends, and another will take its place. */
  onRestarting(): void;
  /** The process that took its place is there. */
  onRestarted(): void;
  /** Its process is gone for good. */
  onGone(): void;
  /** It has begun to work, or to wait. */
  onBusy(busy: boolean): void;
  /** The page has reached it again, or reaches it no more. */
  onReached(reached: boolean): void;
}

/** Follows the kernel of one session. */
export class KernelLife implements IDisposable {
  constructor(
    private readonly _session: ISessionContext,
    private readonly _listener: ILifeListener
  ) {
    _session.kernelChanged.connect(this._onKernelChanged, this);
    _session.statusChanged.connect(this._onStatusChanged, this);
    _session.connectionStatusChanged.connect(this._onConnectionChanged, this);
  }

  /** Tell of the kernel that is there now. */
  begin(): void {
    this._onKernelChanged();
  }

  /**
   * The kernel has said that its process becomes another. The old one still ends the cell that asked for it, so that
   * only a start tells of the new one; where that message is missed it is looked for after a while.
   */
  awaitSuccessor(): void {
    this._awaits = 'start';
    this._listener.onRestarting();
    clearTimeout(this._successor);
    this._successor = setTimeout(() => this._onStarted(), SUCCESSOR_MS);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      clearTimeout(this._patience);
      clearTimeout(this._successor);
      Signal.clearData(this);
    }
  }

  private _onKernelChanged(): void {
    const kernel = this._session.session?.kernel ?? null;
    const late = !kernel && !this._session.isReady;
    this._listener.onKernel(kernel, late);
    clearTimeout(this._patience);
    if (late) {
      void this._session.ready.then(() => this._tellOfNone());
      // it is never ready where the user was asked for a kernel and took none
      this._patience = setTimeout(() => {
        if (this._session.hasNoKernel) {
          this._tellOfNone();
        }
      }, PATIENCE_MS);
    }
  }

  private _tellOfNone(): void {
    if (!this._isDisposed && !this._session.session?.kernel) {
      this._listener.onKernel(null, false);
    }
  }

  private _onStatusChanged(_: ISessionContext, status: Kernel.Status): void {
    switch (status) {
      case 'restarting':
      case 'autorestarting':
        this._awaits = 'any sign';
        this._listener.onRestarting();
        break;
      case 'dead':
      case 'terminating':
        this._listener.onGone();
        break;
      case 'starting':
      case 'idle':
      case 'busy':
        if (
          this._session.session?.kernel &&
          (this._awaits === 'any sign' ||
            (this._awaits === 'start' && status === 'starting'))
        ) {
          this._onStarted();
        } else {
          this._listener.onBusy(status === 'busy');
        }
        break;
    }
  }

  private _onStarted(): void {
    clearTimeout(this._successor);
    if (this._awaits !== 'nothing') {
      this._awaits = 'nothing';
      this._listener.onRestarted();
    }
  }

  private _onConnectionChanged(
    _: ISessionContext,
    status: Kernel.ConnectionStatus
  ): void {
    this._listener.onReached(status === 'connected');
  }

  private _patience: ReturnType<typeof setTimeout> | undefined;
  private _successor: ReturnType<typeof setTimeout> | undefined;
  private _awaits: 'nothing' | 'any sign' | 'start' = 'nothing';
  private _isDisposed = false;
}
