#include "integration/guild_members.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

namespace guildfleet::integration {
namespace {

constexpr int answer_within_ms = 5'000;

void collect_ids(const json::value& in, std::vector<std::string>& out) {
  if (const json::object* object = in.if_object()) {
    for (const auto& [key, value] : *object) {
      if (key == "custom_id" && value.is_string())
        out.emplace_back(value.as_string());
      else
        collect_ids(value, out);
    }
  } else if (const json::array* array = in.if_array()) {
    for (const json::value& each : *array) collect_ids(each, out);
  }
}

json::object named(const json::array& all, const std::string& name) {
  for (const json::value& each : all) {
    if (text_of(each.as_object(), "name") == name) return each.as_object();
  }
  return {};
}

}  // namespace

std::string shown::text() const {
  json::object seen;
  for (const char* part : {"content", "reply", "followups", "modal", "choices"}) {
    if (const json::value* value = status_.if_contains(part)) seen[part] = *value;
  }
  return json::serialize(seen);
}

bool shown::answered() const {
  return status_.contains("answered") && status_.at("answered").as_bool();
}

bool shown::is_private() const {
  return status_.contains("ephemeral") && status_.at("ephemeral").as_bool();
}

std::string shown::message() const {
  const json::value* reply = status_.if_contains("reply");
  return reply == nullptr ? std::string() : text_of(reply->as_object(), "id");
}

std::string shown::custom_id(std::string_view action) const {
  std::vector<std::string> ids;
  for (const char* part : {"modal", "reply", "followups"}) {
    if (const json::value* value = status_.if_contains(part)) collect_ids(*value, ids);
  }
  const std::string inside = fmt::format(":{}:", action);
  for (const std::string& each : ids) {
    if (each == action || each.contains(inside)) return each;
  }
  return {};
}

guild_members::guild_members(const discord_plan& plan)
    : discord(plan),
      guild_(discord.first_guild()),
      channel_(discord.first_channel()),
      user_(discord.owner_of_first_guild()),
      token_(discord.token_of(bot_)) {}

shown guild_members::use(const std::string& command, json::object options, const std::string& channel) {
  return shown(discord.act_once_possible("command", command_in(command, std::move(options), channel)));
}

shown guild_members::suggest(const std::string& command, const std::string& option, json::object options) {
  json::object typed = command_in(command, std::move(options), {});
  typed["focused"] = option;
  return shown(discord.act_once_possible("command", typed));
}

json::object guild_members::command_in(const std::string& command, json::object options,
                                       const std::string& channel) const {
  return {{"bot", bot_},
          {"name", command},
          {"options", std::move(options)},
          {"guild", guild_},
          {"channel", channel_or(channel)},
          {"user", user_},
          {"locale", locale_},
          {"wait", answer_within_ms}};
}

json::object guild_members::component(const std::string& message, const std::string& custom_id) const {
  EXPECT_NE(message, "") << "no message to press on";
  EXPECT_NE(custom_id, "") << "no such component";
  return {{"message", message},
          {"custom_id", custom_id},
          {"user", user_},
          {"locale", locale_},
          {"wait", answer_within_ms}};
}

shown guild_members::press(const std::string& message, const std::string& custom_id) {
  return shown(discord.act("button", component(message, custom_id)));
}

shown guild_members::choose(const shown& on, std::string_view action, std::vector<std::string> values) {
  return choose(on.message(), on.custom_id(action), std::move(values));
}

shown guild_members::choose(const std::string& message, const std::string& custom_id,
                            std::vector<std::string> values) {
  json::object body = component(message, custom_id);
  json::array chosen;
  for (std::string& each : values) chosen.emplace_back(std::move(each));
  body["values"] = std::move(chosen);
  return shown(discord.act("select", std::move(body)));
}

shown guild_members::submit(const shown& form, json::object fields) {
  EXPECT_TRUE(form.is_form()) << form.text();
  return shown(discord.act(
      "modal",
      {{"interaction", form.interaction()}, {"fields", std::move(fields)}, {"wait", answer_within_ms}}));
}

std::string guild_members::join(const std::string& name) {
  return text_of(discord.act("join", {{"guild", guild_}, {"name", name}}), "id");
}

std::string guild_members::say(const std::string& content, const std::string& channel) {
  return text_of(
      discord.act(
          "message",
          {{"content", content}, {"guild", guild_}, {"channel", channel_or(channel)}, {"user", user_}}),
      "id");
}

json::object guild_members::act(const std::string& what, json::object body) const {
  return discord.act(what, std::move(body));
}

void guild_members::set(const std::string& feature, json::object values) {
  const json::object file{{"format", "guildfleet-settings"},
                          {"version", 1},
                          {"guild", guild_},
                          {"features", json::object{{feature, std::move(values)}}}};
  const std::string before = std::exchange(user_, discord.owner_of_first_guild());
  const shown asked =
      use("config import",
          {{"file", json::object{{"filename", "settings.json"}, {"content", json::serialize(file)}}}});
  const shown done = press(asked, "import");
  EXPECT_TRUE(done.answered()) << asked.text();
  user_ = before;
}

void guild_members::enter_voice(const std::string& user, const std::string& where) const {
  (void)act("voice", {{"guild", guild_}, {"user", user}, {"channel", where}});
}

void guild_members::leave_voice(const std::string& user) const {
  (void)act("voice", {{"guild", guild_}, {"user", user}});
}

std::string guild_members::voice_channel_of(const std::string& user) const {
  return text_of(as_bot("GET", fmt::format("/guilds/{}/voice-states/{}", guild_, user)).as_object(),
                 "channel_id");
}

std::string guild_members::first_voice_channel() const {
  constexpr std::int64_t voice = 2;
  for (const json::value& each : channels()) {
    if (number_of(each.as_object(), "type") == voice) return text_of(each.as_object(), "id");
  }
  return {};
}

std::string guild_members::moved_from(const std::string& trigger, const std::string& user) const {
  EXPECT_TRUE(eventually(patience, [&] {
    leave_voice(user);
    enter_voice(user, trigger);
    return eventually(3s, [&] { return voice_channel_of(user) != trigger; });
  }));
  return voice_channel_of(user);
}

void guild_members::bump_on_disboard() const {
  const json::array embeds{json::object{{"description", "Bump done! :thumbsup:"}}};
  (void)act("app_message", {{"user", "302050872383242240"},
                            {"name", "DISBOARD"},
                            {"guild", guild_},
                            {"channel", channel_},
                            {"message", json::object{{"content", ""}, {"embeds", embeds}}}});
}

json::value guild_members::looked_up(const std::string& path) const {
  return json::parse(
      support::answer_to({.origin = fmt::format("http://127.0.0.1:{}", discord.port()), .path = path}).body);
}

bool guild_members::has_channel(const std::string& id) const {
  const json::value guilds = looked_up("/_sim/guilds");
  return std::ranges::any_of(guilds.as_array().at(0).at("channels").as_array(),
                             [&](const json::value& each) { return text_of(each.as_object(), "id") == id; });
}

std::string guild_members::id_of_channel(const std::string& name) const {
  const json::value guilds = looked_up("/_sim/guilds");
  return text_of(named(guilds.as_array().at(0).at("channels").as_array(), name), "id");
}

bool guild_members::says(const std::string& text, const std::string& channel, int times) const {
  return eventually(patience, [&] {
    const json::value all = looked_up("/_sim/messages?channel=" + channel);
    return std::ranges::count_if(all.as_array(), [&](const json::value& each) {
             return text_of(each.as_object(), "content").contains(text);
           }) == times;
  });
}

std::string guild_members::made_channel(const std::string& name, int type) const {
  const json::value made =
      as_bot("POST", fmt::format("/guilds/{}/channels", guild_), {{"name", name}, {"type", type}});
  return text_of(made.as_object(), "id");
}

std::string guild_members::text_of_file(const shown& answer) {
  const json::value& file = answer.status().at("reply").at("attachments").at(0);
  const auto at = net::parse_url(text_of(file.as_object(), "url"));
  return support::answer_to({.origin = fmt::format("http://{}", at->authority()), .path = at->target}).body;
}

json::value guild_members::as_bot(const std::string& method, const std::string& path,
                                  const json::object& body) const {
  const std::string text = body.empty() ? std::string() : json::serialize(body);
  const auto answer =
      support::answer_to({.origin = discord.api_url().substr(0, discord.api_url().find("/api")),
                          .path = "/api/v10" + path,
                          .method = method,
                          .fields = {{"Authorization", "Bot " + token_},
                                     {"Content-Type", "application/json"},
                                     {"User-Agent", "DiscordBot (https://example.org, 1)"}},
                          .text = text});
  EXPECT_TRUE(answer.status >= 200 && answer.status < 300) << method << ' ' << path << ": " << answer.body;
  boost::system::error_code failed;
  json::value parsed = json::parse(answer.body, failed);
  return failed ? json::value() : parsed;
}

json::array guild_members::messages(const std::string& channel) const {
  const json::value newest_first =
      as_bot("GET", fmt::format("/channels/{}/messages?limit=100", channel_or(channel)));
  json::array out;
  const json::array* all = newest_first.if_array();
  for (std::size_t left = all == nullptr ? 0 : all->size(); left > 0; --left)
    out.push_back(all->at(left - 1));
  return out;
}

json::array guild_members::channels() const {
  return as_bot("GET", fmt::format("/guilds/{}/channels", guild_)).as_array();
}

json::array guild_members::roles() const {
  return as_bot("GET", fmt::format("/guilds/{}/roles", guild_)).as_array();
}

json::object guild_members::channel_named(const std::string& name) const {
  return named(channels(), name);
}

int guild_members::count(const std::string& text, const std::string& channel) const {
  int found = 0;
  for (const json::value& each : messages(channel)) found += json::serialize(each).contains(text) ? 1 : 0;
  return found;
}

bool guild_members::comes_once(const std::string& text, const std::string& channel) const {
  return shows(text, channel) && !eventually(2s, [&] { return count(text, channel) != 1; });
}

bool guild_members::shows(const std::string& text, const std::string& channel) const {
  return eventually(patience, [&] { return count(text, channel) > 0; });
}

bool guild_members::ends_with(const std::string& text, const std::string& channel) const {
  return eventually(patience, [&] {
    const json::array all = messages(channel);
    return !all.empty() && json::serialize(all.back()).contains(text);
  });
}

}  // namespace guildfleet::integration
