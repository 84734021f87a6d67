#include "discord/interactions/interaction.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guildfleet::discord {
namespace {

using testing::ElementsAre;

// The common part of an interaction in a guild; `rest` holds type and data.
std::string in_guild(std::string_view rest) {
  return fmt::format(
      R"({{"id":"846462639134605312","application_id":"775799577604522054","token":"tok","version":1,
    "guild_id":"290926798626357999","channel_id":"645027906669510667","channel":{{"id":"645027906669510667","type":2}},
    "locale":"ja","guild_locale":"en-US","app_permissions":"442368","context":0,"entitlements":[],
    "member":{{"user":{{"id":"53908232506183680","username":"mason","global_name":"Mason"}},"nick":"Mace",
              "roles":["539082325061836999"],"permissions":"2147483647"}},{}}})",
      rest);
}

interaction parsed(std::string_view rest) {
  auto result = parse_interaction(in_guild(rest));
  EXPECT_TRUE(result) << result.error().message();
  return result ? std::move(*result) : interaction{};
}

TEST(parse_interaction, reads_who_where_and_in_which_language) {
  const interaction one = parsed(R"("type":2,"data":{"id":"5","name":"ping","type":1})");
  EXPECT_EQ(one.id, interaction_id{846462639134605312});
  EXPECT_EQ(one.token.reveal(), "tok");
  EXPECT_EQ(one.guild, guild_id{290926798626357999});
  EXPECT_EQ(one.in_channel, channel_type::voice);
  EXPECT_EQ(one.user, user_id{53908232506183680});
  EXPECT_EQ(one.user_name, "Mace");
  EXPECT_THAT(one.member_roles, ElementsAre(role_id{539082325061836999}));
  EXPECT_EQ(one.app_permissions.bits(), 442368U);
  EXPECT_EQ(one.locale, "ja");
  EXPECT_EQ(one.guild_locale, "en-US");
  ASSERT_NE(one.command(), nullptr);
  EXPECT_EQ(one.command()->path, "ping");
}

TEST(parse_interaction, a_direct_message_has_a_user_without_member) {
  const auto one = parse_interaction(
      R"({"id":"1","application_id":2,"token":"t","type":2,"user":{"id":"9","username":"a","global_name":null},
          "data":{"id":"5","name":"help"}})");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->user, user_id{9});
  EXPECT_EQ(one->user_name, "a");
  EXPECT_TRUE(one->guild.empty());
}

TEST(parse_interaction, walks_to_the_innermost_command_with_typed_options) {
  const interaction one = parsed(R"("type":2,"data":{"id":"5","name":"config","type":1,"options":[
      {"name":"role","type":2,"options":[{"name":"add","type":1,"options":[
        {"name":"text","type":3,"value":"x"},{"name":"count","type":4,"value":-3},{"name":"ratio","type":10,"value":1.5},
        {"name":"loud","type":5,"value":true},{"name":"role","type":8,"value":"77"},{"name":"whole","type":10,"value":2}
      ]}]}],
      "resolved":{"roles":{"77":{"id":"77","name":"mods","position":4,"permissions":"8","managed":true}}}})");
  const command_data* command = one.command();
  ASSERT_NE(command, nullptr);
  EXPECT_EQ(command->path, "config role add");
  EXPECT_EQ(command->text("text"), "x");
  EXPECT_EQ(command->integer("count"), -3);
  EXPECT_EQ(command->number("ratio"), 1.5);
  EXPECT_EQ(command->number("whole"), 2.0);
  EXPECT_EQ(command->boolean("loud"), true);
  EXPECT_EQ(command->id_of("role"), 77U);
  EXPECT_EQ(command->text("absent"), std::nullopt);
  EXPECT_EQ(command->text("count"), std::nullopt);
  EXPECT_EQ(one.resolved.roles.at(role_id{77}).name, "mods");
  EXPECT_TRUE(one.resolved.roles.at(role_id{77}).managed);
}

TEST(parse_interaction, keeps_the_partial_text_of_autocomplete) {
  const interaction one = parsed(
      R"("type":4,"data":{"id":"5","name":"play","options":[{"name":"n","type":4,"value":"12a","focused":true}]})");
  ASSERT_NE(one.command(), nullptr);
  ASSERT_NE(one.command()->focused(), nullptr);
  EXPECT_EQ(one.command()->text("n"), "12a");
}

TEST(parse_interaction, resolves_users_with_their_membership_and_a_target) {
  const interaction one =
      parsed(R"("type":2,"data":{"id":"5","name":"Look","type":2,"target_id":"9","resolved":{
      "users":{"9":{"id":"9","username":"u","global_name":"U","bot":true}},
      "members":{"9":{"nick":"N","roles":["3"],"permissions":"4"}},
      "channels":{"6":{"id":"6","name":"c","type":15,"permissions":"1"}},
      "messages":{"8":{"id":"8","channel_id":"6","content":"hi","author":{"id":"9"}}}}})");
  EXPECT_EQ(one.command()->kind, command_kind::user);
  EXPECT_EQ(one.command()->target, 9U);
  const resolved_user& user = one.resolved.users.at(user_id{9});
  EXPECT_TRUE(user.bot);
  EXPECT_TRUE(user.is_member);
  EXPECT_EQ(user.nick, "N");
  EXPECT_EQ(one.resolved.channels.at(channel_id{6}).type, channel_type::forum);
  EXPECT_EQ(one.resolved.messages.at(message_id{8}).author, user_id{9});
}

TEST(parse_interaction, reads_the_files_of_an_option_and_of_the_message_of_a_component) {
  const interaction given = parsed(
      R"("type":2,"data":{"id":"5","name":"config","options":[{"name":"import","type":1,"options":[
      {"name":"file","type":11,"value":"7"}]}],"resolved":{"attachments":{
      "7":{"id":"7","filename":"a.json","size":12,"url":"https://cdn.discordapp.com/attachments/1/7/a.json?ex=1"}}}})");
  const attached_file& file = given.resolved.attachments.at({*given.command()->id_of("file")});
  EXPECT_EQ(file.filename, "a.json");
  EXPECT_EQ(file.size, 12U);
  EXPECT_EQ(file.url, "https://cdn.discordapp.com/attachments/1/7/a.json?ex=1");

  const interaction pressed = parsed(
      R"("type":3,"message":{"id":"44","attachments":[{"id":"8","filename":"b.json","size":-1,"url":"u"},3]},)"
      R"("data":{"custom_id":"x:v1:pick:","component_type":2})");
  ASSERT_EQ(pressed.message_attachments.size(), 1U);
  EXPECT_EQ(pressed.message_attachments.front().filename, "b.json");
  EXPECT_EQ(pressed.message_attachments.front().size, 0U);
}

TEST(parse_interaction, reads_components) {
  const interaction one = parsed(
      R"("type":3,"message":{"id":"44"},"data":{"custom_id":"x:v1:pick:","component_type":3,"values":["a","b"]})");
  ASSERT_NE(one.component(), nullptr);
  EXPECT_EQ(one.component()->component_type, 3);
  EXPECT_THAT(one.component()->values, ElementsAre("a", "b"));
  EXPECT_EQ(one.message, message_id{44});
}

TEST(parse_interaction, finds_modal_fields_at_any_depth) {
  const interaction one = parsed(R"("type":5,"data":{"custom_id":"form","components":[
      {"type":10,"id":1},
      {"type":18,"id":2,"component":{"type":4,"custom_id":"why","value":"because"}},
      {"type":18,"id":3,"component":{"type":3,"custom_id":"pick","values":["a","b"]}},
      {"type":18,"id":4,"component":{"type":23,"custom_id":"sure","value":true}},
      {"type":18,"id":5,"component":{"type":21,"custom_id":"none","value":null}},
      {"type":1,"components":[{"type":4,"custom_id":"old","value":"row"}]}]})");
  const modal_data* modal = one.modal_answer();
  ASSERT_NE(modal, nullptr);
  EXPECT_EQ(modal->value("why"), "because");
  EXPECT_THAT(modal->fields.at("pick"), ElementsAre("a", "b"));
  EXPECT_EQ(modal->value("sure"), "true");
  EXPECT_EQ(modal->value("none"), "");
  EXPECT_EQ(modal->value("old"), "row");
}

struct broken_case {
  const char* name;
  const char* json;
};
class broken_interactions : public testing::TestWithParam<broken_case> {};

TEST_P(broken_interactions, are_refused) {
  const auto one = parse_interaction(GetParam().json);
  ASSERT_FALSE(one);
  EXPECT_EQ(one.error().code(), rest_error::malformed_response);
}

INSTANTIATE_TEST_SUITE_P(all, broken_interactions,
                         testing::Values(broken_case{"not_json", "{"}, broken_case{"array", "[]"},
                                         broken_case{"no_id", R"({"application_id":"1","token":"t"})"},
                                         broken_case{"id_not_a_number",
                                                     R"({"id":"x","application_id":"1","token":"t"})"},
                                         broken_case{"no_token", R"({"id":"1","application_id":"1"})"},
                                         broken_case{"no_application", R"({"id":"1","token":"t"})"}),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(parse_interaction, tolerates_unknown_types_and_wrong_data) {
  for (const char* rest :
       {R"("type":99,"data":{"x":1})", R"("type":2,"data":[])", R"("type":2,"data":{"options":[1,[]]})",
        R"("type":5,"data":{"components":{"component":{"component":5}}})", R"("type":3,"data":null)"}) {
    EXPECT_TRUE(parse_interaction(in_guild(rest))) << rest;
  }
}

}  // namespace
}  // namespace guildfleet::discord
