import { throwaway } from "/work/main/tests/throwaway.ts";
import { randomNetwork } from "/work/main/tests/walk/network.ts";
const [from, count] = Deno.args.map(Number);
const todo = Array.from({ length: count }, (_, i) => from + i);
let n = 0, bad = 0, und = 0, unmade = 0, q = 0;
async function worker() {
  for (let seed = todo.shift(); seed !== undefined; seed = todo.shift()) {
    await using lab = await throwaway();
    const net = randomNetwork(seed);
    const { stdout, stderr } = await lab.exec([
      "env",
      "NO_COLOR=1",
      `HOME=/tmp`,
      Deno.execPath(),
      "run",
      "--quiet",
      "--no-check",
      "-A",
      "--unstable-net",
      "/work/main/tests/walk/judge.ts",
      JSON.stringify(net),
    ]);
    n++;
    try {
      const r = JSON.parse(stdout);
      if (r.unmade) {
        unmade++;
        if (Deno.env.get("V")) console.log("UNMADE", seed, r.unmade);
      }
      for (const j of r.judged) {
        q++;
        if (j.foretold.length > 1) und++;
        else if (j.foretold[0] !== j.seen) {
          bad++;
          console.log(
            "BAD",
            seed,
            JSON.stringify(j.question),
            j.foretold,
            "seen",
            j.seen,
            j.ends,
          );
          if (Deno.env.get("C")) {
            console.log(
              net.commands.slice(net.commands[0] === "lab" ? 1 : 0).map((c) =>
                "    " + c
              ).join("\n"),
            );
          }
        }
      }
    } catch {
      console.log("FAIL", seed, stdout.slice(0, 200), stderr.slice(0, 800));
    }
  }
}
await Promise.all([1, 2, 3, 4].map(worker));
console.log({ n, q, bad, und, unmade });
Deno.exit(0);
