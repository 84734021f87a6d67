#include "store/identify_rows.hpp"

namespace guildfleet::store {

void count_identify(identify_history& history, discord::shard_id shard, std::chrono::milliseconds ago) {
  ++history.last_day;
  const auto place = std::ranges::lower_bound(history.by_shard, shard, {}, &identify_count::shard);
  if (place != history.by_shard.end() && place->shard == shard)
    ++place->last_day;
  else
    history.by_shard.insert(place, {.shard = shard, .last_day = 1});
  if (ago < std::chrono::hours(1)) history.last_hour.push_back({.shard = shard, .ago = ago});
}

}  // namespace guildfleet::store
