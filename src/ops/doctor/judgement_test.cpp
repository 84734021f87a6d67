#include "ops/doctor/judgement.hpp"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>

#include "ops/doctor/healthy_facts.hpp"
#include "ops/doctor/named.hpp"

namespace guildfleet::ops::doctor {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(doctor, finds_nothing_wrong_with_a_healthy_fleet) {
  const diagnosis found = judge(healthy_facts());
  for (const finding& each : found.findings)
    EXPECT_EQ(each.how, grade::fine) << id_of(each.what) << " " << each.seen;
  EXPECT_THAT(found.not_asked, IsEmpty());
}

TEST(doctor, has_every_check_described) {
  std::ifstream page(GUILDFLEET_DOCS_DIR "/doctor.md");
  const std::string text(std::istreambuf_iterator<char>(page), {});
  for (const check each : all_checks())
    EXPECT_THAT(text, HasSubstr(fmt::format("| {} | {} |", id_of(each), title_of(each))));
}

TEST(doctor, knows_nothing_where_nothing_was_asked_and_says_why) {
  facts none;
  none.now = test_now;
  none.reach = not_asked("of no interest");
  none.bots.push_back({.name = "music"});
  none.bots.front().account = not_asked("there is no token");
  none.fleet.node = not_asked("--offline");
  const diagnosis found = judge(none);
  EXPECT_THAT(found.findings, IsEmpty());
  ASSERT_EQ(found.not_asked.size(), 3U);
  EXPECT_EQ(found.not_asked.front().what, "music: token");
  EXPECT_EQ(found.not_asked.front().why, "there is no token");
}

TEST(doctor, says_how_many_guilds_it_looked_at) {
  facts many = healthy_facts();
  bot(many).guilds->ids.resize(200);
  bot(many).guilds->whole = false;
  const diagnosis judged = judge(many);
  EXPECT_THAT(find(judged, check::permissions, grade::fine)->seen,
              HasSubstr("the first 2 of about 1,200 guilds"));
}

TEST(doctor, advises_against_a_prepared_transaction_what_ends_one) {
  facts ill = healthy_facts();
  server(ill).blocked = {{"garden@one", 7, 3s, "", 0, ""}};
  const diagnosis judged = judge(ill);
  const std::string todo = find(judged, check::blocked, grade::error)->todo;
  EXPECT_THAT(todo, AllOf(HasSubstr("pg_prepared_xacts"), HasSubstr("ROLLBACK PREPARED"),
                          Not(HasSubstr("pg_terminate_backend"))));
}

TEST(doctor, does_not_know_of_guilds_in_common_that_were_not_listed) {
  facts many = healthy_facts();
  many.bots.push_back(healthy_bot("game"));
  bot(many).guilds = guild_list{{{3}, {4}}, false};
  const diagnosis judged = judge(many);
  EXPECT_EQ(find(judged, check::same_feature, grade::fine), nullptr);
  ASSERT_EQ(judged.not_asked.size(), 1U);
  EXPECT_EQ(judged.not_asked.front().what, "music and game: two bots, one feature");
  EXPECT_EQ(judged.not_asked.front().why,
            "none in common of the first 2 guilds of music and the 2 guilds of game, and there are more");
}

TEST(doctor, names_some_and_counts_the_others) {
  const std::vector<std::string> three{"a", "b", "c"};
  EXPECT_EQ(named(three), "a, b, c");
  EXPECT_EQ(named(three, {.most = 2, .between = "; "}), "a; b and 1 more");
  EXPECT_EQ(named(three, {.most = 2, .cut = true}), "a, b and at least 1 more");
  EXPECT_EQ(named(three, {.cut = true}), "a, b, c and perhaps more");
}

TEST(doctor, takes_growth_by_guilds_for_no_leak) {
  facts growing = healthy_facts();
  auto& rows = growing.fleet.memory->rows;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].guilds = 1'200 + 10 * i;
    rows[i].bytes = {60e6 + 35'000.0 * static_cast<double>(i), 3.5e3 * static_cast<double>(rows[i].guilds)};
  }
  EXPECT_NE(find(judge(growing), check::memory_growth, grade::fine), nullptr);
}

TEST(doctor, judges_no_growth_by_few_samples) {
  facts young = healthy_facts();
  auto& rows = young.fleet.memory->rows;
  rows.resize(40);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].bytes.front() += static_cast<double>(i) * 1e6;
  const diagnosis judged = judge(young);
  EXPECT_THAT(find(judged, check::memory_growth, grade::fine)->seen, HasSubstr("after 60 samples"));
}

TEST(doctor, reads_the_worst_of_a_section_first) {
  facts ill = healthy_facts();
  bot(ill).application->flags = 0;
  bot(ill).commands->added = {"ticket"};
  const diagnosis judged = judge(ill);
  ASSERT_GE(judged.findings.size(), 3U);
  EXPECT_EQ(judged.findings[0].what, check::privileged_intents);
  EXPECT_EQ(judged.findings[1].what, check::commands);
  EXPECT_EQ(judged.findings[2].how, grade::fine);
  EXPECT_TRUE(judged.has_errors());
}

TEST(doctor, reads_what_a_node_tells_of_its_memory) {
  const auto series = read_memory_series(
      R"({"node":"one","uptime":3600,"interval_s":60,"parts":["resident","live"],"rows":[[1000,5,2.5,1],[2000,6,3,2]]})");
  ASSERT_TRUE(series) << series.error().message();
  EXPECT_EQ(series->uptime, 1h);
  ASSERT_EQ(series->rows.size(), 2U);
  EXPECT_EQ(series->rows[1].guilds, 6U);
  EXPECT_EQ(series->rows[0].bytes[0], 2.5);
  const std::pair<const char*, const char*> wrong[] = {
      {"", "its text"},
      {"[]", "its text"},
      {"{}", "node"},
      {R"({"node":"one","uptime":"long"})", "uptime"},
      {R"({"node":"one","uptime":1,"parts":[1]})", "parts"},
      {R"({"node":"one","uptime":1,"parts":["a"],"rows":[[1,2]]})", "rows"}};
  for (const auto& [text, where] : wrong) {
    const auto refused = read_memory_series(text);
    ASSERT_FALSE(refused) << text;
    EXPECT_THAT(refused.error().context(), HasSubstr(where));
  }
}

}  // namespace
}  // namespace guildfleet::ops::doctor
