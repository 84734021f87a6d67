// Leases that run out and handlers that misbehave, with a fleet in this process.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mutex>

#include "features/registry.hpp"
#include "integration/hosted_fleet.hpp"
#include "integration/recorder.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace guildfleet::integration {
namespace {

using testing::HasSubstr;

class counted_messages final : public message_log {
 public:
  counted_messages() { record_messages_in(this); }
  ~counted_messages() override { record_messages_in(nullptr); }
  void handled(const handled_message& what) override {
    const std::lock_guard lock(mutex_);
    ++times_[what.message];
  }
  [[nodiscard]] std::size_t distinct() {
    const std::lock_guard lock(mutex_);
    return times_.size();
  }
  [[nodiscard]] bool any_twice() {
    const std::lock_guard lock(mutex_);
    return std::ranges::any_of(times_, [](const auto& item) { return item.second > 1; });
  }

 private:
  std::mutex mutex_;
  std::map<std::uint64_t, int> times_;
};

// Handlers that run until they are released, and how often a message's ran beside another of the same.
struct long_handlers {
  std::atomic<bool> released{false};
  std::mutex mutex;
  std::map<std::uint64_t, int> running;
  int began = 0;
  int beside_itself = 0;
};
std::atomic<long_handlers*> current_handlers{nullptr};

net::task<> run_long(std::uint64_t message) {
  long_handlers& shared = *current_handlers.load();
  {
    const std::lock_guard lock(shared.mutex);
    ++shared.began;
    if (++shared.running[message] > 1) ++shared.beside_itself;
  }
  while (!shared.released && co_await net::sleep_until(net::deadline_in(5ms))) {
  }
  const std::lock_guard lock(shared.mutex);
  --shared.running[message];
}

class long_feature final : public features::feature {
 public:
  [[nodiscard]] bool wants_messages() const override { return true; }
  std::optional<net::task<>> on_message(const features::message_event& message) override {
    return run_long(message.id.value);
  }
};

const features::feature_declaration takes_long{
    .name = "takes_long",
    .intents = discord::intent::guilds | discord::intent::guild_messages,
    .make = [](const features::shard_services&) -> std::unique_ptr<features::feature> {
      return std::make_unique<long_feature>();
    }};

class fleet_in_process : public testing::Test {
 protected:
  [[nodiscard]] bot::fleet_settings settings(
      std::vector<const features::feature_declaration*> features) const {
    bot::fleet_settings out;
    out.node = "node-a";
    out.leases = {.ttl = 2'000ms, .renew_every = 500ms, .margin = 300ms};
    out.bots.push_back(
        plan_of("bot1", discord.token_of("bot1"), discord.api_url(), folder.path(), std::move(features)));
    return out;
  }
  [[nodiscard]] bool handles(std::size_t messages) {
    return eventually(patience, [&] { return log.distinct() >= messages; });
  }
  [[nodiscard]] std::string file() const { return (folder / "bot1.sqlite").string(); }

  base::scratch_folder folder;
  simulated_discord discord;
  counted_messages log;
};

TEST_F(fleet_in_process, without_a_renewal_holds_events_and_acts_on_them_once_when_the_lease_is_back) {
  hosted_fleet fleet(settings({&recorder, features::find_feature("ping")}));
  ASSERT_TRUE(fleet.ready());
  discord.write_messages(3);
  ASSERT_TRUE(handles(3));
  SQLite::Database blocker(file(), SQLite::OPEN_READWRITE, 5'000);
  blocker.exec("BEGIN IMMEDIATE");
  ASSERT_TRUE(eventually(patience, [&] { return fleet.shard().state == bot::shard_state::holding; }));
  discord.write_messages(5);
  const json::object refused = discord.use_command("bot1", "ping");
  EXPECT_THAT(text_of(refused, "content"), HasSubstr("not available right now"));
  EXPECT_EQ(log.distinct(), 3U);
  blocker.exec("ROLLBACK");
  EXPECT_TRUE(handles(8));
  EXPECT_TRUE(eventually(patience, [&] { return fleet.all_connected(); }));
  EXPECT_FALSE(log.any_twice());
  EXPECT_EQ(discord.gateway_count("identifies"), 1U);
  EXPECT_EQ(discord.gateway_count("resumes_ok"), 0U);
}

TEST_F(fleet_in_process, gives_way_when_another_node_has_taken_its_lease) {
  hosted_fleet fleet(settings({&recorder}));
  ASSERT_TRUE(fleet.ready());
  // The other one lives: it holds its lock on the file.
  base::system_clock clock;
  const store::node_identity winner{"node-z", 4'711};
  store::sqlite_settings settings_of_winner;
  settings_of_winner.path = file();
  settings_of_winner.node = winner;
  auto its_store = store::open_sqlite_store(std::move(settings_of_winner), clock);
  ASSERT_TRUE(its_store);
  SQLite::Database database(file(), SQLite::OPEN_READWRITE, 5'000);
  ASSERT_TRUE(eventually(patience, [&] {
    return database.execAndGet("SELECT count(*) FROM session_ledger WHERE session_id <> ''").getInt() == 1;
  }));
  database.exec(
      "UPDATE lease SET node = 'node-z', incarnation = 4711, epoch = epoch + 1, expires_ms = expires_ms + "
      "3600000");
  ASSERT_TRUE(eventually(patience, [&] { return fleet.shard().state == bot::shard_state::standby; }));
  discord.write_messages(4);
  EXPECT_TRUE(eventually(patience, [&] { return !discord.live_session_of("bot1"); }));
  *its_store = {};
  EXPECT_TRUE(handles(4));
  EXPECT_FALSE(log.any_twice());
  EXPECT_EQ(discord.gateway_count("identifies"), 1U);
  EXPECT_EQ(discord.gateway_count("resumes_ok"), 1U);
}

TEST_F(fleet_in_process, replays_nothing_beside_a_handler_of_the_first_time) {
  long_handlers handlers;
  current_handlers = &handlers;
  const auto began = [&] {
    const std::lock_guard lock(handlers.mutex);
    return handlers.began;
  };
  hosted_fleet fleet(settings({&takes_long}));
  ASSERT_TRUE(fleet.ready());
  SQLite::Database database(file(), SQLite::OPEN_READWRITE, 5'000);
  ASSERT_TRUE(eventually(patience, [&] {
    return database.execAndGet("SELECT count(*) FROM session_ledger WHERE session_id <> ''").getInt() == 1;
  }));
  discord.write_messages(1);
  ASSERT_TRUE(eventually(patience, [&] { return began() == 1; }));
  // Another node had the shard for a moment.
  database.exec("UPDATE lease SET node = '', incarnation = 0, epoch = epoch + 1, expires_ms = 0");
  ASSERT_TRUE(eventually(patience, [&] { return began() == 2; })) << "the event is replayed";
  handlers.released = true;
  fleet.stop();
  EXPECT_EQ(handlers.beside_itself, 0);
}

TEST_F(fleet_in_process, hands_over_to_its_successor_without_a_second_time) {
  for (int round = 1; round <= 3; ++round) {
    hosted_fleet fleet(settings({&recorder}));
    ASSERT_TRUE(fleet.ready());
    ASSERT_TRUE(handles(static_cast<std::size_t>(round - 1) * 20));
    discord.write_messages(10);
    fleet.stop();  // while some of these are being handled
    discord.write_messages(10);
  }
  hosted_fleet last(settings({&recorder}));
  EXPECT_TRUE(handles(60));
  EXPECT_FALSE(log.any_twice());
  EXPECT_EQ(discord.gateway_count("identifies"), 1U);
}

TEST_F(fleet_in_process, a_slow_command_is_deferred_at_two_seconds) {
  hosted_fleet fleet(settings({&nuisance}));
  ASSERT_TRUE(fleet.ready());
  const json::object slow = discord.use_command("bot1", "slow", 10s);
  EXPECT_TRUE(slow.at("deferred").as_bool());
  EXPECT_GE(number_of(slow, "ack_ms"), 1'800);
  EXPECT_LT(number_of(slow, "ack_ms"), 3'000);
  EXPECT_EQ(text_of(slow, "content"), "at last");
}

TEST_F(fleet_in_process, a_handler_that_throws_harms_nobody_else) {
  hosted_fleet fleet(settings({&nuisance, &recorder}));
  ASSERT_TRUE(fleet.ready());
  discord.write_messages(5);
  EXPECT_TRUE(handles(5));
  EXPECT_THAT(fleet.metrics(), HasSubstr("guildfleet_bot_handler_failures_total{bot=\"bot1\"} 5"));
  const json::object broken = discord.use_command("bot1", "broken");
  EXPECT_THAT(text_of(broken, "content"), HasSubstr("went wrong"));
  EXPECT_TRUE(fleet.all_connected());
}

}  // namespace
}  // namespace guildfleet::integration
