/** Chapter docker, with a real engine: once for all that is asked of it. */

import { addressTexts } from "../../lib/net/namespace.ts";
import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { run } from "../../lib/cli/command.ts";
import type { Row } from "../../lib/docker/side_by_side.ts";
import type { Inspected } from "../../lib/docker/inspect.ts";
import type { Report } from "../../lib/docker/report.ts";
import { shapeOf } from "../../lib/docker/shape.ts";
import { link } from "../../lib/net/snapshot.ts";
import { docker } from "../../scripts/beyond/docker.ts";
import { fixPath } from "../../vm/path.ts";
import { ROOT, type Throwaway, throwaway } from "../throwaway.ts";
import { traced } from "../trace/traced.ts";
import { dockerLacks, inspectDocker } from "./start.ts";

fixPath();
const missing = dockerLacks();
const ignore = missing.length > 0;
const why = ignore ? ` (not here: ${missing.join(", ")})` : "";

/**
 * The way of a packet from a namespace to 8.8.8.8 and back, and what was done
 * to it, with each part by what it is instead of by its name.
 */
async function way(lab: Throwaway, netns: string): Promise<string[]> {
  const shape = shapeOf(await lab.snapshot(), netns);
  // The PC's own eth0 is not the container's.
  const { card, ...onThePc } = shape;
  const part = (link: string, room: string) =>
    Object.entries(room === "PC" ? onThePc : { card })
      .find(([, name]) => name === link)?.[0] ?? link;
  const { events } = await traced(lab, `${netns} 8.8.8.8`);
  return events.flatMap((event) => {
    if (event.kind === "arp") return [];
    const room = event.netns === netns ? "namespace" : event.netns;
    return event.kind === "action" ? [`${room} ${event.what}`] : [
      `${room} ${
        part(event.link, event.netns)
      } ${event.direction} TTL ${event.ttl}`,
    ];
  });
}

Deno.test({
  name:
    `docker: beside the lab, the same where it says so and different where it does${why}`,
  ignore,
}, async (t) => {
  await using lab = await throwaway();
  const { code, stdout, stderr } = await lab.task("beyond:docker --json");
  assertEquals(code, 0, stderr + stdout);
  const { rows, answers, engine } = JSON.parse(stdout);
  const out = async (line: string) => (await lab.run(line)).stdout;

  await t.step("every answer is as promised, and as by hand", () => {
    const verdicts = answers.map(({ verdict }: { verdict: string }) => verdict);
    assertEquals(verdicts.length, 32);
    // The lab's questions come first, then the same of containers.
    assertEquals(verdicts.slice(0, 16), verdicts.slice(16));
    assertEquals(new Set(verdicts), new Set(["ok", "unreachable"]));
  });

  await t.step(
    "the way is the same, part by part, with named differences",
    () => {
      const parts = (same: boolean) =>
        rows.filter((row: Row) => row.same === same).map((row: Row) =>
          row.part
        );
      assertEquals(parts(true), [
        "namespace",
        "veth pair",
        "bridge",
        "address",
        "gateway",
        "ip_forward",
        "SNAT",
      ]);
      assertEquals(
        parts(false),
        ["gateway on", "FORWARD policy", "chains", "DNAT"],
      );
      assert(rows.every((row: Row) => row.same || row.why), "each says why");
      assertMatch(engine.version, /^\d+\.\d+/);
      assertMatch(engine.firewall, /iptables|nftables/);
    },
  );

  await t.step(
    "a packet takes the same way as in the shortcut's lab",
    async () => {
      await using hand = await throwaway();
      await hand.task("beyond:shortcut");
      const [byHand, byDocker] = [await way(hand, "ns1"), await way(lab, "c1")];
      assertEquals(byDocker, byHand);
      assertEquals(byHand.filter((each) => each === "PC rewritten").length, 1);
    },
  );

  await t.step("each difference is really there", async () => {
    const docker0 = link(await lab.snapshot(), "docker0");
    assertEquals(docker0 && addressTexts(docker0)[0], "172.17.0.1/16");
    const filter = await out("iptables -S");
    assertStringIncludes(filter, "-P FORWARD DROP");
    assertStringIncludes(filter, "-N DOCKER-USER");
    const nat = await out("iptables -t nat -S DOCKER");
    assertMatch(nat, /--dport 8080 -j DNAT --to-destination 172\.17\.0\.4:80/);
  });

  await t.step(
    "127.0.0.1 is served by docker-proxy, and not by a rule",
    async () => {
      const listening = await out("ss -ltnp sport = :8080");
      assertStringIncludes(listening, "docker-proxy");
      const nat = await out("iptables -t nat -S OUTPUT");
      assertStringIncludes(nat, "! -d 127.0.0.0/8");
    },
  );

  await t.step(
    "inspect-docker tells each cable as the kernel does",
    async () => {
      const inspected = await inspectDocker(lab, "--json");
      assertEquals(inspected.code, 0, inspected.stderr);
      const containers: Inspected[] = JSON.parse(inspected.stdout).containers;
      const names = containers.map(({ name }) => name);
      assertEquals(names, ["c1", "c2", "host", "none", "web"]);
      for (const { name, mode, cards, gateway, ports } of containers) {
        assertEquals(ports, name === "web" ? ["8080:80/tcp"] : []);
        if (mode !== "bridge") {
          assertEquals([mode, cards], [name, []]);
          continue;
        }
        assertEquals(gateway, "172.17.0.1");
        assertEquals(cards.length, 1);
        const [{ port, bridge, address }] = cards;
        assertEquals(bridge, "docker0");
        const [outside] = JSON.parse(await out(`ip -j link show dev ${port}`));
        const [inside] = JSON.parse(
          await out(`ip -n ${name} -j addr show eth0`),
        );
        assertEquals(outside.link_index, inside.ifindex, name);
        assertEquals(inside.link_index, outside.ifindex, name);
        assertStringIncludes(address!, inside.addr_info[0].local);
      }
      const table = await inspectDocker(lab, "--engine", "docker", "--figure");
      assertMatch(
        table.stdout,
        /^web +bridge +eth0 +veth\w+ +docker0 .*8080:80/m,
      );
      assertMatch(table.stdout, /docker0 {2}bridge {2}172\.17\.0\.1\/16/);
    },
  );

  await t.step("the doctor is asked for ports, and by names", async () => {
    for (const words of ["outside PC:8080", "c1 web:80", "PC web:80"]) {
      const { code, stdout, stderr } = await lab.task(`doctor ${words}`);
      assertEquals(code, 0, words + stdout + stderr);
    }
    const closed = await lab.task("doctor c1 web:81");
    assertMatch(closed.stdout, /Code +nobody-listens/);
  });

  await t.step("inspect-docker tells what is behind all of it", async () => {
    const told: Report = JSON.parse(
      (await inspectDocker(lab, "--json")).stdout,
    );
    assertEquals(told.format, 1);
    assertEquals(told.engine.version, engine.version);
    const [network] = told.networks;
    const { name, bridge, subnets, gatewayMode, icc, internal } = network;
    assertEquals(
      { name, bridge, subnets, gatewayMode, icc, internal },
      {
        name: "bridge",
        bridge: "docker0",
        subnets: ["172.17.0.0/16"],
        gatewayMode: "nat",
        icc: true,
        internal: false,
      },
    );
    const [port] = told.published;
    assertEquals([port.container, port.hostPort], ["web", 8080]);
    const kinds = port.behind.map(({ kind }) => kind);
    assertEquals(kinds.slice(0, 2), ["rule", "proxy"]);
    for (const each of port.behind) {
      if (each.kind === "rule") {
        const rules = await out("iptables -t nat -S DOCKER");
        assertStringIncludes(rules, each.rule);
      } else assertEquals(each.program, "docker-proxy");
    }
    // Without its rule and its process, nothing is behind it.
    await lab.run("iptables -t nat -F DOCKER");
    for (const each of port.behind) {
      if (each.kind !== "rule") await lab.run(`kill ${each.pid}`);
    }
    const bare = await inspectDocker(lab);
    assertMatch(bare.stdout, /\*:8080\/tcp → web:80\n {2}nothing: /);
    await out("docker restart -t 0 web");
    const again = await inspectDocker(lab);
    assertMatch(again.stdout, /proxy: docker-proxy \(process \d+\) listens/);
  });

  await t.step("each container's resolv.conf is what it sees", async () => {
    const names = ["c1", "none", "host"];
    const read = await lab.script(
      "tests/net/print_resolv_conf.ts",
      ["docker", ...names, "nobody"],
      ["--allow-run=docker"],
    );
    const contents = read.stdout.trim().split("\n")
      .map((line) => JSON.parse(line));
    for (const [i, name] of names.entries()) {
      const seen = await out(
        `docker exec ${name} busybox cat /etc/resolv.conf`,
      );
      assertEquals(contents[i], { text: seen }, name);
    }
    assertMatch(
      contents.at(-1).unreadable,
      /^docker does not say where it is: .*nobody/,
    );
  });

  await t.step("a namespace is called by all containers in it", async () => {
    await out("docker run -d --name lone tiny sleep 1d");
    await out(
      "docker run -d --name guest --network container:lone tiny sleep 1d",
    );
    const { stdout } = await lab.script(
      "tests/net/print_unnamed.ts",
      [],
      ["--allow-run=docker"],
    );
    assertMatch(stdout, /"container (lone, guest|guest, lone)"/);
    await out("docker rm -f lone guest");
  });

  await t.step(
    "the doctor finds nothing wrong, and then what was taken away",
    async () => {
      const well = await lab.task("doctor c1 --json");
      assertEquals(well.code, 0, well.stderr + well.stdout);
      await lab.run("sysctl -w net.ipv4.ip_forward=0");
      const ill = await lab.task("doctor c1 8.8.8.8");
      await lab.run("sysctl -w net.ipv4.ip_forward=1");
      assertEquals(ill.code, 1, ill.stderr);
      assertMatch(ill.stdout, /Code +forwarding-off/);
    },
  );

  await t.step(
    "a container of an internal network is so on purpose",
    async () => {
      await out("docker network create --internal inner");
      await out("docker run -d --name kept --network inner tiny sleep 1d");
      const { code, stdout } = await lab.task("doctor kept 8.8.8.8");
      assertEquals(code, 1, stdout);
      assertMatch(stdout, /Code +network-internal/);
      assertEquals(/^ +Fix/m.test(stdout), false, stdout);
      await out("docker rm -f kept");
      await out("docker network rm inner");
    },
  );

  await t.step("FORWARD DROP shuts out a lab on the same PC", async () => {
    const { stdout } = await lab.task("stage:nat --json");
    const [ns2, internet] = JSON.parse(stdout).reach;
    assertEquals([ns2.verdict, internet.verdict], ["ok", "no-reply"]);
  });

  await t.step("the engine cannot write to the machine's disk", async () => {
    const pid = (await out("cat /run/docker-engine/pid")).trim();
    const touch = await lab.run(
      `nsenter --target=${pid} --mount touch /opt/docker0-by-hand`,
    );
    assertMatch(touch.stderr, /Read-only file system|Permission denied/);
  });

  await t.step(
    "bridge, forward and nat are dockerd's, and outlive containers",
    async () => {
      await lab.task("stage:netns --undo");
      const removed = await lab.run(
        `docker --host unix:///run/docker.sock ${docker.undo[0].slice(7)}`,
      );
      assertEquals(removed.code, 0, removed.stderr);
      const { machine, rules } = await lab.snapshot();
      const links = machine.links.map(({ name }) => name);
      assertEquals(links, ["lo", "eth0", "docker0"]);
      assertEquals(
        machine.links.at(-1)?.addresses[0],
        { local: "172.17.0.1", length: 16 },
      );
      assertStringIncludes(
        rules.nat.join("\n"),
        "-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE",
      );
    },
  );

  await t.step("a second engine in the sandbox is refused", async () => {
    const again = await lab.task("beyond:docker");
    assertEquals(again.code, 3);
    assertStringIncludes(again.stderr, "There is an engine in the sandbox");
  });
});

/** Process ids of all that came of a process. */
async function offspring(pid: number): Promise<number[]> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-e", "-o", "pid=,ppid="],
  }).output();
  const all = new TextDecoder().decode(stdout).trim().split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const of = (parent: number): number[] =>
    all.filter(([, ppid]) => ppid === parent)
      .flatMap(([child]) => [child, ...of(child)]);
  return of(pid);
}

async function areGone(pids: number[]): Promise<boolean> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const args = ["-o", "stat=", "-p", pids.join(",")];
    const { stdout } = await new Deno.Command("ps", { args }).output();
    // Z: ended, and not yet collected by its parent.
    const alive = new TextDecoder().decode(stdout).trim().split("\n")
      .filter((stat) => stat !== "" && !stat.startsWith("Z"));
    if (alive.length === 0) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

/** Where an engine would write, if it were not kept from it. */
const PLACES = ["/etc/docker", "/opt/containerd", "/var/lib/docker"];

async function state(): Promise<unknown> {
  const there = PLACES.map((place) => {
    try {
      return Deno.statSync(place).mtime?.getTime();
    } catch {
      return undefined;
    }
  });
  const { stdout } = await run(["cat", "/proc/self/mounts"]);
  return { there, mounts: stdout.match(/docker|netns/g)?.length };
}

const ENDS = [
  { how: "Ctrl-C", signal: "INT", when: "a Docker Engine" },
  { how: "kill -9", signal: "KILL", when: "five containers" },
];
for (const { how, signal, when } of ENDS) {
  Deno.test({
    name: `docker: ${how} while it starts ${when} leaves nothing${why}`,
    ignore,
  }, async () => {
    const before = await state();
    const [program, ...args] = config.tasks["beyond:docker"].command.split(" ");
    assertEquals(program, "deno");
    const child = new Deno.Command(Deno.execPath(), {
      args,
      cwd: ROOT,
      env: { LAB_MACHINE: "", LAB_ON: "" },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
      detached: true,
    }).spawn();
    const said = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
    let words = "";
    while (!words.includes(when)) {
      const { value, done } = await said.read();
      if (done) break;
      words += value;
    }
    const pids = await offspring(child.pid);
    assert(pids.length > 3, `it is at work: ${words}`);
    // Ctrl-C is for all that belongs to the terminal, kill -9 for one process.
    const target = signal === "INT" ? `-${child.pid}` : `${child.pid}`;
    await new Deno.Command("kill", { args: [`-${signal}`, "--", target] })
      .output();
    const { code } = await child.status;
    await said.cancel();
    assertEquals(code, signal === "INT" ? 130 : 137);
    assert(await areGone(pids), "no process is left");
    assertEquals(await state(), before, "no file and no mount is left");
  });
}
