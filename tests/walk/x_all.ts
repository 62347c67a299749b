import { faults } from "../doctor/faults.ts";
import { throwaway } from "../throwaway.ts";
import { task } from "../../scripts/tasks/doctor.ts";
const rest = [...faults.entries()];
const out: string[] = [];
await Promise.all([1, 2, 3, 4].map(async () => {
  for (let n = rest.shift(); n; n = rest.shift()) {
    await using there = await throwaway();
    const { stdout, stderr } = await there.script("tests/walk/x_case.ts", [JSON.stringify(n[1].break)], [...task.needs ?? [], "--allow-run=umount,sh,tc"]);
    out[n[0]] = `${n[1].code}: ${n[1].name}\n${stdout}${stderr.slice(0, 300)}`;
  }
}));
console.log(out.join("\n"));
