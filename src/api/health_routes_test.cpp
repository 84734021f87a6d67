#include "api/health_routes.hpp"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/health_json.hpp"

namespace guildfleet::api {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class scripted_status final : public bot::fleet_status {
 public:
  [[nodiscard]] bot::fleet_snapshot snapshot() const override { return now; }
  bot::fleet_snapshot now;
};

class health_routes_of_a_node : public testing::Test {
 protected:
  health_routes_of_a_node() {
    status.now.fleet = "fleet-a";
    status.now.node = "node-a";
    status.now.release = "1.0";
    status.now.uptime = 61'900ms;
    status.now.store_opened = true;
    status.now.loops = {{"main", 10ms}};
    bot::bot_health music{.name = "music", .application = discord::application_id{42}, .user_name = "Music"};
    music.shards.push_back({.shard = {0, 2},
                            .state = bot::shard_state::connected,
                            .held = true,
                            .since_connected = 0ms,
                            .latency = 45ms,
                            .guilds = 3,
                            .lease_epoch = 7});
    music.shards.push_back({.shard = {1, 2}, .state = bot::shard_state::standby});
    status.now.bots.push_back(std::move(music));
  }
  net::http_response get(std::string target, std::string method = "GET") {
    net::http_request request;
    request.method = std::move(method);
    request.target = std::move(target);
    return routes.answer(request);
  }
  boost::json::object health() { return boost::json::parse(get("/health").body).as_object(); }

  scripted_status status;
  base::metrics metrics;
  health_routes routes{status, metrics, {}};
};

TEST_F(health_routes_of_a_node, health_tells_all_about_it) {
  const auto json = health();
  EXPECT_EQ(json.at("status"), "ok");
  EXPECT_EQ(json.at("ready"), true);
  EXPECT_EQ(json.at("bot"), "music");
  EXPECT_EQ(json.at("uptime"), 61);
  EXPECT_EQ(json.at("guilds"), 3);
  EXPECT_GT(json.at("memory").to_number<std::uint64_t>(), 100'000U);
  const auto& bot = json.at("bots").at(0);
  EXPECT_EQ(bot.at("application"), "42");
  const auto& shard = bot.at("shards").at(0);
  EXPECT_EQ(shard.at("state"), "connected");
  EXPECT_EQ(shard.at("latency_ms"), 45);
  EXPECT_TRUE(shard.at("last_event_ms").is_null());
  EXPECT_EQ(shard.at("lease_epoch"), 7);
  EXPECT_FALSE(bot.as_object().contains("experiments"));
}

TEST_F(health_routes_of_a_node, shards_of_a_new_set_are_marked_and_their_guilds_counted_once) {
  status.now.bots.front().shards.push_back(
      {.shard = {0, 3}, .state = bot::shard_state::connecting, .held = true, .muted = true, .guilds = 3});
  const auto json = health();
  EXPECT_EQ(json.at("status"), "ok") << "the old set serves";
  EXPECT_EQ(json.at("guilds"), 3);
  EXPECT_EQ(json.at("bots").at(0).at("shards").at(2).at("muted"), true);
}

TEST_F(health_routes_of_a_node, health_compares_the_groups_of_experiments) {
  bot::experiment_health tried{.name = "short-help", .feature = "help", .variant = "compact"};
  tried.share_per_million = 125'000;
  tried.treated = {.guilds = 2, .uses = 3, .answers = 3, .answer_time = 10'600us};
  tried.control = {.guilds = 14, .other_uses = 1};
  status.now.bots.front().experiments.push_back(std::move(tried));
  const auto json = health();
  const auto& told = json.at("bots").at(0).at("experiments").at(0);
  EXPECT_EQ(told.at("name"), "short-help");
  EXPECT_EQ(told.at("share_per_million"), 125'000);
  EXPECT_TRUE(told.at("ends").is_null());
  EXPECT_EQ(told.at("on"), true);
  EXPECT_EQ(told.at("groups").at(0).at("variant"), "compact");
  EXPECT_EQ(told.at("groups").at(0).at("answer_ms"), 4);
  EXPECT_EQ(told.at("groups").at(1).at("variant"), "control");
  EXPECT_EQ(told.at("groups").at(1).at("servers"), 14);
  EXPECT_TRUE(told.at("groups").at(1).at("answer_ms").is_null());
  const std::string series =
      R"(guildfleet_bot_experiment_guilds{bot="music",experiment="short-help",variant=)";
  EXPECT_THAT(get("/metrics").body, HasSubstr(series + "\"compact\"} 2"));
  EXPECT_THAT(get("/metrics").body, HasSubstr(series + "\"control\"} 14"));
}

TEST_F(health_routes_of_a_node, several_bots_are_named_by_their_fleet) {
  status.now.bots.push_back({.name = "game"});
  const auto json = health();
  EXPECT_EQ(json.at("bot"), "fleet-a");
  EXPECT_EQ(json.at("bots").as_array().size(), 2U);
}

TEST_F(health_routes_of_a_node, status_follows_the_bots) {
  status.now.store_opened = false;
  EXPECT_EQ(health().at("status"), "starting");
  status.now.store_opened = true;
  EXPECT_EQ(health().at("status"), "ok");
  status.now.bots[0].shards[0].state = bot::shard_state::connecting;
  EXPECT_EQ(health().at("status"), "degraded");
  EXPECT_EQ(health().at("bots").at(0).at("status"), "degraded");
  status.now.bots[0].stopped = true;
  EXPECT_EQ(health().at("bots").at(0).at("status"), "stopped");
  status.now.stopping = true;
  EXPECT_EQ(health().at("status"), "stopping");
}

TEST_F(health_routes_of_a_node, probes_say_which_thing_is_wrong) {
  EXPECT_EQ(get("/livez").status, 200);
  EXPECT_EQ(get("/readyz?verbose=1").status, 200);
  status.now.loops[0].last_turn_age = 6s;
  const auto stuck = get("/livez");
  EXPECT_EQ(stuck.status, 503);
  EXPECT_THAT(stuck.body, HasSubstr("event loop main"));
  status.now.stopping = true;
  EXPECT_EQ(get("/readyz").status, 503);
}

TEST_F(health_routes_of_a_node, metrics_are_in_the_format_of_prometheus) {
  metrics.counter_of("guildfleet_test_things_total", "Things.").add(2);
  const auto response = get("/metrics");
  EXPECT_THAT(response.body, HasSubstr("guildfleet_test_things_total 2"));
  EXPECT_EQ(response.fields.find("content-type"), "text/plain; version=0.0.4; charset=utf-8");
}

TEST_F(health_routes_of_a_node, other_requests_are_refused) {
  EXPECT_EQ(get("/").status, 404);
  EXPECT_EQ(get("/healthz").status, 404);
  const auto refused = get("/health", "POST");
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.fields.find("allow"), "GET, HEAD");
  EXPECT_EQ(get("/health", "HEAD").status, 200);
}

}  // namespace
}  // namespace guildfleet::api
