/** Many namespaces at one glance: who got answers to what, worst first. */

import {
  columns,
  dim,
  green,
  red,
  type Style,
  yellow,
} from "../cli/terminal.ts";
import { printable } from "../cli/printable.ts";
import { t } from "../cli/translate.ts";
import type { Diagnosis, Probe } from "./diagnosis.ts";
import { PAIR } from "./questions.ts";

/** What is asked of each, in the order of the columns. */
const ABOUT = ["neighbour", "gateway", "internet"] as const;

/** A table with a row for each namespace; empty for a single one, or the lab. */
export function overviewLines({ probes }: Diagnosis): string[] {
  const labels = [...new Set(probes.map(({ question }) => question.from))];
  if (labels.length < 2 || labels.every((label) => PAIR.includes(label))) {
    return [];
  }
  const rows = labels.map((label) => ({
    label,
    answers: ABOUT.map((about) =>
      probes.find(({ question }) =>
        question.from === label && question.about === about
      )
    ),
  }));
  const wrong = ({ answers }: typeof rows[number]) =>
    answers.filter((each) => each && each.verdict !== "ok").length;
  rows.sort((a, b) =>
    wrong(b) - wrong(a) ||
    a.label.localeCompare(b.label, "en", { numeric: true })
  );
  const room = columns() - 3 - ABOUT.length * WIDTH;
  const names = Math.min(room, Math.max(...labels.map(({ length }) => length)));
  const head = ABOUT.map((about) => about.padEnd(WIDTH)).join("").trimEnd();
  return [
    dim(`${" ".repeat(names + 3)}${head}`),
    ...rows.map(({ label, answers }) =>
      ` ${short(printable(label), names)}  ${
        answers.map(cell).join("").trimEnd()
      }`
    ),
    "",
  ];
}

const WIDTH = 18;

function short(label: string, width: number): string {
  return label.length > width
    ? `${label.slice(0, width - 1)}…`
    : label.padEnd(width);
}

const MARKS: Record<Probe["verdict"], [string, Style]> = {
  "ok": ["✓ ok", green],
  "no-reply": [t`✗ no reply`, red],
  "unreachable": [t`✗ unreachable`, red],
  "refused": [t`✗ refused`, red],
  "could-not-check": [t`? not checked`, yellow],
};

function cell(probe?: Probe): string {
  if (!probe) return dim("-".padEnd(WIDTH));
  const [words, style] = MARKS[probe.verdict];
  return style(words.padEnd(WIDTH));
}
