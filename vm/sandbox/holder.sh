# Holds a finished sandbox: process 1 in it, and all that has to stay.
#
#   exec sh vm/sandbox/holder.sh STATE_FILE
#
# That it is this script that runs says that the sandbox is finished, and its
# argument says whose it is (see holder.ts): so it is found even where nothing
# else is known of it.
trap 'exit 0' TERM

# As process 1 of the sandbox we must collect every orphan that ends in it:
# `wait` does, and costs nothing meanwhile.
while :; do
  sleep 2147483647 &
  wait || true
done
