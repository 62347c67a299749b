/** What is worth asking of a namespace. */

import { isAddress } from "../net/ipv4.ts";
import { addressFor, findNamespace, meansInternet } from "./ends.ts";
import type { Means } from "./means.ts";
import type { Lab } from "./promised.ts";
import { mainLink } from "./link_faults.ts";
import type { Namespace } from "../net/namespace.ts";
import { Notes } from "./notes.ts";
import { Path } from "./path.ts";
import type { Question } from "./diagnosis.ts";
import { type End, segmentOf } from "../net/segment.ts";
import type { Network } from "../net/network.ts";

/** Where the internet is, as far as these questions go. */
export const INTERNET = "8.8.8.8";

/** The lab's two computers. */
export const PAIR = ["ns1", "ns2"];

/**
 * The questions for a namespace: its neighbour, its gateway, the internet; or
 * the one that the user asks.
 */
export async function questionsFor(
  network: Network,
  namespace: Namespace,
  to: string | undefined,
  lab?: Lab,
  means?: Means,
): Promise<Question[]> {
  const from = namespace.label;
  const path = new Path(
    network,
    { from, to: "", about: "internet" },
    new Notes(),
    lab,
  );
  const card = mainLink(path, namespace);
  const end = card && { namespace, link: card };
  const gateway = lab?.gatewayOf(from) ?? (end && gatewayFor(path, end));
  if (to !== undefined) {
    const questions = await asked(path, namespace, end, to, gateway);
    return questions.map((each) => means ? { ...each, means } : each);
  }
  if (means) return [{ from, to: INTERNET, about: "internet", means }];
  const neighbour = neighbourFor(path, namespace, end);
  return [
    ...neighbour ? [{ from, about: "neighbour" as const, ...neighbour }] : [],
    ...gateway ? [{ from, to: gateway, about: "gateway" as const }] : [],
    { from, to: INTERNET, about: "internet" },
  ];
}

function gatewayFor(path: Path, end: End): string | undefined {
  return path.routerOn(segmentOf(path.network, end), end) ??
    path.defaultRoute(end.namespace);
}

/** The question for a target that the user names. */
async function asked(
  path: Path,
  from: Namespace,
  end: End | undefined,
  to: string,
  gateway?: string,
): Promise<Question[]> {
  const { network, question: { from: asking } } = path;
  const other = isAddress(to) ? undefined : await findNamespace(network, to);
  const address = meansInternet(network, to) || to === "outside" && !other
    ? INTERNET
    : other
    ? path.lab?.finalAddress(to) ?? addressFor(network, from, other) ??
      meantAddress(path, other)
    : to;
  if (!address || !isAddress(address)) return [];
  if (address === gateway) {
    return [{ from: asking, to: address, about: "gateway" }];
  }
  const near = end &&
    segmentOf(path.network, end).ends.find(({ namespace }) =>
      namespace !== end.namespace && namespace.enter.length > 0 &&
      namespace.links.some(({ addresses }) =>
        addresses.some(({ local }) => local === address)
      )
    );
  const name = other?.label ?? near?.namespace.label;
  const isNear = near || (other && path.lab && other.enter.length > 0);
  return [{
    from: asking,
    to: address,
    about: isNear ? "neighbour" : "internet",
    ...name ? { name } : {},
  }];
}

/** The address that the lab means a namespace to have. */
function meantAddress(path: Path, namespace: Namespace): string | undefined {
  const link = mainLink(path, namespace);
  return link && path.addressOf({ namespace, link })?.split("/")[0];
}

/** Another namespace on the same segment, or the lab's other computer. */
function neighbourFor(
  path: Path,
  namespace: Namespace,
  end?: End,
): { to: string; name: string } | undefined {
  if (path.lab) {
    const name = PAIR.find((each) => each !== namespace.label)!;
    const to = path.lab.finalAddress(name);
    return to ? { to, name } : undefined;
  }
  if (!end) return undefined;
  for (const { namespace: other, link } of segmentOf(path.network, end).ends) {
    if (other === namespace || other.enter.length === 0) continue;
    const [address] = link.addresses;
    if (address) return { to: address.local, name: other.label };
  }
}
