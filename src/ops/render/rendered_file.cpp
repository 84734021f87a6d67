#include "ops/render/rendered_file.hpp"

#include <fmt/format.h>

namespace guildfleet::ops {

std::string header_of(const std::string& command, const std::string& mark) {
  return fmt::format(
      "{0}Written by: {1}\n{0}Change fleet.yaml and render again: what is changed here is lost then.\n", mark,
      command);
}

}  // namespace guildfleet::ops
