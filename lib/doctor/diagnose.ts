/**
 * The doctor: names the one root cause for which a namespace cannot reach its
 * neighbour or the internet.
 *
 * It follows the path that a ping must take, out and back, and checks each
 * step against the kernel's state. Then real pings confirm or refute it.
 *
 * @module
 */

import { adapt } from "../course/adapt.ts";
import { EXIT, Problem } from "../cli/problem.ts";
import { isAddress } from "../net/ipv4.ts";
import type { Stage } from "../course/stage.ts";
import { explainSilence } from "./silence.ts";
import { followQuestion } from "./follow.ts";
import { judge } from "./judge.ts";
import { Lab } from "./promised.ts";
import { checkLoopback, checkThere } from "./target.ts";
import type { Target } from "./target.ts";
import { findNamespace } from "./ends.ts";
import { type Asked, meansFor } from "./asked.ts";
import { probe } from "./ask.ts";
import { PAIR, questionsFor } from "./questions.ts";
import { MANY, namespaceNames } from "../net/named.ts";
import type { Namespace } from "../net/namespace.ts";
import { Notes } from "./notes.ts";
import { Path } from "./path.ts";
import type { Diagnosis, Question } from "./diagnosis.ts";
import { uplinkOf } from "../net/snapshot.ts";
import { type Network, readNetwork } from "../net/network.ts";
import { t } from "../cli/translate.ts";

/** What to look at, and how. */
export interface Wish {
  /** The namespace that asks: its name, or a process or container. */
  from?: Target;
  /** What it is to reach: an address or a namespace's name. */
  to?: string;
  /** What is sent; a ping where nothing else is asked for. */
  by?: Asked;
  /** Send real packets. By default true. */
  probe?: boolean;
  /** Is told what will be asked, before anything is sent. */
  announce?: (questions: readonly Question[]) => void;
  /** The stages of the lab. */
  stages?: readonly Stage[];
  /** The stage that the lab should be at, by default as far as it is begun. */
  promised?: string;
}

/**
 * Finds out why a namespace cannot reach what it is to reach. Reads, and
 * changes nothing; the pings leave entries of their own in the neighbour and
 * conntrack tables.
 */
export async function diagnose(wish: Wish = {}): Promise<Diagnosis> {
  const near = namespacesNear(wish);
  if (near) {
    const first = await lookOnce(wish, near);
    const isFine = first.probes.length > 0 &&
      first.probes.every(({ verdict }) => verdict === "ok");
    if (isFine) return first;
  }
  const diagnosis = await lookOnce(wish);
  // Something may have changed while we looked: a port that just came up.
  return MAY_PASS.includes(diagnosis.cause?.code ?? "")
    ? await lookOnce(wish)
    : diagnosis;
}

/** The kernel may report a light that is on as much as a second late. */
const MAY_PASS = ["unexplained", "cable-unplugged"];

/**
 * Where there are many namespaces, those that a question is about: if real
 * pings come back from them, the others need not be read.
 */
function namespacesNear({ from, to }: Wish): string[] | undefined {
  const names = namespaceNames();
  if (names.length <= MANY) return undefined;
  // Without a question all are looked at, unless they are the lab's.
  if (!from && !PAIR.some((name) => names.includes(name))) return undefined;
  // Whoever has no name of his own is found among all that there are.
  if (from && !from.enter && !names.includes(from.label)) return undefined;
  if (to && !names.includes(to) && !isAddress(to)) return undefined;
  return [...PAIR, ...from ? [from.label] : [], ...to ? [to] : []];
}

async function lookOnce(
  wish: Wish,
  only?: readonly string[],
): Promise<Diagnosis> {
  const { from, to } = wish;
  const unnamed = from?.enter && { label: from.label, enter: from.enter };
  const network = await readNetwork({
    unnamed: unnamed ? [unnamed] : [],
    processes: only === undefined,
    only,
    // Of what only a sandbox has, the lab knows nothing but by this word.
    whole: from?.label === "outside",
  });
  const lab = await readLab(network, wish);
  const labels = from ? [from.label] : lab ? PAIR : defaultTargets(network);
  if (labels.length === 0) {
    throw new Problem(
      t`There is no namespace with a network card here.`,
      t`Name a process or a container: --pid 1234, --container web.`,
    );
  }
  const notes = new Notes();
  const cases: { namespace: Namespace; question: Question; path: Path }[] = [];
  for (const label of labels) {
    const namespace = await findNamespace(network, label);
    const isThere = await checkThere(network, label, namespace, notes, lab);
    if (!namespace || !isThere) continue;
    // The way between the two is one: it need not be asked from both sides.
    const isSecond = !from && lab && label !== PAIR[0];
    const means = await meansFor(network, namespace, notes, wish);
    const questions = means.map(({ to, means }) =>
      questionsFor(network, namespace, to, lab, means)
    );
    for (const question of (await Promise.all(questions)).flat()) {
      if (isSecond && question.about === "neighbour") continue;
      const live = wish.probe !== false;
      const path = new Path(network, question, notes, lab, live);
      cases.push({ namespace, question, path });
    }
    checkLoopback(namespace, notes, cases.at(-1)?.question);
  }
  if (to !== undefined && cases.length === 0 && notes.drafts.length === 0) {
    throw new Problem(
      t`Cannot take ${JSON.stringify(to)} for an address or a namespace.`,
      t`Give an IPv4 address, or the name of a namespace that has one.`,
      EXIT.usage,
    );
  }
  for (const namespace of new Set(cases.map(({ namespace }) => namespace))) {
    const targets = cases.filter((each) => each.namespace === namespace)
      .map(({ question }) => question.to);
    network.prefetch(namespace, targets);
  }
  const pings = wish.probe === false ? [] : cases;
  if (pings.length > 0) wish.announce?.(pings.map(({ question }) => question));
  const [probes] = await Promise.all([
    Promise.all(
      pings.map(({ namespace, question }) => probe(namespace, question)),
    ),
    followAll(cases),
  ]);
  await explainSilence(network, notes, probes);
  return await judge(
    network,
    cases.map(({ question }) => question),
    notes,
    probes,
    lab,
    unnamed !== undefined,
  );
}

/** One after the other, so that findings stand in the order of the way. */
async function followAll(
  cases: { namespace: Namespace; path: Path }[],
): Promise<void> {
  for (const { namespace, path } of cases) {
    await followQuestion(path, namespace);
  }
}

/** The lab's promises, if this machine holds the lab and it is asked about. */
export async function readLab(
  network: Network,
  wish: Pick<Wish, "from" | "stages" | "promised">,
): Promise<Lab | undefined> {
  const { from, stages = [], promised } = wish;
  if (stages.length === 0 || (from && !PAIR.includes(from.label))) return;
  const { machine, others: named } = network;
  const uplink = uplinkOf(machine);
  const { chains } = await network.firewall(machine);
  const rules: Record<string, string[]> = {};
  for (const chain of chains) {
    if (chain.backend !== "iptables") continue;
    (rules[chain.table] ??= []).push(...chain.rules.map(({ line }) => line));
  }
  const snapshot = { machine, named, uplink, rules };
  const lab = new Lab(adapt(stages, { uplink }), snapshot, promised);
  return lab.isHere ? lab : undefined;
}

/** Without a name: all namespaces that have a network card. */
function defaultTargets({ others }: Network): string[] {
  return others.filter(({ links }) => links.length > 1)
    .map(({ label }) => label);
}
