# Shared by the scripts beside it; sourced by bash, with `set -euo pipefail` already on.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Where build folders go.
build_root=${GUILDFLEET_BUILD_ROOT:-$root/build}
export CCACHE_SLOPPINESS=pch_defines,time_macros

say() { printf '== %s\n' "$*" >&2; }
die() { printf '%s: %s\n' "$(basename "$0")" "$1" >&2; exit "${2:-1}"; }

# A compiler with coroutines and sanitizers takes up to 1.5 GB.
jobs() {
  local cores memory_kb by_memory
  cores=$(nproc)
  memory_kb=$(awk '/^MemAvailable/ {print $2}' /proc/meminfo)
  by_memory=$((memory_kb / 1500000))
  if ((by_memory < 1)); then by_memory=1; fi
  echo $((cores < by_memory ? cores : by_memory))
}

# configure PRESET [more arguments for cmake]
configure() {
  local preset=$1
  shift
  say "configure $preset"
  (cd "$root" && cmake --preset "$preset" -B "$build_root/$preset" "$@" >&2)
}

# build PRESET [targets]
build() {
  local preset=$1
  shift
  say "build $preset"
  cmake --build "$build_root/$preset" --parallel "$(jobs)" ${1:+--target "$@"} >&2
}
