#include "integration/fleet_harness.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <gtest/gtest.h>

#include "sim/world/error.hpp"

namespace guildfleet::integration {
namespace {

sim::simulator_settings settings_of(const discord_plan& plan) {
  sim::simulator_settings settings;
  settings.gateway.identify_tolerance = {};
  settings.port = plan.port;
  settings.world.guilds = plan.guilds;
  settings.world.channels_per_guild = plan.channels;
  settings.world.bots = static_cast<int>(plan.bots.size());
  for (const std::string& name : plan.bots) {
    sim::bot_spec bot;
    bot.name = name;
    bot.max_concurrency = plan.max_concurrency;
    bot.session_start_total = plan.session_starts;
    bot.recommended_shards = plan.recommended_shards;
    settings.world.bot_specs.push_back(std::move(bot));
  }
  settings.gateway.heartbeat_interval = plan.heartbeat;
  settings.rest.bucket_limits = plan.bucket_limits;
  if (!plan.global_limit) settings.rest.global_per_second = 0;
  settings.world.messages_per_channel = plan.messages_kept;
  return settings;
}

net::http_response asked(const std::string& origin, const std::string& what, json::object body) {
  return support::answer_to(
      {.origin = origin, .path = "/_sim/" + what, .method = "POST", .body = std::move(body), .limit = 60s});
}

// No client would ever send it, however long one waits.
bool is_never_possible(const net::http_response& answer) {
  return answer.body.contains(sim::sentence(sim::world_error::bad_option));
}

support::child_settings child_of(const base::scratch_folder& folder, node::variables environment,
                                 const std::string& name) {
  environment.try_emplace("PORT", "0");
  environment.try_emplace("ADDRESS", "127.0.0.1");
  return {{GUILDFLEET_PROGRAM, "run"},
          std::move(environment),
          folder.path(),
          folder / (name + ".out"),
          folder / (name + ".err")};
}

}  // namespace

simulated_discord::simulated_discord(const discord_plan& plan) : host_(settings_of(plan)) {
  const auto started = host_.start();
  if (!started) ADD_FAILURE() << started.error().message();
}

std::string simulated_discord::token_of(const std::string& bot) const {
  const auto listed = support::answer_to({.origin = origin(), .path = "/_sim/bots"});
  for (const json::value& each : json::parse(listed.body).as_array()) {
    if (text_of(each.as_object(), "name") == bot) return text_of(each.as_object(), "token");
  }
  ADD_FAILURE() << "no bot " << bot;
  return {};
}

std::string simulated_discord::origin() const {
  return fmt::format("http://127.0.0.1:{}", host_.port());
}

json::object simulated_discord::act(const std::string& what, json::object body) const {
  const auto answer = asked(origin(), what, std::move(body));
  EXPECT_EQ(answer.status, 200) << what << ": " << answer.body;
  return support::object_of(answer);
}

std::optional<json::object> simulated_discord::try_act(const std::string& what, json::object body) const {
  const auto answer = asked(origin(), what, std::move(body));
  if (answer.status != 200) return std::nullopt;
  return support::object_of(answer);
}

std::string simulated_discord::owner_of_first_guild() const {
  const auto listed = support::answer_to({.origin = origin(), .path = "/_sim/guilds"});
  return text_of(json::parse(listed.body).as_array().at(0).as_object(), "owner_id");
}

std::string simulated_discord::first_guild() const {
  const auto listed = support::answer_to({.origin = origin(), .path = "/_sim/guilds"});
  return text_of(json::parse(listed.body).as_array().at(0).as_object(), "id");
}

json::object simulated_discord::report() const {
  return support::object_of(support::answer_to({.origin = origin(), .path = "/_sim/report"}));
}

json::object simulated_discord::interaction(const std::string& id) const {
  return support::object_of(support::answer_to({.origin = origin(), .path = "/_sim/interactions/" + id}));
}

std::uint64_t simulated_discord::gateway_count(const std::string& name) const {
  return static_cast<std::uint64_t>(number_of(report().at("gateway").as_object(), name));
}

std::vector<json::object> simulated_discord::sessions_of(const std::string& bot) const {
  const auto listed = support::answer_to({.origin = origin(), .path = "/_sim/sessions"});
  std::vector<json::object> out;
  for (const json::value& each : json::parse(listed.body).as_array()) {
    if (text_of(each.as_object(), "bot") == bot) out.push_back(each.as_object());
  }
  return out;
}

std::optional<json::object> simulated_discord::live_session_of(const std::string& bot) const {
  std::optional<json::object> found;
  for (const json::object& each : sessions_of(bot)) {
    if (!each.at("connected").as_bool() || !each.at("loaded").as_bool()) continue;
    if (found) return std::nullopt;
    found = each;
  }
  return found;
}

std::string simulated_discord::first_channel() const {
  const auto listed = support::answer_to({.origin = origin(), .path = "/_sim/guilds"});
  constexpr std::int64_t text_channel = 0;
  const json::value guilds = json::parse(listed.body);
  for (const json::value& channel : guilds.at(0).at("channels").as_array()) {
    if (number_of(channel.as_object(), "type") == text_channel) return text_of(channel.as_object(), "id");
  }
  return {};
}

json::array simulated_discord::messages_of_first_channel() const {
  const auto answer =
      support::answer_to({.origin = origin(), .path = "/_sim/messages?channel=" + first_channel()});
  return json::parse(answer.body).as_array();
}

void simulated_discord::write_messages(int count) const {
  for (int i = 0; i < count; ++i) (void)act("message", {{"content", "hello " + std::to_string(i)}});
}

json::object simulated_discord::act_once_possible(const std::string& what, const json::object& body) const {
  net::http_response answer;
  (void)eventually(patience, [&] {
    answer = asked(origin(), what, body);
    return answer.status == 200 || is_never_possible(answer);
  });
  EXPECT_EQ(answer.status, 200) << what << ' ' << json::serialize(body) << ": " << answer.body;
  return answer.status == 200 ? support::object_of(answer) : json::object{};
}

json::object simulated_discord::use_command(const std::string& bot, const std::string& name,
                                            std::chrono::milliseconds wait) const {
  net::http_response answer;
  const bool known = eventually(patience, [&] {
    answer = asked(origin(), "command", {{"bot", bot}, {"name", name}, {"wait", wait.count()}});
    return answer.status == 200;
  });
  EXPECT_TRUE(known) << answer.body;
  return support::object_of(answer);
}

node::variables node::environment_of(const simulated_discord& discord, const std::string& bot) {
  return {{"DISCORD_API_URL", discord.api_url()},
          {"DISCORD_TOKEN", discord.token_of(bot)},
          {"BOT_NAME", bot},
          {"NODE_NAME", "node-a"},
          {"FEATURES", "ping,probe"}};
}

node::node(const base::scratch_folder& folder, variables environment, const std::string& name)
    : log_begin_(support::read_file(folder / (name + ".err")).size()),
      process_(child_of(folder, std::move(environment), name)) {}

std::string node::origin() {
  if (!origin_.empty()) return origin_;
  std::string port;
  (void)process_.writes(patience, [&] {
    const std::string text = log();
    const std::size_t line = text.find("node starts");
    const std::size_t at = line == std::string::npos ? line : text.find(" port=", line);
    if (at == std::string::npos) return false;
    const std::size_t first = at + 6;
    const std::size_t end = text.find_first_not_of("0123456789", first);
    if (end == std::string::npos) return false;
    port = text.substr(first, end - first);
    return true;
  });
  if (!port.empty()) origin_ = "http://127.0.0.1:" + port;
  return origin_;
}

net::http_response node::get(const std::string& path) {
  const std::string at = origin();
  if (at.empty()) return {.status = 0, .fields = {}, .body = {}};
  return support::answer_to({.origin = at, .path = path});
}

json::object node::health_of(const std::string& bot) {
  const json::object all = health();
  if (!all.contains("bots")) return {};
  for (const json::value& each : all.at("bots").as_array()) {
    if (text_of(each.as_object(), "name") == bot) return each.as_object();
  }
  return {};
}

bool node::ready(std::chrono::milliseconds limit) {
  const auto connected = [](const json::value& shard) {
    return text_of(shard.as_object(), "state") == "connected";
  };
  const auto all_connected = [&](const json::value& bot) {
    const json::array& shards = bot.at("shards").as_array();
    return !shards.empty() && std::ranges::all_of(shards, connected);
  };
  return eventually(limit, [&] {
    const json::object now = health();
    return now.contains("bots") && std::ranges::all_of(now.at("bots").as_array(), all_connected);
  });
}

double node::metric(const std::string& name_and_labels) {
  const std::string text = "\n" + get("/metrics").body;
  const std::size_t at = text.find("\n" + name_and_labels + " ");
  return at == std::string::npos ? 0 : std::stod(text.substr(at + name_and_labels.size() + 2));
}

double node::messages_read(const std::string& bot) {
  return metric(fmt::format("guildfleet_probe_messages_total{{bot=\"{}\"}}", bot));
}

bool node::logs(std::string_view text, std::chrono::milliseconds limit) {
  return process_.writes(limit, [&] { return log().contains(text); });
}

std::optional<int> node::stop(std::chrono::milliseconds limit) {
  process_.signal(SIGTERM);
  return process_.wait(limit);
}

void node::kill() {
  process_.signal(SIGKILL);
  (void)process_.wait(patience);
}

std::string text_of(const json::object& from, std::string_view key) {
  const json::value* found = from.if_contains({key.data(), key.size()});
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

std::int64_t number_of(const json::object& from, std::string_view key) {
  const json::value* found = from.if_contains({key.data(), key.size()});
  if (found == nullptr || !found->is_number()) return 0;
  return found->to_number<std::int64_t>();
}

}  // namespace guildfleet::integration
