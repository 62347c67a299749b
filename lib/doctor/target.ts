/** Which namespace is meant, and whether it is there at all. */

import { shell } from "../cli/shell.ts";
import { run } from "../cli/command.ts";
import { enginesToAsk } from "../net/engines.ts";
import { EXIT, Problem } from "../cli/problem.ts";
import { didYouMean } from "../cli/nearest.ts";
import { tryRun } from "../net/firewall/read.ts";
import type { Lab } from "./promised.ts";
import { inside, linkOf, type Namespace } from "../net/namespace.ts";
import { segmentOf } from "../net/segment.ts";
import { enterProcess } from "../net/unnamed.ts";
import type { Notes } from "./notes.ts";
import type { Question } from "./diagnosis.ts";
import type { Network } from "../net/network.ts";
import { t } from "../cli/translate.ts";

/** A namespace: by its name, or by what brings one into it. */
export interface Target {
  /** `ns1`, `process 12`, `container web`. */
  label: string;
  /** The words that run a command inside, where it has no name. */
  enter?: string[];
}

/** The network namespace of a process. Throws a {@linkcode Problem}. */
export async function processTarget(pid: string): Promise<Required<Target>> {
  if (!/^[1-9]\d*$/.test(pid)) {
    throw new Problem(
      t`Cannot take ${JSON.stringify(pid)} for a process id.`,
      t`A process id is a number: --pid 1234`,
      EXIT.usage,
    );
  }
  const target = { label: t`process ${pid}`, enter: enterProcess(pid) };
  const result = await tryRun([...target.enter, "true"]);
  if (result?.code === 0) return target;
  throw new Problem(
    t`Cannot enter the network namespace of process ${pid}: ${
      result?.stderr.trim() || "nsenter is not installed"
    }.`,
    t`Is the process there (\`ps\`), and are you root?`,
  );
}

/** The network namespace of a Docker or Podman container. */
export async function containerTarget(name: string): Promise<Required<Target>> {
  const words: string[] = [];
  for (const engine of enginesToAsk()) {
    const result = await tryRun([
      engine,
      "inspect",
      "--format",
      "{{.State.Pid}}",
      name,
    ]);
    const pid = result?.stdout.trim();
    if (result?.code === 0 && pid && pid !== "0") {
      return { ...await processTarget(pid), label: t`container ${name}` };
    }
    words.push(
      `${engine}: ${
        pid === "0"
          ? t`the container is not running`
          : result?.stderr.trim().split("\n").at(-1) ?? t`not installed`
      }`,
    );
  }
  throw new Problem(
    t`Cannot find the container ${JSON.stringify(name)}: ${words.join("; ")}.`,
    t`See what runs with \`docker ps\` or \`podman ps\`, as root.`,
  );
}

/** Puts down a namespace that is not there, or cannot be entered. */
export async function checkThere(
  network: Network,
  label: string,
  namespace: Namespace | undefined,
  notes: Notes,
  lab?: Lab,
): Promise<boolean> {
  if (namespace && !namespace.unreadable) return true;
  const question: Question = { from: label, to: "", about: "neighbour" };
  if (!lab) {
    if (namespace) return notANamespace(notes, question, namespace);
    throw new Problem(
      t`There is no namespace ${JSON.stringify(label)}.`,
      didYouMean(label, network.others.map((each) => each.label)),
      EXIT.usage,
    );
  }
  const again = await rebuild(network, label, lab);
  if (namespace) return notANamespace(notes, question, namespace, again);
  notes.add("namespace-missing", question, {
    params: { who: label },
    look: { command: "ip netns list", line: "" },
    fix: again,
  });
  return false;
}

function notANamespace(
  notes: Notes,
  question: Question,
  namespace: Namespace,
  again: string[] = [],
): false {
  if (/not permitted|Permission denied/.test(namespace.unreadable ?? "")) {
    throw new Problem(
      t`Cannot look into ${namespace.label}: ${namespace.unreadable}.`,
      t`That takes root: type the same with sudo.`,
    );
  }
  notes.add("namespace-broken", question, {
    params: { who: namespace.label },
    look: { command: inside(namespace, "ip -brief link show") },
    fix: [shell`ip netns del ${namespace.label}`, ...again],
  });
  return false;
}

/**
 * The stages' own commands that make a namespace and its cable anew. An end of
 * the old cable that is still there belongs to a namespace without a name, kept
 * alive by a process: it has to go first. A deleted namespace takes its cable
 * along in its own time, some ten milliseconds.
 */
async function rebuild(
  network: Network,
  label: string,
  lab: Lab,
): Promise<string[]> {
  const ends = cableOf(label);
  const look = ["ip", "link", "show", "dev", ends[1]];
  const deadline = Date.now() + 1000;
  let isStray = network.machine.links.some(({ name }) => name === ends[1]);
  while (isStray && Date.now() < deadline) {
    isStray = (await run(look)).code === 0;
  }
  const bridge = linkOf(network.machine, lab.masterOf(ends[1]));
  const others = bridge
    ? segmentOf(network, { namespace: network.machine, link: bridge }).ends
    : [];
  const anew = [
    ...lab.commandsFor([label, ...ends]),
    // The others know the old MAC address; and a new port may change the
    // bridge's own.
    ...others.filter(({ namespace, link }) =>
      namespace.label !== label && link.name !== ends[0] &&
      link.addresses.length > 0
    ).map(({ namespace, link }) =>
      inside(namespace, shell`ip neigh flush dev ${link.name}`)
    ),
  ];
  return isStray ? [shell`ip link del dev ${ends[1]}`, ...anew] : anew;
}

/** The two ends of the cable that the lab gives a namespace. */
export function cableOf(label: string): [string, string] {
  const number = label.slice(-1);
  return [`ns-veth${number}`, `br-veth${number}`];
}

/** Whether a namespace can talk to itself. */
export function checkLoopback(
  namespace: Namespace,
  notes: Notes,
  question: Question | undefined,
): void {
  const lo = namespace.links.find(({ name }) => name === "lo");
  if (!question || !lo || lo.up) return;
  notes.add("loopback-down", question, {
    params: { who: namespace.label },
    look: { command: inside(namespace, "ip link show dev lo") },
    fix: [inside(namespace, "ip link set dev lo up")],
    breaks: false,
  });
}
