// Files of other programs from anybody: never crashes, every finding has a rule and a place in the file, and
// none holds what looks like a token. What check reads, import reads too.
#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "ops/check/compose.hpp"
#include "ops/check/env_file.hpp"
#include "ops/check/kubernetes.hpp"
#include "ops/check/nginx.hpp"
#include "ops/check/sarif.hpp"
#include "ops/import/import_compose.hpp"
#include "ops/import/import_env.hpp"

namespace {

using namespace guildfleet::ops;

constexpr std::string_view secret = "Tm9ib2R5U2hvdWxkU2VlVGhpcw.Xy12Zz.qwertyuiopasdfghjklzxcvbnm";

void judge(const finding_list& findings, std::string_view text) {
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
  for (const finding& each : findings) {
    if (each.rule == nullptr || each.at.line > lines || each.detail.contains(secret)) std::abort();
  }
  if (sarif_of(findings, "1").contains(secret)) std::abort();
}

void judge(const guildfleet::base::result<fleet_draft>& draft) {
  if (draft && draft->bots.empty()) std::abort();
  if (draft && fleet_yaml_of(*draft, "x").contains(secret)) std::abort();
}

compose_input with_env_file(const source_text& file) {
  return {file, {{".env", "DISCORD_TOKEN=" + std::string(secret)}}};
}

}  // namespace

// The first byte chooses the kind of file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const source_text file{"x", std::string(text)};
  switch (data[0] % 4) {
    case 0:
      judge(check_compose(with_env_file(file)), text);
      judge(import_compose({with_env_file(file), "x", {"ping"}}));
      break;
    case 1:
      judge(check_env_file({.file = file}), text);
      judge(import_env(file));
      break;
    case 2:
      judge(check_kubernetes(std::span(&file, 1)), text);
      break;
    default:
      judge(check_nginx(file), text);
      break;
  }
  return 0;
}
