/** A fix that is held back: what it would have done, and what to look at. */

import { shell } from "../cli/shell.ts";
import { inside, type Namespace } from "../net/namespace.ts";
import type { Network } from "../net/network.ts";
import { t } from "../cli/translate.ts";

/** Why a fix is held back, and what to look at instead. */
export interface Harm {
  /** A sentence's end: `the route came with the address of eth0`. */
  why: string;
  /** Commands that only look. */
  look: string[];
  /** Whether the cause itself is as sure as it was. */
  sure: boolean;
}

/** A command of a fix: where it runs, its words, and the whole fix. */
export interface Step {
  /** The network. */
  network: Network;
  /** Where it runs; undefined: in a namespace that is yet to be made. */
  namespace: Namespace | undefined;
  /** Its words, without those that lead into the namespace. */
  argv: readonly string[];
  /** All steps of the same fix. */
  all: readonly (readonly string[])[];
}

/** A command that no fix is made of. */
export function unknown({ argv, namespace }: Step): Harm {
  return held(
    t`what \`${argv[0]}\` would do here cannot be told beforehand`,
    [inside(namespace ?? { enter: [] }, "ip addr show")],
  );
}

/** Holds a fix back. */
export function held(why: string, look: string[], sure = false): Harm {
  return { why, look, sure };
}

/** The command that shows an interface. */
export function showAddresses(
  namespace: Namespace | undefined,
  dev: string,
): string {
  return inside(namespace ?? { enter: [] }, shell`ip addr show dev ${dev}`);
}
