/** The words that the doctor speaks: questions, findings, diagnoses. */

import type { Code } from "./causes.ts";
import { addendum, type Means } from "./means.ts";
import { t } from "../cli/translate.ts";
import type { Layer } from "./layer.ts";

/** What is asked: can `from` reach `to`? */
export interface Question {
  /** The label of the namespace that asks, such as `ns1`. */
  from: string;
  /** The address that is to be reached. */
  to: string;
  /** What that address is to it. */
  about: "neighbour" | "gateway" | "internet";
  /** The label of the neighbour that holds the address, if one does. */
  name?: string;
  /** What is sent; absent: a ping. */
  means?: Means;
}

/** A command to look with, and the line of its output that shows it. */
export interface Evidence {
  /** The command line. */
  command: string;
  /** Its line, verbatim; "" if it printed nothing. Read at the very end. */
  line: string;
}

/** One thing that is wrong, or not built yet. */
export interface Finding {
  /** A stable name, see causes.ts. */
  code: Code;
  /** Where on the way. */
  layer: Layer;
  /** What the texts' placeholders stand for. */
  params: Record<string, string>;
  /** What shows it. */
  evidence: Evidence[];
  /** Command lines that mend it, in order. Empty: not ours to mend. */
  fix: string[];
  /** Why there is none, where one would do harm: a sentence without its point. */
  noFix?: string;
  /** What to look at instead. */
  look?: string[];
  /** The questions whose answer it prevents. Empty: it works, but … */
  breaks: Question[];
  /** False where a part of the reason could not be told. */
  sure: boolean;
  /** The stage that builds it, where it is not broken but not built yet. */
  stage?: string;
}

/** What a layer showed, in one line. */
export interface Check {
  /** The layer. */
  layer: Layer;
  /** `ok`, `wrong`, `unknown`, or `later`: a stage that is not built yet. */
  state: "ok" | "wrong" | "unknown" | "later";
  /** What was looked at, in a few words. */
  words: string;
}

/** What a real ping showed. */
export interface Probe {
  /** What was asked. */
  question: Question;
  /** As in ping.ts of lib/reach. */
  verdict: "ok" | "unreachable" | "no-reply" | "refused" | "could-not-check";
  /** The words of who asked, where no answer came. */
  words: string;
  /** The command. */
  command: string;
}

/** All that the doctor found out. */
export interface Diagnosis {
  /** What was asked. */
  questions: Question[];
  /** The one root cause, if anything is wrong or not built yet. */
  cause?: Finding;
  /** What else is wrong, independently of it. */
  further: Finding[];
  /** What looked wrong, though a real packet came through. */
  doubtful: Finding[];
  /** The layers in order. */
  checks: Check[];
  /** What a real packet showed; empty with `--no-probe`. */
  probes: Probe[];
  /** What could not be checked, and why. */
  unchecked: string[];
  /** What was not asked for, and so is not known to be in order. */
  notLookedAt: string[];
  /** The stages that are not built yet, where all else is as promised. */
  notBuilt: string[];
  /** Whether the target belongs to others: never to be changed. */
  readOnly: boolean;
}

/** A question in short: `ns1 to ns2`, `ns1 to 8.8.8.8`. */
export function asked({ from, to, about, name, means }: Question): string {
  const whom = name ?? (about === "gateway" ? "its gateway" : to);
  return t`${from} to ${means ? to : whom}${addendum(means)}`;
}
