#include "bot/rest_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <deque>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bot/write_permit.hpp"
#include "discord/rest/endpoints.hpp"
#include "net/async_event.hpp"
#include "net/http_server.hpp"

namespace guildfleet::bot {
namespace {

using namespace std::chrono_literals;
using discord::rest_error;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using outcome = base::result<rest_response>;

constexpr discord::channel_id channel{10};
const std::string token_text = "secret-bot-token";

// A real HTTP server on loopback in Discord's place: answers from a script, then 200.
class rest_client_upstream : public testing::Test {
 protected:
  rest_client_upstream() {
    net::http_server_settings settings;
    server_.emplace(context_.get_executor(), settings,
                    [this](net::http_request request) { return respond(std::move(request)); });
    EXPECT_TRUE(server_->start());
  }

  net::task<net::http_response> respond(net::http_request request) {
    seen_.push_back(std::move(request));
    ++busy_;
    most_busy_ = std::max(most_busy_, busy_);
    if (pause_ > 0ms) (void)co_await net::sleep_until(net::deadline_in(pause_));
    const auto until = net::deadline_in(10s);
    while (most_busy_ < together_ && co_await net::sleep_until(net::deadline_in(1ms)) &&
           std::chrono::steady_clock::now() < until) {
    }
    --busy_;
    if (script_.empty()) co_return net::http_response::json(200, "{}");
    net::http_response next = std::move(script_.front());
    script_.pop_front();
    co_return next;
  }

  rest_client& client() {
    if (client_) return *client_;
    settings_.bot = "music";
    settings_.token = base::secret(token_text);
    settings_.api = *net::parse_url("http://127.0.0.1:" + std::to_string(server_->port()) + "/api");
    settings_.version = "1.2.3";
    client_.emplace(context_.get_executor(), settings_, metrics_, clock_, guard_);
    return *client_;
  }

  static net::task<> call(rest_client* client, discord::request request,
                          std::shared_ptr<const write_permit> permit, std::vector<outcome>* into) {
    into->push_back(co_await client->request(std::move(request), std::move(permit)));
  }
  void start(discord::request request, std::shared_ptr<const write_permit> permit = nullptr) {
    ++expected_;
    net::asio::co_spawn(context_, call(&client(), std::move(request), std::move(permit), &outcomes_),
                        net::asio::detached);
  }
  // Runs until every call has its outcome.
  void finish() {
    while (outcomes_.size() < expected_ && context_.run_one_for(10s) > 0) {
    }
    ASSERT_EQ(outcomes_.size(), expected_);
  }
  const outcome& ask(discord::request request, std::shared_ptr<const write_permit> permit = nullptr) {
    start(std::move(request), std::move(permit));
    finish();
    return outcomes_.back();
  }

  net::asio::io_context context_{1};
  base::metrics metrics_;
  base::system_clock clock_;
  discord::invalid_request_guard guard_;
  rest_client_settings settings_;
  std::deque<net::http_response> script_;
  std::vector<net::http_request> seen_;
  std::chrono::milliseconds pause_{0};
  int busy_ = 0;
  int most_busy_ = 0;
  int together_ = 0;  // requests are not answered before so many are there at once
  std::vector<outcome> outcomes_;
  std::size_t expected_ = 0;
  std::optional<net::http_server> server_;
  std::optional<rest_client> client_;
};

net::http_response rate_limited(std::string_view retry_after) {
  auto response = net::http_response::json(
      429, fmt::format(R"({{"message":"You are being rate limited.","retry_after":{},"global":false}})",
                       retry_after));
  response.fields.set("X-RateLimit-Scope", "user");
  return response;
}

TEST_F(rest_client_upstream, sends_path_query_and_headers_as_discord_wants_them) {
  auto request = discord::endpoints::get_messages(channel, {.limit = 5});
  ASSERT_TRUE(ask(request));
  EXPECT_EQ(seen_[0].method, "GET");
  EXPECT_EQ(seen_[0].target, "/api/v10/channels/10/messages?limit=5");
  EXPECT_EQ(seen_[0].fields.find("Authorization"), "Bot " + token_text);
  EXPECT_EQ(seen_[0].fields.find("User-Agent"),
            "DiscordBot (https://github.com/guildfleet/guildfleet, 1.2.3)");
}

TEST_F(rest_client_upstream, sends_interactions_without_the_bots_token) {
  ASSERT_TRUE(
      ask(discord::endpoints::create_callback(discord::interaction_id{5}, base::secret("t/t"), "{}")));
  EXPECT_EQ(seen_[0].target, "/api/v10/interactions/5/t%2Ft/callback");
  EXPECT_EQ(seen_[0].fields.find("Authorization"), std::nullopt);
  EXPECT_EQ(seen_[0].fields.find("Content-Type"), "application/json");
}

TEST_F(rest_client_upstream, sends_the_audit_reason_percent_encoded) {
  ASSERT_TRUE(ask(discord::endpoints::delete_channel(channel, "spam \xE3\x81\x82")));
  EXPECT_EQ(seen_[0].fields.find("X-Audit-Log-Reason"), "spam%20%E3%81%82");
}

TEST_F(rest_client_upstream, uploads_files_as_multipart) {
  auto request = discord::endpoints::create_message(
      channel, {.content = "see", .attachments = {{.file = 0, .filename = "a.txt", .description = ""}}},
      {{.filename = "a.txt", .content_type = "text/plain", .bytes = "hello"}});
  ASSERT_TRUE(request);
  ASSERT_TRUE(ask(*request));
  EXPECT_THAT(std::string(*seen_[0].fields.find("Content-Type")),
              HasSubstr("multipart/form-data; boundary="));
  EXPECT_THAT(seen_[0].body,
              AllOf(HasSubstr("name=\"payload_json\""), HasSubstr("name=\"files[0]\""), HasSubstr("hello")));
}

TEST_F(rest_client_upstream, an_error_names_bot_route_and_field_but_no_token) {
  script_.push_back(net::http_response::json(400, R"({"code":50035,"message":"Invalid Form Body",
               "errors":{"embeds":{"0":{"title":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"too long"}]}}}}})"));
  const auto& answer =
      ask(discord::endpoints::edit_original(discord::application_id{1}, base::secret("hidden-token"), "{}"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), rest_error::invalid_form_body);
  EXPECT_THAT(answer.error().message(), AllOf(HasSubstr("music: PATCH /webhooks/{application}/{token}"),
                                              HasSubstr("embeds[0].title"), HasSubstr("BASE_TYPE_MAX_LENGTH"),
                                              Not(HasSubstr("hidden-token")), Not(HasSubstr(token_text))));
}

TEST_F(rest_client_upstream, waits_and_repeats_after_a_429) {
  script_.push_back(rate_limited("0.05"));
  EXPECT_TRUE(ask(discord::endpoints::get_channel(channel)));
  EXPECT_EQ(seen_.size(), 2U);
  EXPECT_THAT(metrics_.expose(),
              HasSubstr("guildfleet_rest_rate_limited_total{bot=\"music\",scope=\"user\"} 1"));
  EXPECT_EQ(guard_.count("music", clock_.steady_now()), 1);
}

TEST_F(rest_client_upstream, runs_a_known_bucket_in_parallel) {
  auto response = net::http_response::json(200, "{}");
  for (const auto& [name, value] :
       {std::pair("X-RateLimit-Bucket", "b"), std::pair("X-RateLimit-Limit", "50"),
        std::pair("X-RateLimit-Remaining", "49"), std::pair("X-RateLimit-Reset-After", "60")}) {
    response.fields.set(name, value);
  }
  script_.push_back(response);
  ASSERT_TRUE(ask(discord::endpoints::get_channel(channel)));
  together_ = 10;
  for (int i = 0; i < 10; ++i) start(discord::endpoints::get_channel(channel));
  finish();
  EXPECT_EQ(most_busy_, 10);
}

TEST_F(rest_client_upstream, a_401_stops_the_bot_and_tells_once) {
  int told = 0;
  client().set_on_unauthorized([&] { ++told; });
  script_.push_back(net::http_response::json(401, R"({"message":"401: Unauthorized","code":0})"));
  const auto& first = ask(discord::endpoints::get_self());
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().code(), rest_error::unauthorized);
  const auto& second = ask(discord::endpoints::get_self());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), rest_error::bot_stopped);
  EXPECT_EQ(seen_.size(), 1U);
  EXPECT_EQ(told, 1);
}

TEST_F(rest_client_upstream, writes_nothing_without_the_permit) {
  const auto permit = std::make_shared<write_permit>();
  const auto& refused = ask(discord::endpoints::get_self(), permit);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), rest_error::not_permitted_now);
  EXPECT_TRUE(seen_.empty());
  permit->until(fleet::boot_time(clock_.since_boot() + 60s));
  EXPECT_TRUE(ask(discord::endpoints::get_self(), permit));
}

TEST_F(rest_client_upstream, refuses_calls_at_the_bots_share_of_invalid_requests_but_answers_interactions) {
  while (!guard_.add("music", clock_.steady_now())) {
  }
  const auto& refused = ask(discord::endpoints::get_self());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), rest_error::invalid_request_share);
  EXPECT_TRUE(ask(discord::endpoints::create_callback(discord::interaction_id{5}, base::secret("t"), "{}")));
}

TEST_F(rest_client_upstream, close_ends_every_call) {
  pause_ = 5s;
  start(discord::endpoints::get_self());
  start(discord::endpoints::get_self());
  while (seen_.empty() && context_.run_one_for(5s) > 0) {
  }
  client().close();
  finish();
  for (const outcome& one : outcomes_) {
    ASSERT_FALSE(one);
    EXPECT_EQ(one.error().code(), rest_error::cancelled);
  }
}

}  // namespace
}  // namespace guildfleet::bot
