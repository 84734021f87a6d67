// Whether a message in a channel may be one that the bot posted.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "discord/rest/message_body.hpp"

namespace guildfleet::bot {

// Takes out of what was sent and of what Discord gives back that which stays: white space is dropped, as
// Discord trims it, previews of links are no embeds of the bot's, and of addresses nothing counts.
class message_likeness final {
 public:
  explicit message_likeness(const discord::message_body& sent);

  // `message`: as Discord gives it, of the bot's own. What a member could have done to it since (a button
  // that is off) does not count.
  [[nodiscard]] bool fits(const boost::json::object& message) const;

 private:
  std::string parts_;
  std::string reply_to_;  // empty: to nothing
};

}  // namespace guildfleet::bot
