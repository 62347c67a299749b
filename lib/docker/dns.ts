/** Whom a container asks for names, and who answers there. */

import { findTools, readFirewall } from "../net/firewall/read.ts";
import { ruleText } from "../net/firewall/rule_text.ts";
import { enterProcess } from "../net/unnamed.ts";
import { nameServers, readResolvConf } from "../net/resolv_conf.ts";

/** A container's DNS. */
export interface Dns {
  /** The name servers of its resolv.conf, in order. */
  servers: string[];
  /** The rules of its own namespace that lead questions on. */
  rules: string[];
  /** Why nothing is known. */
  unreadable?: string;
}

/** Docker's own server, for networks that somebody has made. */
export const EMBEDDED = "127.0.0.11";

/** Reads the resolv.conf that the container's first process sees. */
export async function readDns(pid: number): Promise<Dns> {
  const content = await readResolvConf({ pid });
  if ("unreadable" in content) {
    return { servers: [], rules: [], unreadable: content.unreadable };
  }
  const servers = nameServers(content.text);
  const rules = servers.includes(EMBEDDED) ? await rulesInside(pid) : [];
  return { servers, rules };
}

/** Nobody listens at port 53 there: rules lead to the port that Docker took. */
async function rulesInside(pid: number): Promise<string[]> {
  const place = { enter: enterProcess(pid) };
  const { chains } = await readFirewall(place, await findTools());
  const leading = chains.flatMap(({ rules }) => rules).filter((
    { statements },
  ) => statements.some((each) => each.does === "nat" && each.kind === "dnat"));
  const texts = await Promise.all(leading.map(ruleText));
  return texts.filter((text) => text?.includes(EMBEDDED)) as string[];
}
