/** A report as lines for people: the machine, and each question's verdict. */

import { EXIT } from "../cli/problem.ts";
import { bold, dim, green, red, yellow } from "../cli/terminal.ts";
import { t } from "../cli/translate.ts";
import type { Machine } from "./machine.ts";
import { type Judged, type Report, reportExit } from "./report.ts";

/**
 * What may be said of a lab that has all its stages: complete is only one whose
 * verdicts are as promised.
 */
export function completeLine(report: Report): string {
  const said = (is: Judged["asExpected"]) =>
    report.reach.filter(({ asExpected }) => asExpected === is)
      .map(({ from, to }) => t`${from} to ${to}`).join(", ");
  switch (reportExit(report)) {
    case EXIT.ok:
      return t`The lab is complete.`;
    case EXIT.differs:
      return t`All stages are in place, but not as promised: ${said(false)}.`;
    default:
      return t`All stages are in place; not checked: ${said(undefined)}.`;
  }
}

/** One line for each check: what was asked, what came, was that promised. */
export function reachLines(report: Report): string[] {
  return report.reach.map((each) => {
    const mark = each.asExpected === undefined
      ? yellow("?")
      : each.asExpected
      ? green("✓")
      : red("✗");
    const verdict = each.verdict === "ok" ? green("ok") : bold(each.verdict);
    const detail = each.verdict === "ok"
      ? t`ttl ${each.ttl}, ${each.ms} ms`
      : each.words ?? "";
    const differs = each.asExpected === false
      ? red(t` (promised: ${each.expected})`)
      : "";
    return t`${mark} ${each.from} to ${
      each.to.padEnd(12)
    } ${verdict}${differs}  ${dim(detail)}`;
  });
}

/** The first line of every output: which machine it was. */
export function machineLine(machine: Machine, uplink?: string): string {
  const link = uplink ? t`, uplink ${uplink}` : "";
  switch (machine.kind) {
    case "sandbox":
      return t`Machine: sandbox "${machine.name}"${
        machine.isNew ? ", new" : ""
      }${link}`;
    case "here":
      return t`Machine: here, this very Linux${link}`;
    case "vm":
      return t`Machine: the VM${link}`;
    case "none":
      return t`Machine: none yet`;
  }
}
