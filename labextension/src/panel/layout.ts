/**
 * Where the lines of the dataflow go: cells below each other, an arc beside them for each pair that is linked.
 */
import type { Flow } from '../protocol';

/** The height of a cell's row. */
export const ROW = 18;
/** How far arcs stand apart. */
export const LANE = 9;
/** The most lanes: arcs that find none free share the outermost. */
export const LANES = 14;

/** One arc between two rows. */
export interface IArc {
  source: string;
  target: string;
  resources: readonly string[];
  /** Rows, from 0. */
  from: number;
  to: number;
  /** Which lane it runs in, from 0; short arcs run inside of long ones. */
  lane: number;
  /** Whether it goes up the page: the cell reads what a later cell makes. */
  up: boolean;
}

/**
 * Lay out the flows between cells that are there. What one cell feeds shares a lane, as a branching line; short lines
 * come first, each in the first lane that is free.
 */
export function arcs(
  order: readonly string[],
  flows: readonly Flow[]
): readonly IArc[] {
  const rows = new Map(order.map((id, row) => [id, row]));
  const laid: IArc[] = [];
  const found: Omit<IArc, 'lane'>[] = flows.flatMap(flow => {
    const from = rows.get(flow.source);
    const to = rows.get(flow.target);
    return from === undefined || to === undefined || from === to
      ? []
      : [{ ...flow, from, to, up: from > to }];
  });
  const lines = new Map<string, typeof found>();
  for (const each of found) {
    const name = `${each.up ? 'up' : 'down'} ${each.source}`;
    lines.set(name, [...(lines.get(name) ?? []), each]);
  }
  const spans = [...lines.values()].map(line => {
    const ends = line.flatMap(({ from, to }) => [from, to]);
    return { line, low: Math.min(...ends), high: Math.max(...ends) };
  });
  spans.sort(
    (one, other) =>
      one.high - one.low - (other.high - other.low) || one.low - other.low
  );
  const taken: [number, number][][] = [];
  for (const { line, low, high } of spans) {
    let lane = 0;
    while (
      lane < LANES - 1 &&
      (taken[lane] ?? []).some(([a, b]) => low < b && a < high)
    ) {
      lane += 1;
    }
    (taken[lane] ??= []).push([low, high]);
    laid.push(...line.map(each => ({ ...each, lane })));
  }
  return laid;
}

/** The path of an arc, from the right of one row to that of another. */
export function pathOf(arc: IArc): string {
  const y1 = (arc.from + 0.5) * ROW + (arc.up ? -3 : 3);
  const y2 = (arc.to + 0.5) * ROW + (arc.up ? 3 : -3);
  const x = (arc.lane + 1) * LANE;
  const bend = Math.min(LANE, Math.abs(y2 - y1) / 2) * (arc.up ? -1 : 1);
  return `M0 ${y1}H${x - LANE / 2}Q${x} ${y1} ${x} ${y1 + bend}V${y2 - bend}Q${x} ${y2} ${x - LANE / 2} ${y2}H4`;
}
