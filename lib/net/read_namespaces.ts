/** Reads many namespaces, a few at a time: the machine's and those on it. */

import { atATime } from "../cli/at_a_time.ts";
import { isNamed, namespaceNames } from "./named.ts";
import { type Namespace, readNamespace } from "./namespace.ts";

/** What is to be read beside the machine's own namespace. */
export interface Extent {
  /** Namespaces without a name: what to call them, and how to get into them. */
  unnamed?: readonly { label: string; enter: string[] }[];
  /** Of the named ones only these: each takes the kernel some two milliseconds. */
  only?: readonly string[];
}

/** What was read. */
export interface Namespaces {
  /** The namespace that we run in: where bridges and the uplink are. */
  machine: Namespace;
  /** The named ones, then those without a name. */
  others: Namespace[];
  /** The names of those that nobody asked for. */
  unread: string[];
}

/** Reads the machine, its named namespaces, and those that are given. */
export async function readNamespaces(
  { unnamed = [], only }: Extent = {},
): Promise<Namespaces> {
  const names = namespaceNames();
  const isAsked = (name: string) => !only || only.includes(name);
  const [machine, ...others] = await atATime(
    [
      { label: "", enter: [] },
      ...names.filter(isAsked)
        .map((name) => ({ label: name, enter: ["ip", "netns", "exec", name] })),
      ...unnamed,
    ],
    ({ label, enter }) => readNamespace(label, enter),
  );
  return {
    machine,
    // Somebody may have deleted one before it was its turn.
    others: others.filter(({ name, enter, unreadable }) =>
      !unreadable || enter[1] !== "netns" || isNamed(name)
    ),
    unread: names.filter((name) => !isAsked(name)),
  };
}
