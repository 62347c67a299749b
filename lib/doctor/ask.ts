/** Real packets: what confirms a diagnosis, or refutes it. */

import { shell, shellWords } from "../cli/shell.ts";
import { ownWords, type Result } from "../cli/command.ts";
import { tryRun } from "../net/firewall/read.ts";
import { judge } from "../reach/ping.ts";
import { inside, type Namespace } from "../net/namespace.ts";
import { dnsQuestion, readDnsAnswer } from "./dns_message.ts";
import type { Means } from "./means.ts";
import type { Probe, Question } from "./diagnosis.ts";
import { t } from "../cli/translate.ts";

/** Whoever asks. */
export type Asker = Pick<Namespace, "enter">;
type Answer = Omit<Probe, "question">;

/** Asks a question for real, for about a second at the most. */
export async function probe(
  namespace: Asker,
  question: Question,
): Promise<Probe> {
  return { question, ...await ask(namespace, question) };
}

async function ask(
  namespace: Asker,
  { to, means }: Question,
): Promise<Answer> {
  switch (means?.kind) {
    case "tcp":
      return await connect(namespace, to, means.port);
    case "udp":
      return await sendDatagram(namespace, to, means.port);
    case "dns":
      return await askResolver(namespace, to, means);
    case "large":
      return await pingLarge(namespace, to, means.length);
    default:
      // Several packets are sent, and the first answer ends it.
      return await ping(
        inside(namespace, shell`ping -c 1 -i 0.2 -w 1 ${to}`),
      );
  }
}

async function ping(command: string): Promise<Answer> {
  const result = await tryRun(shellWords(command));
  if (!result) return notInstalled(command, "ping");
  const { verdict, words = "", ttl, ms } = judge(result);
  return {
    command,
    verdict,
    words: verdict === "ok" ? t`ttl ${ttl}, ${ms} ms` : words,
  };
}

function notInstalled(command: string, tool: string): Answer {
  return {
    command,
    verdict: "could-not-check",
    words: t`${tool} is not installed`,
  };
}

/**
 * What a shell does with a socket, for as long as an answer may take: bash
 * opens one where others have a file, see "Redirections" in bash(1).
 */
async function overSocket(
  namespace: Asker,
  socket: string,
  then: string[],
): Promise<{ command: string; result?: Result }> {
  const script = [`exec 3<>/dev/${socket}`, ...then].join(" && ");
  const command = inside(namespace, shell`timeout 1 bash -c ${script}`);
  return { command, result: await tryRun(shellWords(command)) };
}

/** How timeout(1) ends where it had to end the other. */
const TIMED_OUT = 124;

/** How a socket's conversation failed, by the kernel's words. */
function failure(command: string, result?: Result): Answer {
  if (!result) return notInstalled(command, "bash");
  const words = ownWords(result.stderr).replace(/^.*: (?=[A-Z])/, "");
  const [, verdict] = ENDINGS.find(([pattern]) => pattern.test(words)) ??
    [0, result.code === TIMED_OUT ? "no-reply" as const : undefined];
  return {
    command,
    verdict: verdict ?? "could-not-check",
    words: words || (verdict ? t`silence` : t`it ended with ${result.code}`),
  };
}

const ENDINGS: readonly [RegExp, Probe["verdict"]][] = [
  [/Connection refused/, "refused"],
  [/Network is unreachable/, "unreachable"],
  // A router says so, or nobody answers by ARP.
  [/No route to host/, "no-reply"],
];

async function connect(
  namespace: Asker,
  to: string,
  port: number,
): Promise<Answer> {
  const { command, result } = await overSocket(
    namespace,
    `tcp/${to}/${port}`,
    [],
  );
  return result?.code === 0
    ? { command, verdict: "ok", words: t`it accepts` }
    : failure(command, result);
}

/** One datagram of the answer. */
const READ = "dd bs=65535 count=1 status=none <&3";

async function sendDatagram(
  namespace: Asker,
  to: string,
  port: number,
): Promise<Answer> {
  const { command, result } = await overSocket(
    namespace,
    `udp/${to}/${port}`,
    ["echo >&3", READ],
  );
  if (result?.code === 0) {
    return { command, verdict: "ok", words: t`it answers` };
  }
  const isSilent = result?.code === TIMED_OUT && ownWords(result.stderr) === "";
  return !isSilent ? failure(command, result) : {
    command,
    verdict: "could-not-check",
    words:
      t`a datagram to port ${port} of ${to} was sent, and nothing came back: no service has to answer one`,
  };
}

/** Bytes as printf(1) writes them: letters as they are, others in octal. */
function escaped(bytes: readonly number[]): string {
  return bytes.map((byte, i) => {
    const char = String.fromCharCode(byte);
    if (/[a-z.-]/i.test(char)) return char;
    const next = String.fromCharCode(bytes[i + 1] ?? 0);
    return `\\${byte.toString(8).padStart(/\d/.test(next) ? 3 : 1, "0")}`;
  }).join("");
}

/** A resolver that answers at all is reached, also if there is no such name. */
async function askResolver(
  namespace: Asker,
  to: string,
  { name, over }: Extract<Means, { kind: "dns" }>,
): Promise<Answer> {
  const message = dnsQuestion(name);
  const bytes = over === "tcp" ? [0, message.length, ...message] : message;
  const { command, result } = await overSocket(
    namespace,
    `${over}/${to}/53`,
    [
      `printf "${escaped(bytes)}" >&3`,
      `${READ} | od -An -v -tu1`,
    ],
  );
  const told = result?.stdout.match(/\d+/g)?.map(Number) ?? [];
  if (told.length === 0) {
    // od ends well whatever it was given.
    const code = result?.code || TIMED_OUT;
    return failure(command, result && { ...result, code });
  }
  const answer = readDnsAnswer(over === "tcp" ? told.slice(2) : told);
  if (!answer) {
    return {
      command,
      verdict: "could-not-check",
      words: t`what came back is no answer of a resolver`,
    };
  }
  const isAnswer = ["NOERROR", "NXDOMAIN"].includes(answer.code);
  return {
    command,
    verdict: isAnswer ? "ok" : "refused",
    words: answer.code === "NOERROR"
      ? t`${answer.code}, ${answer.records} records`
      : answer.code,
  };
}

/** An IPv4 header without options, and that of an echo request. */
const HEADERS = 28;

/**
 * A large ping that may not be split. Whoever cannot pass it on says how much he
 * can, and the sender's kernel keeps that in mind: so it is asked again with
 * less, as TCP would.
 */
async function pingLarge(
  namespace: Asker,
  to: string,
  length: number,
): Promise<Answer> {
  let size = length;
  let told = "";
  for (let i = 0; i < 5; i++) {
    const command = inside(
      namespace,
      shell`ping -M do -c 1 -i 0.2 -w 1 -s ${size - HEADERS} ${to}`,
    );
    const result = await tryRun(shellWords(command));
    if (!result) return notInstalled(command, "ping");
    const { verdict, words = "" } = judge(result);
    if (verdict === "ok") {
      return {
        command,
        verdict,
        words: t`${size} bytes get through${told && `; ${told}`}`,
      };
    }
    const said = `${result.stdout}\n${result.stderr}`;
    const mtu = Number(said.match(/mtu ?= ?(\d+)/)?.[1] ?? 0);
    if (mtu < HEADERS || mtu >= size) return { command, verdict, words };
    told = t`the sender was told that no more than ${mtu} do`;
    size = mtu;
  }
  return {
    command: "",
    verdict: "could-not-check",
    words: t`every size that was told is too large again`,
  };
}
