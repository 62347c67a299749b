/** Two ways to the internet side by side: same, or different and why. */

import { bold, dim, green, yellow } from "../cli/terminal.ts";
import type { Shape } from "./shape.ts";
import { t } from "../cli/translate.ts";

/** One part of the way. */
export interface Row {
  /** What it is for. */
  part: string;
  /** What plays that part in the lab … */
  hand: string;
  /** … and in Docker's network. */
  docker: string;
  /** Whether both do it in the same way, whatever the names. */
  same: boolean;
  /** Why, where it is different. */
  why?: string;
}

/** Holds the lab's way against a container's, part by part. */
export function compare(hand: Shape, docker: Shape): Row[] {
  const row = (
    part: string,
    tell: (shape: Shape) => string | undefined,
    same: (shape: Shape) => unknown = (shape) => tell(shape) !== undefined,
    why?: string,
  ): Row => {
    const isSame = same(hand) === same(docker);
    return {
      part,
      hand: tell(hand) ?? "none",
      docker: tell(docker) ?? "none",
      same: isSame,
      ...(isSame ? {} : { why }),
    };
  };
  return [
    row("namespace", ({ netns }) => netns),
    row(t`veth pair`, ({ card, port }) => card && port && `${card} = ${port}`),
    row("bridge", ({ bridge }) => bridge),
    row("address", ({ address }) => address),
    row("gateway", ({ gateway }) => gateway),
    row(
      t`gateway on`,
      ({ gatewayCard }) => gatewayCard,
      ({ gatewayCard, bridge }) => gatewayCard === bridge,
      t`Docker gives the gateway's address to the switch: chapter shortcut.`,
    ),
    row("ip_forward", ({ forwards }) => forwards ? "on" : undefined),
    row(
      "SNAT",
      ({ snat }) => snat?.replace(/^-A POSTROUTING /, ""),
    ),
    row(
      t`FORWARD policy`,
      ({ forwardPolicy }) => forwardPolicy,
      ({ forwardPolicy }) => forwardPolicy,
      t`Docker turns the PC into a router, and so closes it to all but its own:\n
    what no rule allows is dropped. Other networks on the PC feel it too.`,
    ),
    row(
      "chains",
      ({ chains }) => chains.length ? `${chains.length}` : undefined,
      ({ chains }) => chains.length > 0,
      t`${docker.chains.join(", ")}:\n
    one network of Docker's is kept from the next, and yours to add to.`,
    ),
    row(
      "DNAT",
      ({ published }) => published.length ? `${published.length}` : undefined,
      ({ published }) => published.length > 0,
      "For -p 8080:80, which the nine stages have not: chapter publish.",
    ),
  ];
}

/** The rows as text for 80 columns. */
export function rowLines(rows: readonly Row[]): string[] {
  const lines = rows.flatMap(({ part, hand, docker, same, why }) => {
    const mark = same ? green("=") : yellow("≠");
    // Where the left one takes all its room, the right one stands below.
    const both = hand.length <= 24
      ? [`${mark} ${part.padEnd(16)}${hand.padEnd(26)}${docker}`]
      : [`${mark} ${part.padEnd(16)}${hand}`, `${" ".repeat(18)}${docker}`];
    const because = why?.split("\n").map((line) => dim(`    ${line}`)) ?? [];
    return [...both.map((line) => line.trimEnd()), ...because];
  });
  return [bold(`${" ".repeat(18)}${t`by hand`.padEnd(26)}by Docker`), ...lines];
}
