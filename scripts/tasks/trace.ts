/** `deno task trace`: one packet, and every place where it was seen. */

import { writeForCaller } from "../../lib/cli/callers_file.ts";
import { machineLine } from "../../lib/lab/report_lines.ts";
import { EXIT, Problem } from "../../lib/cli/problem.ts";
import type { Task } from "../../lib/task/task.ts";
import { say } from "../../lib/cli/terminal.ts";
import { findFrom, findTo } from "../../lib/trace/ends.ts";
import { traceJson } from "../../lib/trace/trace_json.ts";
import { pcapng } from "../../lib/trace/pcapng.ts";
import { closeNamespaces, openNamespaces } from "../../lib/trace/namespaces.ts";
import { pingProbe } from "../../lib/trace/ping_probe.ts";
import { readAsked } from "../../lib/trace/asked.ts";
import { tcpProbe } from "../../lib/trace/tcp_probe.ts";
import { udpProbe } from "../../lib/trace/udp_probe.ts";
import { traceLines } from "../../lib/trace/text.ts";
import { locationsOf, trace } from "../../lib/trace/run.ts";
import { readWorld } from "../../lib/trace/world.ts";
import { typed } from "../../lib/cli/typed.ts";
import { run } from "./run.ts";
import { t } from "../../lib/cli/translate.ts";

/** The task. */
export const task: Task = {
  name: "trace",
  about: t`Sends one ping and shows every place where that very packet was\n
    seen, there and back, and what was done to it; or why it died.\n
    FROM (ns1) is a namespace, or an address in one, which is then the sender's;\n
    PC is the machine.\n
    TO (8.8.8.8) is an address, or a namespace; ADDRESS:PORT means --tcp.\n
    Exit code 0: it was answered. 1: it was not.`,
  usage: "[FROM] [TO] [OPTIONS]",
  words: 2,
  where: "machine if there",
  needs: [
    // Whatever may call the C library may do what that can: the lists only say
    // what this task does.
    "--allow-ffi",
    "--allow-write=/", // --pcap FILE
  ],
  options: {
    tcp: { value: "PORT", about: t`open a TCP connection instead of a ping` },
    udp: { value: "PORT", about: t`send a UDP datagram instead of a ping` },
    pid: { value: "N", about: t`start where process N is, as in a container` },
    size: { value: "BYTES", about: t`ping with so many bytes, unsplit` },
    short: { about: t`a line for each place, and no more` },
    wait: { value: "SECONDS", about: t`how long an answer may take (1)` },
    pcap: { value: "FILE", about: t`keep the packets for Wireshark` },
    json: { about: t`print one JSON object and nothing else` },
  },
  async main({ flags, machine, stages, words: [first, second] }) {
    if (machine.kind === "none") {
      throw new Problem(
        t`There is no machine yet.`,
        t`First type: ${typed("stage:netns")}`,
      );
    }
    const pid = flags.pid === undefined ? undefined : readPid(flags.pid);
    const size = readSize(flags.size);
    const waitMs = readWait(flags.wait ?? "1");
    const asked = readAsked(flags);
    const places = openNamespaces(pid);
    try {
      const world = await readWorld(places);
      // With --pid one word is enough: it says for whom.
      const [fromWord, lastWord] = pid === undefined
        ? [first ?? "ns1", second ?? "8.8.8.8"]
        : [t`pid ${pid}`, second ?? first ?? "8.8.8.8"];
      const { namespace: from, source } = findFrom(world, fromWord);
      const { word: toWord, kind, port } = asked(lastWord);
      const to = findTo(world, toWord);
      const probe = kind === "icmp" || port === undefined
        ? pingProbe(to, from, waitMs, source, size)
        : (kind === "udp" ? udpProbe : tcpProbe)(
          to,
          port,
          from,
          waitMs,
          source,
        );
      const told = await trace(world, from, to, probe, stages);
      if (flags.pcap !== undefined) {
        writeForCaller(String(flags.pcap), pcapng(locationsOf(told)));
      }
      if (flags.json) say(JSON.stringify(traceJson(told)));
      else {
        say(machineLine(machine));
        const short = flags.short === true;
        traceLines(told, world, { short }).forEach((line) => say(line));
        const next = told.cause?.stage;
        if (next) {
          say(
            t`\nNext: ${typed(`read ${next}`)}, then ${typed(`stage:${next}`)}`,
          );
        }
      }
      return told.verdict === "ok" ? EXIT.ok : EXIT.differs;
    } finally {
      closeNamespaces(places);
    }
  },
};

/** The mark that a ping is known by takes 8 bytes beyond both headers. */
function readSize(text: string | boolean | undefined): number | undefined {
  if (text === undefined) return undefined;
  const size = Number(text);
  if (Number.isInteger(size) && size >= 52 && size <= 65535) return size;
  throw new Problem(
    t`Cannot send a packet of ${JSON.stringify(text)} bytes.`,
    t`Give a number from 52 to 65535: --size 1500.`,
    EXIT.usage,
  );
}

function readPid(text: string | boolean): number {
  const pid = Number(text);
  if (Number.isInteger(pid) && pid > 0) return pid;
  throw new Problem(
    t`Cannot use ${JSON.stringify(text)} as a process id.`,
    t`A container's: docker inspect -f '{{.State.Pid}}' NAME`,
    EXIT.usage,
  );
}

function readWait(text: string | boolean): number {
  const seconds = Number(text);
  if (seconds >= 0.1 && seconds <= 60) return Math.round(seconds * 1000);
  throw new Problem(
    t`Cannot wait for ${JSON.stringify(text)} seconds.`,
    t`Give a number from 0.1 to 60: --wait 2.`,
    EXIT.usage,
  );
}

run(import.meta, task);
