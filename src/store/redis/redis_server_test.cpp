// Against a real Redis 7, through its faults.
#include "support/redis_server.hpp"

#include <algorithm>
#include <csignal>
#include <gtest/gtest.h>
#include <mutex>

#include "net/async_event.hpp"
#include "net/test_support.hpp"
#include "store/redis/redis_changes.hpp"
#include "store/redis/redis_error.hpp"
#include "store/redis/redis_settings_cache.hpp"
#include "store/redis/request_share.hpp"

namespace guildfleet::store {
namespace {

using namespace std::chrono_literals;
using net::run_to_end;
using net::soon;
using support::redis_options;
using support::redis_server;

constexpr const char* canary = "canary-c0ffee";

class with_redis : public testing::Test {
 protected:
  with_redis() {
    base::configure_logging(
        {.level = base::log_level::trace, .node = "test", .sink = &keep_line, .sink_context = &log_});
  }
  ~with_redis() override { base::configure_logging({}); }

  static void keep_line(base::log_level, std::string_view line, void* context) {
    static_cast<std::string*>(context)->append(line).append("\n");
  }
  [[nodiscard]] std::size_t count_in_log(std::string_view text) const {
    std::size_t count = 0;
    for (std::size_t at = log_.find(text); at != std::string::npos; at = log_.find(text, at + 1)) ++count;
    return count;
  }
  static redis_settings settings_for(const redis_server& server, const std::string& database = "0") {
    redis_settings out;
    out.url = parse_redis_url(server.url(database)).value();
    if (out.url.tls) out.tls = net::make_client_tls(server.ca_file()).value();
    out.connect_limit = 1s;
    out.retry = {.first = 20ms, .cap = 100ms};
    return out;
  }
  [[nodiscard]] std::unique_ptr<redis_link> link_to(redis_settings settings) {
    return std::make_unique<redis_link>(context.get_executor(), std::move(settings), metrics,
                                        base::logger::root());
  }
  static net::task<bool> until(std::function<bool()> condition) {
    const auto end = soon();
    while (!condition()) {
      if (std::chrono::steady_clock::now() > end) co_return false;
      (void)co_await net::sleep_until(net::deadline_in(5ms));
    }
    co_return true;
  }
  static settings_row row(std::uint64_t version, const std::string& document) {
    settings_row out;
    out.key = {{"production"}, discord::guild_id{7}, "ping"};
    out.version = version;
    out.document = document;
    out.author = {"someone", change_origin::api};
    out.changed_at = base::wall_time(123ms);
    return out;
  }

  net::asio::io_context context{1};
  base::metrics metrics;
  std::string log_;
};

TEST_F(with_redis, answers_many_calls_at_once_in_order) {
  redis_server server;
  ASSERT_TRUE(server.start());
  const auto link = link_to(settings_for(server));
  run_to_end(context, [](redis_link& redis, net::asio::io_context& on) -> net::task<> {
    int answered = 0;
    net::task_group callers(on.get_executor());
    for (int i = 0; i < 200; ++i) {
      callers.spawn("caller", [](redis_link& to, int number, int& count) -> net::task<> {
        const auto reply = co_await to.call({"ECHO", std::to_string(number)}, soon());
        EXPECT_TRUE(reply && reply->text == std::to_string(number));
        ++count;
      }(redis, i, answered));
    }
    callers.close();
    co_await callers.join();
    EXPECT_EQ(answered, 200);
    redis.close();
  }(*link, context));
}

TEST_F(with_redis, speaks_tls_and_gives_its_password) {
  redis_server server({.password = canary, .tls = true, .more = {}});
  ASSERT_TRUE(server.start());
  const auto link = link_to(settings_for(server, "3"));
  run_to_end(context, [](redis_link& redis) -> net::task<> {
    const auto reply = co_await redis.call({"PING"}, soon());
    EXPECT_TRUE(reply && reply->text == "PONG");
    redis.close();
  }(*link));
  EXPECT_EQ(count_in_log(canary), 0U);
}

struct refusal {
  const char* name;
  const char* login;
  const char* database;
};
class refused_by_redis : public with_redis, public testing::WithParamInterface<refusal> {};

TEST_P(refused_by_redis, says_why_once_and_never_the_password) {
  redis_server server({.password = "right", .tls = false, .more = {}});
  ASSERT_TRUE(server.start());
  redis_settings settings = settings_for(server);
  settings.url = parse_redis_url(fmt::format("redis://{}127.0.0.1:{}/{}", GetParam().login, server.port(),
                                             GetParam().database))
                     .value();
  const auto link = link_to(std::move(settings));
  run_to_end(context, [](redis_link& redis) -> net::task<> {
    for (int i = 0; i < 20; ++i) {
      const auto reply = co_await redis.call({"PING"}, soon());
      EXPECT_FALSE(reply);
      if (!reply) EXPECT_EQ(reply.error().code(), redis_error::away);
      (void)co_await net::sleep_until(net::deadline_in(10ms));
    }
    redis.close();
  }(*link));
  EXPECT_EQ(count_in_log("Redis is away"), 1U);
  EXPECT_EQ(count_in_log(canary), 0U);
}

INSTANTIATE_TEST_SUITE_P(logins, refused_by_redis,
                         testing::Values(refusal{"wrong_password", ":canary-c0ffee@", "0"},
                                         refusal{"no_password", "", "0"},
                                         refusal{"wrong_user", "bot:canary-c0ffee@", "0"},
                                         refusal{"no_such_database", ":right@", "4000"}),
                         [](const auto& each) { return each.param.name; });

TEST_F(with_redis, down_at_the_start_is_used_once_it_is_there) {
  redis_server server;
  const auto link = link_to(settings_for(server));
  run_to_end(context, [](redis_link& redis, redis_server& later) -> net::task<> {
    EXPECT_FALSE(co_await redis.call({"PING"}, soon()));
    EXPECT_TRUE(later.start());
    EXPECT_TRUE(co_await until([&] { return redis.connected(); }));
    EXPECT_TRUE(co_await redis.call({"PING"}, soon()));
    redis.close();
  }(*link, server));
  EXPECT_EQ(count_in_log("Redis is away"), 1U);
  EXPECT_EQ(count_in_log("Redis is back"), 1U);
}

TEST_F(with_redis, killed_in_the_middle_fails_calls_at_once_and_mends_itself) {
  redis_server server;
  ASSERT_TRUE(server.start());
  const auto link = link_to(settings_for(server));
  run_to_end(context, [](redis_link& redis, redis_server& victim) -> net::task<> {
    EXPECT_TRUE(co_await redis.call({"PING"}, soon()));
    victim.kill();
    EXPECT_TRUE(co_await until([&] { return !redis.connected(); }));
    const auto before = std::chrono::steady_clock::now();
    EXPECT_FALSE(co_await redis.call({"PING"}, soon()));
    EXPECT_LT(std::chrono::steady_clock::now() - before, 1s);
    EXPECT_TRUE(victim.start());
    EXPECT_TRUE(co_await until([&] { return redis.connected(); }));
    EXPECT_TRUE(co_await redis.call({"PING"}, soon()));
    redis.close();
  }(*link, server));
}

TEST_F(with_redis, frozen_costs_one_call_its_patience_and_the_others_nothing) {
  redis_server server;
  ASSERT_TRUE(server.start());
  const auto link = link_to(settings_for(server));
  redis_settings_cache cache(*link, {.prefix = "t", .patience = 50ms}, metrics);
  run_to_end(context, [](redis_link& redis, redis_settings_cache& rows, redis_server& victim) -> net::task<> {
    EXPECT_TRUE(co_await redis.call({"PING"}, soon()));
    EXPECT_TRUE(victim.process().freeze());
    const auto before = std::chrono::steady_clock::now();
    EXPECT_FALSE(co_await rows.find(row(1, "{}").key, 0));
    EXPECT_TRUE(co_await until([&] { return !redis.connected(); }));
    for (int i = 0; i < 100; ++i) EXPECT_FALSE(co_await rows.find(row(1, "{}").key, 0));
    EXPECT_LT(std::chrono::steady_clock::now() - before, 1s);
    victim.process().signal(SIGCONT);
    EXPECT_TRUE(co_await until([&] { return redis.connected(); }));
    redis.close();
  }(*link, cache, server));
}

TEST_F(with_redis, an_older_version_never_replaces_a_newer_one) {
  redis_server server;
  ASSERT_TRUE(server.start());
  const auto link = link_to(settings_for(server));
  redis_settings_cache cache(*link, {.prefix = "t", .patience = 5s}, metrics);
  run_to_end(context, [](redis_link& redis, redis_settings_cache& rows) -> net::task<> {
    EXPECT_TRUE(co_await redis.call({"PING"}, soon()));
    const settings_row newer = row(5, R"({"a":1})");
    co_await rows.keep(newer);
    co_await rows.keep(row(4, R"({"a":0})"));
    EXPECT_EQ(co_await rows.find(newer.key, 0), newer);
    EXPECT_EQ(co_await rows.find(newer.key, 6), std::nullopt) << "older than asked for";
    settings_row reset = row(6, "");
    reset.document.reset();
    co_await rows.keep(reset);
    EXPECT_EQ(co_await rows.find(newer.key, 6), reset);
    EXPECT_TRUE(co_await redis.call({"FLUSHALL"}, soon()));
    EXPECT_EQ(co_await rows.find(newer.key, 0), std::nullopt);
    redis.close();
  }(*link, cache));
}

TEST_F(with_redis, what_others_wrote_into_the_cache_counts_as_not_there) {
  redis_server server;
  ASSERT_TRUE(server.start());
  const auto link = link_to(settings_for(server));
  redis_settings_cache cache(*link, {.prefix = "t", .patience = 5s}, metrics);
  run_to_end(context, [](redis_link& redis, redis_settings_cache& rows) -> net::task<> {
    for (const char* text :
         {"", "{", "[]", R"({"version":"x","at":"1","who":"","origin":"api"})", R"({"version":"1"})"}) {
      EXPECT_TRUE(co_await redis.call({"HSET", "t:production:settings:7:ping", "row", text}, soon()));
      EXPECT_EQ(co_await rows.find(row(1, "").key, 0), std::nullopt) << text;
    }
    redis.close();
  }(*link, cache));
}

TEST_F(with_redis, without_memory_left_the_cache_only_misses) {
  redis_server server(
      {.password = "", .tls = false, .more = {"--maxmemory", "1", "--maxmemory-policy", "noeviction"}});
  ASSERT_TRUE(server.start());
  const auto link = link_to(settings_for(server));
  redis_settings_cache cache(*link, {.prefix = "t", .patience = 5s}, metrics);
  run_to_end(context, [](redis_link& redis, redis_settings_cache& rows) -> net::task<> {
    EXPECT_TRUE(co_await redis.call({"PING"}, soon()));
    co_await rows.keep(row(1, "{}"));
    EXPECT_EQ(co_await rows.find(row(1, "{}").key, 0), std::nullopt);
    EXPECT_TRUE(redis.connected());
    redis.close();
  }(*link, cache));
}

TEST_F(with_redis, changes_reach_the_other_nodes_and_a_gap_is_told) {
  redis_server server;
  ASSERT_TRUE(server.start());
  const auto link = link_to(settings_for(server));
  std::vector<changed_settings> heard;
  int gaps = 0;
  change_listener_events events;
  events.on_change = [&](const changed_settings& change) { heard.push_back(change); };
  events.on_gap = [&] { ++gaps; };
  redis_change_listener listener(context.get_executor(), settings_for(server), "fleet", events,
                                 base::logger::root());
  run_to_end(context,
             [](redis_link& redis, redis_change_listener& ear, std::vector<changed_settings>& told, int& lost,
                redis_server& victim) -> net::task<> {
               EXPECT_TRUE(co_await redis.call({"PING"}, soon()));
               EXPECT_TRUE(co_await until([&] { return lost == 1; }));
               const changed_settings change{row(1, "").key, 12};
               co_await publish_change(redis, "fleet", change);
               co_await publish_change(redis, "other", change);
               EXPECT_TRUE(co_await until([&] { return !told.empty(); }));
               EXPECT_EQ(told.front(), change);
               victim.kill();
               EXPECT_TRUE(victim.start());
               EXPECT_TRUE(co_await until([&] { return lost == 2 && redis.connected(); }));
               co_await publish_change(redis, "fleet", change);
               EXPECT_TRUE(co_await until([&] { return told.size() == 2; }));
               ear.close();
               redis.close();
             }(*link, listener, heard, gaps, server));
}

// Three nodes that want more than there is, for three seconds.
TEST_F(with_redis, nodes_together_stay_within_the_limit_and_use_it) {
  redis_server server;
  ASSERT_TRUE(server.start());
  using time = std::chrono::steady_clock::time_point;
  // A grant was made at some moment between the question and the answer.
  struct grant_times {
    std::vector<time> asked;
    std::vector<time> answered;
  } times;
  std::vector<std::unique_ptr<redis_link>> links;
  for (int i = 0; i < 3; ++i) links.push_back(link_to(settings_for(server)));
  run_to_end(context,
             [](std::vector<std::unique_ptr<redis_link>>& nodes, grant_times& all,
                net::asio::io_context& on) -> net::task<> {
               net::task_group senders(on.get_executor());
               const auto end = std::chrono::steady_clock::now() + 3s;
               for (const auto& node : nodes) {
                 senders.spawn("sender", [](redis_link& redis, grant_times& noted, time stop) -> net::task<> {
                   request_share share(redis, {.prefix = "t", .patience = 2s});
                   while (std::chrono::steady_clock::now() < stop) {
                     const time asked = std::chrono::steady_clock::now();
                     const auto grant = co_await share.reserve(bot_name{"bot1"}, 5);
                     if (!grant) {
                       ADD_FAILURE() << grant.error().message();
                       co_return;
                     }
                     noted.asked.insert(noted.asked.end(), grant->granted, asked);
                     noted.answered.insert(noted.answered.end(), grant->granted,
                                           std::chrono::steady_clock::now());
                     if (grant->granted < 5) (void)co_await net::sleep_until(net::deadline_in(grant->wait));
                   }
                 }(*node, all, end));
               }
               senders.close();
               co_await senders.join();
               for (const auto& node : nodes) node->close();
             }(links, times, context));
  std::ranges::sort(times.asked);
  std::ranges::sort(times.answered);
  for (std::size_t i = 0; i + 50 < times.asked.size(); ++i)
    EXPECT_GE(times.answered[i + 50] - times.asked[i], 1s);
  EXPECT_GE(times.asked.size(), 140U);
}

}  // namespace
}  // namespace guildfleet::store
