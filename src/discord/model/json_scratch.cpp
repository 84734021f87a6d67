#include "discord/model/json_scratch.hpp"

#include <memory>

namespace guildfleet::discord {
namespace {

// A parser keeps about six bytes per byte of the largest document.
constexpr std::size_t largest_kept = 512U << 10U;

}  // namespace

simdjson::simdjson_result<simdjson::ondemand::document> read_json(std::string_view json) {
  thread_local auto parser = std::make_unique<simdjson::ondemand::parser>();
  if (parser->capacity() > largest_kept && json.size() <= largest_kept) {
    parser = std::make_unique<simdjson::ondemand::parser>();
  }
  return parser->iterate(json.data(), json.size(), json.size() + simdjson::SIMDJSON_PADDING);
}

}  // namespace guildfleet::discord
