/**
 * The stages' command lines, run in as few processes as it takes.
 *
 * A learner types one line after the other, and each starts a process or two.
 * `ip -batch` (see {@link https://man7.org/linux/man-pages/man8/ip.8.html ip(8)})
 * reads many lines in one process, and `ip -n ns1 …` does what
 * `ip netns exec ns1 ip …` does. So lines for the same namespace go together,
 * in their order; and since what happens in ns1 is nothing to ns2, namespaces
 * go side by side. The lines stay what they are; only the typing is saved.
 */

import { run, whyFailed } from "../cli/command.ts";

/** The first line that failed. */
export interface Failure {
  /** Where it stands among the lines. */
  index: number;
  /** The kernel's own words. */
  words: string;
}

/**
 * Runs command lines and stops where one fails.
 *
 * @param ran is told of every line that went through, in the order of the
 * lines, with what it printed.
 * @returns the first failure, or undefined if all lines went through.
 */
export async function runLines(
  lines: readonly string[],
  ran: (index: number, output: string) => void = () => {},
): Promise<Failure | undefined> {
  const went: Went[] = [];
  const failures: Failure[] = [];
  for (const wave of waves(lines)) {
    for (const ended of await Promise.all(wave.map(runGroup))) {
      went.push(...ended.went);
      if (ended.failure) failures.push(ended.failure);
    }
    if (failures.length > 0) break;
  }
  const inOrder = (a: { index: number }, b: { index: number }) =>
    a.index - b.index;
  went.sort(inOrder).forEach(({ index, output }) => ran(index, output));
  return failures.sort(inOrder)[0];
}

/** A line that went through. */
interface Went {
  index: number;
  output: string;
}

/** Lines that one process runs. */
interface Group {
  /** Groups of the same wave go side by side, waves one after the other. */
  wave: number;
  /** Where each of the lines stands among all. */
  at: number[];
  lines: string[];
  /** Whether its lines are all for `ip`, without that word. */
  batch: boolean;
  /** Lines of the same lane keep their order, see {@linkcode readLine}. */
  lane: string;
  /** The named namespace in which they run; "" is the machine's own. */
  netns: string;
}

/** Sorts lines into groups, and groups into waves. */
function waves(lines: readonly string[]): Group[][] {
  /** The last group of each lane so far. */
  const last = new Map<string, Group>();
  /** The first wave in which a lane may go on. */
  const free = new Map<string, number>();
  const all: Group[][] = [];
  lines.forEach((line, index) => {
    const { lane, netns, batch, text, other, ends } = readLine(line);
    const previous = last.get(lane);
    const earliest = Math.max(
      free.get(lane) ?? 0,
      ends ? (last.get(other!)?.wave ?? -1) + 1 : 0,
    );
    let group = previous;
    if (!group || group.wave < earliest || !batch || !group.batch) {
      const wave = Math.max(earliest, (previous?.wave ?? -1) + 1);
      group = { wave, at: [], lines: [], batch, lane, netns };
      last.set(lane, group);
      (all[wave] ??= []).push(group);
    }
    group.lines.push(text);
    group.at.push(index);
    if (other !== undefined) {
      free.set(other, Math.max(free.get(other) ?? 0, group.wave + 1));
    }
  });
  return all;
}

/** Where a line runs, how it reads in a batch, and what else it concerns. */
interface Line {
  lane: string;
  netns: string;
  batch: boolean;
  text: string;
  /** Another namespace that it makes, ends, or hands a link to. */
  other?: string;
  /** Whether it ends the other one: all that runs there comes first. */
  ends: boolean;
}

/**
 * What neither waits for a link nor has a link wait for it: a lane of its own.
 * (A rule names its interface, `-o eth0`, whether there is one or not.)
 */
const LINKLESS = /^(iptables |sysctl -w net\.ipv4\.ip_forward=)/;

/** A namespace is a lane, and so is the machine itself. */
function readLine(line: string): Line {
  const [, netns = "", inside] = line.match(/^ip netns exec (\S+) (.*)$/) ?? [];
  const text = (inside ?? line).match(/^ip ([a-z].*)$/)?.[1];
  const [, verb, other] =
    text?.match(/\bnetns (?:(add|del(?:ete)?) )?(\S+)$/) ?? [];
  return {
    lane: LINKLESS.test(line) ? line.split(" ")[0] : netns,
    netns,
    batch: text !== undefined,
    text: text ?? line,
    // `netns 1` is the namespace of process 1: the machine's own. So is one
    // that is told by a path, see adapt.ts.
    other: other === "1" || other?.includes("/") ? "" : other,
    ends: verb?.startsWith("del") ?? false,
  };
}

/** Runs a group and tells how far it came. */
async function runGroup(
  group: Group,
): Promise<{ went: Went[]; failure?: Failure }> {
  const { batch, netns, lines, at } = group;
  const result = !batch ? await run(lines[0].split(" ")) : await run(
    ["ip", ...(netns ? ["-n", netns] : []), "-batch", "-"],
    asInput(group),
  );
  const { code, stdout, stderr } = result;
  // "Command failed -:3" names the line. Without it nothing was run at all.
  const failed = Number(stderr.match(/^Command failed -:(\d+)$/m)?.[1] ?? 1);
  const done = code === 0 ? lines.length : failed - 1;
  const went = at.slice(0, done).map((index, i) => ({
    index,
    output: i === done - 1 ? stdout : "",
  }));
  return done === lines.length
    ? { went }
    : { went, failure: { index: at[done], words: whyFailed(result) } };
}

/** As `ip -batch -` reads it. */
function asInput({ lines }: Group): string {
  return lines.map((line) => `${line}\n`).join("");
}
