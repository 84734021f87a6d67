#include <gmock/gmock.h>

#include "sim/rest/rest_fixture.hpp"

namespace guildfleet::sim {
namespace {

using namespace std::chrono_literals;

class rest_limits : public rest_fixture {
 protected:
  rest_limits() : rest_fixture(rest_settings{.invalid_limit = 20}) {}

  net::http_response send() { return call("POST", filled("/channels/{c}/messages"), R"({"content":"x"})"); }
  static std::string header(const net::http_response& response, std::string_view name) {
    return std::string(response.fields.find(name).value_or(""));
  }
  void inject(rest_fault_kind kind) { rest.inject({.kind = kind, .count = 1, .delay = 2000ms}); }
};

TEST_F(rest_limits, a_bucket_counts_down_and_refills_after_its_window) {
  for (int left = 4; left >= 0; --left) {
    const auto response = send();
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(header(response, "X-RateLimit-Remaining"), std::to_string(left));
    EXPECT_EQ(header(response, "X-RateLimit-Reset-After"), "5.000");
  }
  clock.advance(2s);
  const auto limited = send();
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(header(limited, "Retry-After"), "3");
  EXPECT_EQ(header(limited, "X-RateLimit-Scope"), "user");
  EXPECT_DOUBLE_EQ(parsed(limited).at("retry_after").as_double(), 3.0);
  EXPECT_EQ(rest.report().at("while_limited"), 1U);
  clock.advance(3s);
  EXPECT_EQ(send().status, 200);
}

TEST_F(rest_limits, buckets_are_apart_by_channel_and_by_bot) {
  for (int i = 0; i < 5; ++i) ASSERT_EQ(send().status, 200);
  const auto first = bot;
  bot = simulated.bots().back();
  EXPECT_EQ(send().status, 200);
  bot = first;
  const auto& channels = simulated.state().guilds.at(guild).channels;
  EXPECT_EQ(call("POST", "/channels/" + id_text(channels[2]) + "/messages", R"({"content":"x"})").status,
            200);
}

TEST_F(rest_limits, the_global_limit_spares_interactions) {
  int limited = 0;
  for (int i = 0; i < 51; ++i) limited += call("GET", "/users/@me").status == 429 ? 1 : 0;
  EXPECT_EQ(limited, 1);
  const auto refused = call("GET", "/users/@me");
  EXPECT_EQ(header(refused, "X-RateLimit-Global"), "true");
  EXPECT_EQ(header(refused, "X-RateLimit-Bucket"), "");
  EXPECT_EQ(parsed(refused).at("global"), true);
  EXPECT_EQ(call("POST", "/interactions/123456789012345678/abc/callback", R"({"type":4})").status, 404);
}

TEST_F(rest_limits, a_channel_is_renamed_twice_in_ten_minutes) {
  const auto rename = [&](const char* name) {
    return call("PATCH", filled("/channels/{c}"), std::string(R"({"name":")") + name + "\"}");
  };
  EXPECT_EQ(rename("one").status, 200);
  EXPECT_EQ(rename("two").status, 200);
  EXPECT_EQ(rename("two").status, 200) << "no change, no rename";
  const auto limited = rename("three");
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(header(limited, "Retry-After"), "600");
  EXPECT_NE(header(limited, "X-RateLimit-Remaining"), "0");
  clock.advance(10min);
  EXPECT_EQ(rename("three").status, 200);
}

TEST_F(rest_limits, too_many_invalid_requests_ban_the_address) {
  auto wrong = request("GET", "/users/@me");
  wrong.fields.set("Authorization", "Bot wrong");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(rest.handle(wrong).response.status, 401);
  const auto banned = call("GET", "/users/@me");
  EXPECT_EQ(banned.status, 429);
  EXPECT_THAT(header(banned, "Content-Type"), testing::StartsWith("text/html"));
  auto elsewhere = request("GET", "/users/@me");
  elsewhere.remote_address = "127.0.0.2";
  EXPECT_EQ(rest.handle(elsewhere).response.status, 200);
  clock.advance(1h);
  EXPECT_EQ(call("GET", "/users/@me").status, 200);
}

TEST_F(rest_limits, injected_limits_last_until_retry_after) {
  struct row {
    rest_fault_kind kind;
    const char* scope;
    std::uint64_t invalid;
  };
  for (const auto& [kind, scope, invalid] :
       {row{rest_fault_kind::user_429, "user", 3}, row{rest_fault_kind::shared_429, "shared", 0},
        row{rest_fault_kind::global_429, "global", 3}}) {
    rest.reset_report();
    clock.advance(10s);
    inject(kind);
    const auto first = send();
    EXPECT_EQ(first.status, 429);
    EXPECT_EQ(header(first, "X-RateLimit-Scope"), scope);
    EXPECT_EQ(rest.report().at("while_limited"), 0U) << "the first could not know";
    EXPECT_EQ(send().status, 429);
    EXPECT_EQ(rest.report().at("while_limited"), 0U) << "nor one that was under way";
    clock.advance(1s);
    EXPECT_EQ(send().status, 429);
    EXPECT_EQ(rest.report().at("while_limited"), 1U);
    EXPECT_EQ(rest.report().at("invalid"), invalid) << scope;
    clock.advance(1s);
    EXPECT_EQ(send().status, 200);
  }
}

TEST_F(rest_limits, a_refusal_that_names_no_bucket_takes_nothing_from_one) {
  for (const auto kind : {rest_fault_kind::global_429, rest_fault_kind::cloudflare_429}) {
    rest.reset_report();
    for (int i = 0; i < 3; ++i) {
      inject(kind);
      const auto refused = call("GET", "/gateway/bot");
      EXPECT_EQ(refused.status, 429);
      EXPECT_EQ(header(refused, "X-RateLimit-Bucket"), "");
      clock.advance(2s);
    }
    EXPECT_EQ(header(call("GET", "/gateway/bot"), "X-RateLimit-Remaining"), "1");
    EXPECT_EQ(rest.report().at("while_limited"), 0U);
    clock.advance(5s);
  }
}

TEST_F(rest_limits, faults_fit_by_method_route_and_bot_and_are_counted_down) {
  rest.inject({.kind = rest_fault_kind::server_error,
               .count = 2,
               .status = 503,
               .method = "POST",
               .route_contains = "/messages"});
  EXPECT_EQ(call("GET", "/users/@me").status, 200);
  EXPECT_EQ(send().status, 503);
  EXPECT_EQ(send().status, 503);
  EXPECT_EQ(send().status, 200);
  EXPECT_EQ(sink.types(), std::vector<std::string>{"MESSAGE_CREATE"});
}

TEST_F(rest_limits, resets_latency_and_late_events_are_told_to_the_server) {
  const auto outgoing = request("POST", filled("/channels/{c}/messages"), R"({"content":"x"})");
  inject(rest_fault_kind::reset);
  EXPECT_TRUE(rest.handle(outgoing).reset_connection);
  EXPECT_TRUE(sink.events.empty());
  inject(rest_fault_kind::reset_after);
  EXPECT_TRUE(rest.handle(outgoing).reset_connection);
  EXPECT_EQ(sink.events.size(), 1U);
  inject(rest_fault_kind::latency);
  EXPECT_EQ(rest.handle(outgoing).delay, 2000ms);
  inject(rest_fault_kind::events_late);
  sink.events.clear();
  auto outcome = rest.handle(outgoing);
  EXPECT_TRUE(sink.events.empty());
  rest.publish_late(std::move(outcome.late_events));
  EXPECT_EQ(sink.types(), std::vector<std::string>{"MESSAGE_CREATE"});
}

TEST_F(rest_limits, the_report_counts_by_route_template_and_bot) {
  send();
  const auto report = rest.report();
  EXPECT_EQ(report.at("by_route").at("POST /channels/{channel.id}/messages").at("200"), 1U);
  EXPECT_EQ(report.at("by_bot").at(bot.name).at("requests"), 1U);
}

}  // namespace
}  // namespace guildfleet::sim
