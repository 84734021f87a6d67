#include "features/ticket/transcript.hpp"

#include <gtest/gtest.h>

namespace guildfleet::features {
namespace {

constexpr const char* page = R"([
 {"id":"2","timestamp":"2026-11-28T17:05:00.000000+00:00","content":"second",
  "author":{"id":"9","username":"ann","global_name":"Ann"},
  "attachments":[{"filename":"a.png","url":"https://cdn/a.png"}]},
 {"id":"1","timestamp":"2026-11-28T17:00:00.000000+00:00","content":"first",
  "author":{"id":"8","username":"bot"},"embeds":[{"title":"Ticket #1","description":"help"}]}])";

TEST(transcript, has_who_when_and_what_the_oldest_first) {
  auto read = read_messages(page);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->oldest.value, 1U);
  transcript out;
  EXPECT_TRUE(out.add(std::move(*read)));
  EXPECT_EQ(out.text("Ticket #1", "(left out)"),
            "Ticket #1\n\n"
            "[2026-11-28 17:00:00] bot (8): first\n    | Ticket #1\n    | help\n"
            "[2026-11-28 17:05:00] Ann (9): second\n    + a.png https://cdn/a.png\n");
}

TEST(transcript, leaves_the_oldest_out_where_there_are_too_many_and_says_so) {
  transcript out;
  bool room = true;
  for (std::size_t i = 0; i < most_transcript_messages; ++i) room = out.add({.entries = {"new\n"}}) && room;
  EXPECT_TRUE(room);
  EXPECT_FALSE(out.add({.entries = {"old\n"}}));
  const std::string text = out.text("T", "(left out)");
  EXPECT_TRUE(text.starts_with("T\n\n(left out)\nnew\n"));
  EXPECT_FALSE(text.contains("old"));
}

TEST(transcript, has_a_bounded_size) {
  transcript out;
  const std::string long_one(1U << 20U, 'x');
  while (out.add({.entries = {long_one}})) {
  }
  EXPECT_LE(out.text("", "").size(), most_transcript_bytes + 100);
}

TEST(transcript, is_not_read_from_anything_else) {
  for (const char* broken : {"", "{}", "[1]", R"([{"content":"no id"}])"})
    EXPECT_FALSE(read_messages(broken)) << broken;
}

TEST(transcript, a_message_is_found_by_its_author_and_content) {
  EXPECT_EQ(find_message(page, {9}, "second"), "2");
  EXPECT_EQ(find_message(page, {8}, "second"), std::nullopt);
  EXPECT_EQ(find_message(page, {9}, "sec"), std::nullopt);
  EXPECT_EQ(find_message(page, {9}, "second \n"), "2") << "Discord trims";
  for (const char* broken : {"", "{}", "[1]", R"([{"content":"second"}])"})
    EXPECT_EQ(find_message(broken, {9}, "second"), std::nullopt) << broken;
}

}  // namespace
}  // namespace guildfleet::features
