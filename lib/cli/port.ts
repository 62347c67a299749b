/** A port of TCP or UDP, as a user types it. */

import { EXIT, Problem } from "./problem.ts";
import { t } from "./translate.ts";

/**
 * Takes a port number by its digits. Throws a {@linkcode Problem}.
 *
 * @param option the option that it stands behind, such as `tcp`.
 */
export function readPort(text: string, option = "tcp"): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port > 0 && port < 65536) return port;
  throw new Problem(
    t`Cannot use ${JSON.stringify(text)} as a port.`,
    t`A port is a number from 1 to 65535: --${option} 80.`,
    EXIT.usage,
  );
}
