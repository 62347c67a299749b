/** No answer came, and nothing that was read explains it: what is left. */

import { shell, shellWords } from "../cli/shell.ts";
import { run } from "../cli/command.ts";
import { probe } from "./ask.ts";
import { holder, inside } from "../net/namespace.ts";
import { portOf } from "./means.ts";
import type { Notes } from "./notes.ts";
import type { Probe, Question } from "./diagnosis.ts";
import type { Network } from "../net/network.ts";
import { type Block, blockingPolicy } from "../net/xfrm.ts";
import { t } from "../cli/translate.ts";

/** Looks further where a ping failed for no reason that was found. */
export async function explainSilence(
  network: Network,
  notes: Notes,
  probes: Probe[],
): Promise<void> {
  const isOpen = ({ verdict, question, words }: Probe) =>
    (verdict === "no-reply" || verdict === "unreachable" ||
      isForbidden(words)) &&
    !notes.drafts.some(({ breaks }) => breaks.includes(question));
  // Who was asked for in vain just now is asked for again after a second only
  // (see arp(7)): so it takes a second ping to tell.
  await Promise.all(probes.map(async (each, i) => {
    const namespace = network.labelled(each.question.from);
    if (!namespace || !isOpen(each)) return;
    const again = await probe(namespace, each.question);
    // Routers say why only so often: what was said once still holds.
    if (again.verdict === "ok" || !/^From/.test(each.words)) probes[i] = again;
  }));
  await explainUnanswered(network, notes, probes.filter(isOpen));
  explainRefusals(notes, probes);
}

/** The same for pings that were sent again already, or need not be. */
export async function explainUnanswered(
  network: Network,
  notes: Notes,
  silent: readonly Probe[],
): Promise<void> {
  if (silent.length === 0) return;
  const far = silent.find(({ question }) => question.about === "internet");
  const own = far && await probe(network.machine, {
    ...far.question,
    from: network.machine.label,
  });
  for (const { question, words, command } of silent) {
    const doubt = notes.doubts.find((each) => each.question === question);
    const queue = notes.queues.find((each) => each.question === question);
    const policy = await policyOnTheWay(network, question);
    if (policy) {
      notes.add("xfrm-blocks", question, {
        params: { who: policy.who, direction: policy.direction },
        look: { command: policy.show, said: policy.line },
        fix: [policy.remove],
      });
    } else if (isForbidden(words)) {
      // What ping has no right to do tells nothing of the network.
    } else if (doubt) {
      notes.add("rule-may-drop", question, {
        params: { who: doubt.namespace.label },
        look: { command: doubt.rule.show, line: doubt.rule.line },
        fix: [doubt.rule.remove],
        sure: false,
      });
    } else if (queue) {
      notes.add("queue-drops", question, {
        params: { dev: queue.dev },
        look: {
          command: inside(
            queue.namespace,
            shell`tc qdisc show dev ${queue.dev}`,
          ),
        },
        fix: [
          inside(queue.namespace, shell`tc qdisc del dev ${queue.dev} root`),
        ],
        sure: false,
      });
    } else if (await nextIsSilent(network, notes, question)) {
      // That has been put down.
    } else if (
      question.means?.kind === "large" &&
      await smallOnes(network, notes, question, command)
    ) {
      // That has been put down.
    } else if (
      question.about === "internet" && own && own.verdict !== "ok" &&
      !network.namespaces.some((each) => holder(each, question.to))
    ) {
      await upstream(network, notes, question, [own.words, words], own.command);
    } else {
      notes.add("unexplained", question, {
        params: { from: question.from, to: question.to, seen: words },
        look: { command, said: words },
        sure: false,
      });
    }
  }
}

/** Somebody refuses, and nobody who was looked at has a reason to. */
function explainRefusals(notes: Notes, probes: readonly Probe[]): void {
  for (const { question, words, command, verdict } of probes) {
    if (verdict !== "refused") continue;
    if (notes.drafts.some(({ breaks }) => breaks.includes(question))) continue;
    const { to, means } = question;
    const fails = means?.kind === "dns" && /^[A-Z]+( \d+)?$/.test(words);
    notes.add(fails ? "resolver-fails" : "refused-beyond", question, {
      params: {
        to,
        port: portOf(means),
        name: means?.kind === "dns" ? means.name : "",
        said: words,
      },
      look: { command, said: words },
      sure: fails,
    });
  }
}

/** The kernel's word for what a policy or a lack of rights forbids. */
const isForbidden = (words: string) => /not permitted/.test(words);

/** The IPsec policy that blocks a question somewhere on its way. */
async function policyOnTheWay(
  network: Network,
  { from, to }: Question,
): Promise<Block & { who: string } | undefined> {
  const { namespaces, machine } = network;
  const asker = network.labelled(from);
  const target = namespaces.find((namespace) => holder(namespace, to));
  const own = asker?.links.flatMap(({ addresses }) => addresses)
    .map(({ local }) => local).filter((local) => !local.startsWith("127.")) ??
    [];
  for (const namespace of new Set([asker, machine, target])) {
    const block = namespace && await blockingPolicy(namespace, own, to);
    if (block) return { ...block, who: namespace.label };
  }
}

/** Whether smaller packets get through; puts down that they do. */
async function smallOnes(
  network: Network,
  notes: Notes,
  question: Question,
  command: string,
): Promise<boolean> {
  const { means: _, ...plain } = question;
  const namespace = network.labelled(question.from);
  if (!namespace || question.means?.kind !== "large") return false;
  const { length } = question.means;
  const sizes = [1492, 1450, 1400, 1280, 1000, 576, 84]
    .filter((size) => size < length);
  const answers = await Promise.all(
    sizes.map((size) =>
      probe(namespace, { ...plain, means: { kind: "large", length: size } })
    ),
  );
  const passes = sizes.find((_, i) => answers[i].verdict === "ok");
  if (!passes) return false;
  notes.add("large-lost-beyond", question, {
    params: {
      from: question.from,
      to: question.to,
      size: `${length}`,
      passes: `${passes}`,
    },
    look: [
      { command, said: t`no answer` },
      {
        command: answers[sizes.indexOf(passes)].command,
        said: t`an answer came back`,
      },
    ],
  });
  return true;
}

/** Whether the router that a question was handed to does not answer. */
async function nextIsSilent(
  network: Network,
  notes: Notes,
  question: Question,
): Promise<boolean> {
  if (question.about !== "internet") return false;
  const hop = notes.hops.find((each) => each.question === question);
  const { namespace, dev = "", via } = hop
    ? { namespace: hop.end.namespace, dev: hop.end.link.name, via: hop.next }
    : {
      ...await network.routeLookup(network.machine, question.to),
      namespace: network.machine,
    };
  if (!via) return false;
  const show = inside(namespace, shell`ip neigh show ${via}`);
  const { stdout } = await run(shellWords(show));
  if (!/FAILED|INCOMPLETE/.test(stdout)) return false;
  notes.add("upstream-gateway-silent", question, {
    params: { who: namespace.label, via, dev },
    look: { command: show },
  });
  return true;
}

/** The machine itself gets no answer: the fault is beyond it. */
async function upstream(
  network: Network,
  notes: Notes,
  question: Question,
  said: readonly string[],
  command: string,
): Promise<void> {
  const { machine } = network;
  const complaint = said.find((words) => /^From \S/.test(words));
  const router = complaint?.match(/^From ([\d.]+)/)?.[1];
  const isOwn = machine.links.some(({ addresses }) =>
    addresses.some(({ local }) => local === router)
  );
  if (router && complaint && !isOwn) {
    notes.add("target-unknown", question, {
      params: { to: question.to, router },
      look: { command, said: complaint },
    });
    return;
  }
  const { dev = t`the uplink`, via } = await network.routeLookup(
    machine,
    question.to,
  );
  if (via) {
    const show = inside(machine, shell`ip neigh show ${via}`);
    const { stdout } = await run(shellWords(show));
    if (/PERMANENT/.test(stdout)) {
      const mac = stdout.match(/lladdr (\S+)/)?.[1] ?? "";
      notes.add("neighbour-wrong", question, {
        params: { who: machine.label, address: via, mac },
        look: { command: show },
        fix: [inside(machine, shell`ip neigh del ${via} dev ${dev}`)],
        sure: false,
      });
      return;
    }
  }
  notes.add("upstream-silent", question, {
    params: { who: machine.label, to: question.to, dev },
    look: { command, said: said[0] },
  });
}
