/**
 * A kernel that is only messages: no process, no server. The browser's tests have real ones.
 */
import type { ISessionContext } from '@jupyterlab/apputils';
import { Signal } from '@lumino/signaling';

import { HELLO } from '../protocol';

type Data = Record<string, unknown>;
type Answer = (request: Data) => Data | null;

/** One comm; what the panel sends goes to `onSend`. */
export class FakeComm {
  onMsg: (message: unknown) => void = () => undefined;
  onClose: (message: unknown) => void = () => undefined;
  isDisposed = false;
  opening: Data | null = null;

  constructor(private readonly _onSend: (comm: FakeComm, data: Data) => void) {}

  open(data: Data): void {
    this.opening = data;
  }

  send(data: Data): void {
    this._onSend(this, data);
  }

  close(): void {
    this.dispose();
  }

  dispose(): void {
    this.isDisposed = true;
  }

  tell(data: unknown): void {
    this.onMsg({ content: { data } });
  }
}

/** What a browser keeps. */
export class FakeStorage {
  private readonly _kept = new Map<string, string>();

  getItem(key: string): string | null {
    return this._kept.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this._kept.set(key, value);
  }
}

/** A kernel; `answers` has what it replies to each type of request. */
export class FakeKernel {
  id = 'k-1';
  language = 'python';
  has = { target: true, loaded: true, installed: true };
  loads = () => this.becomeLinkable();
  status = 'idle';
  connectionStatus = 'connected';
  isDisposed = false;
  comms: FakeComm[] = [];
  requests: Data[] = [];
  executed: string[] = [];
  /** Where messages go: null is the main shell. */
  subshellId: string | null = null;
  supportsSubshells = true;
  /** Whether a cell runs that began before the page came: only the control channel answers. */
  atWork = false;
  controls: string[] = [];
  answers: Record<string, Answer> = {};
  private readonly _targets = new Map<string, () => void>();

  get info(): Promise<{ language_info: { name: string } }> {
    if (this.atWork) {
      return new Promise(() => undefined);
    }
    return Promise.resolve({ language_info: { name: this.language } });
  }

  get events(): FakeComm | undefined {
    return this.comms.find(
      comm => comm.opening?.role === 'events' && !comm.isDisposed
    );
  }

  becomeLinkable(): void {
    this.has = { target: true, loaded: true, installed: true };
  }

  hello(): void {
    this._targets.get(HELLO)?.();
  }

  registerCommTarget(name: string, callback: () => void): void {
    this._targets.set(name, callback);
  }

  removeCommTarget(name: string): void {
    this._targets.delete(name);
  }

  sendControlMessage({ header }: { header: { msg_type: string } }): {
    done: Promise<unknown>;
  } {
    this.controls.push(header.msg_type);
    return { done: Promise.resolve({ content: { subshell_id: 'own' } }) };
  }

  createComm(): FakeComm {
    const comm = new FakeComm((from, data) => {
      if (this.atWork && this.subshellId === null) {
        return;
      }
      this.requests.push(data);
      const reply = this.answers[String(data.type)]?.(data);
      if (reply) {
        void Promise.resolve().then(() => from.tell({ ...reply, id: data.id }));
      }
    });
    this.comms.push(comm);
    return comm;
  }

  requestExecute({
    code,
    user_expressions
  }: {
    code: string;
    user_expressions?: Record<string, string>;
  }): { done: Promise<unknown> } {
    if (code) {
      this.executed.push(code);
      this.loads();
    }
    const said = Object.fromEntries(
      Object.keys(user_expressions ?? {}).map(name => [
        name,
        {
          status: 'ok',
          data: {
            'text/plain': this.has[name as keyof typeof this.has]
              ? 'True'
              : 'False'
          }
        }
      ])
    );
    return {
      done: Promise.resolve({
        content: { status: 'ok', user_expressions: said }
      })
    };
  }
}

/** A session context around a kernel, or around none. */
export class FakeSession {
  isReady = true;
  ready = Promise.resolve();
  hasNoKernel = false;
  kernelChanged = new Signal<this, unknown>(this);
  statusChanged = new Signal<this, string>(this);
  connectionStatusChanged = new Signal<this, string>(this);
  session: { kernel: FakeKernel | null } | null;

  constructor(kernel: FakeKernel | null) {
    this.session = { kernel };
  }

  change(kernel: FakeKernel | null): void {
    this.session = { kernel };
    this.kernelChanged.emit(undefined);
  }

  asContext(): ISessionContext {
    return this as unknown as ISessionContext;
  }
}

/** Let everything that waits for nothing but a turn go on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) {
    await Promise.resolve();
  }
}
