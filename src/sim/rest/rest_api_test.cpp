#include "sim/rest/rest_api.hpp"

#include <gmock/gmock.h>

#include "sim/rest/rest_fixture.hpp"

namespace guildfleet::sim {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class rest_api_test : public rest_fixture {};

TEST_F(rest_api_test, refuses_what_is_not_version_10_with_a_known_path) {
  struct row {
    const char* method;
    const char* target;
    int status;
    int code;
  };
  for (const auto& [method, target, status, code] : {
           row{"GET", "/api/gateway", 400, 50041},
           row{"GET", "/api/v6/gateway", 400, 50041},
           row{"GET", "/api/v10/nothing", 404, 0},
           row{"GET", "/api/v10/channels/abc", 404, 0},
           row{"POST", "/api/v10/gateway", 405, 0},
           row{"GET", "/api/v10/gateway", 200, -1},
       }) {
    auto wanted = request(method, "");
    wanted.target = target;
    const auto response = rest.handle(wanted).response;
    EXPECT_EQ(response.status, status) << target;
    EXPECT_EQ(code_of(response), code) << target;
  }
}

TEST_F(rest_api_test, wrong_tokens_and_blocked_user_agents_are_invalid_requests) {
  auto wrong_token = request("GET", "/users/@me");
  wrong_token.fields.set("Authorization", "Bot nonsense");
  const auto unauthorized = rest.handle(wrong_token).response;
  EXPECT_EQ(unauthorized.status, 401);
  EXPECT_EQ(parsed(unauthorized), json::value({{"message", "401: Unauthorized"}, {"code", 0}}));
  auto wrong_agent = request("GET", "/users/@me");
  wrong_agent.fields.set("User-Agent", "Python-urllib/3.11");
  EXPECT_EQ(rest.handle(wrong_agent).response.status, 403);
  EXPECT_EQ(rest.report().at("invalid"), 2U);
  EXPECT_EQ(rest.report().at("unauthorized"), 1U);
}

TEST_F(rest_api_test, an_undocumented_user_agent_is_let_in_and_counted) {
  auto other_library = request("GET", "/users/@me");
  other_library.fields.set("User-Agent", "node");
  EXPECT_EQ(rest.handle(other_library).response.status, 200);
  EXPECT_EQ(rest.report().at("undocumented_agents"), 1U);
}

TEST_F(rest_api_test, a_reset_token_is_unauthorized) {
  simulated.reset_token(bot.application);
  EXPECT_EQ(call("GET", "/users/@me").status, 401);
}

TEST_F(rest_api_test, gateway_bot_tells_the_limits_of_the_sink) {
  const auto body = parsed(call("GET", "/gateway/bot")).as_object();
  EXPECT_EQ(body.at("shards"), 1);
  EXPECT_EQ(body.at("session_start_limit").at("remaining"), 990);
  EXPECT_EQ(body.at("session_start_limit").at("reset_after"), 5000);
}

constexpr const char* log_entry = "GUILD_AUDIT_LOG_ENTRY_CREATE";

struct route_row {
  const char* method;
  const char* path;
  const char* body;
  int status;
  std::vector<std::string> events;
};

// Run in this order: some build on what the ones before them did.
std::vector<route_row> route_rows() {
  const std::string log = log_entry;
  return {
      {"GET", "/users/@me", "", 200, {}},
      {"GET", "/users/@me/guilds", "", 200, {}},
      {"GET", "/applications/@me", "", 200, {}},
      {"GET", "/guilds/{g}", "", 200, {}},
      {"GET", "/guilds/{g}/channels", "", 200, {}},
      {"GET", "/guilds/{g}/roles", "", 200, {}},
      {"GET", "/guilds/{g}/members?limit=10", "", 200, {}},
      {"GET", "/guilds/{g}/bans/{u}", "", 404, {}},
      {"GET", "/channels/{c}/messages/{m}", "", 200, {}},
      {"POST", "/channels/{c}/messages", R"({"content":"hi"})", 200, {"MESSAGE_CREATE"}},
      {"PATCH", "/channels/{c}/messages/{m}", R"({"content":"new"})", 200, {"MESSAGE_UPDATE"}},
      {"PUT", "/channels/{c}/messages/{m}/reactions/%F0%9F%91%8D/@me", "", 204, {"MESSAGE_REACTION_ADD"}},
      {"DELETE",
       "/channels/{c}/messages/{m}/reactions/%F0%9F%91%8D/@me",
       "",
       204,
       {"MESSAGE_REACTION_REMOVE"}},
      {"PUT", "/channels/{c}/messages/{m}/reactions/nonsense/@me", "", 400, {}},
      {"PUT",
       "/channels/{c}/messages/pins/{m}",
       "",
       204,
       {"CHANNEL_PINS_UPDATE", "MESSAGE_UPDATE", log, log, "MESSAGE_CREATE"}},
      {"POST", "/channels/{c}/typing", "", 204, {"TYPING_START"}},
      {"POST", "/channels/{c}/invites", "", 400, {}},
      {"POST", "/channels/{c}/invites", "{}", 200, {"INVITE_CREATE", log, log}},
      {"POST", "/guilds/{g}/channels", R"({"name":"new"})", 201, {"CHANNEL_CREATE", log, log}},
      {"PATCH", "/channels/{c}", R"({"nsfw":true})", 200, {"CHANNEL_UPDATE", log, log}},
      {"POST", "/guilds/{g}/roles", R"({"name":"r"})", 200, {"GUILD_ROLE_CREATE", log, log}},
      {"PATCH", "/guilds/{g}/members/{u}", R"({"nick":"n"})", 200, {"GUILD_MEMBER_UPDATE", log, log}},
      {"PATCH", "/guilds/{g}/members/{u}", R"({"mute":true})", 400, {}},
      {"PUT", "/guilds/{g}/bans/{u}", "{}", 204, {"GUILD_BAN_ADD", "GUILD_MEMBER_REMOVE", log, log}},
      {"DELETE", "/guilds/{g}/bans/{u}", "", 204, {"GUILD_BAN_REMOVE", log, log}},
      {"DELETE", "/guilds/{g}/members/{u}", "", 404, {}},
      {"POST", "/users/@me/channels", R"({"recipient_id":"{u}"})", 200, {}},
      {"DELETE", "/channels/{c}/messages/{m}", "", 204, {"MESSAGE_DELETE"}},
  };
}

TEST_F(rest_api_test, routes_answer_with_their_status_and_events) {
  post("hello");
  // One log entry per bot that may read it, or one for all: only its presence is of interest.
  const auto is_log = [](const std::string& type) { return type == log_entry; };
  for (const auto& [method, path, body, status, events] : route_rows()) {
    sink.events.clear();
    const auto response = call(method, filled(path), filled(body));
    EXPECT_EQ(response.status, status) << method << ' ' << path << ' ' << response.body;
    auto wanted = events;
    auto types = sink.types();
    const bool logs = std::erase_if(wanted, is_log) > 0;
    EXPECT_EQ(std::erase_if(types, is_log) > 0, logs) << method << ' ' << path;
    EXPECT_EQ(types, wanted) << method << ' ' << path;
  }
}

TEST_F(rest_api_test, permissions_decide) {
  struct row {
    const char* method;
    const char* path;
    const char* body;
    bits missing;
  };
  post("hello");
  const bits everything = permission::all & ~permission::administrator;
  for (const auto& [method, path, body, missing] : {
           row{"POST", "/channels/{c}/messages", R"({"content":"x"})", permission::send_messages},
           row{"PATCH", "/channels/{c}", R"({"name":"x"})", permission::manage_channels},
           row{"PUT", "/channels/{c}/messages/pins/{m}", "", permission::pin_messages},
           row{"POST", "/guilds/{g}/roles", "{}", permission::manage_roles},
           row{"PUT", "/guilds/{g}/bans/{u}", "", permission::ban_members},
           row{"DELETE", "/guilds/{g}/members/{u}", "", permission::kick_members},
           row{"GET", "/guilds/{g}/audit-logs", "", permission::view_audit_log},
           row{"PATCH", "/guilds/{g}", R"({"name":"xy"})", permission::manage_guild},
       }) {
    set_bot_permissions(everything & ~missing);
    const auto refused = call(method, filled(path), body);
    EXPECT_EQ(refused.status, 403) << path;
    EXPECT_EQ(code_of(refused), 50013) << path;
  }
  set_bot_permissions(everything & ~permission::view_channel);
  EXPECT_EQ(code_of(call("GET", filled("/channels/{c}"))), 50001);
}

TEST_F(rest_api_test, nobody_acts_on_the_owner) {
  const auto owner = id_text(simulated.state().guilds.at(guild).owner);
  EXPECT_EQ(code_of(call("DELETE", filled("/guilds/{g}/members/") + owner)), 50013);
  EXPECT_EQ(code_of(call("PUT", filled("/guilds/{g}/bans/") + owner)), 50013);
}

TEST_F(rest_api_test, bodies_are_checked_field_by_field) {
  struct row {
    std::string body;
    int code;
    const char* path;
  };
  const std::string long_text(2001, 'x');
  for (const auto& [body, code, where] : {
           row{R"({"content":")" + long_text + "\"}", 50035, "content"},
           row{R"({"content":""})", 50006, ""},
           row{R"({"content":"x","nonce":"12345678901234567890123456"})", 50035, "nonce"},
           row{R"({"embeds":[{"title":")" + long_text + "\"}]}", 50035, "embeds"},
           row{R"({"components":[{"type":1,"components":[{"type":2,"style":1,"label":"x"}]}]})", 50035,
               "components"},
           row{R"({"content":"x","allowed_mentions":{"parse":["users"],"users":["1"]}})", 50035,
               "allowed_mentions"},
           row{R"({"content":"x","flags":32768})", 50035, "content"},
           row{"{", 50109, ""},
       }) {
    const auto response = call("POST", filled("/channels/{c}/messages"), body);
    EXPECT_EQ(response.status, 400) << body;
    EXPECT_EQ(code_of(response), code) << body;
    const auto answer = parsed(response).as_object();
    if (*where != 0) EXPECT_TRUE(answer.at("errors").as_object().contains(where)) << response.body;
  }
}

TEST_F(rest_api_test, the_error_tree_names_the_field) {
  const auto response = call("POST", filled("/channels/{c}/messages"),
                             R"({"embeds":[{"fields":[{"name":"a","value":"b"},{"name":"a"}]}]})");
  const auto errors = parsed(response).at("errors");
  const auto& leaf = errors.at("embeds").at("0").at("fields").at("1").at("value").at("_errors").at(0);
  EXPECT_EQ(leaf.at("code"), "BASE_TYPE_REQUIRED");
}

TEST_F(rest_api_test, a_body_needs_a_content_type) {
  auto wanted = request("POST", filled("/channels/{c}/messages"), R"({"content":"x"})");
  wanted.fields.set("Content-Type", "text/plain");
  EXPECT_EQ(code_of(rest.handle(wanted).response), 50035);
}

TEST_F(rest_api_test, multipart_uploads_become_attachments) {
  auto wanted = request("POST", filled("/channels/{c}/messages"), "x");
  wanted.fields.set("Content-Type", "multipart/form-data; boundary=AaB");
  wanted.body =
      "--AaB\r\nContent-Disposition: form-data; name=\"payload_json\"\r\nContent-Type: "
      "application/json\r\n\r\n"
      "{\"content\":\"see\",\"attachments\":[{\"id\":0,\"description\":\"notes\"}]}\r\n"
      "--AaB\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"a.txt\"\r\nContent-Type: "
      "text/plain\r\n\r\n"
      "hello\r\n--AaB--\r\n";
  const auto response = rest.handle(wanted).response;
  ASSERT_EQ(response.status, 200) << response.body;
  const auto attachment = parsed(response).at("attachments").at(0);
  EXPECT_EQ(attachment.at("filename"), "a.txt");
  EXPECT_EQ(attachment.at("size"), 5);
  EXPECT_EQ(attachment.at("description"), "notes");
  const std::string url(attachment.at("url").as_string());
  const auto* const kept = simulated.state().attachments.find(net::parse_url(url)->target);
  ASSERT_NE(kept, nullptr) << url;
  EXPECT_EQ(kept->content, "hello");
  EXPECT_EQ(simulated.state().attachments.find("/attachments/1/2/a.txt"), nullptr);
}

TEST_F(rest_api_test, an_enforced_nonce_returns_the_first_message_for_some_minutes) {
  const std::string body = R"({"content":"once","nonce":"n1","enforce_nonce":true})";
  const auto first = parsed(call("POST", filled("/channels/{c}/messages"), body)).at("id");
  EXPECT_EQ(parsed(call("POST", filled("/channels/{c}/messages"), body)).at("id"), first);
  EXPECT_EQ(rest.report().at("deduplicated_nonces"), 1U);
  EXPECT_EQ(rest.report().at("duplicate_nonces"), 0U);
  clock.advance(std::chrono::minutes(6));
  EXPECT_NE(parsed(call("POST", filled("/channels/{c}/messages"), body)).at("id"), first);
  EXPECT_EQ(rest.report().at("duplicate_nonces"), 1U);
}

TEST_F(rest_api_test, a_nonce_is_told_to_who_posts_and_not_to_who_looks_later) {
  const auto made = parsed(call("POST", filled("/channels/{c}/messages"), R"({"content":"x","nonce":"n1"})"));
  EXPECT_EQ(made.at("nonce"), "n1");
  const auto listed = parsed(call("GET", filled("/channels/{c}/messages")));
  ASSERT_EQ(listed.at(0).at("id"), made.at("id"));
  EXPECT_FALSE(listed.at(0).as_object().contains("nonce"));
}

TEST_F(rest_api_test, messages_are_paged_newest_first) {
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    clock.advance(std::chrono::milliseconds(5));
    ids.push_back(id_text(post("m")));
  }
  const auto page = [&](const std::string& query) {
    std::vector<std::string> out;
    const auto body = parsed(call("GET", filled("/channels/{c}/messages?limit=2") + query));
    for (const auto& entry : body.as_array()) out.push_back(text_field(entry.as_object(), "id"));
    return out;
  };
  EXPECT_THAT(page(""), ElementsAre(ids[4], ids[3]));
  EXPECT_THAT(page("&before=" + ids[2]), ElementsAre(ids[1], ids[0]));
  EXPECT_THAT(page("&after=" + ids[1]), ElementsAre(ids[3], ids[2]));
  EXPECT_EQ(call("GET", filled("/channels/{c}/messages?limit=101")).status, 400);
}

TEST_F(rest_api_test, bulk_delete_takes_two_to_a_hundred_young_messages) {
  const auto one = id_text(post("a"));
  const auto two = id_text(post("b"));
  const auto path = filled("/channels/{c}/messages/bulk-delete");
  EXPECT_EQ(code_of(call("POST", path, R"({"messages":[")" + one + "\"]}")), 50016);
  EXPECT_EQ(code_of(call("POST", path, R"({"messages":["175928847299117063",")" + one + "\"]}")), 50034);
  EXPECT_EQ(call("POST", path, R"({"messages":[")" + one + R"(",")" + two + "\"]}").status, 204);
  ASSERT_NE(sink.last("MESSAGE_DELETE_BULK"), nullptr);
  EXPECT_EQ(sink.last("MESSAGE_DELETE_BULK")->data.at("ids").as_array().size(), 2U);
}

TEST_F(rest_api_test, messages_of_long_ago_are_deleted_one_by_one_and_slowly) {
  const auto write = [&] {
    return people
        .send_message({.guild = guild,
                       .channel = channel,
                       .user = human,
                       .content = "old",
                       .reply_to = 0,
                       .days_old = 20})
        .value();
  };
  EXPECT_EQ(code_of(call("POST", filled("/channels/{c}/messages/bulk-delete"),
                         fmt::format(R"({{"messages":["{}","{}"]}})", write(), write()))),
            50034);
  int deleted = 0;
  for (int i = 0; i < 31; ++i)
    deleted += call("DELETE", filled("/channels/{c}/messages/") + id_text(write())).status == 204 ? 1 : 0;
  EXPECT_EQ(deleted, 30);
}

TEST_F(rest_api_test, audit_reasons_are_decoded_and_limited) {
  auto wanted = request("PUT", filled("/guilds/{g}/bans/{u}"), "{}");
  wanted.fields.set("X-Audit-Log-Reason", "%E8%8D%92%E3%82%89%E3%81%97");
  EXPECT_EQ(rest.handle(wanted).response.status, 204);
  EXPECT_EQ(sink.last("GUILD_AUDIT_LOG_ENTRY_CREATE")->data.at("reason"), "荒らし");
  wanted.fields.set("X-Audit-Log-Reason", std::string(513, 'x'));
  EXPECT_EQ(rest.handle(wanted).response.status, 400);
}

TEST_F(rest_api_test, content_is_hidden_from_bots_without_the_flag) {
  const auto sent =
      people.send_message({.guild = guild, .channel = channel, .user = human, .content = "secret"});
  ASSERT_TRUE(sent);
  const auto path = filled("/channels/{c}/messages/") + id_text(*sent);
  EXPECT_EQ(parsed(call("GET", path)).at("content"), "secret");
  simulated.state().bots.at(bot.application).account.application_flags = 0;
  EXPECT_EQ(parsed(call("GET", path)).at("content"), "");
}

TEST_F(rest_api_test, a_deleted_category_frees_its_children) {
  const auto category = simulated.state().channels.at(channel).parent;
  EXPECT_EQ(call("DELETE", "/channels/" + id_text(category)).status, 200);
  EXPECT_EQ(simulated.state().channels.at(channel).parent, 0U);
  EXPECT_THAT(sink.types(), Contains("CHANNEL_UPDATE"));
  EXPECT_NE(sink.last("CHANNEL_DELETE"), nullptr);
}

TEST_F(rest_api_test, a_thread_from_a_message_has_its_id) {
  post("start");
  const auto response = call("POST", filled("/channels/{c}/messages/{m}/threads"), R"({"name":"t"})");
  ASSERT_EQ(response.status, 201) << response.body;
  EXPECT_EQ(id_field(parsed(response).as_object(), "id"), message);
  EXPECT_EQ(code_of(call("POST", filled("/channels/{c}/messages/{m}/threads"), R"({"name":"t"})")), 160004);
  EXPECT_EQ(sink.last("THREAD_CREATE")->data.at("newly_created"), true);
}

}  // namespace
}  // namespace guildfleet::sim
