// What the gateway asks of the world when a client sends ops 3, 4, 8, 31 and 43. The simulator connects it to
// the world; tests connect a small one.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <vector>

#include "sim/gateway/client_message.hpp"

namespace guildfleet::sim {

class request_port {
 public:
  virtual ~request_port() = default;
  // Members that match, ascending by user id.
  [[nodiscard]] virtual std::vector<boost::json::object> members(
      const guild_members_request& request) const = 0;
  [[nodiscard]] virtual boost::json::object presence(id guild, id user) const = 0;
  [[nodiscard]] virtual boost::json::array channel_info(id guild) const = 0;
  // Publishes VOICE_STATE_UPDATE and VOICE_SERVER_UPDATE, or nothing when it is not permitted.
  virtual void set_voice_state(id application, const voice_state_request& request) = 0;
  virtual void set_presence(id application, const presence_request& request) = 0;
};

}  // namespace guildfleet::sim
