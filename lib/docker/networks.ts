/** The networks that an engine has made, in the words of any version. */

import type { Engine } from "../net/engines.ts";
import { ask, askList, type Json } from "./ask.ts";

/** A network, as its engine tells of it. What it does not tell is absent. */
export interface EngineNetwork {
  /** Its name. */
  name: string;
  /** `bridge`, `macvlan`, `overlay`, … */
  driver: string;
  /** The bridge on the host, of a network that has one. */
  bridge?: string;
  /** Its prefixes … */
  subnets: string[];
  /** … and the gateway of each. */
  gateways: string[];
  /** Whether it leads nowhere but to its own containers. */
  internal: boolean;
  /** What the gateway does: `nat`, `routed`, `isolated`, …; its default: `nat`. */
  gatewayMode?: string;
  /** Whether its containers may reach each other. */
  icc?: boolean;
}

/** All networks of an engine but `host` and `none`, by name. */
export async function readNetworks(client: Engine): Promise<EngineNetwork[]> {
  const names = (await ask(client, ["network", "ls", "--quiet"])).split("\n")
    .filter(Boolean);
  if (names.length === 0) return [];
  const all = await askList(client, ["network", "inspect", ...names]);
  return all.map(readNetwork)
    .filter(({ driver }) => !["host", "null"].includes(driver))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** What `docker network inspect` or `podman network inspect` tells of one. */
export function readNetwork(json: Json): EngineNetwork {
  if (json.plugins) return ofCni(json);
  return json.network_interface === undefined && json.Driver !== undefined
    ? ofDocker(json)
    : ofPodman(json);
}

const OPTION = "com.docker.network.bridge.";

function ofDocker({ Name, Id, Driver, Internal, IPAM, Options }: Json) {
  const configs: Json[] = IPAM?.Config ?? [];
  const options: Record<string, string> = Options ?? {};
  const isBridge = Driver === "bridge";
  return {
    name: Name,
    driver: Driver,
    // Where nobody chose a name, it is made from the network's id.
    bridge: isBridge
      ? options[`${OPTION}name`] || `br-${Id.slice(0, 12)}`
      : undefined,
    ...ranges(configs.map((each) => [each.Subnet, each.Gateway])),
    internal: Internal === true,
    gatewayMode: isBridge
      ? options[`${OPTION}gateway_mode_ipv4`] || "nat"
      : undefined,
    icc: isBridge ? options[`${OPTION}enable_icc`] !== "false" : undefined,
  };
}

function ofPodman(json: Json): EngineNetwork {
  const subnets: Json[] = json.subnets ?? [];
  const options: Record<string, string> = json.options ?? {};
  const isBridge = json.driver === "bridge";
  return {
    name: json.name,
    driver: json.driver,
    bridge: isBridge ? json.network_interface : undefined,
    ...ranges(subnets.map((each) => [each.subnet, each.gateway])),
    internal: json.internal === true,
    // An unmanaged one is somebody else's bridge: no rule is written for it.
    gatewayMode: isBridge
      ? options.mode === "unmanaged" ? "unmanaged" : "nat"
      : undefined,
    // It knows no switch for this: they always may.
    icc: isBridge ? true : undefined,
  };
}

/** Podman up to 3 prints the files of CNI. */
function ofCni({ name, plugins }: Json): EngineNetwork {
  const [{ type, bridge, isGateway, ipMasq, ipam }] = plugins as Json[];
  const all: Json[] = (ipam?.ranges ?? []).flat();
  const isBridge = type === "bridge";
  return {
    name,
    driver: type,
    bridge: isBridge ? bridge : undefined,
    ...ranges(all.map((each) => [each.subnet, each.gateway])),
    internal: isBridge && isGateway === false,
    gatewayMode: isBridge ? (ipMasq ? "nat" : "routed") : undefined,
    icc: isBridge ? true : undefined,
  };
}

function ranges(all: [string | undefined, string | undefined][]) {
  const told = (at: 0 | 1) => all.flatMap((each) => each[at] || []);
  return { subnets: told(0), gateways: told(1) };
}
