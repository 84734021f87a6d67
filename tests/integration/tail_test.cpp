// A shard goes from node to node while a handler runs: the other guilds do not wait for it, and what it does
// is done once. As a program of its own, with --node PLAN, it is such a node (tardy_node.hpp).
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/fleet_harness.hpp"
#include "integration/fleet_node.hpp"
#include "integration/sim_watch.hpp"
#include "integration/tardy_node.hpp"

namespace guildfleet::integration {
namespace {

using testing::ElementsAre;

class tails : public testing::Test {
 protected:
  using process = std::unique_ptr<support::child_process>;

  process start(const std::string& name, bool linked = true) {
    const std::string plan = json::serialize(json::object{{"name", name},
                                                          {"api_url", discord.api_url()},
                                                          {"folder", folder.path().string()},
                                                          {"token", discord.token_of("bot1")},
                                                          {"linked", linked}});
    return std::make_unique<support::child_process>(support::child_settings{
        .command = {std::filesystem::canonical("/proc/self/exe").string(), "--node", plan},
        .environment = {},
        .folder = folder.path(),
        .out = folder / (name + ".out"),
        .err = folder / (name + ".err")});
  }
  // The node before has the shard, the one after stands by and knows it.
  void start_both(bool linked = true) {
    before = start("before", linked);
    ASSERT_TRUE(eventually(patience, [&] { return discord.live_session_of("bot1").has_value(); }))
        << before->err();
    after = start("after", linked);
    ASSERT_TRUE(tells_log(*after, "bot starts")) << after->err();
    read_channels();
  }
  // guildfleet drain before
  void ask_to_drain() {
    node::variables environment = node::environment_of(discord);
    environment["SQLITE_PATH"] = (folder / "bot1.sqlite").string();
    command = std::make_unique<support::child_process>(
        support::child_settings{.command = {GUILDFLEET_PROGRAM, "drain", "before"},
                                .environment = std::move(environment),
                                .folder = folder.path(),
                                .out = folder / "command.out",
                                .err = folder / "command.err"});
  }
  // When the node before said last that it lives; 0: never, for a node alone does not.
  [[nodiscard]] std::int64_t seen_before() const {
    SQLite::Database database((folder / "bot1.sqlite").string(), SQLite::OPEN_READONLY, 5'000);
    SQLite::Statement query(database, "SELECT coalesce(max(seen_ms), 0) FROM node WHERE name = 'before'");
    return query.executeStep() ? query.getColumn(0).getInt64() : 0;
  }
  // Says it and looks at the others in one; what it saw is known to it when it says so again.
  [[nodiscard]] bool before_knows_after() const {
    std::int64_t first = 0;
    if (!eventually(patience, [&] { return (first = seen_before()) != 0; })) return false;
    return eventually(patience, [&] { return seen_before() != first; });
  }
  void drain() {
    ask_to_drain();
    ASSERT_TRUE(tells_log(*after, "shard resumed")) << after->err() << command->err() << before->err();
  }
  static void release(support::child_process& node) { node.signal(SIGUSR1); }
  static bool tells(support::child_process& node, const std::string& line) {
    return node.writes(patience, [&] { return node.out().contains(line + "\n"); });
  }
  static bool tells_log(support::child_process& node, std::string_view text) {
    return node.writes(patience, [&] { return node.err().contains(text); });
  }

  void read_channels() {
    const auto listed = support::answer_to(
        {.origin = "http://127.0.0.1:" + std::to_string(discord.port()), .path = "/_sim/guilds"});
    const json::value guilds = json::parse(listed.body);
    for (const json::value& guild : guilds.as_array()) {
      for (const json::value& channel : guild.at("channels").as_array()) {
        if (number_of(channel.as_object(), "type") != 0) continue;
        channels.push_back(text_of(channel.as_object(), "id"));
        guild_ids.push_back(text_of(guild.as_object(), "id"));
        break;
      }
    }
    ASSERT_GE(channels.size(), 2U);
  }
  // A member of the guild of this place writes.
  void write(std::size_t place, const std::string& content) const {
    (void)discord.act("message", {{"content", content}, {"channel", channels[place]}});
  }
  // What the bot said there.
  [[nodiscard]] std::vector<std::string> said(std::size_t place) const {
    const auto answer = support::answer_to({.origin = "http://127.0.0.1:" + std::to_string(discord.port()),
                                            .path = "/_sim/messages?channel=" + channels[place]});
    std::vector<std::string> out;
    for (const json::value& each : json::parse(answer.body).as_array()) {
      if (const std::string text = text_of(each.as_object(), "content"); text.starts_with("did "))
        out.push_back(text.substr(4));
    }
    return out;
  }
  [[nodiscard]] bool says(std::size_t place, std::size_t count) const {
    return eventually(patience, [&] { return said(place).size() >= count; });
  }

  // A member of the guild of this place uses the command; its interaction.
  [[nodiscard]] std::string use_command(std::size_t place) const {
    return text_of(
        discord.act_once_possible(
            "command", {{"bot", "bot1"}, {"guild", guild_ids[place]}, {"name", "wait"}, {"wait", 0}}),
        "id");
  }
  // How often it was answered.
  [[nodiscard]] std::size_t answers_to(const std::string& interaction) const {
    const json::object status = watch.get("interactions/" + interaction);
    if (status.empty()) return 0;
    return (status.at("answered").as_bool() ? 1U : 0U) + status.at("followups").as_array().size();
  }

  // Requests for a message that Discord took, repeats included.
  [[nodiscard]] std::int64_t posted() const {
    const json::object report = discord.report();
    const json::object& routes = report.at("rest").as_object().at("by_route").as_object();
    const json::value* found = routes.if_contains("POST /channels/{channel.id}/messages");
    return found == nullptr ? 0 : number_of(found->as_object(), "200");
  }

  base::scratch_folder folder;
  simulated_discord discord;
  const sim_watch watch{fmt::format("http://127.0.0.1:{}", discord.port())};
  std::vector<std::string> channels;  // the first one of each guild
  std::vector<std::string> guild_ids;
  process before;
  process after;
  process command;
};

TEST_F(tails, hold_up_no_other_guild_and_are_ended_by_the_node_that_began_them) {
  start_both();
  write(0, "hold slow");
  write(0, "next");
  ASSERT_TRUE(tells(*before, "begins slow"));
  drain();
  write(0, "last");
  write(1, "elsewhere");
  ASSERT_TRUE(tells(*after, "did elsewhere")) << after->err();
  EXPECT_FALSE(after->out().contains("begins next")) << "both act in one guild";
  release(*before);
  ASSERT_TRUE(says(0, 3)) << before->err() << after->err();
  EXPECT_THAT(said(0), ElementsAre("slow", "next", "last"));
  EXPECT_TRUE(before->out().contains("did slow")) << before->err();
  EXPECT_FALSE(after->out().contains("begins slow"));
  EXPECT_EQ(discord.gateway_count("identifies"), 1U);
}

TEST_F(tails, of_a_node_that_dies_are_handled_by_its_successor) {
  start_both();
  release(*after);
  write(0, "hold slow");
  write(0, "next");
  ASSERT_TRUE(tells(*before, "begins slow"));
  drain();
  before->signal(SIGKILL);
  write(1, "elsewhere");
  ASSERT_TRUE(tells(*after, "did elsewhere"));
  ASSERT_TRUE(says(0, 2)) << after->err();
  EXPECT_THAT(said(0), ElementsAre("slow", "next"));
  EXPECT_TRUE(after->out().contains("did slow"));
  EXPECT_EQ(discord.gateway_count("identifies"), 1U);
}

TEST_F(tails, of_a_node_that_is_frozen_write_nothing_once_their_time_is_over) {
  start_both();
  release(*after);
  write(0, "hold slow");
  ASSERT_TRUE(tells(*before, "begins slow"));
  drain();
  ASSERT_TRUE(before->freeze());
  release(*before);
  ASSERT_TRUE(tells(*after, "did slow")) << after->err();
  before->signal(SIGCONT);
  write(0, "last");
  ASSERT_TRUE(says(0, 2)) << after->err();
  before->signal(SIGTERM);
  EXPECT_EQ(before->wait(patience), 0) << before->err();
  EXPECT_EQ(posted(), 2) << "a third was sent, whatever Discord made of it";
}

TEST_F(tails, of_commands_are_answered_by_the_node_that_began_them) {
  start_both();
  const std::string interaction = use_command(0);
  ASSERT_TRUE(tells(*before, "begins a command"));
  drain();
  write(1, "elsewhere");
  ASSERT_TRUE(tells(*after, "did elsewhere")) << after->err();
  release(*before);
  EXPECT_TRUE(tells(*before, "answered a command")) << before->out() << before->err();
  write(0, "last");
  ASSERT_TRUE(tells(*after, "did last")) << after->err();
  EXPECT_EQ(answers_to(interaction), 1U);
  EXPECT_FALSE(after->out().contains("begins a command"));
}

TEST_F(tails, that_are_jobs_end_with_the_shard_and_are_run_by_the_node_that_has_it_then) {
  start_both();
  release(*after);
  write(0, "job slow");
  ASSERT_TRUE(tells(*before, "begins job slow")) << before->err();
  drain();
  EXPECT_TRUE(tells(*before, "is cut off from job slow")) << before->out();
  ASSERT_TRUE(after->writes(10s, [&] { return after->out().contains("did job slow\n"); }))
      << "a node looks at its jobs every 30 s, but more often after a shard has come: " << after->err();
  release(*before);
  write(0, "last");
  ASSERT_TRUE(says(0, 2)) << after->err();
  EXPECT_THAT(said(0), ElementsAre("slow", "last"));
  EXPECT_EQ(posted(), 2);
}

TEST_F(tails, that_last_too_long_are_cut_off_and_handled_by_the_successor) {
  start_both();
  release(*after);
  write(0, "hold slow");
  write(0, "next");
  ASSERT_TRUE(tells(*before, "begins slow"));
  drain();
  ASSERT_TRUE(tells(*before, "is cut off from slow")) << before->err();
  ASSERT_TRUE(says(0, 2)) << after->err();
  EXPECT_THAT(said(0), ElementsAre("slow", "next"));
  EXPECT_FALSE(before->out().contains("did slow"));
  EXPECT_EQ(posted(), 2);
}

TEST_F(tails, of_a_node_that_stops_are_ended_before_it_does) {
  start_both();
  write(0, "hold slow");
  write(0, "next");
  ASSERT_TRUE(tells(*before, "begins slow"));
  ASSERT_TRUE(before_knows_after());
  before->signal(SIGTERM);
  ASSERT_TRUE(tells_log(*after, "shard resumed")) << after->err();
  write(1, "elsewhere");
  ASSERT_TRUE(tells(*after, "did elsewhere"));
  release(*before);
  EXPECT_EQ(before->wait(patience), 0) << before->err();
  EXPECT_TRUE(before->out().contains("did slow")) << before->err();
  ASSERT_TRUE(says(0, 2)) << after->err();
  EXPECT_THAT(said(0), ElementsAre("slow", "next"));
}

TEST_F(tails, are_ended_before_the_shard_goes_where_the_successor_cannot_be_told) {
  start_both(false);
  write(0, "hold slow");
  write(0, "next");
  ASSERT_TRUE(tells(*before, "begins slow"));
  ask_to_drain();
  ASSERT_TRUE(eventually(patience, [&] { return !discord.live_session_of("bot1"); })) << before->err();
  release(*before);
  ASSERT_TRUE(tells_log(*after, "shard resumed")) << after->err();
  write(0, "last");
  ASSERT_TRUE(says(0, 3)) << after->err();
  EXPECT_THAT(said(0), ElementsAre("slow", "next", "last"));
  EXPECT_FALSE(after->out().contains("begins next"));
}

TEST_F(tails, leave_no_request_to_a_bucket_that_the_node_before_has_emptied) {
  start_both();
  for (int i = 0; i < 5; ++i) write(0, "first " + std::to_string(i));
  ASSERT_TRUE(says(0, 5)) << before->err();
  drain();
  for (int i = 0; i < 3; ++i) write(0, "then " + std::to_string(i));
  ASSERT_TRUE(says(0, 8)) << after->err();
  EXPECT_TRUE(tells(*after, "did then 2")) << after->err();
  const json::object rest = discord.report().at("rest").as_object();
  EXPECT_EQ(number_of(rest, "rate_limited"), 0) << json::serialize(rest);
}

}  // namespace
}  // namespace guildfleet::integration

int main(int count, char** values) {
  return guildfleet::integration::tests_or_node(count, values, guildfleet::integration::run_tardy_node);
}
