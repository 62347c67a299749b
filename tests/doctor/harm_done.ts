/** What harm was done to a network, by what was set in it at three times. */

import { isBystanders } from "./bystanders.ts";
import type { Setting } from "./network_state.ts";

/** All that a fix may not do to what is set. */
export interface Harm {
  /** It was there before the fault and with it, and the fix took it away. */
  lost: Setting[];
  /** It is new, and about what the fault had left alone. */
  strange: Setting[];
  /** A bystander's, and now neither as the fix found it nor as it once was. */
  bystanders: Setting[];
}

/**
 * Compares the settings of a healthy network, of the broken and of the mended
 * one.
 */
export function harmDone(
  healthy: readonly Setting[],
  broken: readonly Setting[],
  mended: readonly Setting[],
): Harm {
  const [before, fault, after] = [healthy, broken, mended].map(asLines);
  const touched = new Set(
    [...before, ...fault]
      .filter(([line]) => before.has(line) !== fault.has(line))
      .map(([, { object }]) => object),
  );
  const lost = [...before.keys()].filter((line) =>
    fault.has(line) && !after.has(line)
  ).map((line) => before.get(line)!);
  const added = [...after.keys()].filter((line) =>
    !before.has(line) && !fault.has(line)
  ).map((line) => after.get(line)!);
  return {
    lost,
    strange: added.filter(({ object }) => !touched.has(object)),
    bystanders: [...lost, ...added].filter(isBystanders),
  };
}

const asLines = (settings: readonly Setting[]): Map<string, Setting> =>
  new Map(settings.map((each) => [`${each.object}: ${each.text}`, each]));
