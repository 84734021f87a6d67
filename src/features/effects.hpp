// What a feature does at Discord because of an event: once, however often the event comes (an event is
// replayed when a process died before it was known to be handled).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "discord/model/ids.hpp"
#include "discord/rest/message_body.hpp"
#include "discord/rest/request.hpp"
#include "net/io.hpp"

namespace guildfleet::features {

// Which effect of which event. `number` tells the effects of one event of one feature apart; a replay counts
// them the same.
struct effect_origin {
  std::uint64_t sequence = 0;
  std::uint32_t number = 1;
};

// One per feature and shard, on its reactor. Errors: those of the store before anything was sent, rest_error
// after.
class effect_port {
 public:
  virtual ~effect_port() = default;

  // Looks at Discord for what an earlier attempt may have made; its id, or nullopt.
  using finder = std::function<net::task<base::result<std::optional<std::string>>>()>;

  // Posts a message; its nonce is set here. The id of the message, of this attempt or an earlier one.
  [[nodiscard]] virtual net::task<base::result<discord::message_id>> post(effect_origin origin,
                                                                          discord::channel_id channel,
                                                                          discord::message_body body) = 0;
  // A request that makes something new each time (a channel, a role, a thread); the answer's `id`.
  [[nodiscard]] virtual net::task<base::result<std::string>> make(effect_origin origin,
                                                                  discord::request request, finder find) = 0;
  // A request that may be repeated without harm (GET, PUT, DELETE, an edit); the answer's body.
  [[nodiscard]] virtual net::task<base::result<std::string>> call(discord::request request) = 0;
};

}  // namespace guildfleet::features
