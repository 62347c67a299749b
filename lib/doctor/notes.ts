/** Where the steps of a question's way put down what they find. */

import type { Namespace } from "../net/namespace.ts";
import type { Rule } from "../net/firewall/ruleset.ts";
import type { End } from "../net/segment.ts";
import { type Code, TEXTS } from "./causes.ts";
import type { Evidence, Finding, Question } from "./diagnosis.ts";
import type { Layer } from "./layer.ts";

/** A command to look with, and what its line holds. */
export interface Look {
  /** The command line. */
  command: string;
  /** Words of the line that shows it; by default the first line; "" for all. */
  line?: string;
  /** The line itself, of a command that was run already. */
  said?: string;
}

/** A finding before its evidence has been read. */
export interface Draft extends Finding {
  /** What shows it, before it has been read. */
  looks: Look[];
}

/** What a step says of something that is wrong. */
export interface Remark {
  /** What the texts' placeholders stand for. */
  params: Record<string, string>;
  /** What shows it. */
  look: Look | Look[];
  /** Command lines that mend it. */
  fix?: string[];
  /** False: it works all the same. */
  breaks?: boolean;
  /** False: a part of the reason could not be told. */
  sure?: boolean;
}

/** Findings of all questions, each only once. */
export class Notes {
  /** In the order in which they were found. */
  readonly drafts: Draft[] = [];
  /** What could not be checked, and why. */
  readonly unchecked = new Set<string>();
  /** What was looked at and found in order, by layer. */
  readonly seen = new Map<Layer, Set<string>>();
  /** Rules of which cannot be told whether they drop the question's packet. */
  readonly doubts: { rule: Rule; namespace: Namespace; question: Question }[] =
    [];

  /** The finding that this very line shows, if there is one already. */
  shownBy({ command, line }: Look): Draft | undefined {
    return this.drafts.find(({ looks: [look] }) =>
      look.command === command && look.line === line
    );
  }

  /** Queues on a question's way that may throw packets away. */
  readonly queues: { namespace: Namespace; dev: string; question: Question }[] =
    [];

  /** Routers out of sight that a question is handed to. */
  readonly hops: { end: End; next: string; question: Question }[] = [];

  /** How often something was found to be in the way, also if it was known. */
  count = 0;

  /** Puts down a finding, or adds to one that is there already. */
  add(code: Code, question: Question, remark: Remark): void {
    const { params, look, fix = [], breaks = true, sure = true } = remark;
    const looks = [look].flat();
    if (breaks) this.count++;
    // The same line shows it, or the same command mends it.
    const same = this.drafts.find((draft) =>
      draft.code === code &&
      (draft.looks[0].command === looks[0].command &&
          draft.looks[0].line === looks[0].line ||
        fix.length > 0 && draft.fix.join() === fix.join())
    );
    if (same) {
      if (breaks && !same.breaks.includes(question)) {
        same.breaks.push(question);
      }
      for (const line of fix) if (!same.fix.includes(line)) same.fix.push(line);
      return;
    }
    this.drafts.push({
      code,
      layer: TEXTS[code].layer,
      params,
      looks,
      evidence: [] as Evidence[],
      fix: [...fix],
      breaks: breaks ? [question] : [],
      sure,
    });
  }
}
