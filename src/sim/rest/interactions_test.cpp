#include <gmock/gmock.h>

#include "sim/rest/rest_fixture.hpp"

namespace guildfleet::sim {
namespace {

using namespace std::chrono_literals;

class interactions_test : public rest_fixture {
 protected:
  interactions_test() {
    const auto commands = R"([{"name":"ping","description":"p"},
      {"name":"config","description":"c","options":[{"type":1,"name":"set","description":"s","options":[
        {"type":6,"name":"who","description":"w","required":true},{"type":4,"name":"n","description":"n"}]}]}])";
    const auto response = call("PUT", filled("/applications/{b}/commands"), commands);
    EXPECT_EQ(response.status, 200) << response.body;
  }

  id invoke(const std::string& name, json::object options = {}) {
    const auto opened = people.send_slash_command(
        {.guild = guild, .user = human, .name = name, .options = std::move(options)});
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().message());
    return opened.value_or(0);
  }
  const json::object& payload() const { return sink.last("INTERACTION_CREATE")->data; }
  net::http_response answer(id interaction, const std::string& body, const char* query = "") {
    return call("POST", "/interactions/" + id_text(interaction) + "/" + token() + "/callback" + query, body);
  }
  std::string token() const { return text_field(payload(), "token"); }
  std::string hook(const std::string& rest_of_path) const {
    return filled("/webhooks/{b}/") + token() + rest_of_path;
  }
  json::object status(id interaction) { return people.interaction_status(interaction).value(); }
};

TEST_F(interactions_test, a_command_carries_what_a_bot_needs) {
  invoke("/config set", {{"who", id_text(human)}, {"n", 3}});
  const auto& data = payload().at("data");
  EXPECT_EQ(data.at("name"), "config");
  const auto& sub = data.at("options").at(0);
  EXPECT_EQ(sub.at("name"), "set");
  EXPECT_EQ(id_field(sub.at("options").at(0).as_object(), "value"), human);
  EXPECT_EQ(sub.at("options").at(1).at("value"), 3);
  EXPECT_TRUE(data.at("resolved").at("users").as_object().contains(id_text(human)));
  EXPECT_FALSE(data.at("resolved").at("members").at(id_text(human)).as_object().contains("user"));
  for (const auto* key :
       {"app_permissions", "locale", "guild_locale", "entitlements", "authorizing_integration_owners",
        "context", "attachment_size_limit", "member", "channel", "channel_id", "guild_id"}) {
    EXPECT_TRUE(payload().contains(key)) << key;
  }
  EXPECT_TRUE(payload().at("member").as_object().contains("permissions"));
  EXPECT_EQ(sink.last("INTERACTION_CREATE")->only_bot, bot.application);
}

TEST_F(interactions_test, commands_are_checked_against_what_is_registered) {
  const auto refused = [&](const std::string& name, json::object options) {
    return people
        .send_slash_command({.guild = guild, .user = human, .name = name, .options = std::move(options)})
        .error()
        .code();
  };
  EXPECT_EQ(refused("nothing", {}), world_error::unknown_command);
  EXPECT_EQ(refused("config", {}), world_error::unknown_command);
  EXPECT_EQ(refused("config set", {}), world_error::bad_option);
  EXPECT_EQ(refused("config set", {{"who", "x"}}), world_error::bad_option);
  EXPECT_EQ(refused("ping", {{"extra", 1}}), world_error::bad_option);
}

TEST_F(interactions_test, one_answer_within_three_seconds) {
  const id first = invoke("ping");
  EXPECT_EQ(answer(first, R"({"type":4,"data":{"content":"pong"}})").status, 204);
  EXPECT_EQ(code_of(answer(first, R"({"type":4,"data":{"content":"again"}})")), 40060);
  EXPECT_EQ(status(first).at("content"), "pong");
  EXPECT_TRUE(people.interaction_answered(first));
  const id late = invoke("ping");
  clock.advance(3001ms);
  EXPECT_EQ(code_of(answer(late, R"({"type":4,"data":{"content":"pong"}})")), 10062);
  EXPECT_EQ(status(late).at("expired"), true);
}

TEST_F(interactions_test, a_refused_body_leaves_the_interaction_open) {
  const id first = invoke("ping");
  EXPECT_EQ(code_of(answer(first, R"({"type":4,"data":{}})")), 50006);
  EXPECT_EQ(code_of(answer(first, R"({"type":7,"data":{"content":"x"}})")), 50035);
  EXPECT_EQ(answer(first, R"({"type":4,"data":{"content":"pong"}})").status, 204);
}

TEST_F(interactions_test, a_deferral_is_finished_by_editing_the_original) {
  const id first = invoke("ping");
  EXPECT_EQ(answer(first, R"({"type":5})").status, 204);
  EXPECT_EQ(sink.last("MESSAGE_CREATE")->data.at("flags"), 128);
  EXPECT_FALSE(people.interaction_answered(first));
  clock.advance(10s);
  const auto edited = call("PATCH", hook("/messages/@original"), R"({"content":"done"})");
  ASSERT_EQ(edited.status, 200) << edited.body;
  EXPECT_EQ(parsed(edited).at("flags"), 0);
  EXPECT_EQ(sink.last("MESSAGE_UPDATE")->data.at("content"), "done");
  EXPECT_EQ(status(first).at("reply_ms"), 10'000);
  EXPECT_EQ(status(first).at("content"), "done");
}

TEST_F(interactions_test, ephemeral_replies_go_to_their_bot_alone) {
  const id first = invoke("ping");
  const auto response =
      answer(first, R"({"type":4,"data":{"content":"psst","flags":64}})", "?with_response=true");
  ASSERT_EQ(response.status, 200);
  EXPECT_EQ(parsed(response).at("interaction").at("response_message_ephemeral"), true);
  const auto* const event = sink.last("MESSAGE_CREATE");
  EXPECT_EQ(event->only_bot, bot.application);
  EXPECT_FALSE(event->guild.has_value());
  EXPECT_FALSE(event->data.contains("guild_id"));
  EXPECT_EQ(parsed(call("GET", filled("/channels/") + text_field(payload(), "channel_id") + "/messages"))
                .as_array()
                .size(),
            0U);
  EXPECT_EQ(parsed(call("GET", hook("/messages/@original"))).at("content"), "psst");
}

TEST_F(interactions_test, follow_ups_live_fifteen_minutes) {
  const id first = invoke("ping");
  EXPECT_EQ(call("POST", hook(""), R"({"content":"early"})").status, 404) << "not acknowledged yet";
  answer(first, R"({"type":4,"data":{"content":"pong"}})");
  const auto follow = call("POST", hook(""), R"({"content":"more"})");
  ASSERT_EQ(follow.status, 200);
  const auto which = text_field(parsed(follow).as_object(), "id");
  EXPECT_EQ(call("PATCH", hook("/messages/" + which), R"({"content":"edited"})").status, 200);
  EXPECT_EQ(status(first).at("followups").at(0).at("content"), "edited");
  EXPECT_EQ(call("DELETE", hook("/messages/" + which)).status, 204);
  EXPECT_EQ(call("DELETE", hook("/messages/@original")).status, 204);
  EXPECT_EQ(code_of(call("GET", hook("/messages/@original"))), 10008);
  clock.advance(15min);
  EXPECT_EQ(call("POST", hook(""), R"({"content":"late"})").status, 200);
  clock.advance(1ms);
  EXPECT_EQ(code_of(call("POST", hook(""), R"({"content":"late"})")), 50027);
}

TEST_F(interactions_test, buttons_and_modals) {
  const auto sent = call(
      "POST", filled("/channels/{c}/messages"),
      R"({"content":"x","components":[{"type":1,"components":[{"type":2,"style":1,"label":"b","custom_id":"go"}]}]})");
  const id holder = id_field(parsed(sent).as_object(), "id");
  EXPECT_EQ(people.press_button({.message = holder, .custom_id = "other"}).error().code(),
            world_error::unknown_component);
  const id press = people.press_button({.message = holder, .custom_id = "go", .user = human}).value();
  EXPECT_EQ(payload().at("data").at("component_type"), 2);
  EXPECT_EQ(id_field(payload().at("message").as_object(), "id"), holder);
  const auto modal = R"({"type":9,"data":{"custom_id":"m","title":"T","components":[
    {"type":18,"label":"Name","component":{"type":4,"custom_id":"name","style":1}}]}})";
  EXPECT_EQ(answer(press, modal).status, 204);
  const id submit = people.submit_modal({.interaction = press, .fields = {{"name", "Ada"}}}).value();
  EXPECT_EQ(payload().at("type"), 5);
  EXPECT_EQ(payload().at("data").at("components").at(0).at("component").at("value"), "Ada");
  EXPECT_EQ(answer(submit, R"({"type":7,"data":{"content":"updated"}})").status, 204);
  EXPECT_EQ(parsed(call("GET", filled("/channels/{c}/messages/") + id_text(holder))).at("content"),
            "updated");
}

TEST_F(interactions_test, commands_upsert_and_keep_their_id) {
  const auto path = filled("/applications/{b}/guilds/{g}/commands");
  const auto first = call("POST", path, R"({"name":"echo","description":"e"})");
  EXPECT_EQ(first.status, 201);
  const auto second = call("POST", path, R"({"name":"echo","description":"other"})");
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(parsed(first).at("id"), parsed(second).at("id"));
  EXPECT_EQ(call("POST", path, R"({"name":"Echo","description":"e"})").status, 400);
  EXPECT_EQ(call("POST", path, R"({"name":"エコー・一覧","description":"e"})").status, 400);
  EXPECT_EQ(call("POST", path, R"({"name":"エコー一覧","description":"e"})").status, 201);
  EXPECT_EQ(call("PUT", path, "[]").status, 200);
  EXPECT_EQ(parsed(call("GET", path)).as_array().size(), 0U);
  EXPECT_EQ(call("GET", "/applications/123456789012345678/commands").status, 403);
}

}  // namespace
}  // namespace guildfleet::sim
