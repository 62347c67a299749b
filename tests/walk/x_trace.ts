import { faults } from "../doctor/faults.ts";
import { throwaway } from "../throwaway.ts";
import { consult } from "../doctor/consult.ts";
import { story, traced } from "../trace/traced.ts";
for (const f of faults.filter((x) => x.name.includes(Deno.args[0]))) {
  await using there = await throwaway();
  const said = await consult({ break: f.break, wish: f.wish }, there);
  const [s] = said.seen;
  console.log(
    f.code,
    f.name,
    "doctor",
    s.cause?.code,
    s.cause?.breaks,
    s.probes.map((p) => p.verdict),
  );
  for (const { from, to } of s.cause?.breaks ?? []) {
    const r = await there.task(`trace --json --wait 0.3 ${from} ${to}`);
    const tr = JSON.parse(r.stdout);
    console.log(r.stderr);
    console.log(
      story(tr).join("\n"),
      tr.cause?.code,
      tr.cause?.kind,
      tr.cause?.lastSeen?.link,
      tr.cause?.sentence,
      tr.cause?.evidence,
    );
  }
}
