/** A trace as text for people, at 80 columns. */

import { bold, dim, green, red, type Style, yellow } from "../terminal.ts";
import type { Cause } from "./cause.ts";
import type { Exchange, Seen, Spot } from "./follow.ts";
import { called } from "./places.ts";
import type { Event, Trace } from "./trace.ts";
import { nameOfMac } from "./wire.ts";
import type { World } from "./world.ts";
import { wrap } from "./wrap.ts";

/** The lines of a trace. */
export function traceLines(trace: Trace, world: World): string[] {
  const widths = columns(trace.events);
  const lines: string[] = [trace.what];
  let number = 0;
  let before: Seen | undefined;
  let leg = "";
  for (const event of trace.events) {
    const now = legOf(event, leg);
    if (now !== leg) lines.push("", heading(HEADINGS[now], widths));
    leg = now;
    switch (event.kind) {
      case "seen":
        lines.push(...seenLines(event, ++number, before, widths));
        if (!event.aside) before = event.seen;
        break;
      case "deed":
        lines.push(...between(wrap(`${event.deed.sentence}.`, 8)));
        if (event.deed.because) {
          const because = wrap(event.deed.because, 10, 2);
          lines.push(...between(because.map(dimText)));
        }
        break;
      case "arp":
        lines.push(...between(arpLines(event.exchange, world)));
    }
  }
  lines.push("", ...ending(trace));
  if (trace.lost > 0) {
    lines.push(yellow(
      `? ${trace.lost} packets came too fast to be kept: a place may be missing.`,
    ));
  }
  return lines;
}

/** What happens between two places hangs on the line that joins them. */
function between(lines: string[]): string[] {
  return lines.map((line) => `   ${dim("|")}${line.slice(4)}`);
}

const HEADINGS: Record<string, string> = {
  request: "The request",
  reply: "The answer",
  complaint: "A complaint",
};

function heading(text: string, { netns, link, ips }: Widths): string {
  const title = bold(text) +
    " ".repeat(Math.max(2, netns + link + 13 - text.length));
  return netns === 0
    ? bold(text)
    : title + dim(`${"from > to".padEnd(ips)}  TTL        time`);
}

function legOf(event: Event, leg: string): string {
  if (event.kind === "seen") return event.seen.role;
  if (event.kind === "deed" && event.deed.what === "answered") return "reply";
  if (event.kind === "deed" && event.deed.what === "complained") {
    return "complaint";
  }
  return leg || "request";
}

interface Widths {
  netns: number;
  link: number;
  ips: number;
}

function columns(events: Event[]): Widths {
  const seen = events.flatMap((event) =>
    event.kind === "seen" ? event.seen : []
  );
  const widest = (texts: string[]) =>
    Math.max(0, ...texts.map(({ length }) => length));
  return {
    netns: widest(seen.map(({ place }) => called(place.name))),
    link: widest(seen.map(({ link }) => link)),
    ips: widest(seen.map(({ src, dst }) => `${src} > ${dst}`)),
  };
}

/** One line for the place; one more for the MAC addresses if they are new. */
function seenLines(
  { seen, aside }: { seen: Seen; aside: boolean },
  number: number,
  before: Seen | undefined,
  widths: Widths,
): string[] {
  const mark = (key: "src" | "dst" | "ttl", text: string) =>
    before && before.role === seen.role && before[key] !== seen[key]
      ? bold(text)
      : text;
  const { src, dst, ttl, srcMac, dstMac, link, direction, place } = seen;
  const where = [
    `${number}`.padStart(4),
    ` ${called(place.name).padEnd(widths.netns)}`,
    link.padEnd(widths.link),
    direction.padEnd(3),
  ].join(" ");
  const line = `${bold(where)}  ${mark("src", src)} > ${mark("dst", dst)}${
    " ".repeat(widths.ips - `${src} > ${dst}`.length)
  }  ${mark("ttl", `TTL ${ttl}`)}  ${dim(duration(seen.time).padStart(7))}`;
  if (aside) {
    return [
      line,
      ...between([`        ${dim("not for this station: thrown away")}`]),
    ];
  }
  const isNew = srcMac !== "" &&
    (before?.srcMac !== srcMac || before?.dstMac !== dstMac);
  return isNew
    ? [
      line,
      ...between([
        `${" ".repeat(where.length + 2)}${dim(`${srcMac} > ${dstMac}`)}`,
      ]),
    ]
    : [line];
}

function arpLines(
  { askerIp, askedIp, question, answers }: Exchange,
  world: World,
): string[] {
  const [asked] = question;
  const who = called(asked.place.name);
  // They are as good as simultaneous: in an order that stays the same.
  const rank = ({ place, heard }: Spot) =>
    world.places.indexOf(place) * 1e6 + heard.index;
  const heard = question.slice(1).sort((a, b) => rank(a) - rank(b))
    .map(({ link }) => link);
  const lines = wrap(
    `${who} asks by ARP who has ${askedIp}, for ${askerIp}` +
      (heard.length > 0
        ? `. Heard at ${[...new Set(heard)].join(", ")}.`
        : "."),
    8,
  );
  const back = answers.filter(({ place, link, direction }) =>
    place === asked.place && link === asked.link && direction === "in"
  );
  back.forEach(({ mac }, i) =>
    lines.push(`          ${
      dim(
        `${askedIp} is at ${mac} (${nameOfMac(world, mac)})${
          i > 0 ? ", too late" : ""
        }`,
      )
    }`)
  );
  if (back.length === 0) lines.push("          no answer");
  return lines;
}

function ending({ verdict, took, says, events, cause }: Trace): string[] {
  const count = (role: string) =>
    events.filter((event) =>
      event.kind === "seen" && !event.aside && event.seen.role === role
    ).length;
  if (verdict === "ok") {
    return [
      `${green("✓")} Answered in ${duration(took ?? 0)}: seen at ${
        count("request")
      } places on its way there, at ${count("reply")} on its way back.${
        says ? ` ${says}` : ""
      }`,
    ].flatMap((line) => wrap(line, 0, 2));
  }
  return cause ? causeLines(cause) : [];
}

function causeLines(cause: Cause): string[] {
  const { lastSeen, leg, expected, sentence, evidence } = cause;
  const what = leg === "reply"
    ? "The answer died on its way back."
    : lastSeen
    ? cause.kind === "no-nat" || cause.kind === "no-way-back"
      ? "The request arrived; the answer has no way back."
      : "The request died on its way."
    : "The packet was never sent.";
  const last = lastSeen
    ? `${
      called(lastSeen.place.name)
    } ${lastSeen.link} ${lastSeen.direction}, ` +
      `${lastSeen.src} > ${lastSeen.dst}, TTL ${lastSeen.ttl}`
    : "nowhere";
  return [
    `${red("✗")} ${bold(what)}`,
    "",
    ...row("Last seen", last),
    ...row("Expected", `${expected}.`),
    ...row("Cause", sentence, bold),
    ...evidence.flatMap(({ command, shows }, i) => [
      `  ${(i === 0 ? "Evidence" : "").padEnd(10)} $ ${command}`,
      ...shortened(shows).flatMap((line) => wrap(line, 13, 2)).map(dimText),
    ]),
  ];
}

/** Dims a line, but not the columns that it is indented by. */
function dimText(line: string): string {
  return line.replace(/\S.*/, dim);
}

function row(name: string, text: string, style: Style = (text) => text) {
  return wrap(text, 13).map((line, i) =>
    i === 0
      ? `  ${name.padEnd(11)}${style(line.trim())}`
      : `${" ".repeat(13)}${style(line.trim())}`
  );
}

function shortened(text: string): string[] {
  const lines = text.split("\n");
  return lines.length > 6 ? [...lines.slice(0, 5), "…"] : lines;
}

/** Microseconds, as people say them. */
export function duration(us: number): string {
  return us < 1000 ? `${Math.round(us)} µs` : `${(us / 1000).toFixed(1)} ms`;
}
