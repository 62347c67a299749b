/** What rules counted while a packet was on its way: that decides, no guess. */

import {
  findTools,
  type Firewall,
  readFirewall,
} from "../net/firewall/read.ts";
import { type Rise, rise } from "../net/firewall/rose.ts";
import type { Chain, Rule } from "../net/firewall/ruleset.ts";
import type { Namespace } from "../net/namespace.ts";
import type { Network } from "../net/network.ts";
import type { Leg, RoundTrip } from "../walk/flow.ts";

/** The firewalls of a network once the packet was sent, held against before. */
export class CountedRules {
  #later = new Map<Namespace, Promise<Firewall>>();

  /** The network as it was before, with all that the walk has read of it. */
  constructor(private readonly network: Network) {}

  /**
   * How the counter of a rule, or of a chain's policy, rose meanwhile. Undefined
   * where it did not rise, or where nobody counts.
   */
  async riseOf(
    namespace: Namespace,
    chain: Chain,
    rule?: Rule,
  ): Promise<Rise | undefined> {
    let later = this.#later.get(namespace);
    if (!later) {
      later = findTools().then((tools) => readFirewall(namespace, tools));
      this.#later.set(namespace, later);
    }
    const at = rule && chain.rules.indexOf(rule);
    return rise(chain, at, (await later).chains);
  }

  /**
   * Of trips that differ by rules of which nobody could tell beforehand whether
   * they match, those that the counters speak for; all where nobody counts.
   */
  async decide(trips: readonly RoundTrip[]): Promise<readonly RoundTrip[]> {
    if (trips.length < 2) return trips;
    const fits = await Promise.all(trips.map((trip) => this.#fits(trip)));
    const decided = trips.filter((_, i) => fits[i]);
    return decided.length > 0 ? decided : trips;
  }

  async #fits({ request, reply }: RoundTrip): Promise<boolean> {
    for (const leg of reply ? [request, reply] : [request]) {
      const passed = namespacesOf(leg);
      for (const rule of leg.ifMatching) {
        if (rule.packets !== undefined && !await this.#rose(passed, rule)) {
          return false;
        }
      }
      for (const rule of leg.ifNot) {
        if (rule.packets !== undefined && await this.#rose(passed, rule)) {
          return false;
        }
      }
    }
    return true;
  }

  async #rose(passed: Iterable<Namespace>, rule: Rule): Promise<boolean> {
    for (const namespace of passed) {
      const { chains } = await this.network.firewall(namespace);
      const chain = chains.find(({ rules }) => rules.includes(rule));
      if (chain) {
        return await this.riseOf(namespace, chain, rule) !== undefined;
      }
    }
    return false;
  }
}

/** The namespaces that a leg's packet came to. */
function namespacesOf({ steps, outcome }: Leg): Set<Namespace> {
  const all = steps.flatMap((step) =>
    "namespace" in step ? step.namespace : step.at.namespace
  );
  return new Set([
    ...all,
    ...outcome.end === "dropped" ? [outcome.namespace] : [],
  ]);
}
