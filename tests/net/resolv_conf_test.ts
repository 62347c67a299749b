/** A container's files are its own to change, and it may wish us ill. */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type Throwaway, throwaway } from "../throwaway.ts";

const SCRIPT = "tests/net/print_resolv_conf.ts";

/** The machine's own secret, and a root folder with links of all kinds. */
const FILES = `
mkdir -p /run/root/etc /run/root/run/deep /run/outer
echo secret >/run/secret
echo inner >/run/root/run/secret
cd /run/root/etc
echo nameserver 192.0.2.1 >plain
ln -s /run/secret absolute
ln -s ../../../../../run/secret upward
ln -s ../run/deep/../secret through
ln -s /run folder
ln -s chain0 chain
ln -s ../etc/chain chain0
mkfifo fifo
touch device && mount --bind /dev/null device
yes 0123456789 | head -c 1000000 >large
: >empty
mkdir -p "$(printf 'd/%.0s' $(seq 200))"
`;

/** What there is to read, and what is read: the text, or why none. */
const CASES: [path: string, content: string | RegExp][] = [
  ["/etc/plain", "nameserver 192.0.2.1\n"],
  ["/etc/absolute", "inner\n"],
  ["/etc/upward", "inner\n"],
  ["/etc/through", "inner\n"],
  ["/etc/folder/secret", "inner\n"],
  ["/../etc/./folder/../run/secret", "inner\n"],
  ["/etc/empty", ""],
  ["/etc/chain", /^more than 100 folders and links/],
  [`/etc/${"d/".repeat(200)}x`, /^more than 100 folders and links/],
  ["/etc/fifo", /etc\/fifo is no file, but a fifo$/],
  ["/etc/device", /etc\/device is no file, but a character special file$/],
  ["/etc/folder", /^it is a folder$/],
  ["/etc/plain/x", /etc\/plain is no folder$/],
  ["/etc/none", /No such file or directory$/],
];

Deno.test("readFileInRoot: leads no link outside, waits for no FIFO, and reads files only", async () => {
  await using lab = await throwaway();
  await prepare(lab, FILES);
  const read = await contents(lab, "/run/root", CASES.map(([path]) => path));
  for (const [i, [path, content]] of CASES.entries()) {
    if (typeof content === "string") {
      assertEquals(read[i], { text: content }, path);
    } else assertMatch(read[i].unreadable ?? "", content, path);
  }
});

Deno.test("readFileInRoot: reads 64 KiB of a large file, and no more", async () => {
  await using lab = await throwaway();
  await prepare(lab, FILES);
  const [{ text }] = await contents(lab, "/run/root", ["/etc/large"]);
  assertEquals(text?.length, 65536);
});

Deno.test("readResolvConf: of a process, as that one sees its root; or says why not", async () => {
  await using lab = await throwaway();
  await prepare(
    lab,
    `${FILES}
     cp plain resolv.conf
     unshare --mount sh -c 'mount --bind /run/root/etc /etc
       echo $$ >/run/there; exec sleep infinity' >/dev/null 2>&1 &
     timeout 10 sh -c 'until [ -s /run/there ]; do :; done'`,
  );
  const pid = (await lab.run("cat /run/there")).stdout.trim();
  const nobody = `${2 ** 22 + 1}`;
  const [there, none] = await contents(lab, "pid", [pid, nobody]);
  assertEquals(there, { text: "nameserver 192.0.2.1\n" });
  assertStringIncludes(none.unreadable ?? "", "No such file or directory");
  await lab.run(`kill ${pid}`);
});

async function prepare(lab: Throwaway, commands: string) {
  const { code, stderr } = await lab.exec(["sh", "-e", "-s"], commands);
  assertEquals([code, stderr], [0, ""]);
}

async function contents(
  lab: Throwaway,
  root: string,
  paths: string[],
): Promise<{ text?: string; unreadable?: string }[]> {
  const { stdout, stderr } = await lab.script(SCRIPT, [root, ...paths]);
  assertEquals(stderr, "");
  return stdout.trim().split("\n").map((line) => JSON.parse(line));
}
