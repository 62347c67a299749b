/** A trace as text for people, at 80 columns. */

import { printable } from "../cli/printable.ts";
import { bold, dim, yellow } from "../cli/terminal.ts";
import type { ArpExchange } from "./sighting.ts";
import type { Sighting } from "./sighting.ts";
import type { Location } from "./sighting.ts";
import { called } from "./namespaces.ts";
import { ending } from "./text_ending.ts";
import { dimText, duration } from "./text_parts.ts";
import type { Event, Trace } from "./run.ts";
import { endOfMac, name, whose } from "./cables.ts";
import type { World } from "./world.ts";
import { wrap } from "../cli/wrap.ts";
import { t } from "../cli/translate.ts";

/** How a trace is told. */
export interface Style {
  /** A line a place, and how it ended: no more. */
  short?: boolean;
}

/** The lines of a trace. */
export function traceLines(
  trace: Trace,
  world: World,
  { short = false }: Style = {},
): string[] {
  const widths = columns(trace.events);
  const lines: string[] = [printable(trace.what)];
  let number = 0;
  let before: Sighting | undefined;
  let leg = "";
  for (const event of trace.events) {
    const now = legOf(event, leg);
    if (now !== leg) lines.push("", heading(HEADINGS[now], widths));
    leg = now;
    switch (event.kind) {
      case "seen":
        lines.push(
          ...seenLines(
            event,
            ++number,
            before,
            widths,
            short ? undefined : world,
          ),
        );
        if (!event.aside) before = event.seen;
        break;
      case "action":
        if (short) break;
        lines.push(...between(wrap(printable(`${event.action.sentence}.`), 8)));
        if (event.action.because) {
          const because = wrap(printable(event.action.because), 10, {
            hanging: 2,
          });
          lines.push(...between(because.map(dimText)));
        }
        break;
      case "arp":
        if (!short) lines.push(...between(arpLines(event.exchange, world)));
    }
  }
  lines.push("", ...ending(trace));
  if (trace.lost > 0) {
    lines.push(yellow(
      t`? ${trace.lost} packets came too fast to be kept: a place may be missing.`,
    ));
  }
  return lines;
}

/** What happens between two places hangs on the line that joins them. */
function between(lines: string[]): string[] {
  return lines.map((line) => `   ${dim("|")}${line.slice(4)}`);
}

/** Whom it comes from, and whom it is for, with the ports if it has any. */
const from = ({ src, sport }: Sighting) => sport ? `${src}:${sport}` : src;
const to = ({ dst, dport }: Sighting) => dport ? `${dst}:${dport}` : dst;

const HEADINGS: Record<string, string> = {
  request: t`The request`,
  reply: t`The answer`,
  complaint: "A complaint",
};

function heading(text: string, widths: Widths): string {
  const { netns, link, ips } = widths;
  const room = spare(widths);
  const rest = room < -3
    ? "TTL"
    : room < 0
    ? "TTL     time"
    : "TTL        time";
  const title = bold(text) +
    " ".repeat(Math.max(2, netns + link + 15 - text.length));
  return netns === 0
    ? bold(text)
    : title + dim(`${"from > to".padEnd(ips)}  ${rest}`);
}

function legOf(event: Event, leg: string): string {
  if (event.kind === "seen") return event.seen.role;
  if (event.kind === "action" && event.action.what === "answered") {
    return "reply";
  }
  if (event.kind === "action" && event.action.what === "complained") {
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
    netns: widest(
      seen.map(({ namespace }) => printable(called(namespace.name))),
    ),
    link: widest(seen.map(({ link }) => printable(link))),
    ips: widest(seen.map((each) => from(each) + " > " + to(each))),
  };
}

/** Columns that are left of 80, once all is written out. */
function spare({ netns, link, ips }: Widths): number {
  return 80 - (15 + netns + link + ips + 8 + 9);
}

/**
 * One line for the place; one more for the MAC addresses if they are new, and
 * whose they are, where a world is given.
 */
function seenLines(
  { seen, aside }: { seen: Sighting; aside: boolean },
  number: number,
  before: Sighting | undefined,
  widths: Widths,
  world?: World,
): string[] {
  const mark = (say: (at: Sighting) => string) =>
    before && before.role === seen.role && say(before) !== say(seen)
      ? bold(say(seen))
      : say(seen);
  const { srcMac, dstMac, link, direction, namespace } = seen;
  const isNarrow = spare(widths) < 0;
  // Ports may leave no room for the word, nor for the time.
  const ttl = ({ ttl }: Sighting) =>
    isNarrow ? `${ttl}`.padStart(3) : t`TTL ${ttl}`;
  const gap = " ".repeat(widths.ips - from(seen).length - to(seen).length - 3);
  const time = spare(widths) < -3
    ? ""
    : `  ${dim(duration(seen.time).padStart(7))}`;
  const where = [
    `${number}`.padStart(4),
    printable(called(namespace.name)).padEnd(widths.netns),
    printable(link).padEnd(widths.link),
    direction.padEnd(3),
  ].join("  ");
  const line = `${bold(where)}  ${mark(from)} > ${mark(to)}${gap}  ${
    mark(ttl)
  }${time}`;
  if (aside && world) {
    return [
      line,
      ...between([`        ${dim(t`not for this station: thrown away`)}`]),
    ];
  }
  const isNew = srcMac !== "" &&
    (before?.srcMac !== srcMac || before?.dstMac !== dstMac);
  if (!isNew || !world) return [line];
  const macs = `${owned(world, srcMac)} > ${owned(world, dstMac)}`;
  return [line, ...between(wrap(printable(macs), 6).map(dimText))];
}

/** A MAC address and the interface that has it, if that is in view. */
function owned(world: World, mac: string): string {
  const end = endOfMac(world, mac);
  return end ? `${mac} (${name(end)})` : mac;
}

function arpLines(
  { askerIp, askedIp, question, answers }: ArpExchange,
  world: World,
): string[] {
  const [asked] = question;
  const who = called(asked.namespace.name);
  // They are as good as simultaneous: in an order that stays the same.
  const rank = ({ namespace, heard }: Location) =>
    world.namespaces.indexOf(namespace) * 1e6 + heard.index;
  const heard = question.slice(1).sort((a, b) => rank(a) - rank(b))
    .map(({ link }) => link);
  const lines = wrap(
    printable(
      t`${who} asks by ARP who has ${askedIp}, for ${askerIp}` +
        (heard.length > 0
          ? `. Heard at ${[...new Set(heard)].join(", ")}.`
          : "."),
    ),
    8,
  );
  const back = answers.filter(({ namespace, link, direction }) =>
    namespace === asked.namespace && link === asked.link && direction === "in"
  );
  const owners = back.map(({ mac }) => endOfMac(world, mac));
  back.forEach(({ mac }, i) => {
    const owner = owners[i] ? printable(name(owners[i])) : t`out of view`;
    const late = i > 0 ? t`, too late` : "";
    lines.push(dimText(t`          ${askedIp} is at ${mac} (${owner})${late}`));
  });
  const [first, second] = owners;
  if (first && second && first.namespace === second.namespace) {
    lines.push(
      ...wrap(
        t`(Linux answers for any of its addresses on any interface: ${
          printable(whose(first))
        } answered twice.)`,
        10,
      ).map(dimText),
    );
  }
  if (back.length === 0) lines.push(t`          no answer`);
  return lines;
}
