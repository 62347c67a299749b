/**
 * What the lab promises: which stage builds what, so that "not built yet" is
 * no finding, and which address or bridge was meant where one is missing.
 */

import { holds } from "../course/facts.ts";
import { namespace, type Snapshot } from "../net/snapshot.ts";
import { type Fact, type Stage, steps } from "../course/stage.ts";
import type { Code } from "./causes.ts";

/** The stage that builds what a finding misses. */
const BUILT_BY: Partial<Record<Code, string>> = {
  "namespace-missing": "netns",
  "loopback-down": "netns",
  "bridge-missing": "bridge",
  "link-missing": "attach",
  "bridge-port-missing": "attach",
  "link-down": "up",
  "host-end-down": "up",
  "bridge-down": "up",
  "address-missing": "addr",
  "gateway-address-missing": "addr",
  "forwarding-off": "forward",
  "no-default-route": "gateway",
  "masquerade-missing": "nat",
};

/** The lab as its stages mean it to be. */
export class Lab {
  /** How many stages are at least begun, or asked for. */
  readonly reached: number;
  /** Whether this machine holds the lab, and not a network of others. */
  readonly isHere: boolean;

  /** Holds the stages against what is there. */
  constructor(
    /** The stages, adapted to the uplink's name. */
    readonly stages: readonly Stage[],
    private readonly snapshot: Snapshot,
    /** The stage that it should be at, if the user says so. */
    promised?: string,
  ) {
    const begun = stages.map(({ facts }) =>
      facts.some((fact) => holds(fact, snapshot))
    );
    // Machines that run Docker forward packets: that alone is no stage of ours.
    const addr = stages.findIndex(({ name }) => name === "addr");
    const last = begun.findLastIndex((some, i) =>
      some && (stages[i].name !== "forward" || begun[addr])
    );
    this.reached = 1 +
      (promised ? stages.findIndex(({ name }) => name === promised) : last);
    const bare = ["ns1", "ns2"].every((name) =>
      (namespace(snapshot, name)?.links.length ?? 0) <= 1
    );
    const has = (name: string) =>
      begun[stages.findIndex((stage) => stage.name === name)];
    this.isHere = promised !== undefined || has("bridge") || has("veth") ||
      (bare && (last === 0 || (last < 0 && snapshot.named.length === 0)));
  }

  /** The stage that would build what is missing, if its turn is yet to come. */
  stageFor(code: Code): string | undefined {
    const at = this.stages.findIndex(({ name }) => name === BUILT_BY[code]);
    return at >= this.reached ? this.stages[at].name : undefined;
  }

  /** The names of the stages that are not begun. */
  get notBuilt(): string[] {
    return this.stages.slice(this.reached).map(({ name }) => name);
  }

  /** The facts of the stages that are begun. */
  get #facts(): Fact[] {
    return this.stages.slice(0, this.reached).flatMap(({ facts }) => [
      ...facts,
    ]);
  }

  /** The address that an interface is meant to hold, such as 192.168.0.1/24. */
  addressOf(netns: string, link: string): string | undefined {
    for (const fact of this.#facts) {
      if (
        "address" in fact && fact.link === link && (fact.in ?? "") === netns
      ) {
        return fact.address;
      }
    }
  }

  /** The address that a namespace has in the finished lab. */
  finalAddress(netns: string): string | undefined {
    for (const fact of this.stages.flatMap(({ facts }) => [...facts])) {
      if ("address" in fact && fact.in === netns) {
        return fact.address.split("/")[0];
      }
    }
  }

  /** Where an address is meant to be. */
  placeOf(address: string): { link: string; netns: string } | undefined {
    for (const fact of this.#facts) {
      if ("address" in fact && fact.address.split("/")[0] === address) {
        return { link: fact.link, netns: fact.in ?? "" };
      }
    }
  }

  /** The gateway that a namespace is meant to have. */
  gatewayOf(netns: string): string | undefined {
    for (const fact of this.#facts) {
      if ("route" in fact && fact.route === "default" && fact.in === netns) {
        return fact.via;
      }
    }
  }

  /** The bridge that an interface is meant to be a port of. */
  masterOf(link: string): string | undefined {
    for (const fact of this.#facts) {
      if ("master" in fact && fact.link === link) return fact.master;
    }
  }

  /** The other end that a cable is meant to have. */
  peerOf(link: string): string | undefined {
    for (const fact of this.#facts) {
      if (!("peer" in fact)) continue;
      if (fact.link === link) return fact.peer;
      if (fact.peer === link) return fact.link;
    }
  }

  /** The commands of the begun stages that are not in place and name one of these. */
  missing(words: readonly string[]): string[] {
    return this.stages.slice(0, this.reached).flatMap(steps)
      .filter(({ fact }) => !holds(fact, this.snapshot))
      .map(({ command }) => command)
      .filter((command) =>
        words.some((word) => command.split(" ").includes(word))
      );
  }

  /** All commands of the begun stages that name one of these. */
  commandsFor(words: readonly string[]): string[] {
    return this.stages.slice(0, this.reached).flatMap(({ commands }) => [
      ...commands,
    ]).filter((command) =>
      words.some((word) => command.split(" ").includes(word))
    );
  }
}
