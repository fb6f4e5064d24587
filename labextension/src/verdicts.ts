/**
 * How a verdict looks and what it is called: a text, an icon and a tone, never a colour alone.
 */
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Verdict, Word } from './protocol';

/** How loud it is. */
export type Tone = 'good' | 'warn' | 'bad' | 'quiet';

/** One verdict's look; `path` is drawn in a box of 16. */
export interface ILook {
  tone: Tone;
  path: string;
}

const CHECK = 'M6.5 12.2 2.8 8.5l1.1-1.1 2.6 2.6 5.6-5.6 1.1 1.1z';
const QUESTION =
  'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zm0 1.3a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 8 2.8zm-.7 7.7h1.4v1.4H7.3zM8 4.4c1.4 0 2.4.9 2.4 2.1 0 1.7-1.7 1.8-1.7 3.2H7.3c0-2.1 1.7-2.2 1.7-3.2 0-.5-.4-.8-1-.8s-1 .4-1.1 1.1l-1.3-.2C5.7 5.2 6.7 4.4 8 4.4z';

/** The looks of a cell. */
export const looks: Readonly<Record<Verdict, ILook>> = {
  reproduced: { tone: 'good', path: CHECK },
  stale: {
    tone: 'warn',
    path: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zm0 1.3a5.2 5.2 0 1 1 0 10.4A5.2 5.2 0 0 1 8 2.8zM7.3 4.5v4l3 1.8.7-1.1-2.4-1.4V4.5z'
  },
  'out of order': {
    tone: 'bad',
    path: 'M4.5 2 1.5 5.2l.9.9 1.5-1.5V14h1.3V4.6l1.5 1.5.9-.9zM11.5 14l3-3.2-.9-.9-1.5 1.5V2h-1.3v9.4L9.3 9.9l-.9.9z'
  },
  'hidden state': {
    tone: 'bad',
    path: 'M8 1.5c-2.9 0-5 2.2-5 5V14l1.7-1.3L6.3 14 8 12.7 9.7 14l1.6-1.3L13 14V6.5c0-2.8-2.1-5-5-5zM6 5.8a1 1 0 1 1 0 2 1 1 0 0 1 0-2zm4 0a1 1 0 1 1 0 2 1 1 0 0 1 0-2z'
  },
  edited: {
    tone: 'warn',
    path: 'M11.7 1.7 10.2 3.2l2.6 2.6 1.5-1.5a.7.7 0 0 0 0-1L12.7 1.7a.7.7 0 0 0-1 0zM9.3 4.1 2 11.4V14h2.6l7.3-7.3z'
  },
  'not run': {
    tone: 'quiet',
    path: 'M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3zm0 1.3a3.7 3.7 0 1 1 0 7.4 3.7 3.7 0 0 1 0-7.4z'
  },
  'not idempotent': {
    tone: 'warn',
    path: 'M10.5 1.5v1.7H5A3.5 3.5 0 0 0 1.5 6.7V8h1.3V6.7c0-1.2 1-2.2 2.2-2.2h5.5v1.7L13.3 3.9zM13.2 8v1.3c0 1.2-1 2.2-2.2 2.2H5.5V9.8L2.7 12.1l2.8 2.4v-1.7H11a3.5 3.5 0 0 0 3.5-3.5V8z'
  },
  'rng shifted': {
    tone: 'warn',
    path: 'M3.5 2A1.5 1.5 0 0 0 2 3.5v9A1.5 1.5 0 0 0 3.5 14h9a1.5 1.5 0 0 0 1.5-1.5v-9A1.5 1.5 0 0 0 12.5 2zm0 1.3h9c.1 0 .2.1.2.2v9c0 .1-.1.2-.2.2h-9a.2.2 0 0 1-.2-.2v-9c0-.1.1-.2.2-.2zM5.5 4.5a1 1 0 1 0 0 2 1 1 0 0 0 0-2zM8 7a1 1 0 1 0 0 2 1 1 0 0 0 0-2zm2.5 2.5a1 1 0 1 0 0 2 1 1 0 0 0 0-2z'
  },
  'input changed': {
    tone: 'warn',
    path: 'M3 1.5v13h10V5L9.5 1.5zm1.3 1.3H8.8v3h2.9v7.4H4.3zM7.4 7v2.6h1.3V7zm0 3.6v1.3h1.3v-1.3z'
  },
  unknown: { tone: 'quiet', path: QUESTION }
};

/** The looks of the whole notebook. */
export const wordLooks: Readonly<Record<Word, ILook>> = {
  reproduced: looks.reproduced,
  differs: {
    tone: 'bad',
    path: 'M8 1.5 1 14h14zm0 2.7 4.8 8.5H3.2zM7.3 7v3h1.4V7zm0 3.8v1.3h1.4v-1.3z'
  },
  unknown: looks.unknown,
  'nothing run': looks['not run']
};

/** The verdict in a word or two. */
export function verdictLabel(
  trans: TranslationBundle,
  verdict: Verdict
): string {
  switch (verdict) {
    case 'reproduced':
      return trans.__('reproduced');
    case 'stale':
      return trans.__('stale');
    case 'out of order':
      return trans.__('out of order');
    case 'hidden state':
      return trans.__('hidden state');
    case 'edited':
      return trans.__('edited');
    case 'not run':
      return trans.__('not run');
    case 'not idempotent':
      return trans.__('not idempotent');
    case 'rng shifted':
      return trans.__('RNG shifted');
    case 'input changed':
      return trans.__('input changed');
    case 'unknown':
      return trans.__('unknown');
  }
}

/** What the verdict means, in a sentence. */
export function verdictMeaning(
  trans: TranslationBundle,
  verdict: Verdict
): string {
  switch (verdict) {
    case 'reproduced':
      return trans.__('Restart & Run All would give this result.');
    case 'stale':
      return trans.__(
        'What it reads has been computed anew, or edited, since.'
      );
    case 'out of order':
      return trans.__('It read something that only a later cell makes.');
    case 'hidden state':
      return trans.__('It read something that no present cell makes.');
    case 'edited':
      return trans.__('Its source differs from what ran.');
    case 'not run':
      return trans.__('It has not run in this kernel.');
    case 'not idempotent':
      return trans.__('It read what an earlier run of itself wrote.');
    case 'rng shifted':
      return trans.__(
        'A random number generator was elsewhere than Restart & Run All would have it.'
      );
    case 'input changed':
      return trans.__('A file that it read is different now.');
    case 'unknown':
      return trans.__('It did something that cannot be seen.');
  }
}
