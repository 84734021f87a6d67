// fleet.yaml from anybody: never crashes, a configuration exactly when there is no error, and no message
// holds what a variable held.
#include <cstdlib>
#include <string_view>

#include "ops/fleet_config.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace guildfleet;
  constexpr std::string_view secret = "Tm9ib2R5U2hvdWxkU2VlVGhpcw.Xy12Zz.qwertyuiopasdfghjklzxcvbnm";
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.find(secret) != std::string_view::npos) return 0;
  ops::config_surroundings around;
  around.variables = [secret](std::string_view name) -> std::optional<std::string> {
    if (name == "A" || name == "TOKEN") return std::string(secret);
    if (name == "E") return "";
    return std::nullopt;
  };
  around.known_features = {"ping", "help", "about"};
  around.default_features = around.known_features;
  around.known_variants = {{"help", {"compact", "visible"}}};
  const auto outcome = ops::parse_fleet_config(text, "fleet.yaml", around);
  if (outcome.config.has_value() == base::has_errors(outcome.problems)) std::abort();
  for (const auto& each : outcome.problems) {
    if (base::to_text(each).find(secret) != std::string::npos) std::abort();
  }
  return 0;
}
