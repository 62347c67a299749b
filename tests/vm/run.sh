# What `deno task test:vm` does in its world (see vm/world.sh): brings a VM up,
# tests it from outside and from inside, and destroys it, whatever happens.
set -eu
cd "$(dirname "$0")/../.."

export LAB_BOX=docker0-by-hand

vagrant --no-tty box add --name "$LAB_BOX" ".lab/box/$LAB_BOX.box"
trap 'vagrant --no-tty destroy --force >/dev/null' EXIT
vagrant --no-tty up

status=0
from_outside() { # FILE
  LAB_TEST_VM=from-outside deno test --no-prompt --allow-read --allow-write \
    --allow-env --allow-run --allow-sys "$1" || status=1
}
from_outside tests/vm/entry_test.ts
deno task test || status=1
from_outside tests/vm/end_test.ts
exit "$status"
