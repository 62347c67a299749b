/** Why a packet got lost where the walk says that it does. */

import { shell } from "../cli/shell.ts";
import { covers } from "../net/ipv4.ts";
import { holder, inside, type Namespace } from "../net/namespace.ts";
import type { End } from "../net/segment.ts";
import type { DropReason, Leg, Outcome } from "../walk/flow.ts";
import { type Crossing, crossingsOf, lastArrival } from "./crossings.ts";
import type { Path } from "./path.ts";
import { astray, blocked, tableUnused } from "./route_faults.ts";
import { forwardingOff, reversePath } from "./router_faults.ts";
import { diverted, droppedByRule } from "./rule_faults.ts";
import { notLocal, segmentFaults, wrongGateway } from "./segment_faults.ts";
import { sentWrongly, whyNotSent } from "./sender_faults.ts";
import { segmentOf } from "../net/segment.ts";
import { noWayOut } from "./uplink.ts";
import { wayBack } from "./way_back.ts";
import { t } from "../cli/translate.ts";

/** A packet that got lost, and what is known of it. */
export interface Loss {
  /** Its steps, and where it ended. */
  leg: Leg;
  /** Who sent it; absent where that is out of view. */
  from?: Namespace;
  /** Whom it was for. */
  to: string;
  /** The question's leg: the same one, or the one that it answers. */
  request: Leg;
}

type Dropped = Extract<Outcome, { end: "dropped" }>;

/** Puts down why. */
export async function explainLoss(path: Path, loss: Loss): Promise<void> {
  const { leg, request } = loss;
  const { outcome } = leg;
  const found = path.notes.count;
  for (const step of leg.steps) {
    if (step.kind !== "hook" || step.nat?.kind !== "dnat") continue;
    diverted(path, step.namespace, step.nat);
  }
  if (outcome.end === "dropped" && outcome.by) {
    await droppedByRule(path, outcome.namespace, outcome.by);
    return;
  }
  if (path.notes.count > found) return;
  const crossings = crossingsOf(leg);
  const last = crossings.at(-1);
  if (loss.from && crossings.length === 0) {
    await unsent(path, loss, loss.from, outcome);
  } else if (last && !last.to) {
    await lostOnSegment(path, loss, crossings, last);
  } else if (outcome.end === "dropped") {
    await lostInNamespace(path, loss, crossings, outcome);
  }
  if (leg !== request && path.notes.count === found) {
    await answerGoesAstray(path, loss);
  }
}

/** Whether the packet goes to somebody who is meant to be on the same segment. */
function isNear({ question }: Path, { leg, request }: Loss): boolean {
  return leg !== request || question.about !== "internet";
}

async function unsent(
  path: Path,
  loss: Loss,
  from: Namespace,
  outcome: Outcome,
): Promise<void> {
  if (from.enter.length > 0) {
    await whyNotSent(path, from, loss.to, isNear(path, loss));
  } else if (outcome.end === "dropped" && loss.leg === loss.request) {
    if (!tableUnused(path, from)) blocked(path, from, loss.to);
  }
}

async function lostOnSegment(
  path: Path,
  loss: Loss,
  crossings: readonly Crossing[],
  last: Crossing,
): Promise<void> {
  const { namespace } = last.from;
  if (gatewayIsSelf(path, last, loss.to)) return;
  if (
    last === crossings[0] && namespace === loss.from &&
    namespace.enter.length > 0
  ) {
    if (await sentWrongly(path, last, loss.to, isNear(path, loss))) return;
  }
  // Where the answer takes another way than the question came, that is why.
  if (loss.leg !== loss.request && isRightHome(path, loss)) {
    if (await answerGoesAstray(path, loss)) return;
  }
  await segmentFaults(path, last);
}

async function lostInNamespace(
  path: Path,
  loss: Loss,
  crossings: readonly Crossing[],
  { reason, namespace, link, words = "" }: Dropped,
): Promise<void> {
  const arrival = lastArrival(loss.leg);
  const isRequest = loss.leg === loss.request;
  if (!arrival || tableUnused(path, namespace)) return;
  const iif = link ?? arrival.link.name;
  const here: Partial<Record<DropReason, () => Promise<void> | void>> = {
    "forwarding-off": () => {
      if (holder(namespace, loss.to)) return notLocal(path, arrival, loss.to);
      if (isRequest && notARouter(path, crossings, arrival)) return;
      forwardingOff(path, namespace, iif);
    },
    "no-route": () => {
      if (blocked(path, namespace, loss.to, sourceOf(loss))) return;
      if (isRequest) noWayOut(path, arrival, loss.to);
    },
    "route-forbids": () => {
      blocked(path, namespace, loss.to, sourceOf(loss));
    },
    "reverse-path": async () => {
      const src = sourceOf(loss);
      if (isRequest && src && await backIsElsewhere(path, loss, arrival)) {
        return;
      }
      const lookup = {
        command: inside(
          namespace,
          shell`ip route get ${loss.to} ${src ? ["from", src] : []} iif ${iif}`,
        ),
        words,
      };
      reversePath(path, namespace, iif, src ?? path.question.to, lookup);
    },
    martian: async () => {
      if (await backIsElsewhere(path, loss, arrival)) return;
      blocked(path, namespace, loss.to, sourceOf(loss));
    },
    "ttl-exceeded": () => tooOld(path, loss, namespace),
    "echo-ignored": () => {
      const key = "net.ipv4.icmp_echo_ignore_all";
      path.add("echo-ignored", {
        params: { who: namespace.label },
        look: { command: inside(namespace, shell`sysctl ${key}`) },
        fix: [inside(namespace, shell`sysctl -w ${key}=0`)],
      });
    },
  };
  await here[reason]?.();
}

/** The sender that a leg's packet names where it ended. */
function sourceOf({ leg }: Loss): string | undefined {
  const step = leg.steps.find(({ kind }) => kind === "sent");
  return step?.kind === "sent" ? step.src : undefined;
}

/** Where the question came into the router that its sender chose. */
function entrance({ request }: Loss): Crossing | undefined {
  return crossingsOf(request).find(({ to }) =>
    to?.namespace.enter.length === 0
  );
}

/** Whether the segment that the question came by has the router's address. */
function isRightHome(path: Path, loss: Loss): boolean {
  const { to, next } = entrance(loss) ?? {};
  return to !== undefined &&
    segmentOf(path.network, to).ends.some((end) =>
      end.namespace === to.namespace &&
      end.link.addresses.some(({ local }) => local === next)
    );
}

/**
 * The answer's way home leads elsewhere than the question came from.
 *
 * @returns whether that was put down.
 */
async function answerGoesAstray(path: Path, loss: Loss): Promise<boolean> {
  const found = path.notes.count;
  const { from, to, next } = entrance(loss) ?? {};
  const step = loss.request.steps.find(({ kind }) => kind === "sent");
  if (!from || !to || !next || step?.kind !== "sent") return false;
  const asked = path.question.to;
  const isOwn = holder(to.namespace, asked) !== undefined;
  await wayBack(path, to, next, step.src, isOwn ? { from: asked } : undefined);
  return path.notes.count > found;
}

/** The same, told from a question that is not let in for it. */
async function backIsElsewhere(
  path: Path,
  { leg }: Loss,
  arrival: End,
): Promise<boolean> {
  const found = path.notes.count;
  const step = leg.steps.find(({ kind }) => kind === "sent");
  if (step?.kind === "sent") {
    await wayBack(path, arrival, step.next, step.src);
  }
  return path.notes.count > found;
}

/** The next hop is a neighbour like any other, and passes nothing on. */
function notARouter(
  path: Path,
  [first]: readonly Crossing[],
  { namespace }: End,
): boolean {
  if (namespace.enter.length === 0 || !first) return false;
  const { from, next } = first;
  const { to } = path.question;
  const found = path.notes.count;
  if (astray(path, from.namespace, to, from.link.name, next)) return true;
  const segment = segmentOf(path.network, from);
  const right = path.lab?.gatewayOf(path.nameOf(from.namespace)) ??
    path.routerOn(segment, from);
  if (right && right !== next) {
    wrongGateway(
      path,
      from,
      next,
      right,
      t`${next} is ${namespace.label}, a neighbour and no router.`,
    );
  }
  const others = segment.ends.filter((end) =>
    end.namespace !== from.namespace && holder(end.namespace, next)
  );
  return path.notes.count > found ||
    new Set(others.map((end) => end.namespace)).size > 1;
}

/**
 * A route by way of an address that its namespace has itself. The kernel then
 * takes whatever it is for to be a neighbour.
 */
function gatewayIsSelf(path: Path, { from }: Crossing, to: string): boolean {
  const { namespace, link } = from;
  const route = namespace.routes.find(({ via, dev, to: prefix }) =>
    via !== undefined && dev === link.name && holder(namespace, via) &&
    covers(prefix, to)
  );
  if (!route?.via) return false;
  const right = path.lab?.gatewayOf(path.nameOf(namespace)) ??
    path.routerOn(segmentOf(path.network, from), from);
  wrongGateway(
    path,
    from,
    route.via,
    right === route.via ? undefined : right,
    t`${route.via} is an address of ${namespace.label} itself.`,
  );
  return true;
}

/** Its time to live ran out: a rule set it, or it started too small. */
function tooOld(path: Path, { leg, from }: Loss, namespace: Namespace): void {
  const step = leg.steps.findLast((step) => step.kind === "hook" && step.aged);
  const aged = step?.kind === "hook" ? step.aged : undefined;
  if (aged) {
    path.add("ttl-too-low", {
      params: { who: path.question.from, ttl: "1" },
      look: { command: aged.show, line: aged.line },
      fix: [aged.remove],
    });
    return;
  }
  const who = from ?? namespace;
  path.add("ttl-too-low", {
    params: { who: who.label, ttl: "1" },
    look: { command: inside(who, "sysctl net.ipv4.ip_default_ttl") },
    fix: [inside(who, "sysctl -w net.ipv4.ip_default_ttl=64")],
  });
}
