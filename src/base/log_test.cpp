#include "base/log.hpp"

#include <gtest/gtest.h>

namespace guildfleet::base {
namespace {

class logging : public testing::Test {
 protected:
  void start(log_format format, log_level level = log_level::info) {
    configure_logging({level, format, "node-a",
                       [](log_level, std::string_view line, void* out) {
                         static_cast<std::vector<std::string>*>(out)->emplace_back(line);
                       },
                       &lines});
  }
  void TearDown() override { configure_logging({}); }
  std::vector<std::string> lines;
};

TEST_F(logging, text_line_has_level_sentence_node_and_fields) {
  start(log_format::text);
  logger::root().with("bot", "music").info("shard ready", field("shard", 3), field("note", "two words"));
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].substr(lines[0].find('Z') + 1),
            " info  shard ready node=node-a bot=music shard=3 note=\"two words\"");
}

TEST_F(logging, json_line_is_one_object_with_numbers_unquoted) {
  start(log_format::json);
  logger::root().with("bot", "music").warn("quote \"here\"", field("shard", 3));
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].substr(lines[0].find(R"("level")")),
            R"("level":"warn","message":"quote \"here\"","node":"node-a","bot":"music","shard":3})");
}

TEST_F(logging, lines_below_the_level_are_left_out) {
  start(log_format::text, log_level::warn);
  logger::root().info("quiet");
  EXPECT_TRUE(lines.empty());
}

TEST_F(logging, a_line_break_in_a_field_cannot_forge_a_line) {
  start(log_format::text);
  logger::root().info("x", field("user", "a\nb"));
  EXPECT_EQ(lines.at(0).find('\n'), std::string::npos);
}

}  // namespace
}  // namespace guildfleet::base
