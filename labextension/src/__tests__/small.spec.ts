/**
 * @jest-environment node
 */
import { arcs } from '../panel/layout';
import { joined, relative } from '../paths';
import { seedEdit, seedLine, withLineAbove } from '../seeding';
import { shown, size } from '../text';

describe('text of others', () => {
  it.each([
    ['plain', 'a b', 'a b'],
    ['a control', 'a\u0007b', 'a⟨U+0007⟩b'],
    ['a turn of direction', 'a\u202Eb', 'a⟨U+202E⟩b'],
    ['no width', 'a\u200Bb', 'a⟨U+200B⟩b'],
    ['a tag character', 'a\u{E0041}b', 'a⟨U+E0041⟩b'],
    ['other scripts', 'é 漢 🎲', 'é 漢 🎲']
  ])('%s', (_, given, expected) => {
    expect(shown(given)).toBe(expected);
  });

  it('is cut', () => {
    expect(shown('abcdef', 4)).toBe('abc…');
  });
});

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [1_440_000, '1.4 MB'],
  [123_000_000_000, '123 GB']
])('%d bytes are %s', (bytes, expected) => {
  expect(size(bytes)).toBe(expected);
});

describe('where a seed is written', () => {
  const code = (...sources: string[]) =>
    sources.map(source => ({ type: 'code', source }));
  const line = seedLine(42, 'strict');

  it('is one line', () => {
    expect(line).toBe('%repro seed=42 strict');
    expect(seedLine(null, 'warn')).toBe('%repro warn');
  });

  it('in place of the line that governs now', () => {
    const cells = code(
      'import os',
      '%load_ext jupyter_repro\n%repro seed=1\nx'
    );
    expect(seedEdit(cells, line)).toEqual({
      kind: 'replace',
      index: 1,
      source: `%load_ext jupyter_repro\n${line}\nx`
    });
  });

  it('below the line that loads', () => {
    expect(seedEdit(code('%load_ext jupyter_repro\nx = 1'), line)).toEqual({
      kind: 'replace',
      index: 0,
      source: `%load_ext jupyter_repro\n${line}\nx = 1`
    });
  });

  it.each(['%repro status', '# %repro seed=1', '%repro export x.zip'])(
    'never in place of `%s`',
    source => {
      expect(seedEdit(code(source), line).kind).toBe('insert');
    }
  );

  it('in a new cell above the first one of code', () => {
    const cells = [{ type: 'markdown', source: '# T' }, ...code('x')];
    expect(seedEdit(cells, line)).toEqual({
      kind: 'insert',
      index: 1,
      source: `%load_ext jupyter_repro\n${line}`
    });
  });

  it('a `$` in what is there stays', () => {
    const source = "%load_ext jupyter_repro\n!echo $$ '$&'";
    expect(seedEdit(code(source), line).source).toBe(
      `%load_ext jupyter_repro\n${line}\n!echo $$ '$&'`
    );
  });
});

it.each([
  ['x = 1', '# ok\nx = 1'],
  ['%%time\nx = 1', '%%time\n# ok\nx = 1']
])('a line above %j', (source, expected) => {
  expect(withLineAbove(source, '# ok')).toBe(expected);
});

it.each([
  ['', 'a.zip', 'a.zip'],
  ['n/', 'n/a.zip', 'a.zip'],
  ['n/m/', 'n/b/a.zip', '../b/a.zip']
])('from %j to %s is %s, and back', (folder, file, way) => {
  expect(relative(folder, file)).toBe(way);
  expect(joined(folder, way)).toBe(file);
});

describe('the dataflow', () => {
  const flow = (source: string, target: string) => ({
    source,
    target,
    resources: ['name:x']
  });

  it('gives what each cell feeds a lane, of its own where others overlap it, short ones inside', () => {
    const laid = arcs(
      ['a', 'b', 'c', 'd'],
      [flow('a', 'd'), flow('a', 'b'), flow('b', 'c')]
    );
    expect(
      laid.map(({ source, target, lane, up }) => [source, target, lane, up])
    ).toEqual([
      ['b', 'c', 0, false],
      ['a', 'd', 1, false],
      ['a', 'b', 1, false]
    ]);
  });

  it('marks what goes up the page, and leaves out cells that are gone', () => {
    const laid = arcs(['a', 'b'], [flow('b', 'a'), flow('z', 'a')]);
    expect(laid).toHaveLength(1);
    expect(laid[0].up).toBe(true);
  });
});
