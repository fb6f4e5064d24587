/**
 * @jest-environment node
 */
import { readFileSync, readdirSync } from 'fs';
import { join } from 'path';

import { BadMessage, readEvent, readHello, readReply } from '../protocol';
import type { IDocumentChange } from '../protocol';

const FOLDER = join(__dirname, '../../../tests/protocol');

/** The golden messages, which pytest reads too, by file name. */
const golden = new Map<string, unknown>(
  readdirSync(FOLDER)
    .filter(name => name.endsWith('.json'))
    .map(name => [
      name.replace('.json', ''),
      JSON.parse(readFileSync(join(FOLDER, name), 'utf8'))
    ])
);

/** The fields that are one of some words, with every word that the kernel may say. */
const words = Object.entries(
  golden.get('words') as Record<
    string,
    { message: string; place: (string | number)[]; words: string[] }
  >
);

/** A message with another word at a place. */
function withWord(
  message: unknown,
  place: readonly (string | number)[],
  word: string
): unknown {
  const changed = structuredClone(message);
  let part = changed as Record<string | number, unknown>;
  for (const step of place.slice(0, -1)) {
    part = part[step] as Record<string | number, unknown>;
  }
  part[place[place.length - 1]] = word;
  return changed;
}

const named = (prefix: string) =>
  [...golden.keys()].filter(name => name.startsWith(prefix));

describe('messages that the kernel sends', () => {
  it.each(named('reply-'))('%s is read with every field', name => {
    expect(readReply(golden.get(name), 'reply')).toEqual(golden.get(name));
  });

  it.each(named('event-'))('%s is read with every field', name => {
    expect(readEvent(golden.get(name), 'event')).toEqual(golden.get(name));
  });

  it('hello is read', () => {
    expect(readHello(golden.get('hello'), 'hello')).toEqual(
      golden.get('hello')
    );
  });

  it.each(words)('%s may be each word of the kernel', (_, field) => {
    const read = field.message.startsWith('reply-') ? readReply : readEvent;
    for (const word of field.words) {
      const message = withWord(golden.get(field.message), field.place, word);
      expect(read(message, 'message')).toEqual(message);
    }
  });

  it('a field that is not known is left out', () => {
    const pong = { type: 'pong', id: '1', busy: null };
    expect(readReply({ ...pong, later: 1 }, 'reply')).toEqual(pong);
  });

  it.each([
    ['no object', null, 'reply.type'],
    ['an unknown type', { type: 'toString', id: '1' }, 'reply.type'],
    ['a missing field', { type: 'pong', id: '1' }, 'reply.busy'],
    [
      'a field of another type',
      { type: 'pong', id: 1, busy: null },
      'reply.id'
    ],
    [
      'a word that is none',
      { type: 'error', id: '', code: 'no', message: '', remedy: '' },
      'reply.code'
    ]
  ])('%s is refused with its place', (_, message, place) => {
    expect(() => readReply(message, 'reply')).toThrow(BadMessage);
    expect(() => readReply(message, 'reply')).toThrow(place);
  });
});

describe('messages that the panel sends', () => {
  it('open carries what the golden one carries', () => {
    const document: IDocumentChange = {
      path: '',
      order: [],
      cells: [{ id: '', type: 'code', source: '', tags: [] }],
      dirty: false
    };
    const open = golden.get('request-open') as {
      document: { cells: object[] };
    };
    expect(Object.keys(document).sort()).toEqual(
      Object.keys(open.document).sort()
    );
    expect(Object.keys(document.cells[0]).sort()).toEqual(
      Object.keys(open.document.cells[0]).sort()
    );
  });
});
