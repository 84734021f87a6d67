#!/usr/bin/env bash
# What sticky messages cost: CPU per message, and the REST calls that were made.
#   bench/sticky/bench.sh [PROGRAM] [SECONDS] [MESSAGES_A_SECOND]
# 1,000 servers with one text channel each that members write to, five of which have a sticky message in the last row.
# `probe-idle` reads nothing, `probe` reads every message and does nothing with it. Messages of 1.2 kB; CPU of the bot's process alone.
set -euo pipefail
program=$(realpath "${1:-build/release/guildfleet}")
seconds=${2:-120}
rate=${3:-1000}
folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"

control() { curl -sf "${api%/api}/_sim/$1" "${@:2}"; }
cpu_ms() { awk '{ print ($14 + $15) * 10 }' "/proc/$node/stat"; }
messages_made() { control report | grep -o '"MESSAGE_CREATE":[0-9]*' | tail -1 | cut -d: -f2; }
calls() { # METHOD: to channels' messages, answered with success
  control report | grep -o "\"$1 /channels/[^\"]*messages[^\"]*\":{[^}]*}" | grep -o '"20[0-9]":[0-9]*' | awk -F: '{ sum += $2 } END { print sum + 0 }'
}

measure() { # FEATURE STICKIES
  rm -f ./*
  : >sim.out
  "$program" sim --port 0 --guilds 1000 --channels 2 --members 20 --no-rate-limits >sim.out &
  simulator=$!
  until grep -q '^bot' sim.out; do sleep 0.2; done
  api=$(sed -n 's/^DISCORD_API_URL=//p' sim.out)
  : >run.out
  DISCORD_API_URL=$api DISCORD_TOKEN=$(awk '/^bot/ { print $2; exit }' sim.out) FEATURES=$1 SQLITE_PATH=bot.sqlite LOG_LEVEL=warn \
    "$program" run >run.out 2>run.err &
  node=$!
  until grep -q '^ready' run.out; do kill -0 "$node"; sleep 0.1; done
  sleep 5
  for ((i = 0; i < $2; i++)); do
    guild=$(control guilds | grep -o '"id":"[0-9]*","name":"[^"]*","owner_id"' | sed -n "$((i + 1))p" | cut -d'"' -f4)
    until control command -d "{\"name\":\"sticky set\",\"guild\":\"$guild\",\"options\":{\"text\":\"Read the rules\"},\"wait\":5000}" >answer; do sleep 0.5; done
  done
  control traffic -d "{\"rate\":$((rate * 10 / 6)),\"bytes\":1200}" >answer
  sleep 10
  local cpu=$(cpu_ms) made=$(messages_made) posts=$(calls POST) deletes=$(calls DELETE) gets=$(calls GET)
  sleep "$seconds"
  cpu=$(($(cpu_ms) - cpu)) made=$(($(messages_made) - made))
  printf '%-12s %9d %10d %14.1f %7d %9d %6d\n' "$1" "$2" "$made" "$(awk -v c="$cpu" -v m="$made" 'BEGIN { print c * 1000 / m }')" \
    "$(($(calls POST) - posts))" "$(($(calls DELETE) - deletes))" "$(($(calls GET) - gets))"
  kill "$node" "$simulator"
  wait "$node" "$simulator" 2>/dev/null || true
}

printf '%-12s %9s %10s %14s %7s %9s %6s\n' feature stickies messages 'CPU us/message' posted deleted read
measure probe-idle 0
measure probe 0
measure sticky 0
measure sticky 5
