#include "bot/event_router.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <stdexcept>

#include "discord/gateway/envelope.hpp"
#include "fleet/release_samples.hpp"
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
    subject = std::make_unique<event_router>(std::move(features), progress, tasks, clock,
                                             make_router_metrics(metrics, "music"), base::logger::root(),
                                             router_limits{.max_queued_per_guild = 2});
  }

  void message(std::uint64_t sequence, int guild, std::string_view content, std::uint64_t id = 11) {
    std::string data =
        fmt::format(R"({{"id":"{}","channel_id":"7","guild_id":"{}","author":{{"id":"5"}},"content":"{}"}})",
                    id, guild, content);
    const std::size_t size = data.size();
    data.append(discord::message_padding, '\0');
    ASSERT_TRUE(progress.begin(sequence));
    subject->dispatch(discord::event_type::message_create, sequence, std::string_view(data).substr(0, size));
    turn();
  }

  void turn() {
    context.restart();
    context.poll();
  }

  net::asio::io_context context;
  base::manual_clock clock;
  base::metrics metrics;
  fleet::watermark progress;
  net::task_group tasks{context.get_executor()};
  watchful* watching = nullptr;
  std::unique_ptr<event_router> subject;
};

TEST_F(router, measures_how_old_a_message_is_when_its_handlers_begin) {
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(clock.wall_now().time_since_epoch());
  const auto of_then = static_cast<std::uint64_t>(now.count() - 700 - discord::discord_epoch_ms) << 22U;
  message(1, 1, "one", of_then);
  const std::vector<std::uint64_t> counts = make_router_metrics(metrics, "music").lag.counts();
  EXPECT_EQ(counts[fleet::duration_histogram::bucket_of(std::chrono::milliseconds(700))], 1U);
}

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

TEST_F(router, events_and_failures_are_counted_by_the_experiments_group) {
  const base::manual_clock clock;
  const experiment_counts counts({{.name = "tried",
                                   .feature = "watchful",
                                   .variant = "new",
                                   .share_per_million = {},
                                   .guilds = {{1}},
                                   .ends = {}}},
                                 {"watchful"}, "music", metrics, clock);
  subject->count_for(&counts);
  message(5, 1, "throw");
  message(6, 1, "hello");
  message(7, 2, "wait");
  message(8, 2, "throw");  // behind the one that waits
  watching->released.notify();
  turn();
  const experiment_health now = counts.health().at(0);
  EXPECT_EQ(now.treated, (group_figures{.events = 2, .failures = 1}));
  EXPECT_EQ(now.control, (group_figures{.events = 2, .failures = 1}));
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

TEST_F(router, what_waited_is_not_begun_without_the_right_and_goes_on_in_order_with_it) {
  bool permitted = true;
  subject->ask_before_waiting([&permitted] { return permitted; });
  message(1, 1, "wait");
  message(2, 1, "second");
  permitted = false;
  watching->released.notify();
  turn();
  EXPECT_EQ(watching->seen, (texts{"wait", "released"}));
  EXPECT_EQ(progress.low(), 1U);
  message(3, 1, "third");
  EXPECT_EQ(watching->seen, (texts{"wait", "released"})) << "it waits behind the second";
  permitted = true;
  subject->go_on();
  turn();
  EXPECT_EQ(watching->seen, (texts{"wait", "released", "second", "third"}));
  EXPECT_EQ(progress.low(), 3U);
}

TEST_F(router, what_may_not_begin_can_be_dropped_and_counts_as_unfinished) {
  subject->ask_before_waiting([] { return false; });
  message(1, 1, "wait");
  message(2, 1, "second");
  watching->released.notify();
  turn();
  EXPECT_EQ(tasks.size(), 0U) << "nobody has to wait for it";
  subject->drop_waiting();
  subject->go_on();
  turn();
  EXPECT_EQ(watching->seen, (texts{"wait", "released"}));
  EXPECT_EQ(progress.low(), 1U);
}

TEST_F(router, tells_which_events_run_and_when_they_end) {
  std::vector<std::uint64_t> ends;
  subject->tell_ends([&](std::uint64_t sequence) { ends.push_back(sequence); });
  message(1, 4, "wait");
  message(2, 4, "behind");
  EXPECT_EQ(subject->running(), (std::vector<fleet::tail_event>{{1, {4}}}));
  watching->released.notify();
  turn();
  EXPECT_TRUE(subject->running().empty());
  EXPECT_EQ(ends, (std::vector<std::uint64_t>{1, 2}));
}

TEST_F(router, passes_what_waited_and_was_handled_elsewhere) {
  subject->ask_whether_done([](std::uint64_t sequence) { return sequence == 2; });
  message(1, 4, "wait");
  message(2, 4, "done");
  message(3, 4, "after it");
  watching->released.notify();
  turn();
  EXPECT_EQ(watching->seen, (std::vector<std::string>{"wait", "released", "after it"}));
  EXPECT_EQ(progress.low(), 3U);
}

}  // namespace
}  // namespace guildfleet::bot
