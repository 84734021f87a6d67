#include "discord/model/permissions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "discord/model/event_type.hpp"
#include "discord/model/intents.hpp"
#include "discord/model/timestamp.hpp"
#include "discord/reference_vectors.hpp"

namespace guildfleet::discord {
namespace {

using testing::ElementsAre;

permission_set bits_of(const boost::json::value& value) {
  return parse_permissions(value.as_string()).value();
}

overwrite_bits overwrite_of(const boost::json::value& value) {
  if (value.is_null()) return {};
  return {bits_of(value.at("allow")), bits_of(value.at("deny"))};
}

TEST(permissions, are_computed_as_the_reference_vectors_say) {
  const auto vectors = reference_vectors();
  if (!vectors) GTEST_SKIP() << "no discord-vectors.json beside the project";
  for (const auto& one : vectors->at("permission_calc").as_array()) {
    permission_set roles;
    for (const auto& role : one.at("roles").as_array()) roles |= bits_of(role);
    member_overwrites overwrites;
    overwrites.everyone = overwrite_of(one.at("everyone_overwrite"));
    overwrites.member = overwrite_of(one.at("member_overwrite"));
    for (const auto& role : one.at("role_overwrites").as_array()) {
      overwrites.roles.allow |= overwrite_of(role).allow;
      overwrites.roles.deny |= overwrite_of(role).deny;
    }
    const auto base = base_permissions(one.at("owner").as_bool(), bits_of(one.at("everyone")), roles);
    EXPECT_EQ(base, bits_of(one.at("base"))) << one.at("name");
    EXPECT_EQ(apply_overwrites(base, overwrites), bits_of(one.at("result"))) << one.at("name");
  }
  EXPECT_EQ(all_permissions, bits_of(vectors->at("permissions").at("all_documented")));
}

TEST(permissions, without_view_channel_are_nothing) {
  EXPECT_TRUE(
      apply_implicit_rules(permission::send_messages | permission::connect, channel_type::text).empty());
}

TEST(permissions, without_send_messages_lose_what_goes_with_a_message) {
  const auto computed = permission::view_channel | permission::embed_links;
  EXPECT_EQ(apply_implicit_rules(computed | permission::attach_files | permission::add_reactions,
                                 channel_type::text),
            permission::view_channel | permission::add_reactions);
}

TEST(permissions, in_a_voice_channel_need_connect) {
  const auto computed = permission::view_channel | permission::manage_channels;
  EXPECT_EQ(apply_implicit_rules(computed, channel_type::voice), permission_set(permission::view_channel));
  EXPECT_EQ(apply_implicit_rules(computed, channel_type::text), computed);
}

TEST(permissions, in_a_thread_follow_send_messages_in_threads) {
  const auto parent = permission::view_channel | permission::send_messages;
  EXPECT_FALSE(apply_implicit_rules(parent, channel_type::public_thread).has(permission::send_messages));
  const auto talker = permission::view_channel | permission::send_messages_in_threads;
  EXPECT_TRUE(apply_implicit_rules(talker, channel_type::private_thread).has(permission::send_messages));
}

TEST(permissions, of_a_member_in_time_out_are_reading) {
  EXPECT_EQ(apply_time_out(all_permissions.without(permission::administrator)),
            permission::view_channel | permission::read_message_history);
  EXPECT_EQ(apply_time_out(all_permissions), all_permissions);
}

TEST(permissions, have_the_names_that_users_know) {
  EXPECT_EQ(display_name(permission::manage_channels), "Manage Channels");
  EXPECT_THAT(display_names(permission_set::from_bits((1ULL << 47U) | 0x10U)),
              ElementsAre("Manage Channels", "Permission 47"));
  for (const auto& name : display_names(all_permissions))
    EXPECT_EQ(name.find("Permission "), std::string::npos);
}

TEST(permissions, are_read_from_decimal_texts) {
  EXPECT_EQ(parse_permissions("2112")->bits(), 2112U);
  EXPECT_EQ(parse_permissions("36893488147419103240")->bits(), 8U);  // 2^65 + 8
  for (const char* bad : {"", "x", "-1", "1 ", "99999999999999999999x"}) {
    EXPECT_FALSE(parse_permissions(bad).has_value()) << bad;
  }
}

TEST(intents, know_their_sums_and_names) {
  EXPECT_TRUE(all_intents.has(privileged_intents));
  EXPECT_EQ(all_intents.bits() - privileged_intents.bits(), 53'575'421U);
  EXPECT_EQ(names_of(all_intents).size(), 21U);
  EXPECT_THAT(names_of(intent::guilds | intent::message_content), ElementsAre("GUILDS", "MESSAGE_CONTENT"));
  EXPECT_EQ(portal_switch_of(intent::guild_presences), "Presence Intent");
  EXPECT_EQ(portal_switch_of(intent::guilds), "");
}

TEST(intents, are_found_for_events) {
  EXPECT_EQ(intents_for(event_type::message_create), intent::guild_messages | intent::direct_messages);
  EXPECT_EQ(intents_for(event_type::channel_update), intent_set(intent::guilds));
  EXPECT_EQ(intents_for(event_type::channel_pins_update), intent::guilds | intent::direct_messages);
  EXPECT_EQ(intents_for(event_type::guild_member_add), intent_set(intent::guild_members));
  EXPECT_TRUE(intents_for(event_type::interaction_create).empty());
  EXPECT_TRUE(intents_for(event_type::unknown).empty());
}

TEST(event_type, is_found_by_name_and_back) {
  for (std::size_t i = 1; i < event_type_count; ++i) {
    const auto type = static_cast<event_type>(i);
    EXPECT_EQ(event_type_of(name_of(type)), type) << name_of(type);
  }
  EXPECT_EQ(name_of(event_type::guild_members_chunk), "GUILD_MEMBERS_CHUNK");
  EXPECT_EQ(name_of(event_type::webhooks_update), "WEBHOOKS_UPDATE");
  for (const char* unknown : {"", "UNKNOWN", "MESSAGE_CREAT", "MESSAGE_CREATED", "message_create"}) {
    EXPECT_EQ(event_type_of(unknown), event_type::unknown) << unknown;
  }
}

TEST(timestamp, is_read_in_the_forms_that_discord_sends) {
  const auto at = [](std::int64_t ms) { return base::wall_time(std::chrono::milliseconds(ms)); };
  EXPECT_EQ(parse_timestamp("2017-07-11T17:27:07.299000+00:00"), at(1'499'794'027'299));
  EXPECT_EQ(parse_timestamp("2017-07-11T17:27:07+00:00"), at(1'499'794'027'000));
  EXPECT_EQ(parse_timestamp("2017-07-11T17:27:07Z"), at(1'499'794'027'000));
  EXPECT_EQ(parse_timestamp("2017-07-11T17:27:07.5"), at(1'499'794'027'500));
  EXPECT_EQ(parse_timestamp("2017-07-11T19:27:07+02:00"), at(1'499'794'027'000));
  EXPECT_EQ(parse_timestamp("2017-07-11T14:57:07-02:30"), at(1'499'794'027'000));
  for (const char* bad : {"", "2017", "2017-13-01T00:00:00Z", "2017-02-30T00:00:00Z", "2017-07-11T24:00:00Z",
                          "2017-07-11T17:27:07.Z", "2017-07-11T17:27:07+0000", "2017-07-11T17:27:07Zx"}) {
    EXPECT_FALSE(parse_timestamp(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace guildfleet::discord
