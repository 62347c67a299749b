/**
 * Tests of where `here` leaves its NAT rule: a table that was there before is
 * left as it was, byte for byte.
 */

import { assertEquals } from "@std/assert";
import { isInstalled } from "../../vm/path.ts";
import { machine, prepare } from "./here.ts";
import { onHere } from "./tools.ts";
import type { Throwaway } from "../throwaway.ts";

/** What somebody may have in the table before. */
const TABLES = [
  "",
  "table ip nat {\n}",
  "table ip nat {\n flags dormant\n}",
  'table ip nat {\n comment "mine"\n}',
  `table ip nat {
    set s { type ipv4_addr; }
    chain own {
      type nat hook postrouting priority 100; policy accept;
      ip saddr 10.9.9.0/24 masquerade
    }
    chain empty {
    }
  }`,
  `table ip nat {
    chain POSTROUTING { type nat hook postrouting priority 100; policy accept; }
    chain PREROUTING { type nat hook prerouting priority -100; policy accept; }
  }`,
];

const ignore = !isInstalled("nft");

async function ruleset(lab: Throwaway): Promise<string> {
  const { stdout } = await lab.run("nft list ruleset");
  // A remark of nft's own about who made it.
  return stdout.replaceAll(/^# Warning: .*\n/gm, "");
}

async function compare(lab: Throwaway, path?: string): Promise<void> {
  for (const table of TABLES) {
    await lab.exec(["nft", "-f", "-"], `flush ruleset\n${table}\n`);
    const before = await ruleset(lab);
    const up = await lab.exec(
      onHere("scripts/tasks/stage.ts nat", ["--only", "--quiet"], path),
    );
    assertEquals([up.code, up.stderr], [0, ""], table);
    const down = await lab.exec(onHere("scripts/tasks/down.ts", [], path));
    assertEquals([down.code, down.stderr], [0, ""], table);
    assertEquals(await ruleset(lab), before, table);
    await lab.exec(
      onHere("scripts/tasks/stage.ts nat", ["--only", "--quiet"], path),
    );
    const undo = await lab.exec(
      onHere("scripts/tasks/stage.ts nat", ["--undo", "--quiet"], path),
    );
    assertEquals(undo.stderr, "", table);
    assertEquals(await ruleset(lab), before, table);
  }
}

Deno.test({
  name: "here: somebody's own table `nat` is left as it was",
  ignore,
  async fn() {
    await using lab = await machine();
    await compare(lab);
  },
});

Deno.test({
  name: "here: and so it is where iptables is the older one",
  ignore: ignore || !isInstalled("iptables-legacy"),
  async fn() {
    await using lab = await machine();
    // Not every kernel has it.
    if ((await lab.run("iptables-legacy -t nat -S")).code !== 0) return;
    await prepare(
      lab,
      `mkdir /run/older; cd /run/older
       ln -s "$(command -v iptables-legacy)" iptables
       ln -s "$(command -v iptables-legacy-save)" iptables-save`,
    );
    await compare(lab, `/run/older:${Deno.env.get("PATH")}`);
  },
});
