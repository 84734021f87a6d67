// Desks of several nodes of one bot over one store.
#include "bot/identify_desk.hpp"

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/scratch_folder.hpp"
#include "net/task_group.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace guildfleet::bot {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;

const store::bot_name music{"music"};

struct waiting_shard final : identify_asker {
  explicit waiting_shard(net::asio::any_io_executor on) : home(on) {}
  [[nodiscard]] net::asio::any_io_executor executor() const override { return home; }
  void on_identify_granted(std::uint64_t ticket, const identify_grant& what) override {
    granted = ticket;
    grant = what;
    if (answers) answers(what);
  }
  void on_identify_delayed(const std::string& why) override { delayed = why; }

  net::asio::any_io_executor home;
  std::uint64_t granted = 0;
  identify_grant grant;
  std::function<void(const identify_grant&)> answers;  // what Discord does with what is sent
  std::string delayed;
};

// What Discord says, and how often it was asked.
struct limit_of_discord {
  fleet::session_start_limit limit{.total = 20, .remaining = 20, .reset_after = 1h, .max_concurrency = 4};
  int asked = 0;
  bool answers = true;

  static net::task<base::result<fleet::session_start_limit>> read(limit_of_discord& from) {
    ++from.asked;
    co_return from.limit;
  }
};

class desks_of_nodes : public testing::Test {
 protected:
  struct node {
    std::shared_ptr<store::store> sessions;
    base::metrics metrics;
    std::unique_ptr<identify_desk> desk;
  };

  std::shared_ptr<store::store> open(const std::string& name) {
    store::sqlite_settings file;
    file.path = (folder / "store.sqlite").string();
    file.node = {name, processes += 16};
    auto opened = store::open_sqlite_store(std::move(file), clock);
    EXPECT_TRUE(opened) << opened.error().message();
    return std::move(opened->sessions);
  }
  // Lives as long as the test.
  node* start(const std::string& name) {
    node* made = nodes.emplace_back(std::make_unique<node>()).get();
    made->sessions = open(name);
    made->desk = std::make_unique<identify_desk>(
        context.get_executor(), music, identify_desk_parts{made->sessions, thread, clock, made->metrics},
        fleet::identify_settings{
            .spacing = 1ms, .margin = 1ms, .arrives_within = arrives_within, .free_per_hour = free_per_hour},
        [this] { return limit_of_discord::read(discord); }, base::logger::root(),
        identify_desk_pace{.learn_for_new = 0ms, .permission = 20ms, .limit_refused = 60ms});
    tasks.spawn("desk", run(*made->desk, discord.limit));
    return made;
  }
  static net::task<> run(identify_desk& desk, fleet::session_start_limit limit) {
    EXPECT_TRUE(co_await desk.open(limit, std::chrono::steady_clock::now()));
    co_await desk.run();
  }
  std::shared_ptr<waiting_shard> ask(const node& where, std::uint32_t index) {
    auto asker = std::make_shared<waiting_shard>(context.get_executor());
    if (discord.answers)
      asker->answers = [desk = where.desk.get(), index, this](const identify_grant& grant) {
        desk->answered({index, 4}, grant, clock.steady_now());
      };
    where.desk->ask({index, 4}, 1, asker);
    return asker;
  }
  bool eventually(const std::function<bool()>& done, std::chrono::milliseconds within = 20s) {
    const auto until = std::chrono::steady_clock::now() + within;
    while (!done() && std::chrono::steady_clock::now() < until) context.run_one_for(5ms);
    return done();
  }
  bool granted(const node& where, std::uint32_t index) {
    const auto asker = ask(where, index);
    return eventually([&] { return asker->granted == 1 || !asker->delayed.empty(); }) && asker->granted == 1;
  }
  std::string refusal(const node& where, std::uint32_t index) {
    const auto asker = ask(where, index);
    (void)eventually([&] { return asker->granted == 1 || !asker->delayed.empty(); });
    where.desk->withdraw({index, 4});
    return asker->delayed;
  }
  void TearDown() override {
    tasks.close();
    tasks.cancel();
    context.run_for(2s);
  }

  base::scratch_folder folder;
  base::system_clock clock;
  std::uint64_t processes = 0;
  std::shared_ptr<store::store> person = open("cli");  // a command's own
  store::store_executor thread;
  net::asio::io_context context{1};
  net::task_group tasks{context.get_executor()};
  limit_of_discord discord;
  std::vector<std::unique_ptr<node>> nodes;
  std::uint32_t free_per_hour = 100;
  std::chrono::milliseconds arrives_within = 5s;
};

TEST_F(desks_of_nodes, keep_the_floor_together) {
  discord.limit.remaining = 7;  // of 20; 4 are kept back
  node* a = start("a");
  node* b = start("b");
  EXPECT_TRUE(granted(*a, 0));
  EXPECT_TRUE(granted(*b, 1));
  EXPECT_TRUE(granted(*a, 2));
  discord.limit.remaining = 4;
  EXPECT_THAT(refusal(*b, 3), HasSubstr("4 of 20 identifies left, 4 are kept back"));
  EXPECT_THAT(refusal(*a, 3), HasSubstr("4 of 20 identifies left, 4 are kept back"));
  EXPECT_EQ(person->identifies(music).value().last_day, 3U);
  EXPECT_THAT(b->metrics.expose(), HasSubstr("guildfleet_fleet_identifies_remaining{bot=\"music\"} 4"));
  EXPECT_THAT(b->metrics.expose(), HasSubstr("guildfleet_fleet_identify_floor{bot=\"music\"} 4"));
  EXPECT_THAT(b->metrics.expose(), HasSubstr("guildfleet_fleet_identifies_refused_total{bot=\"music\"} 1"));
}

TEST_F(desks_of_nodes, go_on_below_the_floor_while_a_person_allows_it) {
  discord.limit.remaining = 4;
  node* a = start("a");
  const auto waiting = ask(*a, 0);
  ASSERT_TRUE(eventually([&] { return !waiting->delayed.empty(); }));
  ASSERT_TRUE(person->allow_identifies(music, "disk lost", "ann", 1h));
  EXPECT_TRUE(eventually([&] { return waiting->granted == 1; }));
  EXPECT_TRUE(granted(*a, 1));
  ASSERT_TRUE(person->allow_identifies(music, "enough", "ann", 0ms));
  const auto until = std::chrono::steady_clock::now() + 100ms;
  (void)eventually([&] { return std::chrono::steady_clock::now() > until; });
  discord.limit.remaining = 2;
  EXPECT_THAT(refusal(*a, 2), HasSubstr("2 of 20 identifies left, 4 are kept back"));
}

TEST_F(desks_of_nodes, go_on_when_discord_has_more_again_and_ask_it_seldom) {
  discord.limit.remaining = 4;
  node* a = start("a");
  std::vector<std::shared_ptr<waiting_shard>> all;
  for (std::uint32_t index = 0; index < 4; ++index) all.push_back(ask(*a, index));
  ASSERT_TRUE(eventually(
      [&] { return std::ranges::none_of(all, [](auto& each) { return each->delayed.empty(); }); }));
  EXPECT_LE(discord.asked, 3) << "not once for every shard";
  discord.limit.remaining = 20;
  EXPECT_TRUE(
      eventually([&] { return std::ranges::all_of(all, [](auto& each) { return each->granted == 1; }); }));
}

TEST_F(desks_of_nodes, let_nobody_into_a_bucket_before_discord_has_answered) {
  discord.answers = false;
  node* a = start("a");
  node* b = start("b");
  const auto first = ask(*a, 0);
  ASSERT_TRUE(eventually([&] { return first->granted == 1; }));
  const auto second = ask(*b, 0);
  EXPECT_FALSE(eventually([&] { return second->granted == 1; }, 600ms));
  a->desk->answered({0, 4}, first->grant, clock.steady_now());
  EXPECT_TRUE(eventually([&] { return second->granted == 1; }, 2s)) << "without it that takes five";
  EXPECT_EQ(person->identifies(music).value().last_day, 2U);
}

TEST_F(desks_of_nodes, wait_for_an_answer_no_longer_than_it_can_take_to_arrive) {
  discord.answers = false;
  arrives_within = 300ms;
  node* a = start("a");
  node* b = start("b");
  const auto first = ask(*a, 0);
  ASSERT_TRUE(eventually([&] { return first->granted == 1; }));
  const auto second = ask(*b, 0);
  EXPECT_TRUE(eventually([&] { return second->granted == 1; }, 3s));
}

TEST_F(desks_of_nodes, count_nothing_for_a_shard_that_did_not_send) {
  discord.answers = false;
  free_per_hour = 1;
  node* a = start("a");
  const auto first = ask(*a, 0);
  ASSERT_TRUE(eventually([&] { return first->granted == 1; }));
  a->desk->not_sent({0, 4}, first->grant);
  EXPECT_TRUE(granted(*a, 0)) << "neither its bucket nor a restart loop holds it back";
  EXPECT_EQ(person->identifies(music).value().last_day, 1U);
}

TEST_F(desks_of_nodes, count_nothing_for_a_shard_that_went_away_while_the_store_was_asked) {
  discord.answers = false;
  node* a = start("a");
  std::weak_ptr<waiting_shard> gone = ask(*a, 0);
  EXPECT_TRUE(gone.expired());
  EXPECT_TRUE(granted(*a, 0));
  EXPECT_EQ(person->identifies(music).value().last_day, 1U);
}

TEST_F(desks_of_nodes, slow_a_shard_that_went_round_all_of_them) {
  free_per_hour = 2;
  node* a = start("a");
  node* b = start("b");
  EXPECT_TRUE(granted(*a, 0));
  EXPECT_TRUE(granted(*b, 0));
  EXPECT_THAT(refusal(*a, 0), HasSubstr("shard 0/4 identified 2 times within an hour: a restart loop"));
  EXPECT_TRUE(granted(*a, 1)) << "another shard is not kept waiting";
  EXPECT_THAT(a->metrics.expose(), HasSubstr("guildfleet_fleet_identifies_slowed_total{bot=\"music\"} 1"));
}

TEST_F(desks_of_nodes, slow_a_process_that_begins_anew_again_and_again) {
  free_per_hour = 2;
  for (std::uint64_t life = 1; life <= 2; ++life) {
    node* a = start("a");
    EXPECT_TRUE(granted(*a, static_cast<std::uint32_t>(life)));
  }
  node* a = start("a");
  EXPECT_THAT(refusal(*a, 0), HasSubstr("this node was started 3 times within an hour"));
  node* b = start("b");
  EXPECT_TRUE(granted(*b, 0)) << "a node that is well takes the shard";
}

}  // namespace
}  // namespace guildfleet::bot
