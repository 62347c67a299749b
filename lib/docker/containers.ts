/** Containers as `docker inspect` or `podman inspect` tells of them. */

import type { Engine } from "../net/engines.ts";
import { ask, askList, type Json } from "./ask.ts";

/** A running container, as far as its network goes. */
export interface Container {
  /** Its name. */
  name: string;
  /** Its first process, whose network namespace is the container's. */
  pid: number;
  /** `bridge`, `host`, `none`, or the name of a network. */
  mode: string;
  /** The ports that it publishes, such as `8080:80/tcp`. */
  ports: string[];
  /** The same in parts. */
  published: PublishedPort[];
  /** The names of the networks that it is in. */
  networks: string[];
}

/** A port of the machine that is to lead to a port of the container. */
export interface PublishedPort {
  /** The protocol. */
  protocol: "tcp" | "udp";
  /** The machine's address; `*` for all of them. */
  hostAddress: string;
  /** The machine's port. */
  hostPort: number;
  /** The container's. */
  containerPort: number;
}

/** All running containers, by name. */
export async function readContainers(client: Engine): Promise<Container[]> {
  const ids = (await ask(client, ["ps", "--quiet"])).split("\n").filter(
    Boolean,
  );
  if (ids.length === 0) return [];
  const all = await askList(client, ["inspect", ...ids]);
  return all.map(read).sort((a, b) => a.name.localeCompare(b.name));
}

function read(json: Json): Container {
  return {
    name: json.Name.replace(/^\//, ""),
    pid: json.State.Pid,
    mode: readMode(json.HostConfig?.NetworkMode),
    ports: readPorts(json.NetworkSettings?.Ports ?? {}),
    published: readPublishedPorts(json.NetworkSettings?.Ports ?? {}),
    networks: Object.keys(json.NetworkSettings?.Networks ?? {}),
  };
}

/** Docker up to 25 says `default` for what it calls `bridge` elsewhere. */
function readMode(mode: string | undefined): string {
  return mode === undefined || mode === "default" ? "bridge" : mode;
}

/** From `{"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}]}`. */
function readPorts(ports: Record<string, Json[] | null>): string[] {
  const all = Object.entries(ports).flatMap(([inside, outside]) =>
    (outside ?? []).map(({ HostIp, HostPort }) => {
      return `${isAny(HostIp) ? "" : `${HostIp}:`}${HostPort}:${inside}`;
    })
  );
  return [...new Set(all)];
}

/** Each once, for IPv4: the same port of IPv6 has the same number. */
function readPublishedPorts(
  ports: Record<string, Json[] | null>,
): PublishedPort[] {
  const all = Object.entries(ports).flatMap(([inside, outside]) => {
    const [port, protocol] = inside.split("/");
    if (protocol !== "tcp" && protocol !== "udp") return [];
    return (outside ?? []).map(({ HostIp, HostPort }): PublishedPort => ({
      protocol,
      hostAddress: isAny(HostIp) ? "*" : HostIp,
      hostPort: Number(HostPort),
      containerPort: Number(port),
    }));
  });
  const key = (each: PublishedPort) => JSON.stringify(each);
  return [...new Map(all.map((each) => [key(each), each])).values()];
}

const isAny = (address = ""): boolean =>
  ["", "0.0.0.0", "::"].includes(address);
