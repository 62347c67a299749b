/** What to send and to which port, from the words and options of a trace. */

import { EXIT, Problem } from "../cli/problem.ts";
import { readPort, readTarget } from "../cli/port.ts";
import { t } from "../cli/translate.ts";

/** What was asked for. */
export interface Asked {
  /** Whom it is for, without a port. */
  word: string;
  /** What to send. */
  kind: "icmp" | "tcp" | "udp";
  /** The port, of TCP and UDP. */
  port?: number;
}

/** Reads `--tcp PORT` and `--udp PORT`; then TO, which may name the port too. */
export function readAsked(
  { tcp, udp }: { tcp?: string | boolean; udp?: string | boolean },
): (to: string) => Asked {
  if (tcp !== undefined && udp !== undefined) {
    throw new Problem(
      t`A trace sends one packet: --tcp or --udp, not both.`,
      undefined,
      EXIT.usage,
    );
  }
  const kind = udp !== undefined ? "udp" : "tcp";
  const option = udp ?? tcp;
  const port = option === undefined
    ? undefined
    : readPort(String(option), kind);
  return (to) => {
    const { word, port: named } = readTarget(to);
    if (named === undefined) {
      return port === undefined
        ? { word: to, kind: "icmp" }
        : { word: to, kind, port };
    }
    if (port !== undefined && port !== named) {
      throw new Problem(
        t`Two ports are named: ${named} and ${port}.`,
        undefined,
        EXIT.usage,
      );
    }
    return { word, kind, port: named };
  };
}
