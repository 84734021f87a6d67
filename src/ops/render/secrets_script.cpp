#include "ops/render/secrets_script.hpp"

#include <fmt/format.h>

namespace guildfleet::ops {
namespace {

using origin = needed_secret::origin;

// The files are for one person's eyes; the containers run as another user, to whom they are given.
constexpr std::string_view beginning = R"sh(set -eu
umask 077
cd "$(dirname "$0")"
secrets=secrets
mkdir -p secrets
)sh";

constexpr std::string_view functions = R"sh(there() { [ -s "$secrets/$1" ]; }
keep() { # keep NAME: the text on stdin
  cat >"$secrets/$1.new" && mv "$secrets/$1.new" "$secrets/$1"
  echo "wrote $secrets/$1"
}
made_up() { # made_up NAME
  there "$1" || od -An -N24 -tx1 /dev/urandom | tr -d ' \n' | keep "$1"
}
asked() { # asked NAME WHAT
  if there "$1"; then return; fi
  answer=
  if [ -t 0 ]; then
    printf '%s: ' "$2" >&2
    trap 'stty echo' EXIT
    trap 'exit 130' INT TERM
    stty -echo
    read -r answer || true
    stty echo
    trap - EXIT INT TERM
    echo >&2
  fi
  if [ -z "$answer" ]; then
    echo "$secrets/$1 is missing: $2. Run this at a terminal, or write it into the file $PWD/$secrets/$1" >&2
    missing=1
    return
  fi
  printf %s "$answer" | keep "$1"
}
missing=0
)sh";

constexpr std::string_view ending = R"sh(if [ "$missing" != 0 ]; then exit 1; fi
# Compose hands files over with the owner and the mode that they have here.
chown {0}:{0} secrets/* 2>/dev/null || chmod 0444 secrets/*
)sh";

std::string line_of(const needed_secret& each) {
  if (each.from == origin::made_up) return fmt::format("made_up {}\n", each.name);
  if (each.from == origin::person) return fmt::format("asked {} '{}'\n", each.name, each.what);
  const bool database = each.name == "database_url";
  return fmt::format(
      "there {0} || printf '{1}' \"$(cat \"$secrets/{2}\")\" | keep {0}\n", each.name,
      database ? "postgresql://guildfleet:%s@postgres:5432/guildfleet" : "redis://:%s@redis:6379/0",
      database ? "postgres_password" : "redis_password");
}

}  // namespace

std::string secret_lines(const std::vector<needed_secret>& secrets) {
  std::string out(functions);
  for (const origin kind : {origin::made_up, origin::derived, origin::person}) {
    for (const needed_secret& each : secrets) {
      if (each.from == kind) out += line_of(each);
    }
  }
  return out;
}

std::string secrets_script(const deployment& all, const std::string& header) {
  std::string out = fmt::format("#!/bin/sh\n{}{}{}", header, beginning, secret_lines(all.secrets)) +
                    fmt::format(fmt::runtime(ending), container_uid);
  for (const needed_secret& each : all.secrets) {
    // The folder is its owner's alone on the host; who is in the container gets the file only.
    if (each.reader == any_uid)
      out += fmt::format("chmod 0444 secrets/{}\n", each.name);
    else if (each.reader != container_uid)
      out += fmt::format("chown {0}:{0} secrets/{1} 2>/dev/null || true\n", each.reader, each.name);
  }
  return out;
}

}  // namespace guildfleet::ops
