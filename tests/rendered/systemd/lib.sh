# What the checks of this folder share; they are called with the program as their argument.
set -euo pipefail
program=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "$*" >&2; exit 1; }
render() { # render FOLDER, of the fleet on stdin
  mkdir -p "$1"
  cat >"$1/fleet.yaml"
  "$program" render systemd --config "$1/fleet.yaml" -o "$1" >"$1/log" 2>&1 || fail "$(cat "$1/log")"
}
independent='bots: [{ name: music, token: "${A}" }, { name: game_2, token: "${B}" }]'
services='store: { database_url: "${D}" }
redis: { url: "${R}" }
deploy: { memory_mib: 512, cpus: 0.5, drain: 600 }
'$independent
