/**
 * Questions beyond ping: a port of TCP or UDP, a name, a large packet. Each on a
 * real kernel: what is wrong is named, and nothing is where all is well.
 */

import { assertEquals } from "@std/assert";
import { isInstalled } from "../../vm/path.ts";
import { consult, steps } from "./consult.ts";
import { type Asking, askings } from "./askings.ts";

Deno.test("doctor: ports, names and large packets", async (t) => {
  await steps(
    t,
    askings.map((each) => ({
      name: each.name,
      ignore: each.lines?.startsWith("mount ") && !hasResolvConf() ||
        each.lines?.startsWith("conntrack ") && !isInstalled("conntrack"),
      async fn() {
        const lines = (each.lines ?? "").split("\n").map((line) => line.trim())
          .filter(Boolean);
        const { from = "ns1", to, by } = each;
        const { seen } = await consult({
          break: lines,
          listen: each.listen,
          wish: { from: { label: from }, to, by },
        });
        const [{ cause, probes, unchecked }] = seen;
        assertEquals(cause?.code, each.code, JSON.stringify(seen[0]));
        if (!each.code) {
          assertEquals(
            probes.map(({ verdict }) => verdict),
            probes.map(() => "ok"),
            unchecked.join(),
          );
        }
        if (each.isMended) {
          const { breaks } = cause!;
          // What still passes is no less to be mended.
          assertEquals(breaks.length, each.code === "conntrack-stale" ? 0 : 1);
          await isMended(lines, each, cause!.fix);
        }
      },
    })),
  );
});

/** With the fix, the same question is answered. */
async function isMended(
  lines: string[],
  { listen, from = "ns1", to, by }: Asking,
  fix: readonly string[],
): Promise<void> {
  const { seen: [after] } = await consult({
    break: [...lines, ...fix],
    listen,
    wish: { from: { label: from }, to, by },
  });
  assertEquals(after.cause?.code, undefined, JSON.stringify(after));
  assertEquals(after.probes.map(({ verdict }) => verdict), ["ok"]);
}

/** A file can only be mounted over another one. */
function hasResolvConf(): boolean {
  try {
    return Deno.lstatSync("/etc/resolv.conf").isFile;
  } catch {
    return false;
  }
}
