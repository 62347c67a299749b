/** Numbers that look random, and are the same for the same seed. */

/** A source of choices. */
export class Random {
  #state: number;

  /** Starts where a seed says. */
  constructor(seed: number) {
    this.#state = seed >>> 0;
    // Seeds that are near each other shall not begin alike.
    for (let i = 0; i < 4; i++) this.next();
  }

  /** From 0 up to 1, by the generator "mulberry32". */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ mixed >>> 15, mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to, not including, another. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  /** One of these. */
  one<T>(options: readonly T[]): T {
    return options[this.below(options.length)];
  }

  /** True so many times out of a hundred. */
  percent(chance: number): boolean {
    return this.below(100) < chance;
  }
}
