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

/** A target as it was typed: where, and perhaps at which port. */
export interface Target {
  /** A name or an address. */
  word: string;
  /** The port behind it. */
  port?: number;
}

/**
 * Takes `ADDRESS:PORT` apart. With more colons it is an address of IPv6, and
 * `pid:N` is a process: such a word stays as it is. Throws a
 * {@linkcode Problem} for what is no port.
 */
export function readTarget(target: string): Target {
  const [word, port, ...more] = target.split(":");
  return port === undefined || more.length > 0 || /^pid$/i.test(word)
    ? { word: target }
    : { word, port: readPort(port) };
}
