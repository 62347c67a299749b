/**
 * The form of a stage: data, so thin that it reads like a script.
 *
 * One list of commands serves running, `--dry-run`, export, undo and the
 * pages; one list of facts serves idempotence, tests and figures.
 */

/** What a ping showed. See {@link https://man7.org/linux/man-pages/man8/ping.8.html ping(8)}. */
export type Verdict =
  /** The answer came back. */
  | "ok"
  /** The kernel refused to send: it has no route. */
  | "unreachable"
  /** Sent, and nothing came back. */
  | "no-reply"
  /** The question could not be put: no ping, no namespace, no permission. */
  | "could-not-check";

/**
 * One thing that the kernel's state must hold. `in` names a network
 * namespace; without it the machine's own is meant.
 */
export type Fact =
  /** A network namespace of this name exists. */
  | { netns: string }
  /** A link of this name and kind exists. */
  | { link: string; kind: string }
  /** The two ends of a veth pair exist, wherever each of them is. */
  | { link: string; peer: string }
  /** A link is in this namespace. */
  | { link: string; in: string }
  /** A link is a port of this bridge. */
  | { link: string; master: string }
  /** A link is up. */
  | { link: string; in?: string; up: true }
  /** A link has this address. */
  | { link: string; in?: string; address: string }
  /** A route to this destination goes by way of this neighbour. */
  | { route: string; via: string; in?: string }
  /** The machine passes on packets that are for somebody else. */
  | { forwarding: true }
  /** A rule, as `iptables -S` prints it, stands in this table. */
  | { table: string; rule: string };

/** A command to look with, and words that its output holds. */
export interface Look {
  /** The command line. */
  command: string;
  /** Found in the output, where any run of spaces counts as one. */
  shows: string;
}

/** A fact of a stage: which of its commands makes it true, and which ends it. */
export type StageFact = Fact & {
  /** One of the stage's `commands`. */
  by: string;
  /** One of its `undo`. */
  back: string;
};

/** One lesson, in the order in which it is read. */
export interface Stage {
  /** Its name: `netns`, `bridge`, … */
  name: string;
  /** The one idea, as a few words: it is what the stage is called everywhere. */
  idea: string;
  /** Command lines as a learner would type them, in order. */
  commands: readonly string[];
  /** What to look at afterwards. */
  look: readonly Look[];
  /** What ns1 reaches once this stage is in place: ns2, and 8.8.8.8. */
  reach: { readonly ns2: Verdict; readonly internet: Verdict };
  /** The commands that take it back, in order. */
  undo: readonly string[];
  /** A nudge for those who want to find the commands themselves. */
  hint: string;
  /** What is true once the stage is in place: a fact for each command. */
  facts: readonly StageFact[];
}

/** A command of a stage with the fact it makes true and its way back. */
export interface Step {
  /** The command line. */
  command: string;
  /** What it makes true. */
  fact: StageFact;
  /** The command line that takes it back. */
  undo: string;
}

/** The stage's commands, each with its fact and its undo. */
export function steps({ commands, facts }: Stage): Step[] {
  return commands.flatMap((command) =>
    facts.filter(({ by }) => by === command)
      .map((fact) => ({ command, fact, undo: fact.back }))
  );
}
