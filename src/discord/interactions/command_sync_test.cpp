#include "discord/interactions/command_sync.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guildfleet::discord {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

command_definition ping() {
  return {.name = "ping", .description = "Answers."};
}

command_definition config() {
  option_definition count{.type = option_type::integer, .name = "count", .description = "How many."};
  count.min_value = 0;
  option_definition where{.type = option_type::channel, .name = "where", .description = "Where."};
  where.channel_types = {channel_type::voice, channel_type::text};
  command_definition made{.name = "config", .description = "Settings.", .names = {{"ja", "x"}}};
  made.options = {count, where};
  made.default_member_permissions = permission::manage_guild;
  return made;
}

// As Discord answers: its own fields, defaults filled in, another order of keys.
constexpr std::string_view registered_ping =
    R"({"version":"9","default_member_permissions":null,"type":1,"name":"ping","id":"1","application_id":"2",
        "description":"Answers.","name_localizations":null,"description_localizations":{},"dm_permission":false,
        "contexts":[0],"integration_types":[0],"nsfw":false,"options":[]})";
constexpr std::string_view registered_config =
    R"({"id":"3","type":1,"name":"config","description":"Settings.","name_localizations":{"ja":"x"},
        "default_member_permissions":"32","contexts":[0],"options":[
         {"type":4,"name":"count","description":"How many.","min_value":0.0,"required":false},
         {"channel_types":[0,2],"type":7,"name":"where","description":"Where.","name_localizations":null}]})";

std::string list(std::initializer_list<std::string_view> commands) {
  return fmt::format("[{}]", fmt::join(commands, ","));
}

command_plan plan_of(const std::string& registered, const std::vector<command_definition>& wanted,
                     command_scope scope = command_scope::global) {
  auto plan = plan_commands(registered, wanted, scope);
  EXPECT_TRUE(plan) << plan.error().message();
  return plan ? *plan : command_plan{};
}

TEST(plan_commands, writes_nothing_when_only_defaults_and_order_differ) {
  const auto plan = plan_of(list({registered_config, registered_ping}), {ping(), config()});
  EXPECT_EQ(plan.what, command_plan::kind::none);
  EXPECT_THAT(plan.changed, IsEmpty());
}

TEST(plan_commands, guild_commands_have_no_contexts) {
  EXPECT_FALSE(commands_differ(
      R"([{"id":"1","type":1,"name":"ping","description":"Answers.","contexts":null,"guild_id":"5"}])",
      {ping()}, command_scope::guild));
}

TEST(plan_commands, upserts_what_is_new_or_changed) {
  command_definition changed = ping();
  changed.description = "Answers fast.";
  const auto plan = plan_of(list({registered_ping}), {changed, config()});
  EXPECT_EQ(plan.what, command_plan::kind::upserts);
  EXPECT_THAT(plan.changed, ElementsAre("ping"));
  EXPECT_THAT(plan.added, ElementsAre("config"));
  EXPECT_EQ(plan.bodies.size(), 2U);
}

TEST(plan_commands, overwrites_all_when_something_must_go) {
  const auto plan = plan_of(list({registered_ping, registered_config}), {ping()});
  EXPECT_EQ(plan.what, command_plan::kind::overwrite);
  EXPECT_THAT(plan.removed, ElementsAre("config"));
  EXPECT_THAT(plan.bodies, ElementsAre(HasSubstr("\"ping\"")));
}

struct difference {
  const char* name;
  void (*change)(command_definition&);
};
class noticed : public testing::TestWithParam<difference> {};

TEST_P(noticed, differs) {
  command_definition changed = config();
  GetParam().change(changed);
  EXPECT_TRUE(commands_differ(list({registered_config}), {changed}, command_scope::global));
}

INSTANTIATE_TEST_SUITE_P(
    all, noticed,
    testing::Values(
        difference{"permissions", [](command_definition& c) { c.default_member_permissions.reset(); }},
        difference{"no_permissions", [](command_definition& c) { c.default_member_permissions.emplace(); }},
        difference{"localization", [](command_definition& c) { c.names["ja"] = "y"; }},
        difference{"option_order", [](command_definition& c) { std::swap(c.options[0], c.options[1]); }},
        difference{"limit", [](command_definition& c) { c.options[0].min_value = 1; }},
        difference{"limit_gone", [](command_definition& c) { c.options[0].min_value.reset(); }},
        difference{"required", [](command_definition& c) { c.options[0].required = true; }},
        difference{"contexts", [](command_definition& c) { c.contexts.push_back(command_context::bot_dm); }},
        difference{"nsfw", [](command_definition& c) { c.nsfw = true; }}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(plan_commands, refuses_an_answer_that_is_no_list_and_two_commands_of_one_name) {
  EXPECT_FALSE(plan_commands("{}", {ping()}, command_scope::global));
  EXPECT_FALSE(plan_commands("[5]", {ping()}, command_scope::global));
  EXPECT_FALSE(plan_commands("[]", {ping(), ping()}, command_scope::global));
}

TEST(command_definition, names_what_is_wrong) {
  command_definition upper = ping();
  upper.name = "Ping";
  EXPECT_THAT(check(upper).error().message(), HasSubstr("command Ping name: only lower-case"));
  command_definition disordered = config();
  disordered.options[1].required = true;
  EXPECT_THAT(check(disordered).error().message(), HasSubstr("config where: required options come first"));
  command_definition many = ping();
  many.options.resize(26, option_definition{.type = option_type::string, .name = "o", .description = "d"});
  EXPECT_THAT(check(many).error().message(), HasSubstr("26 entries, at most 25"));
}

}  // namespace
}  // namespace guildfleet::discord
