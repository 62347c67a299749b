/** Which parts of a figure a list of facts speaks of: they are to stand out. */

import type { Fact } from "../course/stage.ts";

/** Whether one of the facts is exactly this one. */
export function isNew(added: readonly Fact[], fact: Partial<Fact>): boolean {
  const wanted = Object.entries(fact);
  return added.some((each) =>
    Object.keys(each).filter(isOfFact).length === wanted.length &&
    wanted.every(([key, value]) => each[key as keyof Fact] === value)
  );
}

/** Which command makes it true is told beside a fact, and is not part of it. */
const isOfFact = (key: string) => key !== "by" && key !== "back";

/** Whether the namespace of this name is new. */
export function namespaceIsNew(added: readonly Fact[], name: string): boolean {
  return isNew(added, { netns: name });
}

/** Whether something of the interface itself is new: an address is not. */
export function interfaceIsNew(
  added: readonly Fact[],
  netns: string,
  name: string,
): boolean {
  return added.some((fact) => {
    if (!("link" in fact) || "address" in fact) return false;
    if ("peer" in fact) return fact.link === name || fact.peer === name;
    const where = "in" in fact ? fact.in ?? "" : "";
    return fact.link === name && where === netns;
  });
}

/** Whether something of the cable between the two is new. */
export function cableIsNew(
  added: readonly Fact[],
  a: string,
  b: string,
): boolean {
  return added.some((fact) =>
    "link" in fact && !("address" in fact) && [a, b].includes(fact.link)
  );
}
