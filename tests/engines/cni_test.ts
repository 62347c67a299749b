/** Networks that the CNI bridge plugin made, which Kubernetes nodes use. */

import { assertEquals } from "@std/assert";
import { isFile } from "../../vm/path.ts";
import { consult } from "../doctor/consult.ts";
import { throwaway } from "../throwaway.ts";
import { death, shell, story, traced } from "../trace/traced.ts";
import { addByCni, CNI } from "./cni.ts";

const why = isFile(CNI)
  ? ""
  : " (left out: containernetworking-plugins is not installed)";

const BREAKS = [
  { name: "healthy", lines: [] },
  { name: "forwarding-off", lines: ["sysctl -qw net.ipv4.ip_forward=0"] },
  { name: "masquerade-missing", lines: ["iptables -t nat -F POSTROUTING"] },
];
for (const { name, lines } of BREAKS) {
  Deno.test({
    name: `doctor: CNI's bridge: ${name}${why}`,
    ignore: why !== "",
    async fn() {
      await using machine = await throwaway();
      for (const pod of ["web", "db"]) await addByCni(machine, pod);
      const code = lines.length > 0 ? name : undefined;
      const { seen, silent } = await consult({
        build: [],
        break: lines,
        wish: { from: { label: "web" } },
        fixes: lines.length,
        heals: true,
      }, machine);
      const [{ cause, further, questions }] = seen;
      assertEquals(questions[0].from, "web");
      assertEquals([cause?.code, further, silent], [code, [], []]);
    },
  });
}

Deno.test({
  name: `trace: follows a packet through the bridge of the CNI plugin${why}`,
  ignore: why !== "",
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
