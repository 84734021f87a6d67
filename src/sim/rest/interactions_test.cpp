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

TEST_F(interactions_test, what_no_client_would_send_is_refused) {
  const auto limits = R"([{"name":"try","description":"t","options":[
    {"type":3,"name":"text","description":"t","min_length":2,"max_length":4},
    {"type":4,"name":"whole","description":"w","min_value":-1,"max_value":10},
    {"type":3,"name":"choice","description":"c","choices":[{"name":"A","value":"a"}]},
    {"type":7,"name":"room","description":"r","channel_types":[0]},
    {"type":3,"name":"typed","description":"t","autocomplete":true}]}])";
  ASSERT_EQ(call("PUT", filled("/applications/{b}/commands"), limits).status, 200);
  const struct {
    json::object options;
    std::string why;
  } cases[] = {{{{"text", "x"}}, "2 to 4 characters are possible, not 1"},
               {{{"text", "ああああ"}}, ""},
               {{{"text", "12345"}}, "2 to 4 characters are possible, not 5"},
               {{{"whole", -2}}, "-1 to 10 is possible, not -2"},
               {{{"whole", 10}}, ""},
               {{{"whole", 11}}, "-1 to 10 is possible, not 11"},
               {{{"choice", "a"}}, ""},
               {{{"choice", "A"}}, "It is none of the choices"},
               {{{"room", id_text(channel)}}, ""},
               {{{"room", id_text(voice)}}, "Channels of type 2 are not offered"},
               {{{"typed", std::string(6'001, 'x')}}, "0 to 6000 characters are possible, not 6001"}};
  for (const auto& each : cases) {
    const auto sent =
        people.send_slash_command({.guild = guild, .user = human, .name = "try", .options = each.options});
    EXPECT_EQ(sent ? "" : sent.error().fix(), each.why) << json::serialize(each.options);
  }
}

TEST_F(interactions_test, only_an_option_with_autocomplete_asks_for_suggestions) {
  const auto command = R"([{"name":"find","description":"f","options":[
    {"type":3,"name":"what","description":"w","required":true,"min_length":3,"autocomplete":true},
    {"type":3,"name":"where","description":"w"}]}])";
  ASSERT_EQ(call("PUT", filled("/applications/{b}/commands"), command).status, 200);
  const auto typing = [&](const std::string& option, json::object options) {
    return people.send_slash_command(
        {.guild = guild, .user = human, .name = "find", .options = std::move(options), .focused = option});
  };
  EXPECT_TRUE(typing("what", {{"what", "x"}})) << "what is being typed is not checked";
  ASSERT_TRUE(typing("what", {{"where", "there"}}));
  EXPECT_EQ(payload().at("data").at("options").at(1),
            (json::object{{"name", "what"}, {"type", 3}, {"value", ""}, {"focused", true}}));
  EXPECT_EQ(typing("where", {}).error().code(), world_error::bad_option);
  EXPECT_EQ(typing("nothing", {}).error().code(), world_error::bad_option);
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

TEST_F(interactions_test, a_menu_takes_as_many_of_its_values_as_it_allows) {
  const auto sent = call("POST", filled("/channels/{c}/messages"), R"({"content":"x","components":[
    {"type":1,"components":[{"type":3,"custom_id":"pick","min_values":1,"max_values":2,"options":[
      {"label":"A","value":"a"},{"label":"B","value":"b"},{"label":"C","value":"c"}]}]},
    {"type":1,"components":[{"type":8,"custom_id":"room","channel_types":[2]}]},
    {"type":1,"components":[{"type":6,"custom_id":"role"}]}]})");
  ASSERT_EQ(sent.status, 200) << sent.body;
  const id holder = id_field(parsed(sent).as_object(), "id");
  const struct {
    std::string menu;
    std::vector<std::string> values;
    bool possible = false;
  } cases[] = {{"pick", {}, false},
               {"pick", {"a"}, true},
               {"pick", {"c", "a"}, true},
               {"pick", {"a", "a"}, false},
               {"pick", {"a", "b", "c"}, false},
               {"pick", {"d"}, false},
               {"room", {id_text(voice)}, true},
               {"room", {id_text(channel)}, false},
               {"role", {id_text(guild)}, true},
               {"role", {id_text(human)}, false}};
  for (const auto& each : cases) {
    const auto chosen =
        people.select({.message = holder, .custom_id = each.menu, .user = human, .values = each.values});
    EXPECT_EQ(chosen.has_value(), each.possible) << each.menu << ' ' << each.values.size();
    if (!chosen) EXPECT_EQ(chosen.error().code(), world_error::bad_input);
  }
}

TEST_F(interactions_test, a_modal_is_sent_as_its_fields_allow) {
  const auto modal = R"({"type":9,"data":{"custom_id":"m","title":"T","components":[
    {"type":18,"label":"Name","component":
      {"type":4,"custom_id":"name","style":1,"min_length":2,"max_length":5,"value":"Ada"}},
    {"type":18,"label":"More","component":{"type":4,"custom_id":"more","style":2,"required":false}},
    {"type":18,"label":"Pick","component":{"type":3,"custom_id":"pick","required":false,"min_values":0,
      "options":[{"label":"A","value":"a"}]}}]}})";
  const id asked = invoke("ping");
  ASSERT_EQ(answer(asked, modal).status, 204);
  const struct {
    json::object fields;
    std::string why;
  } cases[] = {{{}, ""},
               {{{"name", ""}}, "It must not be empty"},
               {{{"name", "A"}}, "2 to 5 characters are possible, not 1"},
               {{{"name", "Augusta"}}, "2 to 5 characters are possible, not 7"},
               {{{"name", "A\nB"}}, "It has one line"},
               {{{"name", 5}}, "Give a text"},
               {{{"more", "A\nB"}, {"pick", {"a"}}}, ""},
               {{{"pick", {"b"}}}, "A value is none of the menu's"},
               {{{"pick", "a"}}, "Give an array of values"},
               {{{"other", "x"}}, "The modal has not all of these fields"}};
  for (const auto& each : cases) {
    const auto sent = people.submit_modal({.interaction = asked, .fields = each.fields});
    EXPECT_EQ(sent ? "" : sent.error().fix(), each.why) << json::serialize(each.fields);
  }
  ASSERT_TRUE(people.submit_modal({.interaction = asked}));
  EXPECT_EQ(payload().at("data").at("components").at(0).at("component").at("value"), "Ada")
      << "what stands there from the start is sent";
}

TEST_F(interactions_test, commands_are_registered_within_discords_limits) {
  const auto path = filled("/applications/{b}/commands");
  const auto with_option = [&](const std::string& option) {
    return call("POST", path, R"({"name":"x","description":"d","options":[)" + option + "]}").status;
  };
  EXPECT_EQ(with_option(R"({"type":3,"name":"o","description":"d","min_length":2,"max_length":3})"), 201);
  for (
      const auto* wrong :
      {R"({"type":3,"name":"o","description":"d","max_length":6001})",
       R"({"type":3,"name":"o","description":"d","min_length":3,"max_length":2})",
       R"({"type":4,"name":"o","description":"d","min_length":3})",
       R"({"type":4,"name":"o","description":"d","min_value":3,"max_value":2})",
       R"({"type":3,"name":"o","description":"d","min_value":3})",
       R"({"type":3,"name":"o","description":"d","channel_types":[0]})",
       R"({"type":5,"name":"o","description":"d","choices":[{"name":"A","value":true}]})",
       R"({"type":3,"name":"o","description":"d","choices":[{"name":"A","value":1}]})",
       R"({"type":3,"name":"o","description":"d","choices":[{"name":"A","value":"a"},{"name":"A","value":"b"}]})",
       R"({"type":3,"name":"o","description":"d","autocomplete":true,"choices":[{"name":"A","value":"a"}]})",
       R"({"type":3,"name":"o","description":"d","name_localizations":{"ja":"O O"}})",
       R"({"type":3,"name":"o","description":"d","description_localizations":{"jp":"d"}})",
       R"({"type":3,"name":"o","description":"d"},{"type":3,"name":"p","description":"d","required":true})",
       R"({"type":3,"name":"o","description":"d"},{"type":1,"name":"p","description":"d"})"}) {
    EXPECT_EQ(with_option(wrong), 400) << wrong;
  }
  std::string long_in_japanese;
  for (int i = 0; i < 25; ++i) {
    long_in_japanese += (i == 0 ? "" : ",") + (R"({"type":3,"name":"o)" + std::to_string(i)) +
                        R"(","description":"d","choices":[)";
    for (int j = 0; j < 4; ++j) {
      long_in_japanese += (j == 0 ? "" : ",") + (R"({"name":"c)" + std::to_string(j)) +
                          R"(","value":"v","name_localizations":{"ja":")" + std::string(80, 'x') + "\"}}";
    }
    long_in_japanese += "]}";
  }
  EXPECT_EQ(with_option(long_in_japanese), 400) << "the longest localization counts to the 8,000";
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
