#include "bot/guild_answer.hpp"

#include <gtest/gtest.h>

#include "discord/gateway/envelope.hpp"
#include "discord/model/guild_state.hpp"

namespace guildfleet::bot {
namespace {

guild_answers answers() {
  return {.guild = R"({"id":"500","name":"Home","owner_id":"3","approximate_member_count":12,
                       "roles":[{"id":"500","name":"@everyone","permissions":"1024"}],"emojis":[]})",
          .channels = R"([{"id":"600","type":0,"name":"general","position":1}])",
          .threads = R"({"threads":[{"id":"601","type":11,"name":"talk","parent_id":"600"}],"members":[]})",
          .member = R"({"user":{"id":"9"},"roles":["500"]})"};
}

TEST(guild_answer, reads_as_the_guild_that_the_gateway_would_have_told) {
  auto composed = compose_guild_create(answers());
  ASSERT_TRUE(composed) << composed.error().message();
  const std::size_t size = composed->size();
  composed->append(discord::message_padding, '\0');
  discord::guild_state state({9});
  const auto effect =
      state.apply(discord::event_type::guild_create, std::string_view(*composed).substr(0, size));
  ASSERT_TRUE(effect) << effect.error().message();
  const discord::guild_record* guild = state.find_guild({500});
  ASSERT_NE(guild, nullptr);
  EXPECT_TRUE(guild->available);
  EXPECT_EQ(guild->name(), "Home");
  EXPECT_EQ(guild->member_count, 12U);
  EXPECT_EQ(guild->channels().size(), 2U);
  EXPECT_EQ(guild->self.roles.size(), 1U);
}

TEST(guild_answer, anything_else_is_an_error) {
  guild_answers broken = answers();
  broken.channels = "{}";
  EXPECT_FALSE(compose_guild_create(broken));
  broken = answers();
  broken.guild = "<html>";
  EXPECT_FALSE(compose_guild_create(broken));
}

}  // namespace
}  // namespace guildfleet::bot
