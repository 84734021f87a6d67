#include "features/temp_voice/voice_options.hpp"

#include <algorithm>

#include "discord/interactions/interaction_json.hpp"

namespace guildfleet::features::temp_voices {

bool voice_options::is_trigger(discord::channel_id channel) const {
  return std::ranges::find(triggers, channel) != triggers.end();
}

voice_options options_of(const boost::json::object& values) {
  namespace reading = discord::reading;
  voice_options out{.category = reading::id_at<discord::channel_id>(values, "category"),
                    .name = std::string(reading::text_at(values, "name")),
                    .limit = reading::integer_at(values, "limit"),
                    .grace = std::chrono::seconds(reading::integer_at(values, "grace", 30))};
  if (const auto* triggers = reading::array_at(values, "triggers")) {
    for (const boost::json::value& each : *triggers) out.triggers.push_back({reading::id_of(each)});
  }
  return out;
}

}  // namespace guildfleet::features::temp_voices
