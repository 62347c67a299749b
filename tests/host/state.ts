/** The network of the host that the tests run on, to be compared. */

import { run } from "../../lib/cli/command.ts";
import { fixPath } from "../../vm/path.ts";

/**
 * Links, addresses, routes, rules and settings, as far as this user may read
 * them, without what changes by itself: times, counters and random numbers.
 */
export async function hostState(): Promise<Record<string, string>> {
  fixPath();
  await untilAddressesAreSettled();
  const state: Record<string, string> = {};
  for (const command of COMMANDS) {
    const { code, stdout } = await run(command.split(" "));
    if (code === 0 || stdout !== "") {
      state[command] = stdout.split("\n")
        .filter((line) => !CHANGES_BY_ITSELF.test(line))
        .join("\n").replaceAll(TIMES, "");
    }
  }
  return state;
}

/**
 * For a second or two a new IPv6 address only asks whether it is somebody
 * else's already (duplicate address detection). Then it changes by itself.
 */
async function untilAddressesAreSettled(): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const { stdout } = await run(["ip", "-6", "addr", "show", "tentative"]);
    if (stdout === "") return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

const PATIENCE_MS = 10_000;
const POLL_MS = 50;

const COMMANDS = [
  "ip -j link",
  "ip -j address",
  "ip -j route show table all",
  "ip -j rule",
  "ip netns list",
  "find /run -maxdepth 1 -name docker0-by-hand*",
  "iptables-save",
  "sysctl -a -r ^net\\.",
];

const CHANGES_BY_ITSELF =
  /^#|\.nf_conntrack_count|\.fib_multipath_hash_seed|\.stat_|random|\.inet_peer|udp_mem|tcp_mem/;

const TIMES = /"(valid_life_time|preferred_life_time|expires)":\d+,?/g;
/** Where the state before the first test is kept. */
export const BEFORE = new URL("../../.lab/host-before.json", import.meta.url);

if (import.meta.main) {
  const state = JSON.stringify(await hostState());
  if (Deno.args[0] === "--print") {
    console.log(state);
  } else {
    await Deno.mkdir(new URL("./", BEFORE), { recursive: true });
    await Deno.writeTextFile(BEFORE, state);
  }
}
