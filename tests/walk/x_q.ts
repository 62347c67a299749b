import { throwaway } from "../throwaway.ts";
import { faults } from "../doctor/faults.ts";
import { task } from "../../scripts/tasks/doctor.ts";
const f = faults.find((x) => x.name.includes(Deno.args[0]))!;
await using there = await throwaway();
const extra = ["ip netns exec ns2 ping -c 1 -W 1 192.168.0.100"];
const { stdout, stderr } = await there.script("tests/walk/x_case.ts", [JSON.stringify([...f.break, ...extra])], [...task.needs ?? [], "--allow-run=umount,sh,tc,ping"]);
console.log(stdout, stderr);
console.log((await there.exec(["sh", "-c", "ip -n ns2 neigh; tc qdisc show; ip -n ns2 -d link show ns-veth2; bridge fdb show br br0"])).stdout);
