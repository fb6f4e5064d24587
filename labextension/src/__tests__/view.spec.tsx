import { readFileSync, readdirSync } from 'fs';
import { join } from 'path';

import type { TranslationBundle } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import React from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';

import type { KernelLink } from '../connection/link';
import type { Situation } from '../connection/situation';
import { Badge } from '../badge';
import { CommandIDs } from '../commands/ids';
import type { Facts } from '../facts';
import { GpuView } from '../panel/gpu';
import { PanelModel, sections } from '../panel/model';
import { PanelView } from '../panel/view';
import { readReply } from '../protocol';

const PROTOCOL = join(__dirname, '../../../tests/protocol');
const golden = (name: string) =>
  readReply(
    JSON.parse(readFileSync(join(PROTOCOL, `${name}.json`), 'utf8')),
    name
  );

/** Says what it is given, with its arguments put in. */
const trans = {
  __: (text: string, ...args: unknown[]) => put(text, args),
  _n: (one: string, many: string, n: number) => put(n === 1 ? one : many, [n])
} as unknown as TranslationBundle;

function put(text: string, args: unknown[]): string {
  return args.reduce<string>(
    (said, arg, index) => said.replace(`%${index + 1}`, String(arg)),
    text
  );
}

/** The panel for a link that stands so and answers with the golden replies. */
async function panel(
  situation: Situation | null,
  facts: Facts | null = null
): Promise<HTMLElement> {
  const source = {};
  const link = {
    situation,
    facts,
    request: async (_: string, { name }: { name: string }) =>
      golden(`reply-${name}`)
  } as unknown as KernelLink;
  const model = new PanelModel({
    current: situation ? { link } : null,
    currentChanged: new Signal(source),
    changed: new Signal(source)
  });
  sections.forEach(section => model.toggle(section, true));
  model.drawsFlow = true;
  model.visible = true;
  await new Promise(resolve => setTimeout(resolve, 20));
  model.visible = false;
  const place = document.createElement('div');
  const root = createRoot(place);
  flushSync(() =>
    root.render(<PanelView model={model} trans={trans} act={() => undefined} />)
  );
  model.dispose();
  return place;
}

const opened = golden('reply-opened');
const facts: Facts = opened.type === 'opened' ? opened.state : (null as never);
const LINKED: Situation = { is: 'linked', kernel: '0.1.0' };

it.each<[string, Situation | null, string, string | null]>([
  ['no notebook', null, 'Open a notebook', null],
  ['no kernel', { is: 'no kernel' }, 'no kernel', 'Select a kernel'],
  ['starting', { is: 'starting' }, 'starting', null],
  [
    'R',
    { is: 'other language', language: 'R' },
    'runs R',
    'Select another kernel'
  ],
  ['busy', { is: 'asking', busy: true }, 'busy', null],
  ['not installed', { is: 'not installed' }, '%pip install', 'Look again'],
  ['not loaded', { is: 'not loaded', error: '' }, 'not loaded', 'Load it'],
  ['failed', { is: 'not loaded', error: 'E: no' }, 'failed: E: no', 'Load it'],
  ['loading', { is: 'loading' }, 'Loading', null],
  ['old', { is: 'old version', kernel: '', remedy: '' }, 'older', 'Look again'],
  ['lost', { is: 'lost' }, 'lost', 'Link again']
])(
  '%s has its sentence and its next step',
  async (_, situation, sentence, step) => {
    const shown = await panel(situation);
    expect(shown.textContent).toContain(sentence);
    expect(shown.querySelector('button')?.textContent ?? null).toBe(step);
  }
);

it('every section shows what the golden replies say', async () => {
  const shown = await panel(LINKED, facts);
  expect(shown.textContent).not.toContain('Asking the kernel');
  expect(shown.querySelectorAll('section')).toHaveLength(sections.length);
  for (const words of [
    'data/train.csv',
    'example.org:443',
    'Randomness is governed by a seed',
    'np.random.default_rng()',
    'paper.repro.zip',
    'Trackers know this run as 01a2013289abcdef',
    'sqlite:///mlflow.db'
  ]) {
    expect(shown.textContent).toContain(words);
  }
  // an address of the web can be opened, in a page that does not know of this one
  const link = shown.querySelector('a[href^="https://wandb.ai/"]');
  expect(link?.getAttribute('rel')).toBe('noopener noreferrer');
  expect(shown.querySelector('a[href^="sqlite"]')).toBeNull();
});

it.each<[string, object, string[], string]>([
  ['alike', {}, [], 'No GPU was seen then either.'],
  [
    'other',
    {
      differences: [
        {
          what: 'the GPU driver',
          before: '570',
          now: '575',
          rank: 'can change numbers',
          reason: 'kernels are chosen by it',
          restore: '',
          instead: ''
        }
      ]
    },
    ['the GPU driver'],
    '570'
  ],
  [
    'not comparable',
    { unknown: [{ what: 'the GPU', reason: 'no driver told it then' }] },
    ['the GPU'],
    'no driver told it then'
  ],
  [
    'no record',
    { record: '', sentence: 'no record of the run that made them' },
    [],
    'no record of the run that made them'
  ]
])('the GPU against the saved outputs: %s', (_, drift, devices, words) => {
  const told = JSON.parse(
    readFileSync(join(PROTOCOL, 'reply-drift.json'), 'utf8')
  );
  const reply = {
    ...told,
    devices,
    drift: { ...told.drift, differences: [], unknown: [], ...drift }
  };
  const model = {
    answer: (name: string) => ({
      reply:
        name === 'gpu'
          ? golden('reply-gpu-none')
          : readReply(reply, 'reply-drift'),
      failure: null
    })
  } as unknown as PanelModel;
  const place = document.createElement('div');
  flushSync(() =>
    createRoot(place).render(
      <GpuView model={model} trans={trans} act={() => undefined} />
    )
  );
  expect(place.textContent).toContain(words);
  expect(place.textContent?.includes('seen then either')).toBe(
    words.startsWith('No GPU')
  );
});

it('text of others is never markup', async () => {
  const evil = '<img src=x onerror=alert(1)>\u202E';
  const shown = await panel(LINKED, {
    ...facts,
    headline: evil,
    recording: evil,
    cells: facts.cells.map(cell => ({
      ...cell,
      label: evil,
      verdict: 'stale',
      why: [evil]
    })),
    findings: [
      {
        key: 'k',
        code: evil,
        severity: 'error',
        message: evil,
        remedy: evil,
        cell: facts.cells[0].id,
        fix: null,
        may_allow: true
      }
    ]
  });
  expect(shown.querySelector('img')).toBeNull();
  expect(shown.innerHTML).not.toContain('\u202E'); // nor in an attribute
  expect(shown.textContent).toContain('<img src=x onerror=alert(1)>⟨U+202E⟩');
});

describe('a badge', () => {
  const cell = {
    id: 'b',
    label: 'cell 2',
    verdict: 'stale',
    why: ['<b>`x`</b> is another'],
    because_of: ['a', 'gone'],
    order: 2
  } as const;
  const goTo = jest.fn();
  const node = document.createElement('div');
  document.body.append(node);
  const badge = new Badge(node, cell, {
    trans,
    labelOf: id => (id === 'a' ? 'cell 1' : undefined),
    goTo,
    open: () => undefined
  });

  it('has a text, an icon and the reason for a screen reader', () => {
    const button = node.querySelector('button');
    expect(button?.textContent).toBe('stale');
    expect(button?.querySelector('svg')).not.toBeNull();
    expect(button?.getAttribute('aria-label')).toBe(
      'stale: <b>`x`</b> is another'
    );
    expect(node.dataset.reproVerdict).toBe('stale');
  });

  it('shows a card with the reason as text and a link to each cell that is there', () => {
    node.querySelector('button')?.click();
    const card = document.querySelector('[role=dialog]');
    expect(card?.querySelector('b')).toBeNull();
    expect(card?.textContent).toContain('<b>`x`</b> is another');
    const links = Array.from(card?.querySelectorAll('button') ?? []);
    expect(links.map(link => link.textContent)).toEqual([
      'cell 1',
      'Show in the panel'
    ]);
    links[0].click();
    expect(goTo).toHaveBeenCalledWith('a');
    expect(document.querySelector('[role=dialog]')).toBeNull();
  });

  it('is changed in place, and its card closes', () => {
    const button = node.querySelector('button');
    button?.click();
    badge.show({ ...cell, verdict: 'edited', why: ['text'] });
    expect(node.querySelector('button')).toBe(button);
    expect(button?.textContent).toBe('edited');
    expect(button?.getAttribute('aria-label')).toBe('edited: text');
    expect(node.dataset.reproVerdict).toBe('edited');
    expect(document.querySelector('[role=dialog]')).toBeNull();
  });

  it('is taken away with its card', () => {
    node.querySelector('button')?.click();
    badge.remove();
    expect(node.childElementCount).toBe(0);
    expect(node.dataset.reproVerdict).toBeUndefined();
    expect(document.querySelector('[role=dialog]')).toBeNull();
  });
});

it('every act of the panel is a command', () => {
  const folder = join(__dirname, '../panel');
  const known = new Set<string>(Object.values(CommandIDs));
  const acts = readdirSync(folder).flatMap(name =>
    Array.from(
      readFileSync(join(folder, name), 'utf8').matchAll(
        /\bact\(\s*'([a-z-]+)'|return \['([a-z-]+)'/g
      ),
      match => match[1] ?? match[2]
    )
  );
  expect(acts.length).toBeGreaterThan(15);
  expect(acts.filter(act => !known.has(`jupyter-repro:${act}`))).toEqual([]);
});
