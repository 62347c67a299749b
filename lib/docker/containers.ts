/** Containers as `docker inspect` or `podman inspect` tells of them. */

import type { Engine } from "../net/engines.ts";
import { ownWords, run } from "../cli/command.ts";
import { Problem } from "../cli/problem.ts";

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
}

/** All running containers, by name. */
export async function readContainers(client: Engine): Promise<Container[]> {
  const ids = (await ask(client, ["ps", "--quiet"])).split("\n").filter(
    Boolean,
  );
  if (ids.length === 0) return [];
  const all = JSON.parse(await ask(client, ["inspect", ...ids])) as Json[];
  return all.map(read).sort((a, b) => a.name.localeCompare(b.name));
}

// deno-lint-ignore no-explicit-any
type Json = Record<string, any>;

function read(json: Json): Container {
  return {
    name: json.Name.replace(/^\//, ""),
    pid: json.State.Pid,
    mode: readMode(json.HostConfig?.NetworkMode),
    ports: readPorts(json.NetworkSettings?.Ports ?? {}),
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
      const only = ["", "0.0.0.0", "::"].includes(HostIp ?? "");
      return `${only ? "" : `${HostIp}:`}${HostPort}:${inside}`;
    })
  );
  return [...new Set(all)];
}

async function ask(client: Engine, args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run([client, ...args]);
  if (code === 0) return stdout;
  throw new Problem(`\`${client} ${args[0]}\`: ${ownWords(stderr)}.`);
}
