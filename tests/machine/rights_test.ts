/**
 * Who may do what to whom. These tests take real root, since only root can be
 * several users; each runs in namespaces of its own.
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { run } from "../../lib/cli/command.ts";
import { ROOT } from "../throwaway.ts";

const { stdout: map } = await run(["cat", "/proc/self/uid_map"]);
const isRoot = Deno.uid() === 0 &&
  map.trim().split(/\s+/).join(" ") === "0 0 4294967295";
const ignore = !isRoot;
const why = ignore ? " (not here: it takes real root)" : "";

/** Two users whom no distribution has. */
const OWNER = 65520;
const OTHER = 65521;

/** A checkout that belongs to a user, below a folder of a given mode. */
class Checkout implements AsyncDisposable {
  private constructor(readonly folder: string) {}

  static async of(uid: number, mode = 0o755): Promise<Checkout> {
    const folder = await Deno.makeTempDir({ prefix: "lab-rights-" });
    const made = new Checkout(folder);
    const { stderr } = await run(
      ["sh", "-ec", COPY, ROOT, `${folder}/lab`, Deno.execPath()],
    );
    assertEquals(stderr, "");
    await run(["chown", "-R", `${uid}:${uid}`, folder]);
    await Deno.chmod(folder, mode);
    return made;
  }

  /** Runs lines of sh in the checkout, as root in namespaces of its own. */
  async sh(lines: string): Promise<string> {
    const world = "unshare --net --pid --mount --fork --mount-proc sh -euc";
    const env = ["env", "-u", "LAB_MACHINE", "-u", "LAB_CALL"];
    const { code, stdout, stderr } = await run(
      [
        ...env,
        "NO_COLOR=1",
        ...world.split(" "),
        `cd ${this.folder}/lab\n${AS}\n${lines}`,
      ],
    );
    assertEquals(code, 0, `${lines}\n${stdout}${stderr}`);
    return stdout + stderr;
  }

  async [Symbol.asyncDispose]() {
    await Deno.remove(this.folder, { recursive: true });
  }
}

// Deno is copied, not linked: its owner and mode are about to change.
const COPY = `mkdir "$1"; cd "$0"
cp -R deno.json lab lib scripts vm "$1"
mkdir -p "$1/.lab/deno/bin"
cp "$2" "$1/.lab/deno/bin/deno"`;

const AS = `mount -t tmpfs -o mode=755 run /run
as() {
  user=$1; shift
  setpriv --reuid=$user --regid=$user --clear-groups env HOME=/nonexistent "$@"
}`;

Deno.test({
  name:
    `rights: root's sandbox cannot change the host, whatever root does in it${why}`,
  ignore,
  async fn() {
    // Where nobody but root may look, as in /root.
    await using checkout = await Checkout.of(0, 0o700);
    const said = await checkout.sh(`
      ./lab stage:netns --quiet
      ./lab exec -- sh -c '
        attempt() { if "$@" 2>/dev/null; then echo "could: $*"; fi; }
        attempt umount /proc/sys
        attempt mount -o remount,rw /proc
        attempt mount -o remount,bind,rw /sys
        attempt mount -o remount,rw /
        attempt mount --bind /etc /mnt
        attempt touch /etc/lab-was-here /mnt/lab-was-here /usr/lab-was-here
        attempt sh -c "cat /proc/sys/kernel/core_pattern >/proc/sys/kernel/core_pattern"
        attempt sh -c "echo >/sys/kernel/mm/ksm/run"
        attempt chmod 777 /etc/passwd
        attempt cat /etc/shadow
        for disk in /dev/[vsn]d[a-z] /dev/nvme0n1; do attempt head -c 1 "$disk"; done
        sysctl -qw net.ipv4.ip_forward=1 && echo forwards
        ip netns exec ns1 ip -brief link
      '`);
    // To mount in there is its own affair: what is there is as closed as before.
    const harm = [...said.matchAll(/^could: (?!mount).*/gm)].map(String);
    assertEquals(harm, []);
    assertMatch(said, /^forwards\nlo +UNKNOWN/m);
  },
});

Deno.test({
  name: `rights: a checkout that only root can read makes a lab for root${why}`,
  ignore,
  async fn() {
    await using checkout = await Checkout.of(0);
    const said = await checkout.sh(`
      chmod -R go-rwx .
      ./lab stage:nat --quiet
      ./lab down`);
    assertMatch(said, /✓ ns1 to 8\.8\.8\.8 +ok/);
  },
});

Deno.test({
  name:
    `rights: under sudo all belongs to the checkout's owner, and both can use it${why}`,
  ignore,
  async fn() {
    await using checkout = await Checkout.of(OWNER);
    const said = await checkout.sh(`
      export SUDO_UID=${OWNER} SUDO_GID=${OWNER} SUDO_USER=owner HOME=/root
      ./lab stage:nat --quiet
      find .lab -not -user ${OWNER}
      as ${OWNER} ./lab status | head -n 1
      as ${OWNER} ./lab down
      as ${OWNER} ./lab stage:addr --quiet
      ./lab status | grep -e Machine -e '8 gateway'
      ./lab draw --svg /dev/null
      ./lab down`);
    assert(!said.includes(".lab/"), said);
    assertEquals(said.match(/^Machine: sandbox "default"/gm)?.length, 2, said);
    assertEquals(
      said.match(/^Sandbox "default" is gone\.$/gm)?.length,
      2,
      said,
    );
  },
});

Deno.test({
  name:
    `rights: after sudo with --on here the owner's checkout is still his${why}`,
  ignore,
  async fn() {
    await using checkout = await Checkout.of(OWNER);
    const said = await checkout.sh(`
      rm -rf .lab/sandbox
      ip link add name eth0 type veth peer name isp0; ip link set eth0 up
      ip addr add 203.0.113.2/24 dev eth0; ip route add default via 203.0.113.1
      ./lab stage:addr --on here --quiet
      ./lab down --on here
      find .lab -not -user ${OWNER}
      as ${OWNER} ./lab stage:netns --quiet
      as ${OWNER} ./lab down`);
    assert(!said.includes(".lab/"), said);
    assertMatch(said, /Sandbox "default" is gone/);
  },
});

Deno.test({
  name:
    `rights: another user can neither hold a lock nor have a process ended${why}`,
  ignore,
  async fn() {
    await using checkout = await Checkout.of(0);
    const said = await checkout.sh(`
      ./lab stage:netns --quiet
      as ${OTHER} flock -n .lab/sandbox/default true 2>/dev/null && echo "locked it"
      # One that looks like a holder, and is somebody else's.
      mkdir -p ${checkout.folder}/vm/sandbox
      cp vm/sandbox/holder.sh ${checkout.folder}/vm/sandbox/holder.sh
      chmod -R go+rX ${checkout.folder}
      as ${OTHER} unshare --user --map-root-user --pid --fork \\
        sh ${checkout.folder}/vm/sandbox/holder.sh $PWD/.lab/sandbox/forged &
      timeout 10 sh -c 'until pgrep -f /forged; do :; done' >/dev/null
      ./lab list --json
      ./lab down --all
      pgrep -f /forged >/dev/null && echo "the other one lives"`);
    assert(!said.includes("locked"), said);
    assert(!said.includes('"forged"'), said);
    assertMatch(said, /Sandbox "default" is gone\.\nthe other one lives\n/);
  },
});
