/** Namespaces without a name: they are read like any other. */

import { assertEquals, assertMatch } from "@std/assert";
import type { Unnamed } from "../../lib/net/unnamed.ts";
import { type Throwaway, throwaway } from "../throwaway.ts";
import { labAt, shell } from "../trace/traced.ts";

Deno.test("doctor: sees into the namespace of a process, which has no name", async () => {
  await using lab = await labAt(
    "nat",
    "unshare --net sleep 1000 </dev/null >/dev/null 2>&1 & echo $! >/run/pid",
    "until [ $(lsns -n -t net -o NS -p $(cat /run/pid)) != $(lsns -n -t net -o NS -p $$) ]; do :; done",
    "ip link add name v3 type veth peer name eth0 netns $(cat /run/pid)",
    "ip link set dev v3 master br0",
    "ip link set dev v3 up",
    "nsenter --target=$(cat /run/pid) --net ip addr add 192.168.0.3/24 dev eth0",
    "nsenter --target=$(cat /run/pid) --net ip link set dev eth0 up",
    "nsenter --target=$(cat /run/pid) --net sysctl -qw net.ipv4.icmp_echo_ignore_all=1",
  );
  const { code, stdout } = await lab.task("doctor ns1 192.168.0.3");
  assertEquals(code, 1, stdout);
  assertMatch(
    stdout,
    /process \d+ \(sleep\) is reached, but does not answer pings/,
  );
  assertMatch(stdout, /\$ nsenter --target=\d+ --net -- sysctl/);
  // It is seen, but not asked about where nobody asks.
  await shell(lab, "ip netns del ns2");
  const { stdout: ours } = await lab.task("doctor ns1 8.8.8.8");
  assertMatch(ours, /Not looked at: process \d+ \(sleep\)/);
});

/** Starts a program in a namespace of its own; its id is then in the file. */
const start = (program: string, file: string) => `
  unshare --net sh -c 'echo $$ >${file}; exec ${program} 1000' \
    </dev/null >/dev/null 2>&1 &
  until [ -s ${file} ] && [ "$(cat /proc/$(cat ${file})/comm)" != sh ]; do :; done`;

Deno.test("unnamedNamespaces: each once, by its first process, and none that is known", async () => {
  await using lab = await throwaway();
  await shell(
    lab,
    "ip netns add named",
    "ip netns exec named sleep 1000 </dev/null >/dev/null 2>&1 &",
    start("sleep", "/run/one"),
    start("sleep", "/run/two"),
    // Somebody else in the first one.
    "nsenter --net=/proc/$(cat /run/one)/ns/net sleep 999 </dev/null >/dev/null 2>&1 &",
  );
  const one = (await shell(lab, "cat /run/one")).trim();
  const two = (await shell(lab, "cat /run/two")).trim();
  const target = (pid: string) => [`process ${pid} (sleep)`, `--target=${pid}`];
  assertEquals(
    (await unnamed(lab)).map(({ label, enter }) => [label, enter[1]]),
    [target(one), target(two)],
  );
  assertEquals(
    (await unnamed(lab, one)).map(({ label }) => label),
    [`process ${two} (sleep)`],
  );
});

Deno.test("unnamedNamespaces: what a process calls itself can be printed", async () => {
  await using lab = await throwaway();
  const name = String.raw`$(printf "/run/a\033[31m\nb c")`;
  await shell(
    lab,
    `cp /bin/sleep "${name}"`,
    start(`"${name}"`, "/run/pid"),
  );
  const [{ label }] = await unnamed(lab);
  // deno-lint-ignore no-control-regex
  assertMatch(label, /^process \d+ \(a[^\x00-\x1f]*b c\)$/);
});

Deno.test("unnamedNamespaces: finds them while processes come and go", async () => {
  await using lab = await throwaway();
  await shell(
    lab,
    start("sleep", "/run/pid"),
    "sh -c 'while [ -e /run/pid ]; do nsenter --net=/proc/self/ns/net true; done' </dev/null >/dev/null 2>&1 &",
  );
  for (let i = 0; i < 10; i++) {
    const labels = (await unnamed(lab)).map(({ label }) => label);
    assertEquals(labels.length, 1, `${labels}`);
  }
  await shell(lab, "rm /run/pid");
});

async function unnamed(lab: Throwaway, ...but: string[]): Promise<Unnamed[]> {
  const { stdout, stderr } = await lab.script(
    "tests/net/print_unnamed.ts",
    but,
  );
  assertEquals(stderr, "");
  return JSON.parse(stdout);
}
