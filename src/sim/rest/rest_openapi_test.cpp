// Every answer against Discord's own description of its API, where that document is present. Two known
// differences follow the documentation instead (sheet 10): forwards have message_reference.type 1, and a
// deferral with_response has resource.type 5.
#include "sim/rest/rest_fixture.hpp"
#include "support/openapi_check.hpp"

namespace guildfleet::sim {
namespace {

class rest_openapi : public rest_fixture {
 protected:
  void SetUp() override {
    if (test::openapi_check::load() == nullptr) GTEST_SKIP() << "discord-openapi.json is absent";
  }

  // Sends, expects success and a body that fits; returns the body.
  json::value fits(const std::string& method, const std::string& path, const std::string& body = {}) {
    const auto target = filled(path);
    const auto response = call(method, target, filled(body));
    EXPECT_LT(response.status, 300) << method << ' ' << target << ' ' << response.body;
    const auto problem =
        test::openapi_check::load()->response(method, target, response.status, response.body);
    EXPECT_FALSE(problem) << method << ' ' << target << ": " << *problem << '\n' << response.body;
    return response.body.empty() ? json::value() : json::parse(response.body);
  }
  static std::string id_of(const json::value& value) { return text_field(value.as_object(), "id"); }
  const json::object& interaction() const { return sink.last("INTERACTION_CREATE")->data; }
  std::string callback_path() const {
    return "/interactions/" + text_field(interaction(), "id") + "/" + text_field(interaction(), "token") +
           "/callback?with_response=true";
  }
  std::string hook(const std::string& more = {}) const {
    return "/webhooks/{b}/" + text_field(interaction(), "token") + more;
  }
};

TEST_F(rest_openapi, messages) {
  const auto rich = R"({"content":"hello <@{u}>","nonce":"a",
    "embeds":[{"title":"t","fields":[{"name":"a","value":"b"}],"footer":{"text":"x"}}],
    "components":[{"type":1,"components":[{"type":2,"style":1,"label":"b","custom_id":"go"},
                                          {"type":2,"style":5,"label":"l","url":"https://x.invalid"}]},
                  {"type":1,"components":[{"type":3,"custom_id":"s","options":[{"label":"a","value":"b"}]}]}]})";
  message = id_field(fits("POST", "/channels/{c}/messages", rich).as_object(), "id");
  fits("POST", "/channels/{c}/messages", R"({"content":"re","message_reference":{"message_id":"{m}"}})");
  fits("POST", "/channels/{c}/messages", R"({"flags":32768,"components":[{"type":17,"components":[
    {"type":10,"content":"x"},{"type":14},{"type":9,"components":[{"type":10,"content":"x"}],
    "accessory":{"type":2,"style":2,"label":"k","custom_id":"z"}}]}]})");
  fits("POST", "/channels/{c}/messages",
       R"({"poll":{"question":{"text":"q"},"answers":[{"poll_media":{"text":"a"}}]}})");
  fits("PUT", "/channels/{c}/messages/{m}/reactions/%F0%9F%91%8D/@me");
  fits("GET", "/channels/{c}/messages/{m}/reactions/%F0%9F%91%8D");
  fits("PATCH", "/channels/{c}/messages/{m}", R"({"content":"new"})");
  fits("PUT", "/channels/{c}/messages/pins/{m}");
  for (const auto* path : {"", "/{m}", "/pins"}) fits("GET", std::string("/channels/{c}/messages") + path);
  fits("GET", "/channels/{c}/pins");
  fits("DELETE", "/channels/{c}/messages/{m}");
}

TEST_F(rest_openapi, channels_and_threads) {
  post("start");
  fits("POST", "/channels/{c}/messages/{m}/threads", R"({"name":"t"})");
  for (const auto* path :
       {"/guilds/{g}/threads/active", "/channels/{m}", "/channels/{m}/thread-members",
        "/channels/{m}/thread-members/{b}", "/channels/{c}", "/channels/{v}", "/guilds/{g}/channels"}) {
    fits("GET", path);
  }
  fits("PATCH", "/channels/{m}", R"({"archived":true})");
  fits("GET", "/channels/{c}/threads/archived/public");
  fits("POST", "/channels/{c}/threads", R"({"name":"private"})");
  fits("PATCH", "/channels/{c}", R"({"name":"x","topic":"y"})");
  fits("PUT", "/channels/{c}/permissions/{g}", R"({"type":0,"deny":"2048"})");
  fits("DELETE", "/channels/{c}/permissions/{g}");
  const auto forum =
      fits("POST", "/guilds/{g}/channels", R"({"name":"f","type":15,"available_tags":[{"name":"tag"}]})");
  fits("POST", "/channels/" + id_of(forum) + "/threads", R"({"name":"post","message":{"content":"first"}})");
  fits("POST", "/guilds/{g}/channels", R"({"name":"cat","type":4})");
  fits("POST", "/guilds/{g}/channels", R"({"name":"v","type":2})");
  fits("PATCH", "/guilds/{g}/channels", R"([{"id":"{c}","position":3}])");
  fits("DELETE", "/channels/" + id_of(forum));
}

TEST_F(rest_openapi, invites_and_webhooks) {
  const auto code = text_field(fits("POST", "/channels/{c}/invites", "{}").as_object(), "code");
  fits("GET", "/channels/{c}/invites");
  fits("GET", "/guilds/{g}/invites");
  fits("GET", "/invites/" + code + "?with_counts=true");
  fits("DELETE", "/invites/" + code);
  const auto hook = fits("POST", "/channels/{c}/webhooks", R"({"name":"hook"})");
  const auto by_token = "/webhooks/" + id_of(hook) + "/" + text_field(hook.as_object(), "token");
  fits("GET", "/channels/{c}/webhooks");
  fits("GET", "/guilds/{g}/webhooks");
  fits("PATCH", "/webhooks/" + id_of(hook), R"({"name":"new"})");
  fits("GET", by_token);
  fits("POST", by_token + "?wait=true", R"({"content":"w"})");
  fits("DELETE", by_token);
}

TEST_F(rest_openapi, users_and_application) {
  for (const auto* path : {"/gateway", "/gateway/bot", "/users/@me", "/users/@me/guilds?with_counts=true",
                           "/users/{u}", "/applications/@me", "/oauth2/applications/@me", "/voice/regions",
                           "/applications/{b}/emojis", "/users/@me/guilds/{g}/member"}) {
    fits("GET", path);
  }
  fits("PATCH", "/users/@me", R"({"username":"newname"})");
  fits("POST", "/users/@me/channels", R"({"recipient_id":"{u}"})");
}

TEST_F(rest_openapi, guilds_members_and_roles) {
  for (const auto* path :
       {"", "?with_counts=true", "/preview", "/roles", "/roles/{g}", "/roles/member-counts",
        "/members?limit=100", "/members/search?query=a&limit=5", "/members/{u}", "/emojis", "/stickers",
        "/scheduled-events", "/auto-moderation/rules", "/prune"}) {
    fits("GET", std::string("/guilds/{g}") + path);
  }
  fits("PATCH", "/guilds/{g}", R"({"name":"renamed"})");
  const auto role = id_of(fits("POST", "/guilds/{g}/roles", R"({"name":"r","color":5})"));
  fits("PATCH", "/guilds/{g}/roles/" + role, R"({"hoist":true})");
  fits("PATCH", "/guilds/{g}/roles", R"([{"id":")" + role + R"(","position":1}])");
  fits("PUT", "/guilds/{g}/members/{u}/roles/" + role);
  fits("PATCH", "/guilds/{g}/members/{u}", R"({"nick":"n"})");
  fits("PATCH", "/guilds/{g}/members/@me", R"({"nick":"n"})");
  fits("DELETE", "/guilds/{g}/roles/" + role);
  ASSERT_TRUE(people.move_voice(guild, human, voice));
  fits("GET", "/guilds/{g}/voice-states/{u}");
  fits("PUT", "/guilds/{g}/bans/{u}", "{}");
  for (const auto* path : {"/bans", "/bans/{u}", "/audit-logs"})
    fits("GET", std::string("/guilds/{g}") + path);
  fits("DELETE", "/guilds/{g}/bans/{u}");
  fits("POST", "/guilds/{g}/bulk-ban", R"({"user_ids":["{u}"]})");
}

TEST_F(rest_openapi, commands_and_interactions) {
  const auto commands = fits("PUT", "/applications/{b}/commands", R"([
    {"name":"ping","description":"p","options":[{"type":3,"name":"x","description":"d","choices":[{"name":"a","value":"b"}]},
      {"type":7,"name":"c","description":"d","channel_types":[0]}]},
    {"name":"Menu","type":2},
    {"name":"cfg","description":"c","options":[{"type":2,"name":"g","description":"g","options":[
      {"type":1,"name":"s","description":"s","options":[{"type":4,"name":"n","description":"n","min_value":1}]}]}]}])");
  fits("GET", "/applications/{b}/commands?with_localizations=true");
  fits("GET", "/applications/{b}/commands/" + id_of(commands.at(0)));
  fits("POST", "/applications/{b}/guilds/{g}/commands",
       R"({"name":"g","description":"p","default_member_permissions":"8"})");
  fits("GET", "/applications/{b}/guilds/{g}/commands");
  for (const auto* flags : {"0", "64"}) {
    ASSERT_TRUE(people.send_slash_command({.guild = guild, .user = human, .name = "ping"}));
    const auto button =
        R"("components":[{"type":1,"components":[{"type":2,"style":1,"label":"b","custom_id":"go"}]}])";
    fits("POST", callback_path(),
         std::string(R"({"type":4,"data":{"content":"pong",)") + button + R"(,"flags":)" + flags + "}}");
    fits("GET", hook("/messages/@original"));
    fits("POST", hook(), R"({"content":"f"})");
    const id original =
        id_field(fits("PATCH", hook("/messages/@original"), R"({"content":"e"})").as_object(), "id");
    ASSERT_TRUE(people.press_button({.message = original, .custom_id = "go"}));
    fits("POST", callback_path(), R"({"type":7,"data":{"content":"u"}})");
  }
}

}  // namespace
}  // namespace guildfleet::sim
