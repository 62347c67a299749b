/** The end of a trace's text: how it went, or why the packet died. */

import { printable } from "../cli/printable.ts";
import { bold, green, red, type Style } from "../cli/terminal.ts";
import type { Cause } from "./cause_kinds.ts";
import { called } from "./namespaces.ts";
import { dimText, duration } from "./text_parts.ts";
import type { Trace } from "./run.ts";
import { wrap } from "../cli/wrap.ts";
import { t } from "../cli/translate.ts";

/** Its lines. */
export function ending(
  { verdict, took, says, events, cause }: Trace,
): string[] {
  const count = (role: string) =>
    events.filter((event) =>
      event.kind === "seen" && !event.aside && event.seen.role === role
    ).length;
  if (verdict === "ok") {
    return [
      t`${green("✓")} Answered in ${duration(took ?? 0)}: seen at ${
        count("request")
      } places on its way there, at ${count("reply")} on its way back.${
        says ? ` ${says}` : ""
      }`,
    ].flatMap((line) => wrap(line, 0, { hanging: 2 }));
  }
  return cause ? causeLines(cause) : [];
}

function causeLines(cause: Cause): string[] {
  const { kind, lastSeen, leg, expected, sentence, evidence, code } = cause;
  const hasNoWayBack = kind === "no-nat" || kind === "no-way-back";
  const isGone = lastSeen?.direction === "out" &&
    (kind === "no-nat" || kind === "left-our-view");
  const what = !lastSeen
    ? t`The packet was never sent.`
    : leg === "reply"
    ? t`The answer died on its way back.`
    : isGone
    ? t`The request left what we can see, and no answer came.`
    : hasNoWayBack
    ? t`The request arrived; the answer has no way back.`
    : t`The request died on its way.`;
  const last = lastSeen
    ? `${
      called(lastSeen.namespace.name)
    } ${lastSeen.link} ${lastSeen.direction}, ` +
      `${lastSeen.src} > ${lastSeen.dst}, TTL ${lastSeen.ttl}`
    : "nowhere";
  return [
    `${red("✗")} ${bold(what)}`,
    "",
    ...row(t`Last seen`, last),
    ...row("Expected", `${expected}.`),
    ...row("Cause", sentence, bold),
    ...evidence.flatMap(({ command, shows }, i) => [
      `  ${(i === 0 ? "Evidence" : "").padEnd(10)} $ ${printable(command)}`,
      ...shortened(shows).flatMap((line) => wrap(line, 13, { hanging: 2 })).map(
        dimText,
      ),
    ]),
    ...commands("Fix", cause.fix),
    ...commands("Look", cause.look),
    ...cause.noFix ? row("", t`No fix is given: ${cause.noFix}.`) : [],
    ...code ? row("Code", code) : [],
  ];
}

/** Command lines below a name. */
function commands(name: string, lines: readonly string[]): string[] {
  return lines.flatMap((line, i) =>
    wrap(printable(`$ ${line}`), 13, {
      first: i === 0 ? `  ${name.padEnd(11)}` : undefined,
      hanging: 2,
    })
  );
}

function row(name: string, text: string, style: Style = (text) => text) {
  return wrap(printable(text), 13).map((line, i) =>
    i === 0
      ? `  ${name.padEnd(11)}${style(line.trim())}`
      : `${" ".repeat(13)}${style(line.trim())}`
  );
}

function shortened(text: string): string[] {
  const lines = text.split("\n").map((line) => printable(line));
  return lines.length > 6 ? [...lines.slice(0, 5), "…"] : lines;
}
