import { faults } from "../doctor/faults.ts";
import { throwaway } from "../throwaway.ts";
import { task } from "../../scripts/tasks/doctor.ts";
import { consult } from "../doctor/consult.ts";
for (const f of faults.filter((x) => x.name.includes(Deno.args[0]))) {
  await using there = await throwaway();
  const { stdout, stderr } = await there.script("tests/walk/x_case.ts", [
    JSON.stringify(f.break),
  ], [...task.needs ?? [], "--allow-run=umount,sh,tc"]);
  console.log(`${f.code}: ${f.name}\n${stdout}${stderr.slice(0, 300)}`);
  const said = await consult({
    break: f.break,
    wish: f.wish,
    fixes: 1,
    heals: false,
  });
  for (const s of said.seen) {
    console.log(
      "cause",
      s.cause?.code,
      s.cause?.fix,
      s.cause?.evidence,
      "further",
      s.further.map((c) => c.code),
      "doubtful",
      s.doubtful.map((c) => c.code),
      s.unchecked,
      s.probes.map((p) => p.verdict),
    );
  }
}
