/** What may be done to routes, routing rules and IPsec policies. */

import { run } from "../cli/command.ts";
import { covers, network } from "../net/ipv4.ts";
import { type Harm, held, type Step, unknown } from "./harm.ts";
import { isTunnel, isUplink, isWayOut } from "./harmless_links.ts";
import { isConnected } from "./route_faults.ts";
import { inside, linkOf, type Namespace, quickIp } from "../net/namespace.ts";
import { t } from "../cli/translate.ts";

/** What harm such a command would do. */
export async function routeHarm(
  step: Step,
  object: string,
  words: readonly string[],
): Promise<Harm | undefined> {
  const { namespace } = step;
  const [verb, ...rest] = words;
  // A namespace that is yet to be made has no routes to lose.
  if (!namespace) return verb === "add" ? undefined : unknown(step);
  switch (`${object} ${verb}`) {
    case "route add":
      return addHarm(step, namespace, rest);
    case "route replace":
      return defaultHarm(step, namespace, rest);
    case "route del":
      return removeHarm(step, namespace, rest);
    case "rule add":
      return /^priority \d+ lookup (local|main)$/.test(rest.join(" "))
        ? undefined
        : unknown(step);
    case "rule del":
      return ruleHarm(step, namespace, rest);
    case "xfrm policy":
      return await policyHarm(step, namespace, rest);
  }
  return unknown(step);
}

const after = (words: readonly string[], name: string): string | undefined =>
  words.includes(name) ? words[words.indexOf(name) + 1] : undefined;

const showRoutes = (namespace: Namespace) => [
  inside(namespace, "ip rule show"),
  inside(namespace, "ip route show table all"),
];

function addHarm(
  step: Step,
  namespace: Namespace,
  words: readonly string[],
): Harm | undefined {
  const [to] = words;
  if (to === "local") return undefined;
  const has = namespace.routes.find((route) =>
    route.table === "main" && route.to === to
  );
  if (has) {
    return held(t`there is a route to ${to} already`, showRoutes(namespace));
  }
  const dev = after(words, "dev");
  const clash = to !== "default" &&
    namespace.links.find((card) =>
      card.name !== dev && isUplink(namespace, card) &&
      card.addresses.some(({ local, length }) =>
        covers(to, local) ||
        covers(network(`${local}/${length}`), to.split("/")[0])
      )
    );
  if (clash) {
    return held(
      t`${clash.name} is in that network as well`,
      showRoutes(namespace),
    );
  }
  return words.length > 1 ? undefined : unknown(step);
}

/** `ip route replace default`: not for the machine, nor against a tunnel. */
function defaultHarm(
  step: Step,
  namespace: Namespace,
  words: readonly string[],
): Harm | undefined {
  if (words[0] !== "default") return unknown(step);
  if (namespace.enter.length === 0) {
    return held(
      t`it is this machine's own default route`,
      showRoutes(namespace),
    );
  }
  const devs = namespace.routes.filter(({ to }) => isWayOut(to))
    .map(({ dev }) => dev);
  const tunnel = [...devs, after(words, "dev")]
    .map((dev) => linkOf(namespace, dev)).find((card) =>
      card && isTunnel(card)
    );
  return tunnel &&
    held(
      t`the default route leads by ${tunnel.name}, a tunnel`,
      showRoutes(namespace),
    );
}

const REFUSING = ["blackhole", "unreachable", "prohibit", "throw"];

function removeHarm(
  step: Step,
  namespace: Namespace,
  words: readonly string[],
): Harm | undefined {
  const refuses = REFUSING.includes(words[0]);
  const [to, ...rest] = refuses ? words.slice(1) : words;
  const table = after(rest, "table") ?? "main";
  const route = namespace.routes.find((each) =>
    each.to === to && each.table === table &&
    each.type === (refuses ? words[0] : "unicast") &&
    each.via === after(rest, "via") &&
    (refuses || each.dev === after(rest, "dev"))
  );
  if (!route) return unknown(step);
  const keep = (why: string) => held(why, showRoutes(namespace));
  if (isConnected(namespace, route)) {
    return keep(t`the route came with the address of ${route.dev}`);
  }
  if (!refuses && isWayOut(to)) return keep(t`it is a default route`);
  if (!["boot", "static"].includes(route.protocol ?? "boot")) {
    return keep(t`the route was made by another program (${route.protocol})`);
  }
  const card = linkOf(namespace, route.dev);
  if (!refuses && (table !== "main" || card && isTunnel(card))) {
    return keep(t`the route may be a VPN's`);
  }
  return hasVpn(namespace, table) && table !== "main"
    ? keep(t`the route may be a VPN's, which lets nothing past it`)
    : undefined;
}

/** Tables of Tailscale and of wg-quick; or a tunnel that this table leads to. */
function hasVpn(namespace: Namespace, table: string): boolean {
  return ["52", "51820"].includes(table) ||
    namespace.routes.some((route) => {
      const card = linkOf(namespace, route.dev);
      return route.table === table && card !== undefined && isTunnel(card);
    });
}

function ruleHarm(
  step: Step,
  namespace: Namespace,
  words: readonly string[],
): Harm | undefined {
  if (words.length !== 2 || words[0] !== "priority") return unknown(step);
  const look = [inside(namespace, "ip rule show")];
  const same = namespace.priorities.filter((each) => each === Number(words[1]));
  const [rule] = namespace.refusals.filter(({ priority }) =>
    priority === Number(words[1])
  );
  if (!rule || same.length !== 1) {
    return held(t`it cannot be told which rule would go`, look);
  }
  // A VPN's: it forbids what does not go by the tunnel.
  const isVpns = rule.isSelective || rule.from === "all" && rule.to === "all" ||
    namespace.links.some(isTunnelWithAddress);
  return isVpns ||
      !["unspec", "boot", "static"].includes(rule.protocol ?? "boot")
    ? held(t`the rule may be a VPN's, which lets nothing past it`, look)
    : undefined;
}

const isTunnelWithAddress = (card: Parameters<typeof isTunnel>[0]): boolean =>
  isTunnel(card) && card.up && card.addresses.length > 0;

/** Where IPsec is at work, its own program keeps the policies. */
async function policyHarm(
  step: Step,
  namespace: Namespace,
  words: readonly string[],
): Promise<Harm | undefined> {
  if (words[0] !== "del") return unknown(step);
  const look = ["policy", "state"].map((each) =>
    inside(namespace, `ip xfrm ${each}`)
  );
  const [policies, states] = await Promise.all(
    ["policy", "state"].map((each) =>
      run([...quickIp(namespace), "xfrm", each])
    ),
  );
  return /^\s+tmpl /m.test(policies.stdout) || states.stdout.trim() !== ""
    ? held(t`the policy may be a VPN's, which lets nothing past it`, look)
    : undefined;
}
