#include "store/fleet_rows.hpp"

#include <algorithm>

#include "base/json_text.hpp"
#include "store/stored_text.hpp"

namespace guildfleet::store {

const served_shards* node_row::serves(const bot_name& bot) const {
  const auto found = std::ranges::find(report.serves, bot, &served_shards::bot);
  return found == report.serves.end() ? nullptr : &*found;
}

const node_row* fleet_picture::node(const node_identity& identity) const {
  const auto found = std::ranges::find(nodes, identity, &node_row::identity);
  return found == nodes.end() ? nullptr : &*found;
}

std::string serves_as_json(std::span<const served_shards> serves) {
  base::json_writer json;
  json.begin_array();
  for (const served_shards& served : serves) {
    json.begin_array().string(stored_text(served.bot.value));
    json.number(std::uint64_t{served.count}).number(served.intents).end_array();
  }
  return json.end_array().take();
}

}  // namespace guildfleet::store
