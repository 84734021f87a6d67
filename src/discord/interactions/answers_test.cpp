// custom_id, responder and callbacks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "discord/interactions/callback.hpp"
#include "discord/interactions/custom_id.hpp"
#include "discord/interactions/responder.hpp"

namespace guildfleet::discord {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr base::steady_time start{1h};

TEST(custom_id, survives_the_way_to_discord_and_back) {
  const custom_id id{"ticket", 3, "close", "12:with:colons"};
  EXPECT_EQ(encode(id), "ticket:v3:close:12:with:colons");
  EXPECT_EQ(parse_custom_id("ticket:v3:close:12:with:colons"), id);
  EXPECT_EQ(parse_custom_id("a:v1:b:")->payload, "");
}

TEST(custom_id, other_programs_ids_are_not_ours) {
  for (const char* text : {"", "button", "a:b:c:d", "a:v0:b:c", "a:vx:b:c", "a:v1:b", "A:v1:b:c", ":v1:b:c",
                           "a:v1::c", "a:v99999999999:b:c"}) {
    EXPECT_EQ(parse_custom_id(text), std::nullopt) << text;
  }
}

TEST(custom_id, refuses_what_discord_would_refuse) {
  EXPECT_FALSE(encode({"a", 1, "b", std::string(100, 'x')}));
  EXPECT_TRUE(encode({"a", 1, "b", std::string(100 - 7, 'x')}));
  EXPECT_FALSE(encode({"a:b", 1, "c", ""}));
}

TEST(custom_id, tells_older_from_newer) {
  EXPECT_EQ(age_of({"a", 1, "b", ""}, 2), custom_id_age::older);
  EXPECT_EQ(age_of({"a", 2, "b", ""}, 2), custom_id_age::current);
  EXPECT_EQ(age_of({"a", 3, "b", ""}, 2), custom_id_age::newer);
}

TEST(interaction_responder, a_quick_answer_is_the_callback_and_cancels_the_defer) {
  interaction_responder one(interaction_type::command, false, start);
  EXPECT_EQ(one.defer_at(), start + 2s);
  EXPECT_EQ(one.route_answer(start + 1s), answer_route::callback);
  EXPECT_EQ(one.defer_at(), std::nullopt);
  EXPECT_FALSE(one.on_timer(start + 2s));
  EXPECT_EQ(one.route_answer(start + 3s), answer_route::edit_original);
  EXPECT_EQ(one.route_followup(start + 3s), answer_route::followup);
}

TEST(interaction_responder, a_slow_answer_is_deferred_once_and_becomes_an_edit) {
  interaction_responder one(interaction_type::command, false, start);
  EXPECT_FALSE(one.on_timer(start + 1999ms));
  EXPECT_EQ(one.on_timer(start + 2s), 5);
  EXPECT_FALSE(one.on_timer(start + 2s));
  EXPECT_TRUE(one.deferred());
  EXPECT_EQ(one.route_followup(start + 3s), answer_route::refuse) << "it would take the answer's place";
  EXPECT_EQ(one.route_answer(start + 10s), answer_route::edit_original);
  EXPECT_FALSE(one.deferred());
  EXPECT_EQ(one.route_followup(start + 11s), answer_route::followup);
}

TEST(interaction_responder, a_component_may_defer_by_updating_its_message) {
  interaction_responder one(interaction_type::component, true, start);
  one.prefer_update(true);
  EXPECT_EQ(one.on_timer(start + 2s), 6);
  interaction_responder command_modal(interaction_type::modal_submit, false, start);
  command_modal.prefer_update(true);
  EXPECT_EQ(command_modal.on_timer(start + 2s), 5);
}

// The defect: a short notice wiped the panel whose menu it answered.
TEST(interaction_responder, a_message_never_takes_the_place_of_the_one_that_holds_the_component) {
  interaction_responder slow(interaction_type::component, true, start);
  slow.prefer_update(true);
  (void)slow.on_timer(start + 2s);
  EXPECT_EQ(slow.route_followup(start + 3s), answer_route::followup);
  EXPECT_EQ(slow.route_answer(start + 3s), answer_route::followup);
  EXPECT_EQ(slow.route_update(start + 4s), answer_route::edit_original);
  EXPECT_EQ(slow.route_answer(start + 5s), answer_route::followup);
  interaction_responder quick(interaction_type::component, true, start);
  EXPECT_EQ(quick.route_update(start), answer_route::callback);
  EXPECT_EQ(quick.route_answer(start), answer_route::followup);
}

TEST(interaction_responder, refuses_after_the_tokens_life) {
  interaction_responder one(interaction_type::command, false, start);
  (void)one.on_timer(start + 2s);
  EXPECT_EQ(one.route_answer(start + 15min), answer_route::refuse);
}

TEST(interaction_responder, modals_and_choices_can_only_come_first) {
  interaction_responder command(interaction_type::command, false, start);
  EXPECT_TRUE(command.may_show_modal(start));
  EXPECT_FALSE(command.may_show_modal(start));
  EXPECT_FALSE(interaction_responder(interaction_type::modal_submit, true, start).may_show_modal(start));
  interaction_responder choices(interaction_type::autocomplete, false, start);
  EXPECT_EQ(choices.defer_at(), std::nullopt);
  EXPECT_EQ(choices.route_answer(start), answer_route::callback);
  EXPECT_EQ(choices.route_answer(start), answer_route::refuse);
}

TEST(interaction_responder, a_first_answer_that_did_not_arrive_may_be_tried_again) {
  interaction_responder one(interaction_type::command, false, start);
  ASSERT_EQ(one.route_answer(start), answer_route::callback);
  one.on_first_answer_failed();
  EXPECT_EQ(one.route_answer(start + 1s), answer_route::callback);
}

TEST(callback, nothing_is_pinged_unless_named) {
  EXPECT_EQ(callback::reply({.content = "@everyone"}),
            R"({"type":4,"data":{"content":"@everyone","allowed_mentions":{"parse":[]}}})");
}

TEST(callback, a_broken_limit_names_the_field) {
  message_body body;
  body.embeds.resize(1);
  body.embeds[0].fields.resize(1);
  body.embeds[0].fields[0] = {"n", std::string(1025, 'x'), false};
  const auto json = callback::reply(body);
  ASSERT_FALSE(json);
  EXPECT_THAT(json.error().message(),
              HasSubstr("data.embeds[0].fields[0].value: 1025 characters, at most 1024"));
}

TEST(callback, keeps_25_choices) {
  const std::string json = callback::autocomplete(std::vector<choice>(30, choice{"a", 1.5}));
  EXPECT_EQ(std::ranges::count(json, 'a') - 2, 25 * 3);  // "name", its text and "value"; "data" has two
}

}  // namespace
}  // namespace guildfleet::discord
