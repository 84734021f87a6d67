// guildfleet rollout weights --watch, the program itself, on a PostgreSQL that goes away and comes back.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/scratch_folder.hpp"
#include "fleet/rollout_json.hpp"
#include "store/postgres/postgres_store.hpp"
#include "support/eventually.hpp"
#include "support/postgres_server.hpp"

namespace guildfleet::integration {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const store::bot_name music{"music"};
constexpr auto patience = 60s;

class watched_weights : public testing::Test {
 protected:
  watched_weights() {
    live("music-1", "1");
    live("music-1-green", "2");
    std::ofstream(folder / "fleet.yaml") << "store: { database_url: \"${DATABASE_URL}\" }\n"
                                            "deploy: { pattern: services }\n"
                                            "bots: [{ name: music, token: \"${T}\" }]\n";
    std::filesystem::create_directory(folder / "weights");
  }

  void live(const std::string& name, const std::string& release) {
    store::postgres_settings at;
    at.url = base::secret(url);
    at.node = {name, nodes.size() + 1};
    at.connections = 1;
    nodes.push_back(
        store::open_postgres_store(at, clock, base::random_source::from_system()).value().sessions);
    store::node_report report;
    report.release = release;
    report.serves = {{music, 4}};
    ASSERT_TRUE(nodes.back()->attend(report, 600s));
  }
  store::rollout_row roll(double share) {
    auto plan =
        fleet::plan_rollout({.bot = music, .from = "1", .to = "2", .steps = {share, 1}}, 4, clock.wall_now())
            .value();
    plan.state = fleet::rollout_state::observing;
    auto begun = nodes.front()->start_rollout(music, fleet::to_json(plan), {});
    return std::get<store::rollout_row>(begun.value());
  }
  void end(const store::rollout_row& row) {
    auto plan = fleet::rollout_from_json(row.state).value();
    plan.state = fleet::rollout_state::done;
    store::rollout_change change;
    change.id = row.id;
    change.version = row.version;
    change.state = fleet::to_json(plan);
    change.active = false;
    change.settle = "2";
    EXPECT_TRUE(nodes.front()->change_rollout(change).value());
  }
  void watch() {
    process.emplace(support::child_settings{
        .command = {GUILDFLEET_PROGRAM, "rollout", "weights", "--output", "weights", "--watch"},
        .environment = {{"DATABASE_URL", url}},
        .folder = folder.path(),
        .out = folder / "out",
        .err = folder / "err"});
  }
  [[nodiscard]] bool says(const std::string& text) {
    return process->writes(patience, [&] { return process->out().contains(text); });
  }
  [[nodiscard]] bool complains(const std::string& text) {
    return process->writes(patience, [&] { return process->err().contains(text); });
  }
  [[nodiscard]] std::string upstream() const { return support::read_file(folder / "weights/music.conf"); }

  support::postgres_server server;
  std::string url = server.url(server.make_database());
  base::system_clock clock;
  base::scratch_folder folder;
  std::vector<std::unique_ptr<store::store>> nodes;
  std::optional<support::child_process> process;
};

TEST_F(watched_weights, follow_a_rollout_to_its_end) {
  watch();
  EXPECT_TRUE(says("music-1 1, music-1-green 1")) << process->err();
  const store::rollout_row row = roll(0.25);
  EXPECT_TRUE(says("music-1 3, music-1-green 1")) << process->err();
  end(row);
  EXPECT_TRUE(says("music-1 0, music-1-green 1")) << process->err();
  EXPECT_THAT(upstream(), HasSubstr("server music-1:3001 down;"));
  process->signal(SIGTERM);
  EXPECT_EQ(process->wait(patience), 0);
  EXPECT_EQ(process->err(), "");
}

TEST_F(watched_weights, stay_as_they_are_while_the_database_is_away) {
  (void)roll(0.5);
  watch();
  EXPECT_TRUE(says("music-1 1, music-1-green 1")) << process->err();
  const std::string before = upstream();
  server.kill();
  EXPECT_TRUE(complains("nginx keeps the weights that it has"));
  EXPECT_EQ(upstream(), before);
  server.start();
  EXPECT_TRUE(complains("it works again")) << process->err();
  EXPECT_EQ(upstream(), before);
}

TEST_F(watched_weights, wait_for_a_database_that_is_not_there_yet) {
  server.kill();
  watch();
  EXPECT_TRUE(complains("nginx keeps the weights that it has"));
  server.start();
  EXPECT_TRUE(says("wrote weights/music.conf")) << process->err();
  process->signal(SIGTERM);
  EXPECT_EQ(process->wait(patience), 0);
}

TEST_F(watched_weights, wait_for_a_folder_that_may_be_written_to) {
  std::filesystem::remove(folder / "weights");
  watch();
  EXPECT_TRUE(complains("Make its folder first")) << process->err();
  std::filesystem::create_directory(folder / "weights");
  EXPECT_TRUE(says("wrote weights/music.conf")) << process->err();
}

}  // namespace
}  // namespace guildfleet::integration
