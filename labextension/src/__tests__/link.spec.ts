/**
 * @jest-environment node
 */
import { readFileSync } from 'fs';
import { join } from 'path';

import { KernelLink } from '../connection/link';
import { RequestFailed } from '../connection/channel';
import type { IDocumentChange } from '../protocol';
import { FakeKernel, FakeSession, FakeStorage, settle } from './fakes';

const golden = (name: string) =>
  JSON.parse(
    readFileSync(
      join(__dirname, '../../../tests/protocol', `${name}.json`),
      'utf8'
    )
  );
const { seq: SEQ } = golden('reply-opened');

const DOCUMENT: IDocumentChange = {
  path: 'a.ipynb',
  order: [],
  cells: [],
  dirty: false
};

function linkable(): FakeKernel {
  const kernel = new FakeKernel();
  kernel.answers.open = () => golden('reply-opened');
  kernel.answers.state = () => ({
    ...golden('reply-state'),
    seq: 100,
    state: { ...golden('reply-state').state, headline: 'anew' }
  });
  kernel.answers.document = () => ({ type: 'done' });
  return kernel;
}

function linked(session: FakeSession, wants = false) {
  const changes: (IDocumentChange | null)[] = [];
  const link = new KernelLink({
    session: session.asContext(),
    document: { whole: () => DOCUMENT, changed: () => changes.shift() ?? null },
    client: 'c-1',
    version: '0.1.0',
    wantsLoad: () => wants
  });
  return { link, changes };
}

describe('a link', () => {
  beforeEach(() => {
    Object.assign(globalThis, { localStorage: new FakeStorage() });
  });

  it('opens both comms with one client and is linked', async () => {
    const kernel = linkable();
    const { link } = linked(new FakeSession(kernel));
    await settle();
    expect(link.situation.is).toBe('linked');
    expect(link.facts?.headline).toBe(golden('reply-opened').state.headline);
    expect(kernel.comms.map(comm => comm.opening)).toEqual([
      { role: 'requests', client: 'c-1', protocol: 1 },
      { role: 'events', client: 'c-1', protocol: 1 }
    ]);
    expect(kernel.executed).toEqual([]);
  });

  it.each([
    ['other language', (kernel: FakeKernel) => (kernel.language = 'R')],
    [
      'not loaded',
      (kernel: FakeKernel) =>
        (kernel.has = { target: false, loaded: false, installed: true })
    ],
    [
      'not installed',
      (kernel: FakeKernel) =>
        (kernel.has = { target: false, loaded: false, installed: false })
    ],
    [
      'old version',
      (kernel: FakeKernel) =>
        (kernel.has = { target: false, loaded: true, installed: true })
    ],
    [
      'old version',
      (kernel: FakeKernel) =>
        (kernel.answers.open = () => ({
          type: 'error',
          code: 'protocol',
          message: 'm',
          remedy: 'upgrade'
        }))
    ]
  ])('says %s', async (is, arrange) => {
    const kernel = linkable();
    arrange(kernel);
    const { link } = linked(new FakeSession(kernel));
    await settle();
    expect(link.situation.is).toBe(is);
    expect(link.facts).toBeNull();
  });

  it('waits for a kernel that comes late', async () => {
    const session = new FakeSession(null);
    const { link } = linked(session);
    expect(link.situation.is).toBe('no kernel');
    session.change(linkable());
    await settle();
    expect(link.situation.is).toBe('linked');
  });

  it('says that there is none where the user was asked for one and took none', async () => {
    jest.useFakeTimers();
    const session = new FakeSession(null);
    session.isReady = false;
    session.ready = new Promise(() => undefined);
    session.hasNoKernel = true;
    const { link } = linked(session);
    expect(link.situation.is).toBe('starting');
    jest.runAllTimers();
    expect(link.situation.is).toBe('no kernel');
    jest.useRealTimers();
  });

  it('is linked by a new page while a cell runs, over a subshell of its own', async () => {
    const first = linked(new FakeSession(linkable()));
    await settle();
    expect(first.link.situation.is).toBe('linked');

    jest.useFakeTimers();
    const kernel = linkable();
    kernel.atWork = true;
    const { link } = linked(new FakeSession(kernel));
    await settle();
    expect(link.situation.is).toBe('asking');
    jest.advanceTimersByTime(1000);
    await settle();
    jest.runAllTimers();
    await settle();
    jest.useRealTimers();
    expect(link.situation.is).toBe('linked');
    expect(kernel.controls).toEqual(['create_subshell_request']);
    expect(kernel.subshellId).toBeNull(); // cells keep to the main shell
  });

  it('asks a kernel at work for nothing where it is not known to have us', async () => {
    jest.useFakeTimers();
    const kernel = linkable();
    kernel.atWork = true;
    const { link } = linked(new FakeSession(kernel));
    await settle();
    jest.runAllTimers();
    await settle();
    jest.useRealTimers();
    expect(link.situation.is).toBe('asking');
    expect(kernel.controls).toEqual([]);
  });

  it('links when the kernel says hello', async () => {
    const kernel = linkable();
    kernel.has = { target: false, loaded: false, installed: true };
    const { link } = linked(new FakeSession(kernel));
    await settle();
    expect(link.situation.is).toBe('not loaded');
    kernel.hello();
    await settle();
    expect(link.situation.is).toBe('linked');
  });

  it('loads by itself only where it is wanted', async () => {
    const kernel = linkable();
    kernel.has = { target: false, loaded: false, installed: true };
    const { link } = linked(new FakeSession(kernel), true);
    await settle();
    expect(kernel.executed).toEqual(['%load_ext jupyter_repro']);
    expect(link.situation.is).toBe('linked');
  });

  it('drops everything at a restart and looks anew when the kernel is there', async () => {
    const kernel = linkable();
    const session = new FakeSession(kernel);
    const { link } = linked(session);
    await settle();
    session.statusChanged.emit('restarting');
    expect(link.situation.is).toBe('starting');
    expect(link.facts).toBeNull();
    kernel.has = { target: false, loaded: false, installed: true };
    session.statusChanged.emit('idle');
    await settle();
    expect(link.situation.is).toBe('not loaded');
    expect(link.wasLinked).toBe(true);
  });

  it('waits for the successor of a kernel that starts anew in its place', async () => {
    const kernel = linkable();
    const session = new FakeSession(kernel);
    const { link } = linked(session);
    await settle();
    kernel.events?.tell({ type: 'closed', seq: SEQ + 1, reason: 'restarting' });
    expect(link.situation.is).toBe('starting');
    // the old process ends its cell: it has us no more, and says nothing of the new one
    kernel.has = { target: false, loaded: true, installed: true };
    session.statusChanged.emit('idle');
    await settle();
    expect(link.situation.is).toBe('starting');
    kernel.has = { target: true, loaded: true, installed: true };
    session.statusChanged.emit('starting');
    await settle();
    expect(link.situation.is).toBe('linked');
  });

  it('asks for all facts after a gap, and leaves out what they hold already', async () => {
    const kernel = linkable();
    const { link } = linked(new FakeSession(kernel));
    await settle();
    const tell = (seq: number, headline: string) =>
      kernel.events?.tell({ type: 'delta', seq, at: 1, headline });
    tell(SEQ + 1, 'next');
    expect(link.facts?.headline).toBe('next');
    tell(SEQ + 1, 'twice');
    expect(link.facts?.headline).toBe('next');
    tell(SEQ + 3, 'after a gap');
    await settle();
    expect(link.facts?.headline).toBe('anew');
    tell(101, 'goes on');
    expect(link.facts?.headline).toBe('goes on');
    expect(kernel.requests.filter(each => each.type === 'state')).toHaveLength(
      1
    );
  });

  it('sends the whole document where the kernel asks for it', async () => {
    const kernel = linkable();
    const { link, changes } = linked(new FakeSession(kernel));
    await settle();
    let first = true;
    kernel.answers.document = () => {
      const reply = first
        ? { type: 'error', code: 'resync', message: '', remedy: '' }
        : { type: 'done' };
      first = false;
      return reply;
    };
    changes.push({ ...DOCUMENT, path: null });
    await link.sendDocument();
    const sent = kernel.requests.filter(each => each.type === 'document');
    expect(sent.map(each => each.document)).toEqual([
      { ...DOCUMENT, path: null },
      DOCUMENT
    ]);
    await link.sendDocument();
    expect(
      kernel.requests.filter(each => each.type === 'document')
    ).toHaveLength(2);
  });

  it('tells the kernel how much is looked at, once for each change, and anew for a new kernel', async () => {
    const kernel = linkable();
    kernel.answers.watch = () => ({ type: 'done' });
    const session = new FakeSession(kernel);
    const { link } = linked(session);
    link.watch('nothing');
    await settle();
    link.watch('nothing');
    link.watch('everything');
    const shows = (of: FakeKernel) =>
      of.requests.filter(each => each.type === 'watch').map(each => each.show);
    expect(shows(kernel)).toEqual(['nothing', 'everything']);
    link.watch('headline');
    const next = linkable();
    next.answers.watch = () => ({ type: 'done' });
    session.change(next);
    await settle();
    expect(shows(next)).toEqual(['headline']);
  });

  it('says that the kernel is gone to whoever waits', async () => {
    const kernel = linkable();
    const session = new FakeSession(kernel);
    const { link } = linked(session);
    await settle();
    const asked = link.request('plan', {});
    session.change(null);
    await expect(asked).rejects.toThrow(RequestFailed);
    await expect(link.request('plan', {})).rejects.toThrow('not linked');
  });

  it('is an old version where an event cannot be read', async () => {
    const kernel = linkable();
    const { link } = linked(new FakeSession(kernel));
    await settle();
    kernel.events?.tell({ type: 'later', seq: SEQ + 1 });
    expect(link.situation.is).toBe('old version');
  });

  it('disconnects from everything when it is disposed', async () => {
    const kernel = linkable();
    const session = new FakeSession(kernel);
    const { link } = linked(session);
    await settle();
    link.dispose();
    expect(kernel.comms.every(comm => comm.isDisposed)).toBe(true);
    session.statusChanged.emit('restarting');
    session.change(linkable());
    await settle();
    expect(link.isDisposed).toBe(true);
    expect(link.facts).toBeNull();
  });
});
