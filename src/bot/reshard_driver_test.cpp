// How a bot's change of its number of shards is moved on by the store's picture.
#include "bot/reshard_driver.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "base/scratch_folder.hpp"
#include "fleet/reshard_json.hpp"
#include "net/task_group.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace guildfleet::bot {
namespace {

using namespace std::chrono_literals;
using fleet::reshard_state;

const store::bot_name music{"music"};

class reshard_drivers : public testing::Test {
 protected:
  reshard_drivers() {
    store::sqlite_settings file;
    file.path = (folder / "store.sqlite").string();
    file.node = self;
    sessions = std::move(store::open_sqlite_store(std::move(file), clock)->sessions);
    const fleet::reshard of =
        fleet::plan_reshard({.bot = music, .from = 1, .to = 2, .home = self, .started_by = "mika"}, {}, {},
                            clock.wall_now())
            .value()
            .operation;
    row = std::get<store::rollout_row>(sessions->start_rollout(music, fleet::to_json(of), {}).value());
    add_node(self.name, self.incarnation);
    driver.emplace(reshard_driver_parts{
        self,
        sessions,
        thread,
        {[this](const store::bot_name&, const reshard_order& order) { told.push_back(order.of.state); },
         [this](const store::bot_name&, std::uint64_t id, reshard_state) {
           return std::optional(fleet::reshard_figures{.operation = id, .fresh_whole = whole});
         }},
        [] {},
        metrics,
        base::logger::root()});
  }
  ~reshard_drivers() override { thread.stop(); }

  void add_node(const std::string& name, std::uint64_t incarnation) {
    store::node_row node;
    node.identity = {name, incarnation};
    node.report.serves = {{music, 1}};
    seen.nodes.push_back(std::move(node));
  }
  void own_the_shard() {
    seen.leases.push_back({.key = {music, {0, 1}}, .owner = self, .epoch = 1, .free_in = 10s});
  }
  // The bot's state after the driver looked once.
  reshard_state after_look() {
    seen.at_ms = clock.wall_now().time_since_epoch() / 1ms;
    net::task_group tasks(context.get_executor());
    tasks.spawn("look", driver->tend(std::make_shared<const store::fleet_picture>(seen),
                                     {music, "", sessions->newest_rollout(music).value()}));
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (tasks.size() > 0 && std::chrono::steady_clock::now() < until) {
      context.restart();  // it stops whenever only the store works
      context.run_one_for(5ms);
    }
    return fleet::reshard_from_json(sessions->newest_rollout(music).value()->state)->state;
  }

  base::scratch_folder folder;
  base::manual_clock clock;
  base::metrics metrics;
  net::asio::io_context context{1};
  store::store_executor thread{100};
  const store::node_identity self{"a-node", 16};
  std::shared_ptr<store::store> sessions;
  store::rollout_row row;
  store::fleet_picture seen;
  std::uint32_t whole = 0;
  std::vector<reshard_state> told;
  std::optional<reshard_driver> driver;
};

TEST_F(reshard_drivers, go_on_once_every_new_shard_is_there) {
  EXPECT_EQ(after_look(), reshard_state::gathering);
  own_the_shard();
  whole = 1;
  EXPECT_EQ(after_look(), reshard_state::connecting);
  EXPECT_EQ(after_look(), reshard_state::connecting);
  whole = 2;
  EXPECT_EQ(after_look(), reshard_state::cutting);
  EXPECT_EQ(told,
            (std::vector{reshard_state::gathering, reshard_state::gathering, reshard_state::connecting,
                         reshard_state::connecting, reshard_state::connecting, reshard_state::cutting}));
}

TEST_F(reshard_drivers, wait_for_every_node_that_still_serves_the_bot) {
  own_the_shard();
  whole = 2;
  EXPECT_EQ(after_look(), reshard_state::connecting);
  add_node("b-node", 32);
  EXPECT_EQ(after_look(), reshard_state::connecting);
  seen.nodes.pop_back();
  EXPECT_EQ(after_look(), reshard_state::cutting);
}

TEST_F(reshard_drivers, of_another_node_leave_the_decision_to_the_first) {
  own_the_shard();
  seen.nodes.front().identity = {"0-node", 48};
  add_node(self.name, self.incarnation);
  EXPECT_EQ(after_look(), reshard_state::gathering);
}

}  // namespace
}  // namespace guildfleet::bot
