/** A question by ARP that nobody answered, or whose answer got lost. */

import { shell } from "../cli/shell.ts";
import type { Finding } from "./cause_kinds.ts";
import type { ArpExchange } from "./sighting.ts";
import { called, type NamespaceHandle } from "./namespaces.ts";
import {
  brokenCable,
  type End,
  endAt,
  isolated,
  name,
  otherEnd,
  ownerOf,
} from "./cables.ts";
import { ask, type World } from "./world.ts";
import { t } from "../cli/translate.ts";

/** The question that a namespace asked and got no answer to. */
export function unanswered(
  exchanges: ArpExchange[],
  namespace: NamespaceHandle,
): ArpExchange | undefined {
  return exchanges.find(({ question, answers }) => {
    const asked = question[0];
    return asked?.namespace === namespace && asked.direction === "out" &&
      !answers.some((each) =>
        each.namespace === namespace && each.link === asked.link &&
        each.direction === "in"
      );
  });
}

/** Why there was no answer. */
export async function whyUnanswered(
  world: World,
  exchange: ArpExchange,
): Promise<Finding> {
  const { askedIp, question } = exchange;
  const [asked] = question;
  const who = called(asked.namespace.name);
  const neighbours = await ask(
    world,
    asked.namespace,
    shell`ip neigh show ${askedIp} dev ${asked.link}`,
  );
  const asker = endAt(world, asked.namespace, asked.link);
  const owner = ownerOf(world, askedIp);
  const broken = asker && await brokenCable(world, asker) ||
    owner && owner.namespace !== asked.namespace &&
      await brokenCable(world, owner) ||
    asker && owner && await apart(world, asker, owner);
  if (broken) {
    return {
      ...broken,
      exchange,
      sentence: t`${who} asked by ARP who has ${askedIp}, and got no answer. ` +
        broken.sentence,
      evidence: [neighbours, ...broken.evidence],
    };
  }
  const reason = !owner
    ? isWatched(world, exchange)
      ? t`No interface that we can see has ${askedIp}.`
      : t`The question left what we can see by ${asked.link}.`
    : question.some(({ namespace }) => namespace === owner.namespace)
    ? t`${name(owner)} has it, heard the question and kept silent.`
    : t`${name(owner)} has it, but the question did not get there.`;
  return {
    kind: "arp-unanswered",
    exchange,
    sentence: t`${who} asked by ARP who has ${askedIp}, and nobody answered. ` +
      reason,
    evidence: [neighbours],
  };
}

/** Both ends are plugged in, but into different switches or isolated ports. */
async function apart(
  world: World,
  asker: End,
  owner: End,
): Promise<Finding | undefined> {
  const one = otherEnd(world, asker);
  const other = otherEnd(world, owner);
  if (!one?.link.master || !other?.link.master) return undefined;
  if (one.link.master === other.link.master) {
    return await isolated(world, one, other);
  }
  return {
    kind: "not-attached",
    sentence: t`${one.link.name} is a port of ${one.link.master}, but
    ${other.link.name} is one of ${other.link.master}.`,
    evidence: await Promise.all(
      [one, other].map(({ namespace, link }) =>
        ask(world, namespace, shell`bridge link show dev ${link.name}`)
      ),
    ),
  };
}

function isWatched(world: World, { question: [asked] }: ArpExchange): boolean {
  const end = endAt(world, asked.namespace, asked.link);
  return end?.link.kind === "bridge" ||
    end !== undefined && otherEnd(world, end) !== undefined;
}
