/**
 * Chapter docker.
 *
 * Runs in a sandbox that ends with it; `--keep` leaves one named docker to look
 * at. It takes Docker's programs, but no root, and no Docker that runs already.
 *
 * The idea: nine stages to build what Docker builds in one command. Is it so?
 * The chapter builds the lab, reads it from the kernel, and takes it back. Then
 * it starts an engine on the same PC, has it start containers, and reads again,
 * with the same eyes. It prints what it found side by side.
 *
 * How Docker divides the nine stages:
 *
 *     when dockerd starts     bridge (docker0, which takes the gateway's
 *                             address), forward, nat
 *     at each `docker run`    netns, veth, attach, up, addr, gateway
 *
 *     +-- c1 ---+          +--------- PC ----------+          +-- c2 ---+
 *     |  eth0   o----------o  docker0 172.17.0.1   o----------o  eth0   |
 *     +---------+  veth…   +-----------o-----------+  veth…   +---------+
 *                                     eth0
 *
 * @module
 */

import type { Chapter } from "../../lib/course/chapter.ts";

/** Docker's default network, made by Docker. */
export const docker: Chapter = {
  name: "docker",
  idea: "a real Docker Engine beside the lab",
  engine: true,
  needs: ["--allow-run=unshare,sh,docker,deno"],
  commands: [
    // What six of the nine stages do for ns1. `tiny` is an image that holds
    // nothing but busybox.
    "docker run -d --name c1 tiny sleep 1d",
    // And for ns2.
    "docker run -d --name c2 tiny sleep 1d",
    // A room without a cable, as in chapter modes.
    "docker run -d --name none --network none tiny sleep 1d",
    // No room of its own.
    "docker run -d --name host --network host tiny sleep 1d",
    // A web server behind a letterbox, as in chapter publish.
    "docker run -d --name web -p 8080:80 tiny httpd -f -p 0.0.0.0:80 -h /www",
  ],
  facts: [
    { link: "docker0", kind: "bridge" },
    { link: "docker0", address: "172.17.0.1/16" },
    { route: "default", via: "172.17.0.1", in: "c1" },
    { route: "default", via: "172.17.0.1", in: "c2" },
  ],
  look: [
    // The ports of Docker's switch.
    { command: "ip -brief link show master docker0", shows: "veth" },
    // What a container sees: lo, and one end of a cable by the name of eth0.
    { command: "ip netns exec c1 ip -brief address", shows: "172.17.0.2/16" },
    // The rule of stage nat, and more.
    { command: "iptables -t nat -S", shows: "-s 172.17.0.0/16 ! -o docker0" },
  ],
  // The same questions as in chapters modes and publish, put to containers.
  probes: [
    {
      from: "none",
      to: "itself",
      command: "docker exec none ping -c 1 -w 1 127.0.0.1",
      verdict: "ok",
    },
    {
      from: "none",
      to: "c2",
      command: "docker exec none ping -c 1 -w 1 172.17.0.3",
      verdict: "unreachable",
    },
    {
      from: "none",
      to: "the PC",
      command: "docker exec none ping -c 1 -w 1 203.0.113.2",
      verdict: "unreachable",
    },
    {
      from: "none",
      to: "8.8.8.8",
      command: "docker exec none ping -c 1 -w 1 8.8.8.8",
      verdict: "unreachable",
    },
    {
      from: "host",
      to: "itself",
      command: "docker exec host ping -c 1 -w 1 127.0.0.1",
      verdict: "ok",
    },
    {
      from: "host",
      to: "c2",
      command: "docker exec host ping -c 1 -w 1 172.17.0.3",
      verdict: "ok",
    },
    {
      from: "host",
      to: "the PC",
      command: "docker exec host ping -c 1 -w 1 203.0.113.2",
      verdict: "ok",
    },
    {
      from: "host",
      to: "8.8.8.8",
      command: "docker exec host ping -c 1 -w 1 8.8.8.8",
      verdict: "ok",
    },
    {
      from: "bridge",
      to: "itself",
      command: "docker exec c1 ping -c 1 -w 1 127.0.0.1",
      verdict: "ok",
    },
    {
      from: "bridge",
      to: "c2",
      command: "docker exec c1 ping -c 1 -w 1 172.17.0.3",
      verdict: "ok",
    },
    {
      from: "bridge",
      to: "the PC",
      command: "docker exec c1 ping -c 1 -w 1 203.0.113.2",
      verdict: "ok",
    },
    {
      from: "bridge",
      to: "8.8.8.8",
      command: "docker exec c1 ping -c 1 -w 1 8.8.8.8",
      verdict: "ok",
    },
    {
      from: "outside",
      to: "203.0.113.2:8080",
      command:
        "ip netns exec outside deno run -N scripts/beyond/http/get.ts http://203.0.113.2:8080",
      verdict: "ok",
    },
    {
      from: "the PC",
      to: "203.0.113.2:8080",
      command: "deno run -N scripts/beyond/http/get.ts http://203.0.113.2:8080",
      verdict: "ok",
    },
    {
      from: "the PC",
      to: "127.0.0.1:8080",
      command: "deno run -N scripts/beyond/http/get.ts http://127.0.0.1:8080",
      verdict: "ok",
    },
    {
      from: "c2",
      to: "203.0.113.2:8080",
      command: "docker exec c2 timeout 1 wget -q -O - http://203.0.113.2:8080",
      verdict: "ok",
    },
  ],
  // It all ends with its sandbox: `deno task down --name docker`.
  undo: ["docker rm -f c1 c2 none host web"],
};

if (import.meta.main) console.log("Type: deno task beyond:docker");
