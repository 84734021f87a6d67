// What a node writes down of itself while its bots move to another release.
#include "bot/rollout_driver.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "base/scratch_folder.hpp"
#include "fleet/rollout_json.hpp"
#include "net/task_group.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace guildfleet::bot {
namespace {

using namespace std::chrono_literals;

const store::bot_name music{"music"};
const store::bot_name game{"game"};

class drivers : public testing::Test {
 protected:
  drivers() {
    store::sqlite_settings file;
    file.path = (folder / "store.sqlite").string();
    file.node = self;
    sessions = std::move(store::open_sqlite_store(file, clock)->sessions);
    file.node = {"reader", 32};
    reader = std::move(store::open_sqlite_store(std::move(file), clock)->sessions);
    seen.nodes = {row("a-first-node", 1), row(self.name, self.incarnation)};
    for (const store::bot_name& bot : {music, game}) {
      fleet::rollout active =
          fleet::plan_rollout({.bot = bot, .from = "1", .to = "2"}, 1, clock.wall_now()).value();
      active.state = fleet::rollout_state::observing;
      seen.releases.push_back(
          {bot, "1",
           store::rollout_row{.id = 1, .bot = bot, .state = fleet::to_json(active), .active = true}});
    }
    seen.at_ms = clock.wall_now().time_since_epoch() / 1ms;
    tasks.spawn("driver", driver().run());
  }
  ~drivers() override {
    tasks.close();
    tasks.cancel();
    (void)eventually([this] { return tasks.size() == 0; });
    thread.stop();
  }

  static store::node_row row(const std::string& name, std::uint64_t incarnation) {
    store::node_row out;
    out.identity = {name, incarnation};
    out.report.release = "2";
    out.report.serves = {{music, 1}, {game, 1}};
    return out;
  }
  rollout_driver& driver() {
    if (!made)
      made.emplace(context.get_executor(), rollout_driver_settings{.self = self, .release = "2"},
                   rollout_driver_parts{sessions,
                                        thread,
                                        [](const store::bot_name&) { return fleet::release_figures(); },
                                        {},
                                        {},
                                        [] {},
                                        clock,
                                        metrics,
                                        base::logger::root()});
    return *made;
  }
  bool eventually(const std::function<bool()>& done) {
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (!done() && std::chrono::steady_clock::now() < until) {
      context.restart();  // it stops whenever only the store works
      context.run_one_for(5ms);
    }
    return done();
  }
  // Of the newest sample of the bot; nullopt: there are not so many.
  std::optional<std::uint32_t> draining(const store::bot_name& bot, std::size_t samples) const {
    const auto all = reader->samples(bot, 1h);
    if (!all || all->size() != samples) return std::nullopt;
    return fleet::release_figures_from_json(all->back().figures)->draining;
  }

  base::scratch_folder folder;
  base::manual_clock clock;
  base::metrics metrics;
  net::asio::io_context context{1};
  store::store_executor thread{100};
  const store::node_identity self{"node", 16};
  std::shared_ptr<store::store> sessions;  // the store thread's
  std::shared_ptr<store::store> reader;    // of the same file
  store::fleet_picture seen;
  std::optional<rollout_driver> made;
  net::task_group tasks{context.get_executor()};
};

TEST_F(drivers, of_a_node_that_drains_say_so_of_each_of_its_bots_at_once) {
  driver().on_picture(seen);
  ASSERT_TRUE(eventually([this] { return draining(music, 1) == 0U && draining(game, 1) == 0U; }));
  seen.nodes[1].report.draining = true;
  driver().on_picture(seen);
  EXPECT_TRUE(eventually([this] { return draining(music, 2) == 1U && draining(game, 2) == 1U; }));
}

TEST_F(drivers, write_no_more_than_is_due) {
  driver().on_picture(seen);
  ASSERT_TRUE(eventually([this] { return draining(music, 1) == 0U && draining(game, 1) == 0U; }));
  driver().on_picture(seen);
  context.poll();  // nothing waits for the store
  EXPECT_EQ(draining(music, 1), 0U);
  clock.advance(5s);
  driver().on_picture(seen);
  EXPECT_TRUE(eventually([this] { return draining(music, 2) == 0U && draining(game, 2) == 0U; }));
}

}  // namespace
}  // namespace guildfleet::bot
