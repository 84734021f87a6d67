#include "features/event_channel.hpp"

#include "discord/interactions/interaction_json.hpp"
#include "discord/rest/json_object.hpp"

namespace guildfleet::features {

discord::channel_id channel_of_event(std::string_view data) {
  const auto root = discord::parse_object(data);
  return root ? discord::reading::id_at<discord::channel_id>(*root, "id") : discord::channel_id{};
}

}  // namespace guildfleet::features
