#include "ops/render/kubernetes_secrets.hpp"

#include <fmt/format.h>

#include "ops/render/kubernetes_object.hpp"
#include "ops/render/secrets_script.hpp"

namespace guildfleet::ops {
namespace {

constexpr std::string_view making = R"sh(set -eu
umask 077
cd "$(dirname "$0")"
secrets=secrets
mkdir -p "$secrets"
)sh";

// A server-side apply keeps no copy of the secret in an annotation.
constexpr std::string_view beginning = R"sh(set -eu
cd "$(dirname "$0")"
namespace={}
need() {{ # need FILE
  if [ ! -s "secrets/$1" ]; then
    echo "secrets/$1 is missing or empty: run ./make-secrets first" >&2
    exit 1
  fi
}}
put() {{ # put SECRET FILE
  kubectl create secret generic "$1" --namespace "$namespace" --from-file="$2=secrets/$2" \
    --dry-run=client --output yaml |
    kubectl apply --namespace "$namespace" --server-side --force-conflicts --filename -
}}
)sh";

constexpr std::string_view make_namespace =
    R"sh(kubectl get namespace "$namespace" >/dev/null 2>&1 || kubectl create namespace "$namespace"
)sh";

}  // namespace

std::string make_secrets_script(const deployment& all, const std::string& header) {
  return fmt::format("#!/bin/sh\n{}{}{}exit \"$missing\"\n", header, making, secret_lines(all.secrets));
}

std::string apply_secrets_script(const deployment& all, const std::string& name_space,
                                 const std::string& header) {
  std::string out = "#!/bin/sh\n" + header + fmt::format(fmt::runtime(beginning), name_space);
  for (const needed_secret& each : all.secrets) out += fmt::format("need {}\n", each.name);
  out += make_namespace;
  for (const needed_secret& each : all.secrets)
    out += fmt::format("put {} {}\n", kubernetes_secret(each), each.name);
  return out;
}

}  // namespace guildfleet::ops
