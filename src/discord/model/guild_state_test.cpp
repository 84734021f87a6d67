#include "discord/model/guild_state.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "discord/padded_json.hpp"

namespace guildfleet::discord {
namespace {

using testing::ElementsAre;

constexpr guild_id guild{500};
constexpr const char* guild_json =
    R"({"id":"500","name":"G","owner_id":"1","unavailable":false,"member_count":50,
  "preferred_locale":"ja","system_channel_id":"600","large":false,
  "members":[{"user":{"id":"2"},"roles":["700"]},
             {"nick":"Bot \u00e9","roles":["701"],"communication_disabled_until":null,"user":{"id":"11","bot":true}}],
  "channels":[{"id":"601","type":2,"name":"voice","position":2,"parent_id":"602","permission_overwrites":[]},
              {"id":"600","type":0,"name":"general","position":1,"parent_id":null,"topic":"t","permission_overwrites":
                [{"id":"500","type":0,"allow":"0","deny":"2048"},{"id":"701","type":0,"allow":"2048","deny":"0"},
                 {"id":"11","type":1,"allow":"16","deny":"0"}]},
              {"id":602,"type":4,"name":"Category","position":0}],
  "threads":[{"id":"650","type":11,"parent_id":"600","name":"thread","thread_metadata":{"archived":false}}],
  "roles":[{"id":"500","name":"@everyone","permissions":"1024","position":0,"managed":false},
           {"id":"701","name":"Bot","permissions":"274877906944","position":2,"managed":true},
           {"id":"700","name":"Mods","permissions":"8192","position":1,"managed":false}],
  "emojis":[{"id":"801","name":"wave","animated":true,"roles":[]},{"id":"800","name":"ok","animated":false}],
  "voice_states":[{"user_id":"2","channel_id":"601","session_id":"x","deaf":false}],
  "presences":[{"user":{"id":"2"},"status":"online"}],"stickers":[{"id":"900","name":"s"}]})";

class guild_state_test : public testing::Test {
 protected:
  guild_state state{user_id{11}};
  const base::wall_time now{std::chrono::milliseconds(1'700'000'000'000)};

  effect_kind apply(event_type type, std::string_view json) {
    const auto result = state.apply(type, padded_json(json));
    EXPECT_TRUE(result.has_value()) << name_of(type) << json;
    return result ? result->kind : effect_kind::none;
  }
  void with_guild() {
    apply(event_type::guild_create, guild_json);
    (void)state.take_dirty();
  }
  const guild_record& found() { return *state.find_guild(guild); }
  bool may(channel_id channel, permission wanted) {
    const auto may_do = state.permissions_of_self(guild, channel, now);
    return may_do && may_do->has(wanted);
  }
};

void expect_whole(const guild_record& g) {
  EXPECT_EQ(g.name(), "G");
  EXPECT_EQ(g.owner, user_id{1});
  EXPECT_EQ(g.member_count, 50U);
  EXPECT_EQ(g.preferred_locale(), "ja");
  EXPECT_EQ(g.system_channel, channel_id{600});
  ASSERT_EQ(g.channels().size(), 4U);
  const channel_record* const general = g.find_channel({600});
  ASSERT_NE(general, nullptr);
  EXPECT_EQ(g.name_of(*general), "general");
  EXPECT_EQ(general->position, 1);
  EXPECT_THAT(g.overwrites_of(*general),
              ElementsAre(overwrite::of_role({500}, {}, permission::send_messages),
                          overwrite::of_role({701}, permission::send_messages, {}),
                          overwrite::of_member({11}, permission::manage_channels, {})));
  const channel_record* const voice = g.find_channel({601});
  ASSERT_NE(voice, nullptr);
  EXPECT_EQ(voice->type, channel_type::voice);
  EXPECT_EQ(voice->parent, channel_id{602});
  EXPECT_EQ(g.find_channel({650})->parent, channel_id{600});
  ASSERT_EQ(g.roles().size(), 3U);
  EXPECT_EQ(g.name_of(*g.find_role({701})), "Bot");
  EXPECT_TRUE(g.find_role({701})->managed);
  EXPECT_EQ(g.find_role({700})->permissions, permission_set(permission::manage_messages));
  EXPECT_EQ(g.find_role({700})->position, 1);
  ASSERT_EQ(g.emojis().size(), 2U);
  EXPECT_EQ(g.name_of(*g.find_emoji({801})), "wave");
  EXPECT_TRUE(g.find_emoji({801})->animated);
  EXPECT_EQ(g.voice_channel_of({2}), channel_id{601});
  EXPECT_THAT(g.self.roles, ElementsAre(role_id{701}));
  EXPECT_EQ(g.self.nick, "Bot \u00e9");
}

TEST_F(guild_state_test, holds_what_guild_create_tells) {
  EXPECT_EQ(apply(event_type::guild_create, guild_json), effect_kind::guild_joined);
  expect_whole(found());
  EXPECT_TRUE(found().available);
  EXPECT_THAT(state.take_dirty(), ElementsAre(dirty_guild{guild, false}));
  EXPECT_TRUE(state.take_dirty().empty());
}

TEST_F(guild_state_test, survives_serialize_and_restore) {
  with_guild();
  const std::string stored = state.serialize(guild);
  guild_state other;
  ASSERT_TRUE(other.restore(stored));
  EXPECT_EQ(other.self(), user_id{11});
  expect_whole(*other.find_guild(guild));
  EXPECT_EQ(other.unavailable_count(), 0U);
  EXPECT_FALSE(other.has_dirty());
  EXPECT_EQ(other.serialize(guild), stored);
  ASSERT_TRUE(other.restore(stored));
  EXPECT_EQ(other.guild_count(), 1U);
  EXPECT_EQ(other.serialize({1}), "");
}

TEST_F(guild_state_test, refuses_damaged_bytes) {
  with_guild();
  const std::string stored = state.serialize(guild);
  guild_state other;
  for (std::size_t i = 0; i < stored.size(); ++i) {
    std::string damaged = stored;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_FALSE(other.restore(damaged)) << i;
    EXPECT_FALSE(other.restore(std::string_view(stored).substr(0, i))) << i;
  }
  EXPECT_FALSE(other.restore(stored + "x"));
  EXPECT_EQ(other.guild_count(), 0U);
}

TEST_F(guild_state_test, tells_a_join_from_a_start_and_from_an_outage) {
  apply(event_type::ready, R"({"user":{"id":"11"},"guilds":[{"id":"500","unavailable":true},{"id":"501"}]})");
  EXPECT_EQ(state.guild_count(), 2U);
  EXPECT_EQ(state.unavailable_count(), 2U);
  EXPECT_EQ(state.loading_count(), 2U);
  EXPECT_EQ(apply(event_type::guild_create, guild_json), effect_kind::guild_became_available);
  EXPECT_EQ(apply(event_type::guild_delete, R"({"id":"501","unavailable":true})"),
            effect_kind::guild_unavailable);
  EXPECT_EQ(state.loading_count(), 0U);
  EXPECT_EQ(apply(event_type::guild_delete, R"({"id":"500","unavailable":true})"),
            effect_kind::guild_unavailable);
  EXPECT_EQ(state.unavailable_count(), 2U);
  EXPECT_EQ(found().name(), "G");
  EXPECT_EQ(apply(event_type::guild_create, guild_json), effect_kind::guild_became_available);
  EXPECT_EQ(apply(event_type::guild_create, R"({"id":"777","name":"new","channels":[]})"),
            effect_kind::guild_joined);
  EXPECT_EQ(apply(event_type::guild_create, R"({"id":"778","unavailable":true})"),
            effect_kind::guild_unavailable);
  EXPECT_EQ(state.unavailable_count(), 2U);
}

TEST_F(guild_state_test, forgets_a_guild_only_when_the_bot_left_it) {
  with_guild();
  EXPECT_EQ(apply(event_type::guild_delete, R"({"id":"500"})"), effect_kind::guild_left);
  EXPECT_EQ(state.find_guild(guild), nullptr);
  EXPECT_THAT(state.take_dirty(), ElementsAre(dirty_guild{guild, true}));
  EXPECT_EQ(apply(event_type::guild_delete, R"({"id":"500"})"), effect_kind::none);
}

TEST_F(guild_state_test, forgets_guilds_that_a_new_session_does_not_list) {
  with_guild();
  apply(event_type::ready, R"({"user":{"id":"11"},"guilds":[{"id":"501","unavailable":true}]})");
  EXPECT_EQ(state.find_guild(guild), nullptr);
  EXPECT_THAT(state.take_dirty(), ElementsAre(dirty_guild{guild, true}, dirty_guild{{501}, false}));
}

TEST_F(guild_state_test, keeps_channels) {
  with_guild();
  EXPECT_EQ(apply(event_type::channel_create,
                  R"({"id":"610","guild_id":"500","type":0,"name":"new","position":9})"),
            effect_kind::changed);
  EXPECT_EQ(found().name_of(*found().find_channel({610})), "new");
  apply(event_type::channel_update,
        R"({"id":"610","guild_id":500,"type":5,"name":"a much longer name","permission_overwrites":
           [{"id":"500","type":0,"allow":"0","deny":"1024"}]})");
  EXPECT_EQ(found().name_of(*found().find_channel({610})), "a much longer name");
  EXPECT_EQ(found().overwrites_of(*found().find_channel({610})).size(), 1U);
  EXPECT_EQ(found().name_of(*found().find_channel({600})), "general");
  EXPECT_EQ(found().overwrites_of(*found().find_channel({600})).size(), 3U);
}

TEST_F(guild_state_test, drops_threads_and_voice_states_with_their_channel) {
  with_guild();
  apply(event_type::channel_delete, R"({"id":"600","guild_id":"500","type":0})");
  EXPECT_EQ(found().find_channel({600}), nullptr);
  EXPECT_EQ(found().find_channel({650}), nullptr);
  EXPECT_TRUE(found().system_channel.empty());
  apply(event_type::channel_delete, R"({"id":"601","guild_id":"500","type":2})");
  EXPECT_TRUE(found().voice_states().empty());
}

TEST_F(guild_state_test, keeps_threads) {
  with_guild();
  apply(event_type::thread_create, R"({"id":"651","guild_id":"500","parent_id":"600","type":12,"name":"p"})");
  apply(event_type::thread_delete, R"({"id":"650","guild_id":"500","parent_id":"600","type":11})");
  EXPECT_EQ(found().find_channel({650}), nullptr);
  apply(
      event_type::thread_list_sync,
      R"({"guild_id":"500","channel_ids":["600"],"threads":[{"id":"652","type":11,"parent_id":"600","name":"q"}]})");
  EXPECT_EQ(found().find_channel({651}), nullptr);
  EXPECT_EQ(found().name_of(*found().find_channel({652})), "q");
  apply(event_type::thread_list_sync, R"({"guild_id":"500","threads":[],"members":[]})");
  EXPECT_EQ(found().channels().size(), 3U);
}

TEST_F(guild_state_test, takes_a_deleted_role_from_the_member_and_from_overwrites) {
  with_guild();
  EXPECT_TRUE(may({600}, permission::send_messages));
  EXPECT_EQ(apply(event_type::guild_role_delete, R"({"guild_id":"500","role_id":"701"})"),
            effect_kind::changed);
  EXPECT_TRUE(found().self.roles.empty());
  EXPECT_EQ(found().overwrites_of(*found().find_channel({600})).size(), 2U);
  EXPECT_FALSE(may({600}, permission::send_messages));
  EXPECT_TRUE(may({600}, permission::manage_channels));
}

TEST_F(guild_state_test, keeps_roles_and_emojis) {
  with_guild();
  apply(event_type::guild_role_update,
        R"({"guild_id":"500","role":{"id":"700","name":"Moderators","permissions":"8","position":5}})");
  EXPECT_EQ(found().name_of(*found().find_role({700})), "Moderators");
  EXPECT_EQ(found().find_role({700})->position, 5);
  apply(event_type::guild_emojis_update, R"({"guild_id":"500","emojis":[{"id":"802","name":"only"}]})");
  ASSERT_EQ(found().emojis().size(), 1U);
  EXPECT_EQ(found().name_of(found().emojis()[0]), "only");
}

TEST_F(guild_state_test, updates_a_guild_without_losing_the_rest) {
  with_guild();
  apply(event_type::guild_update, R"({"id":"500","name":"Renamed","owner_id":"3","system_channel_id":null})");
  EXPECT_EQ(found().name(), "Renamed");
  EXPECT_EQ(found().owner, user_id{3});
  EXPECT_TRUE(found().system_channel.empty());
  EXPECT_EQ(found().preferred_locale(), "ja");
  EXPECT_EQ(found().channels().size(), 4U);
  EXPECT_EQ(found().emojis().size(), 2U);
}

TEST_F(guild_state_test, roles_that_an_update_does_not_list_are_gone) {
  with_guild();
  ASSERT_NE(found().find_role({700}), nullptr);
  apply(event_type::guild_update,
        R"({"id":"500","roles":[{"id":"500","name":"@everyone","permissions":"1"}]})");
  EXPECT_EQ(found().find_role({700}), nullptr);
  ASSERT_EQ(found().roles().size(), 1U);
  EXPECT_EQ(found().find_role({500})->permissions.bits(), 1U);
}

TEST_F(guild_state_test, follows_the_own_member_only) {
  with_guild();
  EXPECT_EQ(apply(event_type::guild_member_update, R"({"guild_id":"500","user":{"id":"2"},"roles":["700"]})"),
            effect_kind::none);
  EXPECT_FALSE(state.has_dirty());
  apply(event_type::guild_member_update,
        R"({"guild_id":"500","user":{"id":"11"},"roles":["700","701"],"nick":null,
           "communication_disabled_until":"2023-11-15T00:00:00+00:00"})");
  EXPECT_THAT(found().self.roles, ElementsAre(role_id{700}, role_id{701}));
  EXPECT_EQ(found().self.nick, "");
  EXPECT_FALSE(may({600}, permission::send_messages));  // timed out at `now`
  EXPECT_TRUE(
      state.permissions_of_self(guild, {600}, now + std::chrono::hours(24))->has(permission::send_messages));
}

TEST_F(guild_state_test, counts_members) {
  with_guild();
  apply(event_type::guild_member_add, R"({"guild_id":"500","user":{"id":"9"},"roles":[]})");
  EXPECT_EQ(found().member_count, 51U);
  apply(event_type::guild_member_remove, R"({"guild_id":"500","user":{"id":"2"}})");
  EXPECT_EQ(found().member_count, 50U);
  EXPECT_TRUE(found().voice_channel_of({2}).empty());
}

TEST_F(guild_state_test, follows_voice_states) {
  with_guild();
  const auto move = [&](const char* json) { return apply(event_type::voice_state_update, json); };
  EXPECT_EQ(move(R"({"guild_id":"500","user_id":"2","channel_id":"601"})"), effect_kind::none);
  EXPECT_EQ(move(R"({"guild_id":"500","user_id":"2","channel_id":null})"), effect_kind::changed);
  EXPECT_TRUE(found().voice_channel_of({2}).empty());
  EXPECT_EQ(move(R"({"guild_id":"500","user_id":"4","channel_id":"601"})"), effect_kind::changed);
  EXPECT_EQ(found().voice_channel_of({4}), channel_id{601});
}

TEST_F(guild_state_test, computes_thread_permissions_from_the_parent) {
  with_guild();
  EXPECT_TRUE(may({650}, permission::send_messages));
  EXPECT_TRUE(may({650}, permission::manage_channels));
  EXPECT_FALSE(state.permissions_of_self(guild, {999}, now).has_value());
  EXPECT_FALSE(state.permissions_of_self({1}, {600}, now).has_value());
  EXPECT_TRUE(state.base_permissions_of_self(guild)->has(permission::view_channel));
}

TEST_F(guild_state_test, says_when_an_event_is_of_a_guild_it_does_not_know) {
  EXPECT_EQ(apply(event_type::channel_create, R"({"id":"1","guild_id":"9","type":0})"),
            effect_kind::unknown_guild);
  EXPECT_EQ(apply(event_type::channel_create, R"({"id":"1","type":1})"), effect_kind::none);
  EXPECT_EQ(apply(event_type::message_create, "not even JSON"), effect_kind::none);
}

TEST_F(guild_state_test, calls_broken_payloads_malformed) {
  for (const char* bad :
       {"", "null", "[]", "{", R"({"id":"500")", R"({"name":"x"})", R"({"id":"5","roles":[{]})"}) {
    EXPECT_FALSE(state.apply(event_type::guild_create, padded_json(bad)).has_value()) << bad;
  }
}

TEST_F(guild_state_test, does_not_grow_by_renaming) {
  with_guild();
  const std::size_t before = state.serialize(guild).size();
  for (std::size_t i = 0; i < 1000; ++i) {
    apply(event_type::channel_update, fmt::format(R"({{"id":"600","guild_id":"500","type":0,"name":"{}"}})",
                                                  std::string(i % 90 + 1, 'n')));
  }
  apply(event_type::channel_update, R"({"id":"600","guild_id":"500","type":0,"name":"general"})");
  EXPECT_LT(state.serialize(guild).size(), before + 1);
  EXPECT_EQ(found().name_of(*found().find_channel({650})), "thread");
}

TEST(guild_state_memory, grows_with_what_is_kept_and_is_given_back) {
  guild_state state(user_id{9});
  const std::size_t empty = state.bytes_approx();
  const auto apply = [&](event_type type, std::string text) {
    const std::size_t size = text.size();
    text.append(64, '\0');
    ASSERT_TRUE(state.apply(type, std::string_view(text).substr(0, size)));
  };
  std::string channels;
  for (int i = 1; i <= 50; ++i)
    channels += fmt::format(R"({}{{"id":"{}","type":0,"name":"channel-{}"}})", i > 1 ? "," : "", i, i);
  apply(event_type::guild_create,
        fmt::format(R"({{"id":"7","name":"Garden","owner_id":"8","roles":[],"emojis":[],"channels":[{}],)"
                    R"("threads":[],"members":[],"voice_states":[]}})",
                    channels));
  EXPECT_GT(state.bytes_approx(), empty + 50 * sizeof(channel_record));
  apply(event_type::guild_delete, R"({"id":"7"})");
  EXPECT_LT(state.bytes_approx(), empty + 200);
}

}  // namespace
}  // namespace guildfleet::discord
