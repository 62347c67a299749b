/** Who else keeps rules, routes and bridges on a machine, and by which names. */

import { covers } from "../ipv4.ts";
import type { Chain } from "./ruleset.ts";
import type { Namespace } from "../namespace.ts";

/** A program that makes networks of its own, and mends them in its own way. */
export interface Engine {
  /** What people call it. */
  name: string;
  /** Its chains, and its tables of nftables. */
  chains: RegExp;
  /** Its interfaces. */
  links?: RegExp;
  /** What it writes as a comment to its rules. */
  comments?: RegExp;
  /** How it is asked what it has made. */
  look?: string;
}

/** All that we know. DOCKER-USER is left out: what is in it is the user's. */
const ENGINES: readonly Engine[] = [
  {
    name: "Docker",
    chains: /^(DOCKER(?!-USER$)|docker)/,
    links: /^(docker\d+|docker_gwbridge|br-[0-9a-f]{12})$/,
    look: "docker network ls",
  },
  {
    name: "Kubernetes",
    chains: /^(KUBE-|kube-|cali-|CILIUM|cilium|FLANNEL|flannel|WEAVE|antrea)/i,
    links: /^(kube-|cali|cilium|lxc|flannel|weave|antrea)/,
    comments: /kubernetes|cali:|cilium|flannel|kube-/i,
    look: "kubectl get networkpolicy --all-namespaces",
  },
  {
    name: "Podman",
    chains: /^(NETAVARK|netavark|PODMAN|podman)/,
    links: /^(podman\d*|cni-podman\d*)$/,
    look: "podman network ls",
  },
  {
    name: "CNI",
    chains: /^CNI-/,
    links: /^cni\d+$/,
    comments: /^name: "|CNI/,
  },
  {
    name: "firewalld",
    chains:
      /^(firewalld$|(FWD|FWDI|FWDO|IN|INPUT|OUT|OUTPUT|FORWARD|POST|POSTROUTING|PRE|PREROUTING)_|filter_|nat_|mangle_|raw_)/,
    look: "firewall-cmd --list-all",
  },
  { name: "ufw", chains: /^ufw6?-/, look: "ufw status verbose" },
  {
    name: "libvirt",
    chains: /^(LIBVIRT_|libvirt)/,
    links: /^(virbr|vnet)\d+/,
    look: "virsh net-list --all",
  },
  { name: "LXD", chains: /^(lxd|incus|lxc)/i, links: /^(lxdbr|lxcbr|incusbr)/ },
  {
    name: "Tailscale",
    chains: /^(ts-|tailscale)/,
    links: /^tailscale\d*/,
    look: "tailscale status",
  },
  {
    name: "WireGuard",
    chains: /^wg-quick/,
    links: /^wg/,
    comments: /wg-quick/,
    look: "wg show",
  },
  {
    name: "a VPN",
    chains: /^(mullvad|nordvpn|protonvpn|pvpn|openvpn|nm-vpn|zt)/i,
    links: /^(tun|tap|ppp|zt|nordlynx|proton|ipsec|xfrm|vti|gpd|utun)\w*$/,
  },
  {
    name: "fail2ban or the like",
    chains: /^(f2b-|crowdsec|opensnitch|fw4$|nixos-fw)/i,
  },
];

/** The program whose chain, or table of nftables, has this name. */
export function engineOfChain(name: string): Engine | undefined {
  return ENGINES.find(({ chains }) => chains.test(name));
}

/** The program whose interface has this name. */
export function engineOfLink(name: string): Engine | undefined {
  return ENGINES.find(({ links }) => links?.test(name));
}

/**
 * The program that made a rule of iptables: by its chain, by the chain that it
 * leads to, by an interface, by its comment; of NAT also by the network.
 *
 * @param words the rule's, from its chain on: `FORWARD -i docker0 …`.
 */
export function engineOfRule(
  [chain, ...words]: readonly string[],
  table: string,
  namespace: Namespace,
  chains: readonly Chain[],
): Engine | undefined {
  const after = (...options: string[]) =>
    words.filter((_, i) => options.includes(words[i - 1]));
  const known = enginesLinks(chains);
  const ofLink = (name: string) => engineOfLink(name) ?? known.get(name);
  const first = <T>(list: T[], of: (one: T) => Engine | undefined) =>
    list.map(of).find((engine) => engine !== undefined);
  const ranges = table === "nat" ? after("-s", "-d") : [];
  return engineOfChain(chain) ??
    first(
      after("-j", "-g"),
      (name) => name === "DOCKER-USER" ? ENGINES[0] : engineOfChain(name),
    ) ??
    // In the user's own chain the user may name what he likes.
    (chain === "DOCKER-USER" ? undefined : first(
      after("-i", "-o", "--physdev-in", "--physdev-out"),
      ofLink,
    ) ??
      first(
        after("--comment"),
        (text) => ENGINES.find(({ comments }) => comments?.test(text)),
      ) ??
      first(ranges, (range) =>
        first(
          namespace.links.filter(({ addresses }) =>
            addresses.some(({ local, length }) =>
              covers(range, local) ||
              covers(`${local}/${length}`, range.split("/")[0])
            )
          ),
          ({ name }) => ofLink(name),
        )));
}

/** A bridge may have any name: an engine's is the one that its rules speak of. */
function enginesLinks(chains: readonly Chain[]): Map<string, Engine> {
  const links = new Map<string, Engine>();
  for (const { name, backend, rules } of chains) {
    if (backend === "nft") continue;
    for (const { line } of rules) {
      const target = line.match(/ -[jg] (\S+)/)?.[1] ?? "";
      const engine = engineOfChain(name) ?? engineOfChain(target);
      if (!engine) continue;
      for (const [, link] of line.matchAll(/ -[io] (\S+)/g)) {
        if (link !== "lo" && !/^(eth|en|wl)/.test(link)) {
          links.set(link, engine);
        }
      }
    }
  }
  return links;
}

/** The programs that keep rules in this namespace. */
export function enginesIn(chains: readonly Chain[]): Engine[] {
  return ENGINES.filter((engine) =>
    chains.some(({ name, table, backend }) =>
      engine.chains.test(name) || backend === "nft" && engine.chains.test(table)
    )
  );
}
