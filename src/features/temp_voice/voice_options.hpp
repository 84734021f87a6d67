// What a server chose for its temporary voice channels.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "discord/model/ids.hpp"

namespace guildfleet::features::temp_voices {

struct voice_options {
  std::vector<discord::channel_id> triggers{};  // empty: not used
  discord::channel_id category{};               // empty: the trigger's own
  std::string name{};                           // pattern of new channels' names
  int limit = 0;                                // 0: none
  std::chrono::seconds grace{30};

  [[nodiscard]] bool is_trigger(discord::channel_id channel) const;
};

// `values` as settings_port gives them, with defaults.
[[nodiscard]] voice_options options_of(const boost::json::object& values);

}  // namespace guildfleet::features::temp_voices
