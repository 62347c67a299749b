/**
 * Makes a diagnosis of what was found: which is the root cause, what is wrong
 * apart from it, and what a real packet has to say.
 */

import { tryRun } from "../net/firewall/read.ts";
import { printable } from "../cli/printable.ts";
import { ruleLines } from "../net/firewall/rule_lines.ts";
import { shellWords } from "../cli/shell.ts";
import { harmOf } from "./harmless.ts";
import type { Lab } from "./promised.ts";
import type { Draft, Look, Notes } from "./notes.ts";
import { LASTING } from "./path.ts";
import {
  asked,
  type Check,
  type Diagnosis,
  type Evidence,
  type Probe,
  type Question,
} from "./diagnosis.ts";
import { few } from "./few.ts";
import { LAYERS } from "./layer.ts";
import type { Network } from "../net/network.ts";
import { isWorthKnowing } from "./worth_knowing.ts";
import { t } from "../cli/translate.ts";

/** Holds findings against real packets, and puts them in order. */
export async function judge(
  network: Network,
  questions: Question[],
  notes: Notes,
  probes: Probe[],
  lab: Lab | undefined,
  readOnly: boolean,
): Promise<Diagnosis> {
  const cameBack = (question: Question) =>
    probes.some((probe) =>
      probe.question === question && probe.verdict === "ok"
    );
  const drafts: Draft[] = [];
  const doubtful: Draft[] = [];
  for (const draft of inOrder(notes.drafts)) {
    const stage = lab?.stageFor(draft.code);
    const breaks = draft.breaks.filter((question) => !cameBack(question));
    // A real packet came through what looked like a wall: so it is none.
    const refuted = draft.breaks.length > 0 && breaks.length === 0;
    const isRemark = draft.code === "loopback-down" && !lab;
    const held = { ...draft, breaks, ...stage ? { stage } : {} };
    const isFine = refuted && !LASTING.includes(draft.code) || isRemark ||
      isWorthKnowing(held);
    (isFine ? doubtful : drafts).push(held);
  }
  const broken = drafts.filter(({ stage }) => !stage);
  const later = drafts.filter(({ stage }) => stage);
  const [cause, ...further] = [
    ...broken.filter(({ breaks }) => breaks.length > 0),
    ...broken.filter(({ breaks }) => breaks.length === 0),
    ...later,
  ];
  const isBroken = cause !== undefined && !cause.stage;
  // What has no explanation yet may have one once the cause is mended.
  for (const { code, breaks } of further) {
    if (code !== "unexplained") continue;
    notes.unchecked.add(
      t`${breaks.map(asked).join(", ")}: ask again after the fix`,
    );
  }
  const kept = isBroken
    ? further.filter(({ stage, code }) => !stage && code !== "unexplained")
    : [];
  for (const ping of probes.filter(unanswered)) {
    const { from, means } = ping.question;
    notes.unchecked.add(
      means ? ping.words : `ping from ${from}: ${ping.words}`,
    );
  }
  const told = [...cause ? [cause] : [], ...kept, ...doubtful];
  await Promise.all(told.map((draft) => doNoHarm(draft, network)));
  await readEvidence(told);
  return {
    questions,
    ...cause ? { cause: plain(cause) } : {},
    further: kept.map(plain),
    doubtful: doubtful.map(plain),
    checks: checks(notes, [...broken, ...later], probes),
    probes,
    unchecked: [...notes.unchecked],
    notLookedAt: [...unasked(network, questions), ...beyond(questions)],
    notBuilt: lab?.notBuilt ?? [],
    readOnly,
  };
}

/** What the questions tell nothing of. */
function beyond(questions: readonly Question[]): string[] {
  const kinds = questions.map(({ means }) => means?.kind);
  return [
    "IPv6",
    kinds.includes("tcp") || kinds.includes("udp")
      ? t`other ports`
      : t`ports of TCP and UDP`,
    ...kinds.includes("dns") ? [] : ["names (DNS)"],
    ...kinds.includes("large") ? [] : [t`large packets`],
  ];
}

/** The namespaces that nothing was asked of. */
function unasked(
  { others, unread }: Network,
  questions: Question[],
): string[] {
  const labels = others.filter(({ links, label }) =>
    links.length > 1 && !questions.some(({ from }) => from === label)
  ).map(({ label, enter }) =>
    enter[1] === "netns" ? t`namespace ${label}` : label
  ).concat(unread);
  const [first, ...rest] = labels;
  if (!first) return [];
  return [
    rest.length ? t`${labels.length} other namespaces` : first,
  ];
}

const unanswered = ({ verdict }: Probe): boolean =>
  verdict === "could-not-check";

/** By layer, and within a layer as found along the way. */
function inOrder(drafts: readonly Draft[]): Draft[] {
  const rank = ({ layer }: Draft) => LAYERS.indexOf(layer);
  return [...drafts].sort((a, b) => rank(a) - rank(b));
}

/** Holds back a fix that would cut off what works, or is another's to make. */
async function doNoHarm(draft: Draft, network: Network): Promise<void> {
  const harm = await harmOf(draft.fix, network);
  if (!harm) return;
  draft.fix = [];
  draft.noFix = harm.why;
  draft.look = harm.look;
  if (!harm.sure) draft.sure = false;
}

function plain({ looks: _looks, ...finding }: Draft) {
  return finding;
}

/** Runs the commands that show what was found, and keeps their lines. */
async function readEvidence(drafts: Draft[]): Promise<void> {
  await Promise.all(drafts.map(async (draft) => {
    draft.evidence = await Promise.all(draft.looks.map(readLine));
  }));
}

async function readLine({ command, line, said }: Look): Promise<Evidence> {
  if (said !== undefined) return { command, line: printable(said) };
  // A task that may not run this command still gets the rest.
  const { stdout, stderr } = await tryRun(shellWords(command)) ??
    { stdout: "", stderr: "" };
  const lines = ruleLines(`${stdout}\n${stderr}`).map((each) =>
    each.trimEnd().replaceAll("\t", " ")
  )
    .filter((each) => each.trim() !== "");
  if (line === "") {
    return { command, line: lines.map((each) => printable(each)).join("\n") };
  }
  const found = line === undefined
    ? lines[0]
    : lines.find((each) => matches(each.trim(), line));
  return { command, line: printable(found?.trim() ?? "") };
}

/** A rule's line as a whole; handles and other words anywhere in it. */
function matches(text: string, line: string): boolean {
  return line.startsWith("# handle")
    ? text.endsWith(line)
    : line.startsWith("-A ")
    ? text === line
    : text.includes(line);
}

/** One line for each layer. */
function checks(notes: Notes, drafts: Draft[], probes: Probe[]): Check[] {
  const blockedAt = LAYERS.findIndex((layer) =>
    drafts.some((draft) => draft.layer === layer && draft.breaks.length > 0)
  );
  return LAYERS.flatMap((layer, at): Check[] => {
    const here = drafts.filter((draft) => draft.layer === layer);
    const wrong = here.filter(({ stage }) => !stage);
    const shown = wrong.length > 0 ? wrong : here;
    if (shown.length > 0) {
      const words = shown.map(({ code, stage }) =>
        stage ? t`not built yet: stage ${stage}` : code
      );
      const state = wrong.length > 0 ? "wrong" : "later";
      const line: Check = {
        layer,
        state,
        words: [...new Set(words)].join(", "),
      };
      return layer === "internet" ? [line, ...answers(probes, drafts)] : [line];
    }
    if (layer === "internet") return answers(probes, drafts);
    const seen = [...notes.seen.get(layer) ?? []];
    if (seen.length > 0) {
      return [{ layer, state: "ok", words: few(seen, "; ") }];
    }
    if (layer === "environment" || layer === "service") return [];
    const why = blockedAt >= 0 && blockedAt < at
      ? t`not checked: the packet does not get so far`
      : t`not checked: nothing on this way needs it`;
    return [{ layer, state: "unknown", words: why }];
  });
}

/** The pings, those of one kind in one line. */
function answers(probes: Probe[], drafts: Draft[]): Check[] {
  const stateOf = ({ verdict, question }: Probe): Check["state"] => {
    if (verdict === "ok") return "ok";
    if (verdict === "could-not-check") return "unknown";
    const reasons = drafts.filter(({ breaks }) => breaks.includes(question));
    const isLater = reasons.length > 0 && reasons.every(({ stage }) => stage);
    return isLater ? "later" : "wrong";
  };
  const kinds = [
    ["ok", t`an answer came back: `],
    ["wrong", t`no answer: `],
    ["later", t`no answer yet: `],
    ["unknown", t`could not be asked: `],
  ] as const;
  return kinds.flatMap(([state, words]) => {
    const those = probes.filter((probe) => stateOf(probe) === state);
    const who = few(those.map(({ question }) => asked(question)), ", ");
    return those.length
      ? [{ layer: "internet" as const, state, words: words + who }]
      : [];
  });
}
