/**
 * The stages' command lines, run in as few processes as it takes.
 *
 * A learner types one line after the other, and each starts a process or two.
 * `ip -batch` (see {@link https://man7.org/linux/man-pages/man8/ip.8.html ip(8)})
 * reads many lines in one process, and `ip -n ns1 …` does what
 * `ip netns exec ns1 ip …` does. So neighbouring lines for the same namespace
 * go together. The lines stay what they are; only the typing is saved.
 */

import { ownWords, run } from "./command.ts";

/** The first line that failed. */
export interface Failure {
  /** Where it stands among the lines. */
  index: number;
  /** The kernel's own words. */
  words: string;
}

/**
 * Runs command lines in order and stops where one fails.
 *
 * @param ran is told of every line that went through, in the order of the
 * lines, with what it printed.
 * @returns the first failure, or undefined if all lines went through.
 */
export async function runLines(
  lines: readonly string[],
  ran: (index: number, output: string) => void = () => {},
): Promise<Failure | undefined> {
  for (const wave of waves(lines)) {
    const ended = await Promise.all(wave.map(runGroup));
    const went = ended.flatMap(({ went }) => went);
    went.sort((a, b) => a.index - b.index);
    went.forEach(({ index, output }) => ran(index, output));
    const failures = ended.flatMap(({ failure }) => failure ?? []);
    if (failures.length > 0) {
      return failures.sort((a, b) => a.index - b.index)[0];
    }
  }
}

/** Lines that one process runs. */
interface Group {
  /** Where each of the lines stands among all. */
  at: number[];
  lines: string[];
  /** Whether its lines are all for `ip`, without that word. */
  batch: boolean;
  /** The named namespace in which they run. */
  netns?: string;
}

/**
 * Sorts neighbouring lines into groups, and neighbouring groups into waves.
 * The groups of a wave go side by side: each is inside a named namespace of
 * its own, and what happens in ns1 is nothing to ns2.
 */
function waves(lines: readonly string[]): Group[][] {
  const all: Group[][] = [];
  lines.forEach((line, index) => {
    const { batch, netns, text } = batchable(line);
    const wave = all.at(-1);
    const group = wave?.find((group) => group.netns === netns);
    if (batch && group?.batch) {
      group.lines.push(text);
      group.at.push(index);
      return;
    }
    const fresh = { at: [index], lines: [text], batch, netns };
    if (netns && wave?.every((group) => group.netns)) wave.push(fresh);
    else all.push([fresh]);
  });
  return all;
}

/** Which batch a line may join, and how it reads there. */
function batchable(
  line: string,
): { batch: boolean; netns?: string; text: string } {
  const inside = line.match(/^ip netns exec (\S+) ip ([a-z].*)$/);
  if (inside) return { batch: true, netns: inside[1], text: inside[2] };
  const here = line.match(/^ip ((?!netns exec )[a-z].*)$/);
  if (here) return { batch: true, text: here[1] };
  return { batch: false, text: line };
}

/** Runs a group and tells how far it came. */
async function runGroup({ batch, netns, lines, at }: Group): Promise<{
  went: { index: number; output: string }[];
  failure?: Failure;
}> {
  const { code, stdout, stderr } = batch
    ? await run(
      ["ip", ...(netns ? ["-n", netns] : []), "-batch", "-"],
      lines.join("\n") + "\n",
    )
    : await run(lines[0].split(" "));
  // "Command failed -:3" names the line. Without it nothing was run at all.
  const failed = Number(stderr.match(/^Command failed -:(\d+)$/m)?.[1] ?? 1);
  const done = code === 0 ? lines.length : failed - 1;
  const went = at.slice(0, done).map((index, i) => ({
    index,
    output: i === done - 1 ? stdout : "",
  }));
  return done === lines.length
    ? { went }
    : { went, failure: { index: at[done], words: ownWords(stderr) } };
}
