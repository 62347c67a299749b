/** A port that nobody listens on, as far as the one who was reached can be seen. */

import { shell } from "../cli/shell.ts";
import { inside, type Namespace } from "../net/namespace.ts";
import type { RoundTrip } from "../walk/flow.ts";
import { dnatsOf } from "./crossings.ts";
import { flowOf } from "./means.ts";
import type { Path } from "./path.ts";

/** A resolver is asked by both. */
const KINDS: Record<string, string[]> = { dns: ["--udp", "--tcp"] };

/** Says why a connection or a datagram is refused where it was delivered. */
export async function refusal(
  path: Path,
  from: Namespace,
  { request }: RoundTrip,
): Promise<void> {
  const { to, means } = path.question;
  const { protocol, dport } = flowOf(to, means);
  if (request.outcome.end !== "delivered" || protocol === "icmp") return;
  const { namespace } = request.outcome.at;
  // Whoever published a port wrote another one on the packet.
  let [address, port] = [to, dport ?? 0];
  for (const { nat: { to } } of dnatsOf(request)) {
    address = to.address ?? address;
    port = to.port ?? port;
  }
  const open = (await path.network.listening(namespace, protocol))
    .filter((each) => each.port === port).map((each) => each.address);
  const show = inside(
    namespace,
    shell`ss -H -n -l ${
      KINDS[means?.kind ?? ""] ?? `--${protocol}`
    } ${`sport = :${port}`}`,
  );
  const params = {
    who: namespace.label,
    address,
    port: `${port}`,
    protocol: protocol.toUpperCase(),
    where: open.join(", "),
  };
  const isOwnLoopback = address.startsWith("127.") && namespace === from &&
    from.enter.length > 0;
  if (means?.kind === "dns" && isOwnLoopback) {
    path.add("resolver-elsewhere", {
      params,
      look: { command: show, line: "" },
    });
  } else if (open.length > 0) {
    path.add("listens-elsewhere", { params, look: { command: show } });
  } else {
    path.add("nobody-listens", { params, look: { command: show, line: "" } });
  }
}
