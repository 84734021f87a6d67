#include "integration/feature_scenario.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "store/sqlite/sqlite_store.hpp"

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

feature_scenario::feature_scenario(const std::string& features, const discord_plan& plan)
    : discord(plan), environment(node::environment_of(discord)), token_(discord.token_of("bot1")) {
  environment["FEATURES"] = features.contains("guild-config") ? features : features + ",guild-config";
  environment["SQLITE_PATH"] = (folder / "bot.sqlite").string();
  guild_ = discord.first_guild();
  user_ = discord.owner_of_first_guild();
  start();
  for (const json::value& each : channels()) {
    if (channel_.empty() && number_of(each.as_object(), "type") == 0)
      channel_ = text_of(each.as_object(), "id");
  }
}

void feature_scenario::start() {
  bot = std::make_unique<node>(folder, environment);
  ASSERT_TRUE(bot->ready()) << bot->log();
}

void feature_scenario::stop() {
  EXPECT_EQ(bot->stop(), 0) << bot->log();
  bot.reset();
}

void feature_scenario::restart() {
  stop();
  start();
}

void feature_scenario::crash() {
  bot->kill();
  start();
}

shown feature_scenario::use(const std::string& command, json::object options, const std::string& channel) {
  return shown(discord.act_once_possible("command", command_in(command, std::move(options), channel)));
}

shown feature_scenario::suggest(const std::string& command, const std::string& option, json::object options) {
  json::object typed = command_in(command, std::move(options), {});
  typed["focused"] = option;
  return shown(discord.act_once_possible("command", typed));
}

json::object feature_scenario::command_in(const std::string& command, json::object options,
                                          const std::string& channel) const {
  return {{"bot", "bot1"},
          {"name", command},
          {"options", std::move(options)},
          {"guild", guild_},
          {"channel", channel_or(channel)},
          {"user", user_},
          {"locale", locale_},
          {"wait", answer_within_ms}};
}

json::object feature_scenario::component(const std::string& message, const std::string& custom_id) const {
  EXPECT_NE(message, "") << "no message to press on";
  EXPECT_NE(custom_id, "") << "no such component";
  return {{"message", message},
          {"custom_id", custom_id},
          {"user", user_},
          {"locale", locale_},
          {"wait", answer_within_ms}};
}

shown feature_scenario::press(const std::string& message, const std::string& custom_id) {
  return shown(discord.act("button", component(message, custom_id)));
}

shown feature_scenario::choose(const shown& on, std::string_view action, std::vector<std::string> values) {
  return choose(on.message(), on.custom_id(action), std::move(values));
}

shown feature_scenario::choose(const std::string& message, const std::string& custom_id,
                               std::vector<std::string> values) {
  json::object body = component(message, custom_id);
  json::array chosen;
  for (std::string& each : values) chosen.emplace_back(std::move(each));
  body["values"] = std::move(chosen);
  return shown(discord.act("select", std::move(body)));
}

shown feature_scenario::submit(const shown& form, json::object fields) {
  EXPECT_TRUE(form.is_form()) << form.text();
  return shown(discord.act(
      "modal",
      {{"interaction", form.interaction()}, {"fields", std::move(fields)}, {"wait", answer_within_ms}}));
}

std::string feature_scenario::join(const std::string& name) {
  return text_of(discord.act("join", {{"guild", guild_}, {"name", name}}), "id");
}

std::string feature_scenario::say(const std::string& content, const std::string& channel) {
  return text_of(
      discord.act(
          "message",
          {{"content", content}, {"guild", guild_}, {"channel", channel_or(channel)}, {"user", user_}}),
      "id");
}

json::object feature_scenario::act(const std::string& what, json::object body) const {
  return discord.act(what, std::move(body));
}

void feature_scenario::set(const std::string& feature, json::object values) {
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

std::string feature_scenario::text_of_file(const shown& answer) {
  const json::value& file = answer.status().at("reply").at("attachments").at(0);
  const auto at = net::parse_url(text_of(file.as_object(), "url"));
  return support::answer_to({.origin = fmt::format("http://{}", at->authority()), .path = at->target}).body;
}

json::value feature_scenario::as_bot(const std::string& method, const std::string& path,
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

json::array feature_scenario::messages(const std::string& channel) const {
  const json::value newest_first =
      as_bot("GET", fmt::format("/channels/{}/messages?limit=100", channel_or(channel)));
  json::array out;
  const json::array* all = newest_first.if_array();
  for (std::size_t left = all == nullptr ? 0 : all->size(); left > 0; --left)
    out.push_back(all->at(left - 1));
  return out;
}

json::array feature_scenario::channels() const {
  return as_bot("GET", fmt::format("/guilds/{}/channels", guild_)).as_array();
}

json::array feature_scenario::roles() const {
  return as_bot("GET", fmt::format("/guilds/{}/roles", guild_)).as_array();
}

json::object feature_scenario::channel_named(const std::string& name) const {
  return named(channels(), name);
}

int feature_scenario::count(const std::string& text, const std::string& channel) const {
  int found = 0;
  for (const json::value& each : messages(channel)) found += json::serialize(each).contains(text) ? 1 : 0;
  return found;
}

bool feature_scenario::shows(const std::string& text, const std::string& channel) const {
  return eventually(patience, [&] { return count(text, channel) > 0; });
}

bool feature_scenario::ends_with(const std::string& text, const std::string& channel) const {
  return eventually(patience, [&] {
    const json::array all = messages(channel);
    return !all.empty() && json::serialize(all.back()).contains(text);
  });
}

std::unique_ptr<store::data_store> feature_scenario::open_data() const {
  static const base::system_clock clock;
  store::sqlite_settings at;
  at.path = (folder / "bot.sqlite").string();
  at.node = {"test", 99};
  return std::move(store::open_sqlite_store(std::move(at), clock).value().data);
}

std::size_t feature_scenario::timers() const {
  store::job_filter all;
  all.limit = 100'000;
  return open_data()->list_jobs(all).value().size();
}

}  // namespace guildfleet::integration
