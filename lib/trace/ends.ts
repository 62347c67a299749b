/** Where a trace starts and for whom the packet is, from what the user typed. */

import { didYouMean } from "../cli/nearest.ts";
import { EXIT, Problem } from "../cli/problem.ts";
import { isAddress } from "../net/ipv4.ts";
import { typed } from "../cli/typed.ts";
import { called, type NamespaceHandle } from "./namespaces.ts";
import { ownerOf } from "./cables.ts";
import { handleOf, stateOf, type World } from "./world.ts";
import { t } from "../cli/translate.ts";

/** Where a trace starts. */
export interface Start {
  /** The namespace. */
  namespace: NamespaceHandle;
  /** The address that it sends from, where that was asked for. */
  source?: string;
}

/** The namespace of this name; or an address and the one that owns it. */
export function findFrom(world: World, word: string): Start {
  const named = placeNamed(world, word);
  if (named) return { namespace: named };
  if (isAddress(word)) {
    const owner = ownerOf(world, word);
    if (owner) {
      return { namespace: handleOf(world, owner.namespace), source: word };
    }
    throw new Problem(
      t`Cannot send from ${word}: no interface of this machine has that address.`,
      t`A trace starts in a namespace of this machine, or at an address in one.`,
    );
  }
  throw unknown(world, word);
}

/** The address itself, or the first one of the namespace of this name. */
export function findTo(world: World, word: string): string {
  if (isAddress(word)) return word;
  const namespace = placeNamed(world, word);
  if (!namespace) throw unknown(world, word);
  const [address] = stateOf(world, namespace).links
    .filter(({ name }) => name !== "lo")
    .flatMap(({ addresses }) => addresses.map(({ local }) => local));
  if (address) return address;
  throw new Problem(
    t`${
      called(namespace.name)
    } has no IPv4 address yet: nothing can be sent to it.`,
    t`Give an address instead, or first type: ${typed("stage:addr")}`,
  );
}

function placeNamed(
  { namespaces }: World,
  word: string,
): NamespaceHandle | undefined {
  return namespaces.find(({ name }) => name === word) ??
    (word.toLowerCase() === "pc" ? namespaces[0] : undefined);
}

function unknown({ namespaces }: World, word: string): Problem {
  const names = namespaces.map(({ name }) => called(name));
  if (word.includes(":")) {
    return new Problem(
      t`Cannot trace to ${word}: a trace knows IPv4 only.`,
      t`Give an IPv4 address, or the name of a namespace.`,
      EXIT.usage,
    );
  }
  if (word === "ns1" || word === "ns2") {
    return new Problem(
      t`There is no namespace ${word} yet.`,
      t`First type: ${typed("stage:netns")}`,
    );
  }
  return new Problem(
    t`${JSON.stringify(word)} is neither a namespace here nor an IPv4 address.`,
    didYouMean(word, names),
    EXIT.usage,
  );
}
