#include "sim/world/world.hpp"

#include <gmock/gmock.h>
#include <set>

#include "sim/rest/rest_fixture.hpp"
#include "sim/world/channels.hpp"
#include "sim/world/members.hpp"
#include "sim/world/permissions.hpp"
#include "sim/world/render.hpp"
#include "sim/world/seed.hpp"

namespace guildfleet::sim {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

class world_test : public rest_fixture {
 protected:
  guild_record& record() { return simulated.state().guilds.at(guild); }
};

TEST_F(world_test, the_same_seed_gives_the_same_world_at_any_time) {
  base::manual_clock later;
  later.advance(std::chrono::hours(24 * 30));
  const world other(later, small_world());
  EXPECT_EQ(other.guilds(), simulated.guilds());
  EXPECT_EQ(other.bots().front().token, bot.token);
  EXPECT_EQ(other.guild_create(guild, bot.application, 0), simulated.guild_create(guild, bot.application, 0));
  auto settings = small_world();
  settings.seed = 2;
  const world different(clock, settings);
  EXPECT_NE(different.guilds(), simulated.guilds());
}

TEST_F(world_test, ids_have_17_to_19_digits_and_guilds_spread_over_shards) {
  auto settings = small_world();
  settings.guilds = 64;
  const world wide(clock, settings);
  for (const unsigned shards : {2U, 3U, 16U}) {
    std::map<std::uint64_t, int> used;
    for (const id which : wide.guilds()) {
      EXPECT_THAT(id_text(which).size(), testing::AllOf(testing::Ge(17U), testing::Le(19U)));
      ++used[(which >> 22U) % shards];
    }
    EXPECT_EQ(used.size(), shards);
    for (const auto& [_, count] : used) EXPECT_NEAR(count, 64.0 / shards, 1.0);
  }
}

TEST_F(world_test, a_guild_has_what_the_settings_say) {
  const auto created = simulated.guild_create(guild, bot.application, intent::guild_presences);
  EXPECT_EQ(created.at("channels").as_array().size(), 20U);
  EXPECT_EQ(created.at("roles").as_array().size(), 15U);
  EXPECT_EQ(created.at("emojis").as_array().size(), 10U);
  EXPECT_EQ(created.at("members").as_array().size(), 7U) << "five people and two bots";
  EXPECT_TRUE(record().roles.contains(guild)) << "@everyone has the guild's id";
}

TEST_F(world_test, without_presences_a_bot_sees_itself_and_who_is_in_voice) {
  ASSERT_TRUE(people.move_voice(guild, human, voice));
  const auto created = simulated.guild_create(guild, bot.application, intent::guilds);
  std::set<id> seen;
  for (const auto& entry : created.at("members").as_array())
    seen.insert(id_field(entry.at("user").as_object(), "id"));
  EXPECT_EQ(seen, (std::set<id>{bot.user, human}));
  EXPECT_EQ(created.at("voice_states").as_array().size(), 1U);
}

TEST_F(world_test, given_tokens_keep_their_application) {
  auto settings = small_world();
  settings.bot_specs = {
      {.name = "music", .token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.abcdef.0123456789012345678901234567"}};
  settings.spread = true;
  const world given(clock, settings);
  const auto* const found = given.find_bot_by_token(settings.bot_specs.front().token);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->application, 123456789012345678U);
  EXPECT_EQ(found->name, "music");
  EXPECT_THAT(given.guilds_of(found->application), ElementsAre(given.guilds().front()));
}

TEST_F(world_test, generated_tokens_tell_their_application) {
  EXPECT_EQ(application_of_token(bot.token), bot.application);
  EXPECT_EQ(application_of_token("%%%.x.y"), std::nullopt);
}

TEST_F(world_test, an_outage_silences_the_guild_until_it_ends) {
  EXPECT_TRUE(simulated.begin_outage(guild));
  EXPECT_FALSE(simulated.begin_outage(guild));
  EXPECT_EQ(sink.last("GUILD_DELETE")->data.at("unavailable"), true);
  EXPECT_EQ(simulated.guild_create(guild, bot.application, 0).at("unavailable"), true);
  sink.events.clear();
  ASSERT_TRUE(people.send_message({.guild = guild, .user = human, .content = "lost"}));
  EXPECT_TRUE(sink.events.empty());
  EXPECT_TRUE(simulated.end_outage(guild));
  EXPECT_THAT(sink.types(), ElementsAre("GUILD_CREATE", "GUILD_CREATE")) << "one per bot";
}

TEST_F(world_test, a_removed_bot_loses_the_guild_and_may_come_back) {
  EXPECT_TRUE(simulated.remove_bot(guild, bot.application));
  const auto* const gone = sink.last("GUILD_DELETE");
  EXPECT_EQ(gone->only_bot, bot.application);
  EXPECT_FALSE(gone->data.contains("unavailable"));
  EXPECT_THAT(simulated.guilds_of(bot.application), Not(Contains(guild)));
  EXPECT_TRUE(simulated.add_bot(guild, bot.application));
  EXPECT_EQ(sink.last("GUILD_CREATE")->only_bot, bot.application);
  EXPECT_THAT(simulated.guilds_of(bot.application), Contains(guild));
}

TEST_F(world_test, a_full_voice_channel_is_silent_without_move_members) {
  simulated.state().channels.at(voice).fields["user_limit"] = 1;
  ASSERT_TRUE(people.move_voice(guild, human, voice));
  set_bot_permissions(permission::view_channel | permission::connect);
  sink.events.clear();
  EXPECT_FALSE(simulated.set_bot_voice_state(bot.application, {.guild = guild, .channel = voice}));
  EXPECT_TRUE(sink.events.empty());
  set_bot_permissions(permission::view_channel | permission::connect | permission::move_members);
  EXPECT_TRUE(simulated.set_bot_voice_state(bot.application, {.guild = guild, .channel = voice}));
  EXPECT_THAT(sink.types(), ElementsAre("VOICE_STATE_UPDATE", "VOICE_SERVER_UPDATE"));
}

TEST_F(world_test, events_of_a_hidden_channel_reach_only_bots_that_see_it) {
  auto& hidden = simulated.state().channels.at(channel);
  const auto other = simulated.bots().back().application;
  hidden.overwrites = {{.target = other, .type = 1, .allow = 0, .deny = permission::view_channel}};
  ASSERT_TRUE(people.send_message({.guild = guild, .channel = channel, .user = human, .content = "x"}));
  ASSERT_EQ(sink.events.size(), 1U);
  EXPECT_EQ(sink.events.front().only_bot, bot.application);
  EXPECT_TRUE(sink.events.front().holds_message_content);
}

TEST_F(world_test, members_are_found_by_prefix_and_by_id) {
  const auto name = simulated.state().users.at(human).username;
  EXPECT_EQ(simulated.members(guild, {.prefix = name}).size(), 1U);
  EXPECT_EQ(simulated.members(guild, {.user_ids = {human, 42}}).size(), 1U);
  EXPECT_EQ(simulated.members(guild, {.limit = 3}).size(), 3U);
  EXPECT_EQ(simulated.members(guild, {}).size(), simulated.member_count(guild));
}

TEST_F(world_test, an_application_of_somebody_elses_joins_posts_and_edits) {
  const boost::json::object posted{{"embeds", {{{"title", "Done"}}}},
                                   {"interaction_metadata", {{"id", "1"}, {"type", 2}}}};
  const auto message = people.send_as_app(
      {.guild = guild, .channel = channel, .user = 4'242, .name = "stranger", .message = posted});
  ASSERT_TRUE(message);
  const auto& seen = sink.last("MESSAGE_CREATE")->data;
  EXPECT_EQ(seen.at("author").at("bot"), true);
  EXPECT_EQ(seen.at("embeds").at(0).at("title"), "Done");
  EXPECT_EQ(seen.at("interaction_metadata").at("type"), 2);
  ASSERT_TRUE(people.send_as_app(
      {.guild = guild, .user = 4'242, .message = {{"content", "more"}}, .edited = *message}));
  EXPECT_EQ(sink.last("MESSAGE_UPDATE")->data.at("content"), "more");
  EXPECT_FALSE(people.send_as_app({.guild = guild, .channel = channel}));
}

TEST_F(world_test, joining_by_an_invite_uses_it_up) {
  const id channel = record().channels.front();
  const auto code =
      create_invite(simulated.state(), {.guild = guild, .channel = channel, .max_uses = 2}, {}).code;
  ASSERT_TRUE(people.join(guild, 0, "one", code));
  EXPECT_EQ(simulated.state().invites.at(code).uses, 1);
  ASSERT_TRUE(people.join(guild, 0, "two", code));
  EXPECT_FALSE(simulated.state().invites.contains(code));
  EXPECT_FALSE(people.join(guild, 0, "three", code));
}

TEST_F(world_test, joining_and_leaving_tell_the_guild) {
  const auto user = people.join(guild, 0, "newcomer");
  ASSERT_TRUE(user);
  EXPECT_EQ(sink.last("GUILD_MEMBER_ADD")->data.at("user").at("username"), "newcomer");
  ASSERT_TRUE(people.leave(guild, *user));
  EXPECT_NE(sink.last("GUILD_MEMBER_REMOVE"), nullptr);
  EXPECT_EQ(people.leave(guild, *user).error().code(), world_error::not_a_member);
}

TEST_F(world_test, a_deleted_role_leaves_members_and_overwrites) {
  auto role = new_role("gone", 0);
  const id which = create_role(simulated.state(), record(), std::move(role), {}).role;
  set_roles(simulated.state(), record(), record().members.at(human), {which}, {});
  simulated.state().channels.at(channel).overwrites = {{.target = which}};
  sink.events.clear();
  delete_role(simulated.state(), record(), which, {});
  EXPECT_TRUE(record().members.at(human).roles.empty());
  EXPECT_TRUE(simulated.state().channels.at(channel).overwrites.empty());
  EXPECT_THAT(sink.types(),
              testing::IsSupersetOf({"GUILD_ROLE_DELETE", "GUILD_MEMBER_UPDATE", "CHANNEL_UPDATE"}));
}

TEST_F(world_test, overwrites_apply_everyone_then_roles_then_member) {
  auto role = new_role("r", 0);
  const id which = create_role(simulated.state(), record(), std::move(role), {}).role;
  auto& member = record().members.at(human);
  member.roles = {which};
  auto& place = simulated.state().channels.at(channel);
  const auto may_send = [&] {
    return (channel_permissions(simulated.state(), place, human) & permission::send_messages) != 0;
  };
  place.overwrites = {{guild, 0, 0, permission::send_messages}};
  EXPECT_FALSE(may_send());
  place.overwrites.push_back({which, 0, permission::send_messages, 0});
  EXPECT_TRUE(may_send());
  place.overwrites.push_back({human, 1, 0, permission::send_messages});
  EXPECT_FALSE(may_send());
  member.timed_out_until = clock.wall_now() + std::chrono::minutes(1);
  place.overwrites.clear();
  EXPECT_FALSE(may_send());
  clock.advance(std::chrono::minutes(2));
  EXPECT_TRUE(may_send());
}

TEST_F(world_test, old_messages_of_a_channel_are_forgotten) {
  simulated.state().settings.messages_per_channel = 3;
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(people.send_message({.guild = guild, .channel = channel, .user = human, .content = "x"}));
  EXPECT_EQ(simulated.state().channels.at(channel).messages.size(), 3U);
}

TEST(timestamps, are_parsed_in_the_forms_that_clients_send) {
  const auto at = parse_timestamp("2017-07-11T17:27:07.299000+00:00");
  ASSERT_TRUE(at);
  EXPECT_EQ(timestamp(*at), "2017-07-11T17:27:07.299000+00:00");
  EXPECT_EQ(parse_timestamp("2017-07-11T19:27:07.299+02:00"), at);
  EXPECT_EQ(parse_timestamp("2017-07-11T17:27:07.299Z"), at);
  for (const auto* wrong : {"", "yesterday", "2017-13-11T17:27:07Z", "2017-07-11T17:27:07+2", "2017-07-11"}) {
    EXPECT_FALSE(parse_timestamp(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace guildfleet::sim
