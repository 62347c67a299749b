/** A real Docker Engine of our own, in the sandbox that we are in. */

import { ownWords, run } from "../cli/command.ts";
import { Problem } from "../cli/problem.ts";
import { t } from "../cli/translate.ts";

/** What an engine says of itself. */
export interface Engine {
  /** Such as `20.10.24+dfsg1`. */
  version: string;
  /** What it writes its firewall rules with, such as `iptables (nf_tables)`. */
  firewall: string;
}

const FOLDER = "/run/docker-engine";
const PATIENCE_MS = 20_000;
const POLL_MS = 20;

/** Throws a {@linkcode Problem} with what to install, if anything is missing. */
export async function checkPrograms(): Promise<void> {
  const { code, stderr } = await run(["sh", script("engine.sh")]);
  if (code !== 0) throw cannotStart(stderr);
}

/**
 * Starts an engine with Docker's defaults and an image named `tiny`. It lives
 * and dies with the sandbox. Throws a {@linkcode Problem} with the engine's own
 * words if it does not start.
 */
export async function startEngine(): Promise<Engine> {
  // Ours, whatever this machine's user has set.
  Deno.env.set("DOCKER_HOST", "unix:///run/docker.sock");
  Deno.env.set("DOCKER_CONFIG", `${FOLDER}/config`);
  const child = new Deno.Command("unshare", {
    args: ["--mount", "--cgroup", "sh", script("engine.sh"), FOLDER],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    detached: true,
  }).spawn();
  // Ends when the script stops, or has got ready to become the engine.
  const words = await new Response(child.stderr).text();
  if (words) throw cannotStart(words);
  let ended = false;
  child.status.then(() => ended = true);
  const deadline = Date.now() + PATIENCE_MS;
  let engine: Engine | undefined;
  while (!(engine = await ask())) {
    if (ended || Date.now() > deadline) throw cannotStart(lastWords());
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const image = await run(["sh", script("image.sh"), FOLDER]);
  if (image.code !== 0) throw cannotStart(image.stderr);
  return engine;
}

const script = (name: string) => new URL(name, import.meta.url).pathname;

/** The engine's own account of itself; undefined while it does not answer. */
async function ask(): Promise<Engine | undefined> {
  const { code, stdout } = await run([
    "docker",
    "info",
    "--format",
    "{{json .}}",
  ]);
  if (code !== 0) return undefined;
  const info = JSON.parse(stdout);
  if (!info.ServerVersion) return undefined;
  const backend = (await run(["iptables", "--version"])).stdout;
  return {
    version: info.ServerVersion,
    // Engines before 28 do not tell, and know nothing but iptables.
    firewall: info.FirewallBackend?.Driver ??
      `iptables ${backend.match(/\(.*\)/)?.[0] ?? ""}`.trim(),
  };
}

function cannotStart(words: string): Problem {
  const missing = words.match(/^missing (.*)/);
  if (missing) {
    const packages = [...new Set(missing[1].split(" "))].join(" ");
    return new Problem(
      t`Cannot start a Docker Engine: not installed here: ${packages}.`,
      t`On Debian or Ubuntu: sudo apt-get install --no-install-recommends ${packages}`,
    );
  }
  return new Problem(
    t`Cannot start a Docker Engine: ${ownWords(words)}.`,
    t`This chapter needs one. All others do without.`,
  );
}

/** The last thing that the engine wrote to its log. */
function lastWords(): string {
  const log = Deno.readTextFileSync(`${FOLDER}/log`).trim();
  return log.split("\n").at(-1) || t`it does not answer`;
}
