/** What the user wants to be sent, as it turns out for one namespace. */

import { inside, linkOf, type Namespace } from "../net/namespace.ts";
import type { Network } from "../net/network.ts";
import { isAddress } from "../net/ipv4.ts";
import { nameServers, readResolvConf } from "../net/resolv_conf.ts";
import { t } from "../cli/translate.ts";
import { findNamespace } from "./ends.ts";
import type { Means } from "./means.ts";
import type { Notes } from "./notes.ts";
import { INTERNET } from "./questions.ts";

/** What the user wants to be sent. */
export type Asked =
  | { kind: "tcp" | "udp"; port: number }
  | { kind: "dns"; name: string }
  | { kind: "large" };

/** A target, absent for all that is worth asking, and what it is sent. */
export interface Sending {
  /** An address or a name. */
  to?: string;
  /** A ping where it is absent. */
  means?: Means;
}

/** What is sent where, from a namespace; puts down why it cannot be told. */
export async function meansFor(
  network: Network,
  namespace: Namespace,
  notes: Notes,
  { by, to }: { by?: Asked; to?: string },
): Promise<Sending[]> {
  if (!by) return [{ to }];
  switch (by.kind) {
    case "large":
      return [{ to, means: await large(network, namespace, to) }];
    case "dns": {
      const resolvers = to ? [to] : await resolversOf(namespace, notes);
      return resolvers.flatMap((to) =>
        (["udp", "tcp"] as const).map((over) => ({
          to,
          means: { kind: "dns", name: by.name, over },
        }))
      );
    }
    default:
      return [{ to, means: { kind: by.kind, port: by.port } }];
  }
}

/** As much as the sender's own interface takes. */
async function large(
  network: Network,
  namespace: Namespace,
  to = INTERNET,
): Promise<Means> {
  const target = (await findNamespace(network, to))?.links
    .filter(({ name }) => name !== "lo")
    .flatMap(({ addresses }) => addresses)[0]?.local ?? to;
  const { dev } = await network.routeLookup(namespace, target);
  const length = linkOf(namespace, dev)?.mtu ?? 1500;
  // An IPv4 packet is no longer than that, see RFC 791.
  return { kind: "large", length: Math.min(length, 65535) };
}

/** The resolvers that programs of a namespace ask, by its own resolv.conf. */
async function resolversOf(
  namespace: Namespace,
  notes: Notes,
): Promise<string[]> {
  const { enter, label } = namespace;
  const pid = enter.join(" ").match(/--target=(\d+)/)?.[1];
  const content = await readResolvConf(
    pid ? { pid: Number(pid) } : { netns: enter.length ? label : "" },
  );
  if ("unreadable" in content) {
    notes.unchecked.add(
      t`the resolver of ${label}: ${content.unreadable}`,
    );
    return [];
  }
  const all = nameServers(content.text);
  const resolvers = all.filter(isAddress);
  if (resolvers.length === 0) {
    notes.add("resolver-missing", { from: label, to: "", about: "internet" }, {
      params: {
        who: label,
        why: all.length > 0
          ? t`its resolv.conf names IPv6 addresses only, which are not walked`
          : t`its resolv.conf names none`,
      },
      look: {
        command: pid
          ? `cat /proc/${pid}/root/etc/resolv.conf`
          : inside(namespace, "cat /etc/resolv.conf"),
        said: content.text.trim().split("\n").slice(0, 3).join("\n"),
      },
      sure: all.length === 0,
    });
  }
  return resolvers;
}
