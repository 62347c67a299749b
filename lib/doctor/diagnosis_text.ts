/** A diagnosis as text: the root cause first, then the layers, then the rest. */

import { wrap } from "../cli/wrap.ts";
import { printable } from "../cli/printable.ts";
import { shell } from "../cli/shell.ts";
import { bold, dim, green, red, type Style, yellow } from "../cli/terminal.ts";
import { typed } from "../cli/typed.ts";
import { say } from "./causes.ts";
import {
  asked,
  type Check,
  type Diagnosis,
  type Finding,
} from "./diagnosis.ts";
import { few } from "./few.ts";
import { type Layer } from "./layer.ts";
import { overviewLines } from "./overview.ts";
import { isWorthKnowing } from "./worth_knowing.ts";
import { t } from "../cli/translate.ts";

/** All lines, none wider than 80 columns. */
export function reportLines(diagnosis: Diagnosis): string[] {
  const { cause, further, doubtful, unchecked } = diagnosis;
  return [
    ...overviewLines(diagnosis),
    ...cause ? causeLines(cause, diagnosis) : healthy(diagnosis),
    "",
    ...diagnosis.checks.flatMap((check) => checkLine(check, diagnosis)),
    ...section(
      t`Also wrong, and apart from that`,
      further.flatMap((each, i) =>
        i === 0 ? finding(each) : ["", ...finding(each)]
      ),
    ),
    ...section(
      t`Worth knowing, though these packets came through`,
      doubtful.flatMap((each) =>
        isWorthKnowing(each) ? finding(each) : short(each)
      ),
    ),
    ...section(
      t`Could not be checked`,
      unchecked.flatMap((why) => paragraph(why, 4, "  ? ")),
    ),
  ];
}

/**
 * The root cause in a few lines, for tasks that are about something else: what
 * is wrong, what shows it, what mends it. Empty if nothing is wrong.
 */
export function briefLines({ cause, questions }: Diagnosis): string[] {
  if (!cause || cause.stage) return [];
  const [seen] = cause.evidence;
  const [{ from, to }] = [...questions, { from: "", to: "" }];
  const ask = shell`doctor ${from} ${to}`;
  return [
    ...paragraph(
      say(cause.code, "cause", cause.params),
      2,
      `${red("✗")} `,
      bold,
    ),
    ...seen ? labelled("Seen", paragraph(`$ ${seen.command}`, 9)) : [],
    ...seen?.line ? paragraph(seen.line.split("\n")[0], 9, "", dim) : [],
    ...cause.fix.length
      ? labelled("Fix", cause.fix.flatMap((line) => paragraph(`$ ${line}`, 9)))
      : [],
    `  More   ${typed(questions.length === 1 ? ask : "doctor")}`,
  ];
}

function section(title: string, lines: string[]): string[] {
  return lines.length ? ["", `${title}:`, ...lines] : [];
}

function causeLines(cause: Finding, diagnosis: Diagnosis): string[] {
  const lines = finding(cause);
  if (!cause.stage) return [bold(t`The root cause:`), ...lines];
  const stages = diagnosis.notBuilt;
  return [
    ...paragraph(
      t`${
        whyUnsent(diagnosis.probes).length
          ? "No ping could be sent."
          : "Nothing is broken."
      } Not built yet: ${stages.join(", ")}.`,
      0,
    ),
    ...paragraph(t`What is missing first, to get further:`, 0),
    ...lines,
    `  Next   ${typed(`stage:${stages[0]}`)}`,
  ];
}

/** No more is said to be in order than was walked and pinged. */
function healthy({ questions, probes, notLookedAt }: Diagnosis): string[] {
  const unsent = whyUnsent(probes);
  const what = few(questions.map(asked), ", ");
  const blind = paragraph(t`Not looked at: ${notLookedAt.join(", ")}.`, 0);
  if (questions.length === 0) {
    return [bold(t`Nothing could be asked.`), ...blind];
  }
  if (unsent.length > 0) {
    return [
      bold(
        questions.some(({ means }) => means)
          ? t`It could not be checked.`
          : t`It could not be checked: no ping could be sent.`,
      ),
      ...unsent.flatMap((words) => paragraph(words, 2)),
      ...paragraph(t`Read without finding anything wrong: ${what}.`, 0),
      ...blind,
    ];
  }
  if (probes.length === 0) {
    return [
      bold(t`Nothing wrong was found, but no ping was sent (--no-probe).`),
      ...paragraph(t`Read: ${what}.`, 0),
      ...blind,
    ];
  }
  const how = probes.every(({ verdict }) => verdict === "ok")
    ? t`A real ${
      questions.some(({ means }) => means) ? "answer" : "ping"
    } came back each time.`
    : "";
  return [
    bold(t`Nothing is wrong.`),
    ...paragraph(t`Checked: ${what}. ${how}`, 0),
    ...blind,
  ];
}

/** Why pings could not be sent, each reason once. */
function whyUnsent(probes: Diagnosis["probes"]): string[] {
  const unsent = probes.filter(({ verdict }) => verdict === "could-not-check");
  return [...new Set(unsent.map(({ words }) => words))];
}

function finding(cause: Finding): string[] {
  const { code, params, breaks, evidence, fix, sure, noFix, look = [] } = cause;
  const mark = cause.stage || isWorthKnowing(cause) ? yellow("·") : red("✗");
  const change = say(code, "change", params);
  return [
    ...paragraph(say(code, "cause", params), 2, `${mark} `, bold),
    ...paragraph(say(code, "why", params), 2),
    ...sure ? [] : [
      noFix
        ? t`  Likely, but not certain.`
        : t`  Likely, but not certain: a part could not be read.`,
    ],
    ...breaks.length && breaks.some(({ to }) => to)
      ? labelled("Stops", paragraph(breaks.map(asked).join(", "), 9))
      : [],
    ...evidence.flatMap(({ command, line }) =>
      labelled("Seen", [
        ...paragraph(`$ ${command}`, 9),
        ...line
          ? line.split("\n").flatMap((each) => paragraph(each, 9, "", dim))
          : [`         ${dim(t`(no such line)`)}`],
      ])
    ),
    ...fix.length
      ? labelled("Fix", [
        ...fix.flatMap((command) => paragraph(`$ ${command}`, 9)),
        ...change ? paragraph(change, 9, "", dim) : [],
      ])
      : [],
    ...noFix
      ? labelled("Look", [
        ...look.flatMap((command) => paragraph(`$ ${command}`, 9)),
        ...paragraph(t`No fix is given: ${noFix}.`, 9, "", dim),
      ])
      : [],
    `  Code   ${code}`,
  ];
}

function short({ code, params }: Finding): string[] {
  return paragraph(`${say(code, "cause", params)} (${code})`, 4, "  - ");
}

/** The first line carries a label in the margin. */
function labelled(label: string, [first, ...rest]: string[]): string[] {
  return [`  ${label.padEnd(7)}${first.slice(9)}`, ...rest];
}

/** What people call a layer. */
const NAMES: Partial<Record<Layer, string>> = { nat: "NAT", internet: "ping" };

const MARKS: Record<Check["state"], [string, Style]> = {
  ok: ["✓", green],
  wrong: ["✗", red],
  unknown: ["?", yellow],
  later: ["·", dim],
};

function checkLine(
  { layer, state, words }: Check,
  { questions }: Diagnosis,
): string[] {
  const [mark, style] = MARKS[state];
  const isPing = questions.every(({ means }) => !means);
  const name = layer === "internet" && !isPing ? "answer" : NAMES[layer];
  return paragraph(words, 16).map((line, i) =>
    i === 0
      ? `  ${style(mark)} ${(name ?? layer).padEnd(11)} ${line.trimStart()}`
      : line
  );
}

/**
 * What may hold others' names, in lines of at most 80 columns.
 *
 * @param indent how far lines are moved in.
 * @param first what stands in the first line instead of that.
 * @param style is put around each line's words.
 */
export function paragraph(
  text: string,
  indent: number,
  first = "",
  style?: Style,
): string[] {
  return wrap(printable(text), indent, { first, style });
}
