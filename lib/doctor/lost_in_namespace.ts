/** Why a packet got lost in a namespace that it had come into. */

import { shell } from "../cli/shell.ts";
import { holder, inside, type Namespace } from "../net/namespace.ts";
import type { DropReason, Outcome } from "../walk/flow.ts";
import { backIsElsewhere } from "./astray_answer.ts";
import {
  type Crossing,
  lastArrival,
  type Loss,
  sourceOf,
} from "./crossings.ts";
import { notARouter } from "./gateway_faults.ts";
import type { Path } from "./path.ts";
import { blocked, tableUnused } from "./route_faults.ts";
import { forwardingOff, reversePath } from "./router_faults.ts";
import { notLocal } from "./segment_faults.ts";
import { noWayOut } from "./uplink.ts";

/** Puts down why, by what the walk says of it. */
export async function lostInNamespace(
  path: Path,
  loss: Loss,
  crossings: readonly Crossing[],
  { reason, namespace, link, words = "" }: Extract<Outcome, { end: "dropped" }>,
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
      if (blocked(path, namespace, loss.to, sourceOf(loss.leg))) return;
      if (isRequest) noWayOut(path, arrival, loss.to);
    },
    "route-forbids": () => {
      blocked(path, namespace, loss.to, sourceOf(loss.leg));
    },
    "reverse-path": async () => {
      const src = sourceOf(loss.leg);
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
      blocked(path, namespace, loss.to, sourceOf(loss.leg));
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
