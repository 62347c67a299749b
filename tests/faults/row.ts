/** The form of the matrix: rows of cells, each cell one fault. */

/** Cells that differ in one thing, such as the moment of a kill. */
export interface Row {
  /** One word, for `--only`. */
  name: string;
  /** What is done, as the table says it. */
  title: string;
  /** The row that has the same cells, if one has. */
  like?: string;
  /** Where not all are asked for: one of so many cells, and the how manieth. */
  share?: { of: number; turn: number };
  /** The cells' names, found out where they will run. */
  cells(seed: number): Promise<string[]>;
  /** Throws, and says what was seen, unless all is as it has to be. */
  run(cell: string, seed: number): Promise<void>;
}

/** What one cell came to. */
export interface Outcome {
  /** The row's name. */
  row: string;
  /** The cell's name. */
  cell: string;
  /** What went wrong; absent if nothing did. */
  words?: string;
  /** How long it took. */
  seconds: number;
}

/** Numbers from 0 to 1 that are the same every time for the same seed. */
export function dice(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    // xorshift32
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** At most `count` of a list, spread evenly over it, first and last included. */
export function spread<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all];
  return Array.from(
    { length: count },
    (_, i) => all[Math.round(i * (all.length - 1) / (count - 1))],
  );
}

/** The cells that are tried where not all are asked for; others by other seeds. */
export function sample({ share }: Row, cells: string[], seed: number) {
  return cells.filter((_, i) => !share || (i + seed) % share.of === share.turn);
}
