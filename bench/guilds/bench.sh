#!/usr/bin/env bash
# What a node needs for guilds and for shards, and how long a restart takes: the constants of `guildfleet plan` come from here.
#   [COMPRESSION=zlib-stream] bench/guilds/bench.sh [PROGRAM] [GUILDS:SHARDS...]
# Guilds have 20 channels, 15 roles, 50 members and 10 emojis, as in bench/gateway; one bot over TLS with zstd-stream and the feature
# `probe`, which reads every message, everything in SQLite. "RSS" is read when all guilds are there, "busy" after 3,000 more events of 1.2 kB for each shard, when
# each connection has filled its window of compression. "restart": from SIGTERM until the next process has resumed all sessions.
set -euo pipefail
program=$(realpath "${1:-build/release/guildfleet}")
sizes=("${@:2}")
((${#sizes[@]})) || sizes=(16:1 1000:1 5000:4 20000:16 2560:2 2560:64)
folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"

start_simulator() { # GUILDS SHARDS
  : >sim.out
  "$program" sim --port 0 --tls --ca-file ca.pem --guilds "$1" --channels 20 --roles 15 --members 50 --emojis 10 --shards "$2" \
    --max-concurrency "$2" --session-starts 100000 --no-rate-limits >sim.out &
  simulator=$!
  until grep -q '^bot' sim.out; do sleep 0.2; done
  api=$(sed -n 's/^DISCORD_API_URL=//p' sim.out)
  cat >fleet.yaml <<YAML
port: 3991
address: 127.0.0.1
log: { level: warn }
discord: { api_url: $api, ca_file: ca.pem }
store: { sqlite: bot1.sqlite }
bots: [{ name: bot1, token: "$(awk '/^bot/ { print $2 }' sim.out)", compression: ${COMPRESSION:-zstd-stream}, features: [probe] }]
YAML
  chmod 600 fleet.yaml
}
start_node() {
  : >run.out
  "$program" run --config fleet.yaml >run.out 2>run.err &
  node=$!
}
wait_until_ready() {
  until grep -q '^ready' run.out; do
    kill -0 "$node" || { cat run.err >&2; exit 1; }
    sleep 0.02
  done
}
guilds_there() { curl -s http://127.0.0.1:3991/health | grep -o '"guilds":[0-9]*' | head -1 | cut -d: -f2; }
events_seen() { curl -s http://127.0.0.1:3991/metrics | awk '/^guildfleet_gateway_events_total/ { sum += $2 } END { printf "%d", sum }'; }
traffic() { curl -sk -d "{\"rate\":$1,\"bytes\":1200}" "${api%/api}/_sim/traffic" >answer; }
memory() { awk '/VmRSS/ { printf "%.1f", $2 * 1024 / 1e6 }' "/proc/$node/status"; }

printf '%8s %7s %8s %8s %10s\n' guilds shards 'RSS MB' 'busy MB' 'restart s'
for size in "${sizes[@]}"; do
  guilds=${size%:*} shards=${size#*:}
  rm -f ./*
  start_simulator "$guilds" "$shards"
  start_node
  wait_until_ready
  until [[ $(guilds_there) == "$guilds" ]]; do sleep 0.5; done
  sleep 5
  quiet=$(memory)
  wanted=$(($(events_seen) + 3000 * shards))
  traffic 8000
  until (($(events_seen) >= wanted)); do sleep 0.5; done
  traffic 0
  sleep 5
  busy=$(memory)
  begun=$(date +%s%N)
  kill -TERM "$node"
  wait "$node" || true
  start_node
  wait_until_ready
  away=$(awk -v a="$begun" -v b="$(date +%s%N)" 'BEGIN { printf "%.2f", (b - a) / 1e9 }')
  printf '%8d %7d %8s %8s %10s\n' "$guilds" "$shards" "$quiet" "$busy" "$away"
  kill -TERM "$node" && wait "$node" || true
  kill -TERM "$simulator" && wait "$simulator" || true
done
