/** What the tests of the machine `here` share: a sandbox plays that machine. */

import { assertEquals } from "@std/assert";
import { type Throwaway, throwaway } from "../throwaway.ts";

/** A machine that is not ours alone: all tasks run on it as on `here`. */
export async function machine(): Promise<Throwaway> {
  const lab = await throwaway("here");
  // The kernel reports a light that is on as much as a second late: what is
  // compared later must not begin without it.
  await prepare(lab, `timeout 5 sh -c "until ${IS_UP}; do :; done"`);
  return lab;
}

const IS_UP = "grep -q up /sys/class/net/eth0/operstate";

/**
 * All that a lab could have changed, as the machine's own tools print it. Not
 * counters, the age of an address, and the numbers that namespaces are given
 * for as long as somebody has asked for them; and no IPv6, which the lab does
 * not use and which gives addresses to every link in its own time.
 */
export async function stateOf(lab: Throwaway): Promise<string> {
  const { stdout, stderr } = await lab.exec(["sh", "-c", LOOK]);
  assertEquals(stderr.replaceAll(/^# Warning: .*\n/gm, ""), "");
  return stdout.replaceAll(
    /valid_lft .*|counter packets \d+ bytes \d+|\[\d+:\d+\]|^# .*$| \(id: \d+\)/gm,
    "",
  );
}

const LOOK = `
  ip -d address | grep -v inet6
  ip -4 route show table all
  ip rule
  ip netns list
  ls /run/netns
  ip -n outside -4 -oneline address
  iptables-save | grep -e '^-' -e DROP
  ! command -v nft >/dev/null || nft list ruleset
  cd /proc/sys/net; grep -r . bridge core ipv4 ipv6/conf 2>/dev/null | sort
`;

/** Fails unless the machine is as it was, and shows the lines that differ. */
export async function assertState(
  lab: Throwaway,
  before: string,
  when: string,
): Promise<void> {
  const was = before.split("\n");
  const is = (await stateOf(lab)).split("\n");
  assertEquals(
    [
      ...was.filter((line) => !is.includes(line)).map((line) => `- ${line}`),
      ...is.filter((line) => !was.includes(line)).map((line) => `+ ${line}`),
    ],
    [],
    when,
  );
  assertEquals(is.length, was.length, when);
}

/** Runs command lines that must work, one after the other. */
export async function prepare(lab: Throwaway, lines: string): Promise<void> {
  const { code, stderr } = await lab.exec(["sh", "-ec", lines]);
  assertEquals([code, stderr], [0, ""], lines);
}
