/** Networks of an engine that are not meant to lead out. */

import { quotedLine, shell } from "../cli/shell.ts";
import { enginesToAsk } from "../net/engines.ts";
import { tryRun } from "../net/firewall/read.ts";
import type { Namespace } from "../net/namespace.ts";
import { containerNames } from "./ends.ts";
import type { Path } from "./path.ts";

/**
 * Puts down that a container is on internal networks only, by its engine's own
 * word: then it lacks a default route on purpose.
 *
 * @returns whether it is.
 */
export async function internalOnly(
  path: Path,
  { label }: Namespace,
): Promise<boolean> {
  const [name] = containerNames(label);
  if (!name) return false;
  for (const engine of enginesToAsk()) {
    const told = await tryRun([engine, "inspect", `--format=${NAMES}`, name]);
    const networks = told?.stdout.trim().split(/\s+/).filter(Boolean) ?? [];
    if (told?.code !== 0 || networks.length === 0) continue;
    const show = [
      ...[engine, "network", "inspect"],
      ...["--format={{.Internal}}", ...networks],
    ];
    const said = (await tryRun(show))?.stdout.trim() ?? "";
    if (!said || said.split("\n").some((each) => each !== "true")) continue;
    path.add("network-internal", {
      params: { who: label, networks: networks.join(", "), engine },
      look: [
        { command: shell`${engine} inspect ${`--format=${NAMES}`} ${name}` },
        { command: quotedLine(show), said },
      ],
    });
    return true;
  }
  return false;
}

/** A template for the names of a container's networks. */
const NAMES =
  "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}";
