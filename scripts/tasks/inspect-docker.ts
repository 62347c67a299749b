/** `deno task inspect-docker`: the network of containers that run here. */

import { type Container, readContainers } from "../../lib/docker/containers.ts";
import { readReport } from "../../lib/docker/report.ts";
import { reportLines } from "../../lib/docker/report_lines.ts";
import { type Engine, enginesToAsk } from "../../lib/net/engines.ts";
import { EXIT, Problem } from "../../lib/cli/problem.ts";
import { takeSnapshot } from "../../lib/net/snapshot.ts";
import type { Task } from "../../lib/task/task.ts";
import { say } from "../../lib/cli/terminal.ts";
import { typed } from "../../lib/cli/typed.ts";
import { run } from "./run.ts";
import { t } from "../../lib/cli/translate.ts";

/** The task. */
export const task: Task = {
  name: "inspect-docker",
  about:
    t`Shows what Docker or Podman made on this very Linux: networks, which veth\n
    belongs to which container, what is behind each published port, DNS, and\n
    the parts of its firewall. Changes nothing. Reading a container's\n
    namespace takes root.`,
  usage: "[OPTIONS]",
  words: 0,
  where: "host",
  root: true,
  needs: [
    "--allow-run=docker,podman,ip,nsenter,ss,sysctl,cat,stat,dd,readlink," +
    "nft,iptables,iptables-save,iptables-nft-save,iptables-legacy-save",
  ],
  options: {
    engine: {
      value: "NAME",
      about: t`docker or podman; by default, which runs`,
    },
    figure: { about: t`draw the whole network as well` },
    json: { about: t`print one JSON object and nothing else` },
  },
  async main({ flags }) {
    const { client, containers } = await findEngine(flags.engine as string);
    const own = containers.filter(({ mode }) => mode !== "host");
    const snapshot = await takeSnapshot(
      Object.fromEntries(own.map(({ name, pid }) => [name, pid])),
    );
    const names = new Set(own.map(({ name }) => name));
    const closed = snapshot.named.find((each) =>
      names.has(each.name) && each.unreadable
    );
    if (closed) {
      throw takesRoot(t`namespace of ${closed.name}`, closed.unreadable!);
    }
    const report = await readReport(client, containers, snapshot);
    if (flags.json) say(JSON.stringify(report));
    else reportLines(report).forEach((line) => say(line));
    if (flags.figure && !flags.json) {
      // Only who wants a picture loads what draws it.
      const { figureLines } = await import("../../lib/draw/terminal_figure.ts");
      say();
      figureLines(snapshot).forEach((line) => say(line));
    }
    return EXIT.ok;
  },
};

/** The engine that was asked for; else Docker, or Podman where that is used. */
async function findEngine(
  asked?: string,
): Promise<{ client: Engine; containers: Container[] }> {
  if (asked && asked !== "docker" && asked !== "podman") {
    throw new Problem(
      t`Unknown engine ${JSON.stringify(asked)}.`,
      t`Known: docker, podman.`,
      EXIT.usage,
    );
  }
  const clients = asked ? [asked as Engine] : enginesToAsk();
  const words: string[] = [];
  for (const client of clients) {
    try {
      return { client, containers: await readContainers(client) };
    } catch (error) {
      words.push((error as Error).message.replace(/\.$/, ""));
    }
  }
  throw takesRoot("containers", words.join("; "));
}

function takesRoot(what: string, words: string): Problem {
  return new Problem(
    t`Cannot read the ${what}: ${words.replace(/[.?]+$/, "")}.`,
    t`It takes an engine that runs, and root: sudo ${typed("inspect-docker")}`,
  );
}

run(import.meta, task);
