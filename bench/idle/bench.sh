#!/usr/bin/env bash
# What many idle bots cost in one process: memory, and CPU of one quiet minute.
#   bench/idle/bench.sh [PROGRAM] [BOTS]
# The bots have one shard and one guild each, a SQLite file of their own, and heartbeats every 41 s, as at Discord.
set -euo pipefail
program=$(realpath "${1:-build/release/guildfleet}")
bots=${2:-1000}
folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
ulimit -n "$(ulimit -Hn)"
"$program" sim --port 0 --bots "$bots" --guilds "$bots" --spread --no-rate-limits >sim.out &
until [[ $(grep -c '^bot' sim.out) == "$bots" ]]; do sleep 0.2; done
{
  echo "port: 3990"
  echo "address: 127.0.0.1"
  echo "log: { level: warn }"
  echo "discord: { api_url: $(sed -n 's/^DISCORD_API_URL=//p' sim.out) }"
  echo "store: { sqlite: \"$folder/{bot}.sqlite\" }"
  echo "bots:"
  awk '/^bot/ { printf "  - { name: %s, token: \"%s\" }\n", $1, $2 }' sim.out
} >fleet.yaml
"$program" run --config fleet.yaml >run.out &
node=$!
until [[ $(grep -c '^ready' run.out) == "$bots" ]]; do sleep 0.5; done
cpu() { awk '{ print ($14 + $15) / 100 }' "/proc/$node/stat"; }
echo "ready with $(cpu) s of CPU"
sleep 5
before=$(cpu)
sleep 60
echo "$bots bots: $(awk '/VmRSS/ { printf "%.0f MB", $2 / 1024 }' "/proc/$node/status"), $(awk -v a="$before" -v b="$(cpu)" 'BEGIN { printf "%.2f", b - a }') s of CPU in a minute"
kill -TERM "$node"
wait "$node"
