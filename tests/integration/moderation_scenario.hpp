// A server with moderation, a channel for its cases, and a member.
#pragma once

#include <gmock/gmock.h>

#include "integration/feature_scenario.hpp"

namespace guildfleet::integration {

class moderation_scenario : public feature_scenario {
 protected:
  // With automod the bot may read what messages say.
  moderation_scenario()
      : feature_scenario("moderation,automod", {.bucket_limits = false, .global_limit = false}) {
    log = text_of(as_bot("POST", fmt::format("/guilds/{}/channels", guild()), {{"name", "log"}, {"type", 0}})
                      .as_object(),
                  "id");
    EXPECT_THAT(told("moderation log", {{"channel", log}}), testing::HasSubstr("Saved."));
  }

  [[nodiscard]] std::string told(const std::string& command, json::object options = {}) {
    return use(command, std::move(options)).text();
  }
  [[nodiscard]] bool is_banned(const std::string& user) const {
    return json::serialize(as_bot("GET", fmt::format("/guilds/{}/bans?limit=1000", guild()))).contains(user);
  }
  [[nodiscard]] bool comes_back(const std::string& user) const {
    return eventually(patience, [&] { return !is_banned(user); });
  }
  [[nodiscard]] bool is_timed_out(const std::string& user) const {
    const json::value who = as_bot("GET", fmt::format("/guilds/{}/members/{}", guild(), user));
    return who.at("communication_disabled_until").is_string();
  }

  std::string log;
  std::string member = join("member");
};

}  // namespace guildfleet::integration
