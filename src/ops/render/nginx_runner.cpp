#include "ops/render/nginx.hpp"

namespace guildfleet::ops {
namespace {

// POSIX only: dash, and the sh of BusyBox.
constexpr std::string_view runner =
    R"sh(# Runs nginx, and loads anew what changes:  run-nginx.sh [RENDERED [WEIGHTS [TLS [WORK]]]]
# RENDERED: nginx.conf, and upstreams/ with what holds for a service as long as WEIGHTS has no file of that name.
# WEIGHTS: what guildfleet rollout weights writes; it may be empty. TLS: tls.crt and tls.key. WORK: a folder of its own.
# Once a second it looks at the files, and at the addresses of the servers in them, for nginx before 1.27.3 looks their
# names up only as it loads. nginx -t decides: what it refuses is not loaded, what ran before goes on. A connection that is open stays with
# the worker that has it. SIGTERM, SIGINT and SIGQUIT let nginx finish what it serves; the exit code is nginx's.
set -u
rendered=${1:-/etc/guildfleet}
weights=${2:-/etc/guildfleet-weights}
tls=${3:-/etc/guildfleet-tls}
work=${4:-/tmp/guildfleet-nginx}

say() { echo "run-nginx: $*" >&2; }

# Everything that nginx's configuration depends on, as a text that differs when it does.
state() {
  for file in "$rendered/nginx.conf" "$rendered"/upstreams/*.conf "$weights"/*.conf "$tls"/*; do
    if [ -f "$file" ]; then cksum "$file" 2>&1; fi
  done
  sed -n 's/^ *server \([^:;{ ]*\):.*/\1/p' "$rendered"/upstreams/*.conf "$weights"/*.conf 2>/dev/null | sort -u |
    while read -r name; do { getent hosts "$name" || echo "$name is nowhere"; } & done | sort
}

# A name may take long to look up. A shell hears signals while it waits for what it has started, not while it runs it.
look() {
  state >"$work/now" &
  wait $! || true
  now=$(cat "$work/now")
}

# prepare FOLDER: with the upstreams that nginx.conf names, those of FOLDER where it has them: a name of a service that
# is gone would keep nginx from loading. The files that nginx reads change only when it takes them.
prepare() {
  cp "$rendered/nginx.conf" "$work/next/nginx.conf" || return 1
  for each in "$rendered"/upstreams/*.conf; do
    name=${each##*/}
    grep -qF -e "proxy_pass http://${name%.conf}/" -e "proxy_pass http://${name%.conf}.api/" "$rendered/nginx.conf" || continue
    if [ -s "$1/$name" ]; then each=$1/$name; fi
    cat "$each" || return 1
  done >"$work/next/upstreams.conf"
  nginx -t -q -e stderr -p "$work" -c "$work/next/nginx.conf" &
  wait $! || return 1
  mv "$work/next/upstreams.conf" "$work/next/nginx.conf" "$work/live/"
}

pause() {
  sleep 1 &
  wait $! || true
}

nginx=
asked=
stop() {
  asked=yes
  if [ -n "$nginx" ]; then kill -s QUIT "$nginx" 2>/dev/null; fi
}
trap stop TERM INT QUIT

for each in nginx cksum getent grep; do
  command -v "$each" >/dev/null || { say "there is no $each here"; exit 1; }
done
mkdir -p "$work/live" "$work/next" || exit 1
for each in live next; do
  rm -f "$work/$each/tls"
  ln -s "$tls" "$work/$each/tls" || exit 1
done

seen=
while :; do
  look
  if [ -z "$asked" ] && [ "$now" != "$seen" ]; then
    if prepare "$weights" || { [ -z "$asked" ] && prepare "$rendered/upstreams"; }; then break; fi
    if [ -z "$asked" ]; then say "nginx cannot start with this; waiting until it changes"; fi
  fi
  seen=$now
  if [ -z "$asked" ]; then pause; fi
  if [ -n "$asked" ]; then exit 0; fi
done
nginx -e stderr -p "$work" -c "$work/live/nginx.conf" -g 'daemon off;' &
nginx=$!
seen=$now

while [ -z "$asked" ] && kill -0 "$nginx" 2>/dev/null; do
  pause
  if [ -z "$asked" ]; then look; fi
  if [ -n "$asked" ] || [ "$now" = "$seen" ]; then continue; fi
  seen=$now
  if prepare "$weights"; then
    say "loading what has changed"
    kill -s HUP "$nginx"
  elif [ -z "$asked" ]; then
    say "what has changed is not loaded; nginx goes on with what it had"
  fi
done

# Again and again, for in its first moments nginx hears nothing.
while [ -n "$asked" ] && kill -s QUIT "$nginx" 2>/dev/null; do pause; done
wait "$nginx"
)sh";

}  // namespace

std::string_view nginx_runner() {
  return runner;
}

}  // namespace guildfleet::ops
