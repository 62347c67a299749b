/** A route that leads to somebody who is not the gateway. */

import { shell } from "../cli/shell.ts";
import { t } from "../cli/translate.ts";
import { covers } from "../net/ipv4.ts";
import { holder, inside } from "../net/namespace.ts";
import { type End, segmentOf } from "../net/segment.ts";
import type { Crossing } from "./crossings.ts";
import type { Path } from "./path.ts";
import { astray } from "./route_faults.ts";

/**
 * The default route leads to somebody who is not the gateway.
 *
 * @param gateway the right one, if that can be told.
 */
export function wrongGateway(
  path: Path,
  { namespace, link }: End,
  wrong: string,
  gateway: string | undefined,
  reason = t`Nobody has the address ${wrong}; the gateway is ${gateway}.`,
): void {
  path.add("gateway-wrong", {
    params: { who: namespace.label, wrong, gateway: gateway ?? "", reason },
    look: { command: inside(namespace, "ip route show default") },
    fix: gateway
      ? [
        inside(
          namespace,
          shell`ip route replace default via ${gateway} dev ${link.name}`,
        ),
      ]
      : [],
  });
}

/**
 * The next hop is a neighbour like any other, and passes nothing on.
 *
 * @returns whether that explains it.
 */
export function notARouter(
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
 *
 * @returns whether that is so.
 */
export function gatewayIsSelf(
  path: Path,
  { from }: Crossing,
  to: string,
): boolean {
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
