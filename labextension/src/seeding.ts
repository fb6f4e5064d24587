/**
 * Where `%repro seed=42` is written in a notebook, so that the seed holds after a restart.
 */

/** What is needed of a cell. */
export interface ISourceCell {
  readonly type: string;
  readonly source: string;
}

/** What to do: a new text for a cell that is there, or a new first cell. */
export type SeedEdit =
  | { kind: 'replace'; index: number; source: string }
  | { kind: 'insert'; index: number; source: string };

const LOAD = /^%(?:re)?load_ext\s+jupyter_repro\b.*$/m;
/** A line that sets words in force: it has a seed, or is nothing but words and settings that go with one. */
const GOVERN = /^%repro(?=.*\b(?:seed=|strict\b|warn\b)).*$/m;

/** The line that asks for it. */
export function seedLine(
  seed: number | null,
  strictness: 'off' | 'warn' | 'strict'
): string {
  const words = ['%repro'];
  if (seed !== null) {
    words.push(`seed=${seed}`);
  }
  if (strictness !== 'off') {
    words.push(strictness);
  }
  return words.join(' ');
}

/** Find the place: the line that governs now, else below the one that loads, else a new first cell. */
export function seedEdit(
  cells: readonly ISourceCell[],
  line: string
): SeedEdit {
  for (const pattern of [GOVERN, LOAD]) {
    for (let index = 0; index < cells.length; index++) {
      const { type, source } = cells[index];
      if (type === 'code' && pattern.test(source)) {
        const to =
          pattern === GOVERN
            ? () => line
            : (load: string) => `${load}\n${line}`;
        return {
          kind: 'replace',
          index,
          source: source.replace(pattern, to)
        };
      }
    }
  }
  const first = cells.findIndex(cell => cell.type === 'code');
  return {
    kind: 'insert',
    index: Math.max(first, 0),
    source: `%load_ext jupyter_repro\n${line}`
  };
}

/** A cell's source with a line above it, below lines that begin with `%%`. */
export function withLineAbove(source: string, line: string): string {
  const lines = source.split('\n');
  let at = 0;
  while (at < lines.length && lines[at].startsWith('%%')) {
    at += 1;
  }
  return [...lines.slice(0, at), line, ...lines.slice(at)].join('\n');
}
