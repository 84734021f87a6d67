// Every body that the program sends, against Discord's own description.
#include <gtest/gtest.h>

#include "discord/interactions/callback.hpp"
#include "discord/interactions/command_definition.hpp"
#include "discord/rest/endpoints.hpp"
#include "support/openapi_check.hpp"

namespace guildfleet::discord {
namespace {

using namespace std::chrono_literals;

constexpr channel_id channel{175928847299117063};
constexpr guild_id guild{175928847299117064};
constexpr user_id user{175928847299117065};
constexpr role_id role{175928847299117066};
constexpr message_id message{175928847299117067};
constexpr application_id app{175928847299117068};
const base::secret token("aW50ZXJhY3Rpb24");

class described_by_discord : public testing::Test {
 protected:
  void SetUp() override {
    if (test::openapi_check::load() == nullptr)
      GTEST_SKIP() << "no description at " << GUILDFLEET_OPENAPI_FILE;
  }
  static void fits(const request& request) {
    const auto problem =
        test::openapi_check::load()->request(name_of(request.route->method), request.path, request.json);
    EXPECT_EQ(problem, std::nullopt) << describe(*request.route) << "\n" << *problem << "\n" << request.json;
  }
  static void fits(const base::result<request>& request) {
    ASSERT_TRUE(request) << request.error().message();
    fits(*request);
  }
};

embed full_embed() {
  return {.title = "title",
          .description = "text",
          .url = "https://example.org",
          .timestamp = "2026-11-23T09:15:00.123Z",
          .color = 0xABCDEF,
          .footer = "footer",
          .footer_icon_url = "https://example.org/f.png",
          .author = "author",
          .author_url = "https://example.org",
          .author_icon_url = "https://example.org/a.png",
          .image_url = "https://example.org/i.png",
          .thumbnail_url = "https://example.org/t.png",
          .fields = {{"name", "value", true}}};
}

std::vector<action_row> all_rows() {
  const partial_emoji unicode{.id = {}, .name = "\xF0\x9F\x94\xA5"};
  const partial_emoji custom{.id = emoji_id{41771983429993937}, .name = "fire"};
  const auto select = [](select_kind kind) {
    return select_menu{.kind = kind,
                       .custom_id = fmt::format("x:v1:pick:{}", static_cast<int>(kind)),
                       .options = {},
                       .channel_types = {},
                       .default_ids = {},
                       .placeholder = "choose",
                       .min_values = 0,
                       .max_values = 2};
  };
  select_menu text = select(select_kind::text);
  text.options = {{"label", "value", "text", unicode, true}, {"other", "2", "", std::nullopt, false}};
  select_menu channels = select(select_kind::channel);
  channels.channel_types = {channel_type::text, channel_type::voice};
  channels.default_ids = {channel.value};
  return {{{button{button_style::danger, "delete", "x:v1:delete:1", "", custom, true},
            button{button_style::link, "open", "", "https://example.org", std::nullopt, false}}},
          {{text}},
          {{channels}},
          {{select(select_kind::role)}},
          {{select(select_kind::mentionable)}}};
}

message_body full_message() {
  return {.content = "hello",
          .embeds = {full_embed()},
          .rows = all_rows(),
          .mentions = {.everyone = true,
                       .all_roles = false,
                       .all_users = false,
                       .roles = {role},
                       .users = {user},
                       .replied_user = true},
          .flags = message_flags::suppress_notifications,
          .attachments = {{0, "a.txt", "a file"}},
          .reply_to = message,
          .nonce = "4f2c9a",
          .tts = true};
}

message_edit full_edit() {
  return {.content = cleared,
          .embeds = std::vector<embed>{full_embed()},
          .rows = all_rows(),
          .mentions = {},
          .flags = message_flags::suppress_embeds,
          .kept_attachments = std::vector<std::uint64_t>{message.value},
          .attachments = {{0, "b.txt", ""}}};
}

TEST_F(described_by_discord, messages) {
  fits(endpoints::create_message(channel, {.content = "x"}));
  fits(endpoints::create_message(channel, full_message()));
  fits(endpoints::edit_message(channel, message, full_edit()));
  fits(endpoints::edit_message(channel, message, {.content = "y"}));
  fits(endpoints::bulk_delete(channel, {message, message_id{5}}));
  for (const request& one :
       {endpoints::delete_message(channel, message), endpoints::crosspost(channel, message),
        endpoints::add_reaction(channel, message, "a:1"),
        endpoints::remove_own_reaction(channel, message, "a:1"),
        endpoints::remove_reaction(channel, message, "a:1", user),
        endpoints::remove_all_reactions(channel, message),
        endpoints::get_reactions(channel, message, "a:1", {}), endpoints::get_pins(channel),
        endpoints::pin(channel, message), endpoints::unpin(channel, message),
        endpoints::trigger_typing(channel), endpoints::get_messages(channel, {}),
        endpoints::get_message(channel, message)}) {
    fits(one);
  }
}

TEST_F(described_by_discord, channels_and_threads) {
  channel_body body;
  body.name = "general";
  body.type = channel_type::text;
  body.topic = "rules";
  body.parent = channel;
  body.position = 1;
  body.nsfw = false;
  body.slowmode = 5s;
  body.overwrites = {
      {role.value, overwrite_target::role, permission::view_channel, permission::send_messages}};
  fits(endpoints::create_channel(guild, body));
  channel_body cleared_body;
  cleared_body.topic = cleared;
  cleared_body.parent = cleared;
  fits(endpoints::edit_channel(channel, cleared_body));
  channel_body thread;
  thread.archived = true;
  thread.locked = true;
  thread.auto_archive = 1440min;
  fits(endpoints::edit_channel(channel, thread));
  fits(endpoints::move_channels(guild,
                                {{channel, 3, true, channel_id{7}}, {channel_id{8}, 4, std::nullopt, {}}}));
  fits(endpoints::put_overwrite(channel, {user.value, overwrite_target::member, permission::connect, {}}));
  fits(endpoints::delete_overwrite(channel, user.value));
  fits(endpoints::put_voice_status(channel, "live"));
  fits(endpoints::create_invite(channel, {}));
  fits(endpoints::delete_invite("abc"));
  fits(endpoints::create_thread(channel, {.name = "t"}));
  fits(endpoints::create_thread(channel, {.name = "t"}, message));
  for (const request& one :
       {endpoints::get_channel(channel), endpoints::delete_channel(channel),
        endpoints::get_channel_invites(channel), endpoints::join_thread(channel),
        endpoints::leave_thread(channel), endpoints::add_thread_member(channel, user),
        endpoints::remove_thread_member(channel, user), endpoints::get_active_threads(guild)}) {
    fits(one);
  }
}

TEST_F(described_by_discord, members_roles_and_bans) {
  member_edit edit;
  edit.nick = "nick";
  edit.roles = {role};
  edit.mute = true;
  edit.deaf = false;
  edit.voice_channel = cleared;
  edit.timed_out_until = base::wall_time(1'800'000'000'123ms);
  fits(endpoints::edit_member(guild, user, edit));
  member_edit own;
  own.nick = cleared;
  fits(endpoints::edit_own_member(guild, own));
  fits(endpoints::create_role(
      guild, {"mods", permission::kick_members | permission::ban_members, 0xFF0000, true, false}));
  fits(endpoints::edit_role(guild, role, {.name = "x"}));
  fits(endpoints::move_role(guild, role, 3));
  fits(endpoints::ban(guild, user, 3600s));
  for (const request& one :
       {endpoints::get_guild(guild, true), endpoints::get_guild_channels(guild),
        endpoints::get_members(guild, 10), endpoints::get_member(guild, user), endpoints::kick(guild, user),
        endpoints::add_role(guild, user, role), endpoints::remove_role(guild, user, role),
        endpoints::get_bans(guild, 10), endpoints::get_ban(guild, user), endpoints::unban(guild, user),
        endpoints::get_roles(guild), endpoints::delete_role(guild, role), endpoints::get_guild_invites(guild),
        endpoints::get_audit_log(guild, 20, user, {}), endpoints::leave_guild(guild)}) {
    fits(one);
  }
}

TEST_F(described_by_discord, users_and_webhooks) {
  fits(endpoints::open_dm(user));
  fits(endpoints::create_webhook(channel, "news"));
  const auto body = to_json(message_body{.content = "x"});
  fits(endpoints::execute_webhook(5, token, *body));
  for (const request& one : {endpoints::get_gateway_bot(), endpoints::get_application(),
                             endpoints::get_self(), endpoints::get_user(user), endpoints::get_own_guilds(100),
                             endpoints::get_channel_webhooks(channel), endpoints::delete_webhook(5)}) {
    fits(one);
  }
}

TEST_F(described_by_discord, interaction_answers) {
  message_body reply = full_message();
  reply.reply_to = {};
  reply.nonce = {};
  reply.flags = message_flags::ephemeral;
  modal form{.custom_id = "x:v1:form:",
             .title = "Form",
             .fields = {{"name", "what", text_input{"a", true, 1, 100, false, "v", "p"}},
                        {"pick", "", select_menu{.kind = select_kind::user, .custom_id = "b"}}}};
  for (const auto& json : {callback::reply(reply), callback::update(full_edit()), callback::show(form),
                           base::result<std::string>(callback::defer_reply()),
                           base::result<std::string>(callback::defer_update()),
                           base::result<std::string>(callback::autocomplete({{"a", "x"}, {"b", "y"}}))}) {
    ASSERT_TRUE(json) << json.error().message();
    fits(endpoints::create_callback(interaction_id{9}, token, *json));
  }
  fits(endpoints::edit_original(app, token, *to_json(full_edit())));
  fits(endpoints::create_followup(app, token, *to_json(reply)));
  fits(endpoints::edit_followup(app, token, message, *to_json(full_edit())));
  fits(endpoints::delete_followup(app, token, message));
  fits(endpoints::get_original(app, token));
  fits(endpoints::delete_original(app, token));
}

std::vector<command_definition> full_commands() {
  option_definition text{.type = option_type::string,
                         .name = "text",
                         .description = "what",
                         .names = {{"ja", "\xE6\x96\x87"}},
                         .descriptions = {{"ja", "\xE4\xBD\x95"}},
                         .required = true};
  text.min_length = 1;
  text.max_length = 100;
  option_definition count{.type = option_type::integer, .name = "count", .description = "how many"};
  count.min_value = 1;
  count.max_value = 10;
  option_definition where{.type = option_type::channel, .name = "where", .description = "where"};
  where.channel_types = {channel_type::text};
  option_definition kind{.type = option_type::string, .name = "kind", .description = "kind"};
  kind.choices = {{"one", "1"}, {"two", "2"}};
  option_definition set{.type = option_type::sub_command, .name = "set", .description = "sets"};
  set.options = {text, count, where, kind};
  option_definition group{.type = option_type::sub_command_group, .name = "role", .description = "roles"};
  group.options = {set};
  command_definition config{
      .name = "config", .description = "settings", .names = {{"ja", "\xE8\xA8\xAD\xE5\xAE\x9A"}}};
  config.options = {set, group};
  config.default_member_permissions = permission::manage_guild;
  return {config,
          {.kind = command_kind::user, .name = "Look at"},
          {.kind = command_kind::message, .name = "Quote"}};
}

TEST_F(described_by_discord, commands) {
  for (const auto& [where, scope] :
       {std::pair(guild_id{}, command_scope::global), std::pair(guild, command_scope::guild)}) {
    const auto all = to_json(full_commands(), scope);
    ASSERT_TRUE(all) << all.error().message();
    fits(endpoints::put_commands(app, where, *all));
    for (const command_definition& one : full_commands()) {
      fits(endpoints::create_command(app, where, *to_json(one, scope)));
    }
    fits(endpoints::get_commands(app, where, true));
    fits(endpoints::delete_command(app, where, command_id{5}));
  }
}

TEST_F(described_by_discord, the_checker_finds_what_is_wrong) {
  const auto* check = test::openapi_check::load();
  const auto wrong = [&](std::string_view body) {
    return check->request("POST", "/channels/1/messages", body).value_or("nothing");
  };
  EXPECT_EQ(wrong(R"({"content":5})"), R"(/content: 5 is not of type ["string","null"])");
  EXPECT_EQ(wrong(R"({"contents":"x"})"), "/contents: not a known key");
  EXPECT_NE(wrong(R"({"components":[{"type":1,"components":[{"type":2,"style":9}]}]})"), "nothing");
  EXPECT_NE(wrong(R"({"embeds":[{"title":")" + std::string(257, 'x') + R"("}]})"), "nothing");
  EXPECT_NE(check->request("PUT", "/channels/1/messages", "{}"), std::nullopt);
  EXPECT_NE(check->response("GET", "/users/@me", 200, R"({"id":"1"})"), std::nullopt);
}

}  // namespace
}  // namespace guildfleet::discord
