#!/bin/sh
# Stands in front of a tool, first on the PATH. Counts all calls, and does to
# one of them what the file `spec` says: "NUMBER FAULT DELAY".
real=REAL
tool=${0##*/}
calls=/tmp/faults/calls

# The first number that nobody has.
set -C
number=1
until { true >"$calls/$number"; } 2>/dev/null; do
  number=$((number + 1))
  if [ "$number" = 3000 ]; then exit 1; fi
done
set +C
echo "$tool $*" >"$calls/$number"
read -r at fault delay <"$calls/../spec"
if [ "$number" != "$at" ]; then exec "$real" "$@"; fi

case $fault in
  fails)
    echo "$tool: made to fail" >&2
    exit 1
    ;;
  hangs)
    : >/tmp/faults/hangs
    exec sleep 1000
    ;;
  garbage)
    printf '\377\376 {"[ \033[31m garbage % \000\n'
    exit 0
    ;;
  nothing) exit 0 ;;
  dies)
    "$real" "$@"
    kill -KILL $$
    ;;
  killed)
    exec 3<&0
    "$real" "$@" <&3 &
    while [ "$delay" -gt 0 ]; do delay=$((delay - 1)); done
    kill -KILL $! 2>/dev/null
    kill -KILL $$
    ;;
esac
exec "$real" "$@"
