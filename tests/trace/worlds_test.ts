import { assert, assertEquals, assertMatch } from "@std/assert";
import { fixPath, isInstalled } from "../../vm/path.ts";
import { sharedFolder } from "../throwaway.ts";
import { death, labAt, shell, story, traced } from "./traced.ts";

fixPath();

Deno.test("trace: sees a packet leave and come back where the internet is out of view", async () => {
  await using lab = await labAt(
    "nat",
    // As in a VM: the other end of the uplink is in no namespace of ours.
    "ip netns exec outside sleep 1000 </dev/null >/dev/null 2>&1 &",
    'until [ -n "$(ip netns pids outside)" ]; do :; done',
    "ip netns pids outside >/run/pid",
    "ip netns delete outside",
  );
  const trace = await traced(lab);
  assertEquals(trace.verdict, "ok");
  const places = story(trace).filter((line) => /^\S/.test(line));
  assertEquals(places.slice(3, 5), [
    "PC eth0 out 203.0.113.2 > 8.8.8.8 63",
    "PC eth0 in 8.8.8.8 > 203.0.113.2 64",
  ]);

  const inOutside = "nsenter --target $(head -n 1 /run/pid) --net";
  await shell(
    lab,
    `${inOutside} sysctl -qw net.ipv4.icmp_echo_ignore_all=1`,
  );
  const silent = await traced(lab);
  assertEquals(death(silent), "PC eth0 out: left-our-view");

  await shell(lab, "iptables -t nat -F POSTROUTING");
  const { code, stdout } = await lab.task("trace --wait 0.3");
  assertEquals(code, 1);
  assertMatch(stdout, /left what we can see, and no answer came/);
  assertMatch(
    stdout,
    /Nobody can answer 192\.168\.0\.1: packets leave by eth0/,
  );
});

const noTcpdump = !isInstalled("tcpdump");
Deno.test({
  name: "trace --pcap: keeps the packets in a file that other tools read" +
    (noTcpdump ? " (ignored: tcpdump is not installed)" : ""),
  ignore: noTcpdump,
  async fn() {
    await using lab = await labAt("nat");
    const folder = await sharedFolder();
    try {
      const trace = await traced(lab, `--pcap ${folder}/a.pcapng`);
      // Root's tcpdump would give up its rights and then not read our file.
      const read = await new Deno.Command("tcpdump", {
        args: ["-Z", "root", "-n", "-e", "-r", `${folder}/a.pcapng`],
      }).output();
      const lines = new TextDecoder().decode(read.stdout).trim().split("\n");
      const pings = lines.filter((line) => line.includes("ICMP echo"));
      const seen = trace.events.filter(({ kind }) => kind === "seen");
      assertEquals(pings.length, seen.length);
      assertMatch(pings[0], /192\.168\.0\.1 > 8\.8\.8\.8: ICMP echo request/);
      assertMatch(
        pings.at(-1)!,
        /8\.8\.8\.8 > 192\.168\.0\.1: ICMP echo reply/,
      );
      assert(lines.some((line) => /who-has 192\.168\.0\.100/.test(line)));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
