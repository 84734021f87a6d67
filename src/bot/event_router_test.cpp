#include "bot/event_router.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <stdexcept>

#include "discord/gateway/envelope.hpp"
#include "net/async_event.hpp"

namespace guildfleet::bot {
namespace {

// Waits on a message whose content is "wait" until it is released; throws on "throw".
class watchful final : public features::feature {
 public:
  explicit watchful(net::asio::any_io_executor executor) : released(executor) {}

  [[nodiscard]] bool wants_messages() const override { return true; }

  std::optional<net::task<>> on_message(const features::message_event& message) override {
    seen.emplace_back(message.content);
    if (message.content == "throw") throw std::runtime_error("on purpose");
    if (message.content == "wait") return wait();
    return std::nullopt;
  }

  net::task<> wait() {
    (void)co_await released.wait(net::no_deadline());
    seen.emplace_back("released");
  }

  std::vector<std::string> seen;
  net::async_event released;
};

class router : public testing::Test {
 protected:
  router() {
    auto feature = std::make_unique<watchful>(context.get_executor());
    watching = feature.get();
    std::vector<std::unique_ptr<features::feature>> features;
    features.push_back(std::move(feature));
    subject = std::make_unique<event_router>(std::move(features), progress, tasks,
                                             make_router_metrics(metrics, "music"), base::logger::root(),
                                             router_limits{.max_queued_per_guild = 2});
  }

  void message(std::uint64_t sequence, int guild, std::string_view content) {
    std::string data = fmt::format(
        R"({{"id":"1{0}","channel_id":"7","guild_id":"{1}","author":{{"id":"5"}},"content":"{2}"}})",
        sequence, guild, content);
    const std::size_t size = data.size();
    data.append(discord::message_padding, '\0');
    subject->dispatch(discord::event_type::message_create, sequence, std::string_view(data).substr(0, size));
    turn();
  }

  void turn() {
    context.restart();
    context.poll();
  }

  net::asio::io_context context;
  base::metrics metrics;
  fleet::watermark progress;
  net::task_group tasks{context.get_executor()};
  watchful* watching = nullptr;
  std::unique_ptr<event_router> subject;
};

using texts = std::vector<std::string>;

TEST_F(router, wants_only_what_a_feature_subscribes_to) {
  EXPECT_TRUE(subject->wants(discord::event_type::message_create));
  EXPECT_FALSE(subject->wants(discord::event_type::typing_start));
}

TEST_F(router, an_event_handled_at_once_moves_the_watermark) {
  message(5, 1, "hello");
  EXPECT_EQ(watching->seen, texts{"hello"});
  EXPECT_EQ(progress.low(), 5U);
}

TEST_F(router, an_event_seen_before_is_not_handled_again) {
  message(5, 1, "hello");
  message(5, 1, "hello");
  EXPECT_EQ(watching->seen, texts{"hello"});
}

TEST_F(router, events_of_one_guild_wait_for_the_handler_before_them) {
  message(5, 1, "wait");
  message(6, 1, "second");
  EXPECT_EQ(watching->seen, texts{"wait"});
  EXPECT_LT(progress.low(), 5U);
  watching->released.notify();
  turn();
  EXPECT_EQ(watching->seen, (texts{"wait", "released", "second"}));
  EXPECT_EQ(progress.low(), 6U);
}

TEST_F(router, another_guild_does_not_wait) {
  message(5, 1, "wait");
  message(6, 2, "elsewhere");
  EXPECT_EQ(watching->seen, (texts{"wait", "elsewhere"}));
  watching->released.notify();
  turn();
  EXPECT_EQ(progress.low(), 6U);
}

TEST_F(router, a_handler_that_throws_is_counted_and_stops_nothing) {
  message(5, 1, "throw");
  message(6, 1, "after");
  EXPECT_EQ(watching->seen, (texts{"throw", "after"}));
  EXPECT_EQ(progress.low(), 6U);
  EXPECT_TRUE(metrics.expose().contains("guildfleet_bot_handler_failures_total{bot=\"music\"} 1"));
}

TEST_F(router, what_overflows_a_guilds_queue_is_counted_and_does_not_block_the_watermark) {
  message(5, 1, "wait");
  for (const std::uint64_t sequence : {6U, 7U, 8U}) message(sequence, 1, "queued");
  watching->released.notify();
  turn();
  EXPECT_EQ(watching->seen, (texts{"wait", "released", "queued", "queued"}));
  EXPECT_EQ(progress.low(), 8U);
  EXPECT_TRUE(metrics.expose().contains("guildfleet_bot_queue_overflow_total{bot=\"music\"} 1"));
}

}  // namespace
}  // namespace guildfleet::bot
