// For tests: the vectors of the protocol sheet, where they are at hand.
#pragma once

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

namespace guildfleet::discord {

[[nodiscard]] inline std::optional<boost::json::value> reference_vectors() {
  std::ifstream file(GUILDFLEET_REFERENCE_DIR "/discord-vectors.json");
  if (!file) return std::nullopt;
  return boost::json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

}  // namespace guildfleet::discord
