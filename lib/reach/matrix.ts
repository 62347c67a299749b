/** Who reaches whom: the two computers, the PC between them, and outside. */

import { holds } from "../net/namespace.ts";
import { namespace, type Snapshot } from "../net/snapshot.ts";
import type { Stage, Verdict } from "../course/stage.ts";
import { bold, columns, dim, green } from "../cli/terminal.ts";
import { type Reach, reach } from "./ping.ts";
import { t } from "../cli/translate.ts";

/** Somebody who can be asked for. */
interface Party {
  /** What he is called: a namespace, `PC`, or an address outside. */
  name: string;
  address: string;
  /** Where he asks from: a namespace, "" for the PC, which is the machine; outside never asks. */
  netns?: string;
}

const OUTSIDE: Party = { name: "8.8.8.8", address: "8.8.8.8" };

/** The lab's parties, with the addresses that the stages give them. */
function parties(stages: readonly Stage[]): Party[] {
  const lab = stages.flatMap(({ facts }) => facts).flatMap((fact) =>
    "address" in fact
      ? [{
        name: fact.in ?? "PC",
        address: fact.address.replace(/\/.*/, ""),
        netns: fact.in ?? "",
      }]
      : []
  );
  return [...lab, OUTSIDE];
}

/**
 * Lets everybody ping everybody, all at the same time, in about a second at
 * the most. Whoever does not exist yet does not ask; and nobody asks for an
 * address by way of the uplink that the lab does not have yet.
 */
export async function askAll(
  stages: readonly Stage[],
  snapshot: Snapshot,
): Promise<Reach[]> {
  const everyone = parties(stages);
  const has = ({ netns, address }: Party) =>
    namespace(snapshot, netns)?.links.some((link) => holds(link, address));
  const asks = everyone.flatMap((from) =>
    from.netns === undefined || !namespace(snapshot, from.netns)
      ? []
      : everyone.filter((to) => to !== from)
        .filter((to) => from.netns !== "" || to === OUTSIDE || has(to))
        .map((to) => reach(from.netns!, to.address))
  );
  return await Promise.all(asks);
}

/** The answers as a table, and below it why the rest fails. */
export function matrixLines(
  stages: readonly Stage[],
  answers: readonly Reach[],
): string[] {
  const everyone = parties(stages);
  // The longest verdicts are rare.
  const width = columns() < 70 ? 13 : 16;
  const answer = (from: Party, to: Party) =>
    answers.find((each) => each.from === from.netns && each.to === to.address);
  const cell = (from: Party, to: Party) => {
    const verdict = answer(from, to)?.verdict ?? "-";
    const text = `${verdict} `.padEnd(width);
    return verdict === "ok" ? green(text) : verdict === "-" ? dim(text) : text;
  };
  const rows = everyone.filter((from) =>
    answers.some((each) => each.from === from.netns)
  ).map((from) =>
    `${from.name.padEnd(7)}  ${
      everyone.map((to) => cell(from, to)).join("").trimEnd()
    }`
  );
  const head = everyone.map(({ name }) => bold(t`to ${name}`.padEnd(width)));
  return [`         ${head.join("").trimEnd()}`, ...rows, ...reasons(answers)];
}

/** What a verdict means, and ping's own words for it, once each. */
function reasons(answers: readonly Reach[]): string[] {
  const said = answers.filter(({ verdict }) => verdict !== "ok")
    .map(({ verdict, words }) =>
      verdict === "no-reply" && !words?.startsWith("From ")
        ? `  ${verdict}: ${MEANING[verdict]}`
        : `  ${verdict}: ${MEANING[verdict]} (${words ?? ""})`
    );
  return [...new Set(said)].map(dim);
}

const MEANING: Record<Verdict, string> = {
  ok: t`the answer came back`,
  unreachable: t`no route, so nothing was sent`,
  "no-reply": t`sent, and nothing came back`,
  "could-not-check": t`the question could not be put`,
};
