import { assert, assertEquals, assertMatch } from "@std/assert";
import { addByCni, CNI } from "../cni.ts";
import { fixPath, isFile, isInstalled } from "../../vm/path.ts";
import { throwaway } from "../throwaway.ts";
import { death, labAt, shell, story, traced } from "./traced.ts";

fixPath();

const noCni = !isFile(CNI);
Deno.test({
  name: "trace: follows a packet through the bridge of the CNI plugin" +
    (noCni ? ` (ignored: ${CNI} is not installed)` : ""),
  ignore: noCni,
  async fn() {
    await using lab = await throwaway();
    for (const pod of ["pod1", "pod2"]) {
      await addByCni(lab, pod);
    }
    // The plugin names its ends at random.
    const plain = (line: string) => line.replace(/veth[0-9a-f]{8}/, "vethX");

    const across = await traced(lab, "pod1 pod2");
    assertEquals(story(across).map(plain).slice(0, 6), [
      "  pod1: routed",
      "  ARP: 10.22.0.2 asks for 10.22.0.3",
      "pod1 eth0 out 10.22.0.2 > 10.22.0.3 64",
      "PC vethX in 10.22.0.2 > 10.22.0.3 64",
      "  PC: switched",
      "PC vethX out 10.22.0.2 > 10.22.0.3 64",
    ]);
    assertEquals(across.verdict, "ok");

    const out = await traced(lab, "pod1 8.8.8.8");
    assertEquals(story(out).map(plain), [
      "  pod1: routed",
      "  ARP: 10.22.0.2 asks for 10.22.0.1",
      "pod1 eth0 out 10.22.0.2 > 8.8.8.8 64",
      "PC vethX in 10.22.0.2 > 8.8.8.8 64",
      "  PC: kept",
      "PC cni0 in 10.22.0.2 > 8.8.8.8 64",
      "  PC: forwarded",
      "  PC: rewritten",
      "  ARP: 203.0.113.2 asks for 203.0.113.1",
      "PC eth0 out 203.0.113.2 > 8.8.8.8 63",
      "outside isp0 in 203.0.113.2 > 8.8.8.8 63",
      "  outside: answered",
      "  outside: routed",
      "outside isp0 out 8.8.8.8 > 203.0.113.2 64",
      "PC eth0 in 8.8.8.8 > 203.0.113.2 64",
      "  PC: translated back",
      "  PC: forwarded",
      "PC cni0 out 8.8.8.8 > 10.22.0.2 63",
      "  PC: switched",
      "PC vethX out 8.8.8.8 > 10.22.0.2 63",
      "pod1 eth0 in 8.8.8.8 > 10.22.0.2 63",
    ]);

    await shell(lab, "iptables -t nat -F POSTROUTING");
    assertEquals(
      death(await traced(lab, "pod1 8.8.8.8")),
      "outside isp0 in: no-nat",
    );
  },
});

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
  assertMatch(stdout, /private source\s+192\.168\.0\.1: no NAT rewrote it/);
});

const noTcpdump = !isInstalled("tcpdump");
Deno.test({
  name: "trace --pcap: keeps the packets in a file that other tools read" +
    (noTcpdump ? " (ignored: tcpdump is not installed)" : ""),
  ignore: noTcpdump,
  async fn() {
    await using lab = await labAt("nat");
    const folder = await Deno.makeTempDir({ prefix: "lab-test-" });
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
