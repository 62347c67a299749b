/**
 * One question on its way: what the steps of the path share, and where they
 * put down what they find.
 */

import { shell } from "../cli/shell.ts";
import { covers, freeAddress, network } from "../net/ipv4.ts";
import type { Lab } from "./promised.ts";
import { holder, inside, type Namespace } from "../net/namespace.ts";
import type { Code } from "./causes.ts";
import type { Question } from "./diagnosis.ts";
import type { Notes, Remark } from "./notes.ts";
import type { Layer } from "./layer.ts";
import {
  answering,
  type Attachment,
  type End,
  type Segment,
  segmentOf,
} from "../net/segment.ts";
import type { Network } from "../net/network.ts";

/** Trouble even where one packet comes through: the next one may not. */
export const LASTING: readonly Code[] = [
  "address-duplicate",
  "mac-duplicate",
  "prefix-wrong",
  "port-locked",
  "flooding-off",
  "fdb-wrong",
];

/** What the walk says of a part of the way. */
export interface Walked {
  /** The packet is lost there. */
  isLost: boolean;
  /** False where it may as well get through. */
  isSure: boolean;
}

/** The way of one question. */
export class Path {
  /** A question, and where to put down what is found. */
  constructor(
    readonly network: Network,
    readonly question: Question,
    readonly notes: Notes,
    /** The lab's promises, where this is the lab. */
    readonly lab?: Lab,
    /** Whether real packets are sent, so that there is a second to watch. */
    readonly live = false,
    /** What the walk says of the part of the way that is looked at. */
    readonly walked: Walked = { isLost: true, isSure: true },
  ) {}

  /** The same question at a part of its way of which the walk says this. */
  where(walked: Walked): Path {
    const { network, question, notes, lab, live } = this;
    return new Path(network, question, notes, lab, live, walked);
  }

  /**
   * Puts down something that is wrong. Where the walk gets through, only what
   * may still be in the way of the next packet.
   */
  add(code: Code, remark: Remark): void {
    const { isLost, isSure } = this.walked;
    if (!isLost && remark.breaks === undefined && !LASTING.includes(code)) {
      return;
    }
    this.notes.add(code, this.question, {
      ...remark,
      breaks: remark.breaks ?? isLost,
      sure: (remark.sure ?? true) && isSure,
    });
  }

  /** Puts down what was looked at. */
  saw(layer: Layer, words: string): void {
    const seen = this.notes.seen.get(layer) ?? new Set();
    this.notes.seen.set(layer, seen.add(words));
  }

  /** What the lab calls a namespace; "" is the machine. */
  nameOf(namespace: Namespace): string {
    return namespace.enter.length ? namespace.label : "";
  }

  /** The address that an interface holds or is meant to hold, with its prefix. */
  addressOf({ namespace, link }: End): string | undefined {
    const [first] = link.addresses;
    return first
      ? `${first.local}/${first.length}`
      : this.lab?.addressOf(this.nameOf(namespace), link.name);
  }

  /** The default gateway that a namespace has. */
  defaultRoute(namespace: Namespace): string | undefined {
    return namespace.routes.find(({ to, table }) =>
      to === "default" && table === "main"
    )?.via;
  }

  /** The gateway that a namespace has, is meant to have, or could have. */
  gatewayOf(end: End): string | undefined {
    const has = this.defaultRoute(end.namespace);
    if (has || this.lab) {
      return has ?? this.lab?.gatewayOf(this.nameOf(end.namespace));
    }
    return this.routerOn(segmentOf(this.network, end), end) ??
      this.#siblingGateway(end);
  }

  /** The address of the machine itself on this segment, as seen from an end. */
  routerOn(segment: Segment, asking: End): string | undefined {
    for (const { namespace, link } of segment.ends) {
      if (namespace === asking.namespace || namespace.enter.length > 0) {
        continue;
      }
      const mine = this.addressOf(asking);
      const fit = link.addresses.find(({ local, length }) =>
        !mine || covers(`${local}/${length}`, mine.split("/")[0])
      );
      if (fit) return fit.local;
    }
  }

  /** The gateway of others on the same segment. */
  #siblingGateway(end: End): string | undefined {
    return segmentOf(this.network, end).ends
      .map(({ namespace }) => namespace)
      .filter((namespace) =>
        namespace !== end.namespace && namespace.enter.length > 0
      )
      .map((namespace) => this.defaultRoute(namespace))
      .find((via) => via !== undefined);
  }

  /** The length that prefixes have on this segment, by those who are on it. */
  lengthOn(segment: Segment, asking: End, address: string): number | undefined {
    const meant = this.lab?.addressOf(
      this.nameOf(asking.namespace),
      asking.link.name,
    );
    if (meant) return Number(meant.split("/")[1]);
    const lengths = segment.ends
      .filter(({ namespace }) => namespace !== asking.namespace)
      .flatMap(({ link }) => link.addresses)
      .filter(({ local, length }) =>
        covers(`${local}/${length}`, address) && length < 32
      )
      .map(({ length }) => length);
    return lengths[0];
  }

  /** The network that an address is in, as the machine knows it. */
  networkOf(address: string): string {
    const route = this.network.machine.routes.find(({ to, via, type }) =>
      !via && to.includes("/") && type === "unicast" && covers(to, address)
    );
    if (route) return route.to;
    for (const namespace of this.network.namespaces) {
      const held = holder(namespace, address)?.addresses
        .find(({ local }) => local === address);
      if (held) return network(`${address}/${held.length}`);
    }
    return `${address}/32`;
  }

  /** What adds the default route again, if a namespace lost it. */
  defaultRouteFix(end: End): string[] {
    const gateway = this.gatewayOf(end);
    if (!gateway || this.defaultRoute(end.namespace)) return [];
    if (!end.namespace.enter.length) return [];
    return [inside(end.namespace, shell`ip route add default via ${gateway}`)];
  }

  /** An address that an interface could take, by those who are on its segment. */
  freeAddressFor(end: End): string | undefined {
    const { ends } = segmentOf(this.network, end);
    const held = ends.flatMap(({ link }) => link.addresses);
    if (held.length === 0) return undefined;
    const { local, length } = held[0];
    const free = freeAddress(
      network(`${local}/${length}`),
      held.map(({ local }) => local),
    );
    return free && `${free}/${length}`;
  }

  /** Who answers for an address on a segment, apart from the one who asks. */
  answering(segment: Segment, address: string, asking: End): Attachment[] {
    return answering(segment, address).filter(({ namespace }) =>
      namespace !== asking.namespace
    );
  }
}
