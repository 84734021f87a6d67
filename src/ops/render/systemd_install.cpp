#include "ops/render/systemd_install.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ops/render/secrets_script.hpp"

namespace guildfleet::ops {
namespace {

constexpr std::string_view beginning = R"sh(set -eu
root=${DESTDIR:-}
if [ -z "$root" ] && [ "$(id -u)" != 0 ]; then
  echo "this writes to /etc: run it as root, with sudo $0" >&2
  exit 3
fi
cd "$(dirname "$0")"
changed=0
place() { # place FILE
  if cmp -s "$1" "$root/$1"; then return; fi
  mkdir -p "$root/${1%/*}"
  cp "$1" "$root/$1.new"
  chmod 644 "$root/$1.new"
  mv "$root/$1.new" "$root/$1"
  echo "wrote $root/$1"
  changed=1
}
show() { # show COMMAND...
  echo "+ $*"
  "$@"
}
umask 022
)sh";

constexpr std::string_view before_secrets = R"sh(umask 077
secrets=$root{}
mkdir -p "$secrets"
chmod 700 "$secrets"
)sh";

// A service that left the fleet runs on until somebody ends it: its sessions and its state are not a script's
// to throw away.
constexpr std::string_view ending = R"sh(for file in "$root"/etc/guildfleet/*.yaml; do
  name=$(basename "$file" .yaml)
  case " $services " in *" $name "*) continue ;; esac
  echo "$name is not of this fleet: systemctl disable --now guildfleet@$name.service; rm $file" >&2
done
if [ -z "$root" ]; then
  show systemd-sysusers /etc/sysusers.d/guildfleet.conf
  show systemctl daemon-reload
  if ! PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin command -v guildfleet >/dev/null; then
    echo "the program is not there yet: install -m 755 guildfleet /usr/local/bin/" >&2
  fi
fi
if [ "$missing" != 0 ]; then exit 1; fi
if [ "$changed" = 0 ]; then echo "every file is as it was rendered"; fi
if [ "$changed" != 0 ]; then echo "what runs already follows with: systemctl restart guildfleet.target"; fi
)sh";

}  // namespace

std::string unit_of(const service& of) {
  return fmt::format("guildfleet@{}.service", of.name);
}

std::string install_script(const deployment& all, const std::vector<rendered_file>& files,
                           const std::string& header) {
  std::string out = fmt::format("#!/bin/sh\n{}{}", header, beginning);
  for (const rendered_file& each : files) out += fmt::format("place {}\n", each.path);
  out += fmt::format(fmt::runtime(before_secrets), host_secrets_folder) + secret_lines(all.secrets);
  std::vector<std::string> names;
  for (const service& each : all.services) names.push_back(each.name);
  return out + fmt::format("services='{}'\n{}", fmt::join(names, " "), ending);
}

}  // namespace guildfleet::ops
