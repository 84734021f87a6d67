// guildfleet rollout weights on SQLite files, as it is typed; tests/integration has it on PostgreSQL.
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/replace_file.hpp"
#include "base/scratch_folder.hpp"
#include "cli/program_run.hpp"
#include "fleet/rollout_json.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace guildfleet::cli {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const store::bot_name music{"music"};

class rollout_weights : public testing::Test, protected program_run {
 protected:
  rollout_weights() {
    facts.variables = [](std::string_view) { return std::nullopt; };
    configure("store: { sqlite: \"" + (folder / "{bot}.sqlite").string() + "\" }\n");
    fs::create_directory(weights);
  }

  void configure(const std::string& more) const {
    std::ofstream(folder / "fleet.yaml") << more << "bots: [{ name: music, token: \"${NOT_SET}\" }]\n";
  }
  exit_code write(std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"rollout",  "weights", "--config", (folder / "fleet.yaml").string(),
                                      "--output", weights};
    words.insert(words.end(), more.begin(), more.end());
    return run(std::move(words));
  }
  // A node that lives until the test ends.
  void live(const std::string& name, const std::string& release) {
    store::sqlite_settings at;
    at.path = (folder / "music.sqlite").string();
    at.node = {name, (nodes.size() + 1) << 4};
    nodes.push_back(store::open_sqlite_store(std::move(at), clock).value().sessions);
    store::node_report report;
    report.release = release;
    report.serves = {{music, 4}};
    EXPECT_TRUE(nodes.back()->attend(report, 60s));
  }
  void roll(double share) {
    auto plan =
        fleet::plan_rollout({.bot = music, .from = "1", .to = "2", .steps = {share, 1}}, 4, clock.wall_now())
            .value();
    plan.state = fleet::rollout_state::observing;
    EXPECT_TRUE(nodes.front()->start_rollout(music, fleet::to_json(plan), {}));
  }
  [[nodiscard]] std::string upstream() const {
    return base::text_in_file(weights + "/music.conf").value_or("there is no file");
  }

  base::scratch_folder folder;
  const std::string weights = folder / "weights";
  base::system_clock clock;
  std::vector<std::unique_ptr<store::store>> nodes;
};

TEST_F(rollout_weights, are_even_before_anything_has_started) {
  EXPECT_EQ(write(), exit_code::fine) << err;
  EXPECT_THAT(upstream(), AllOf(HasSubstr("# Written by: guildfleet rollout weights\n"),
                                HasSubstr("server music-1:3001 weight=1;"), Not(HasSubstr("green"))));
}

TEST_F(rollout_weights, follow_a_rollout) {
  live("music-1", "1");
  live("music-1-green", "2");
  roll(0.25);
  EXPECT_EQ(write({"--once"}), exit_code::fine) << err;
  EXPECT_EQ(out, "wrote " + weights + "/music.conf: music-1 3, music-1-green 1\n");
  EXPECT_THAT(upstream(), AllOf(HasSubstr("server music-1:3001 weight=3;"),
                                HasSubstr("server music-1-green:3001 weight=1;")));
  EXPECT_EQ(fs::status(weights + "/music.conf").permissions(), fs::perms{0644});
}

TEST_F(rollout_weights, are_written_only_when_they_have_changed) {
  EXPECT_EQ(write(), exit_code::fine) << err;
  const auto before = fs::last_write_time(weights + "/music.conf");
  EXPECT_EQ(write(), exit_code::fine) << err;
  EXPECT_EQ(out, "nothing has changed\n");
  EXPECT_EQ(fs::last_write_time(weights + "/music.conf"), before);
}

TEST_F(rollout_weights, mend_a_file_that_somebody_else_has_changed) {
  EXPECT_EQ(write(), exit_code::fine) << err;
  std::ofstream(weights + "/music.conf") << "nonsense";
  EXPECT_EQ(write(), exit_code::fine) << err;
  EXPECT_THAT(upstream(), HasSubstr("server music-1:3001 weight=1;"));
}

TEST_F(rollout_weights, of_bots_that_are_gone_are_removed) {
  EXPECT_EQ(write(), exit_code::fine) << err;
  fs::copy_file(weights + "/music.conf", weights + "/game.conf");
  std::ofstream(weights + "/mine.conf") << "# mine\n";
  EXPECT_EQ(write(), exit_code::fine) << err;
  EXPECT_EQ(out, "removed " + weights + "/game.conf\n");
  EXPECT_FALSE(fs::exists(weights + "/game.conf"));
  EXPECT_TRUE(fs::exists(weights + "/mine.conf"));
  EXPECT_TRUE(fs::exists(weights + "/music.conf"));
}

TEST_F(rollout_weights, need_a_folder_that_is_there) {
  fs::remove(weights);
  EXPECT_EQ(write(), exit_code::failed);
  EXPECT_THAT(err, AllOf(HasSubstr("music.conf"), HasSubstr("Make its folder first")));
}

TEST_F(rollout_weights, need_the_address_of_a_database_that_is_named) {
  configure("store: { database_url: \"${NOT_SET}\" }\n");
  EXPECT_EQ(write(), exit_code::usage);
  EXPECT_THAT(err, HasSubstr("store.database_url"));
}

TEST_F(rollout_weights, are_looked_at_once_or_all_the_time) {
  EXPECT_EQ(write({"--once", "--watch"}), exit_code::usage);
  EXPECT_EQ(run({"rollout", "weights"}), exit_code::usage);
  EXPECT_THAT(err, HasSubstr("--output"));
}

}  // namespace
}  // namespace guildfleet::cli
