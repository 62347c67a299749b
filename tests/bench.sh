#!/usr/bin/env bash
# tests/bench.sh [RUNS]
#
# How long a cold `deno task stage:nat` takes (no sandbox yet; it is made, the
# nine stages run, both verdicts come in), beside the same network built by the
# plain bash script that `deno task export` prints, one process a command, with
# nothing proved. Both in one run, median against median. Takes hyperfine.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp --directory)
trap 'rm -rf "$folder"; deno task --quiet down --name bench >/dev/null' EXIT

# The script needs a network that it may change, and an uplink.
deno task --quiet export >"$folder/lab.sh"
cat >"$folder/plain.sh" <<PLAIN
mount -t tmpfs none /run
ip link add name eth0 type veth peer name isp0
ip link set dev isp0 up
ip addr add 203.0.113.2/24 dev eth0
ip link set dev eth0 up
ip route add default via 203.0.113.1
. "$folder/lab.sh"
PLAIN

hyperfine --warmup 2 --runs "${1:-20}" --export-json "$folder/times.json" \
  --prepare 'deno task --quiet down --name bench' \
  --command-name 'stage:nat, cold' 'deno task --quiet stage:nat --name bench' \
  --command-name 'plain bash' \
  "unshare --user --map-root-user --net --mount bash $folder/plain.sh"
deno eval '
  const { results } = JSON.parse(Deno.readTextFileSync(Deno.args[0]));
  const [lab, plain] = results.map(({ median }) => median * 1000);
  console.log(
    `Medians: ${lab.toFixed(0)} ms against ${plain.toFixed(0)} ms,`,
    `ratio ${(lab / plain).toFixed(2)}`,
  );
' "$folder/times.json"
