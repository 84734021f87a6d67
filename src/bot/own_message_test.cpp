#include "bot/own_message.hpp"

#include <gtest/gtest.h>

namespace guildfleet::bot {
namespace {

constexpr discord::user_id self{77};

struct find_case {
  std::string name;
  std::string messages;
  std::optional<discord::message_id> expected;
};

class own_messages : public testing::TestWithParam<find_case> {};

TEST_P(own_messages, are_found_by_nonce_or_by_text) {
  const auto found = find_own_message(GetParam().messages, self, "n1", "hello");
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_EQ(found->found, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    all, own_messages,
    testing::Values(
        find_case{"none", "[]", std::nullopt},
        find_case{"same_nonce", R"([{"id":"5","author":{"id":"77"},"nonce":"n1","content":"edited since"}])",
                  discord::message_id{5}},
        find_case{"other_nonce", R"([{"id":"5","author":{"id":"77"},"nonce":"n2","content":"hello"}])",
                  std::nullopt},
        find_case{"no_nonce_but_the_same_text", R"([{"id":"5","author":{"id":"77"},"content":"hello"}])",
                  discord::message_id{5}},
        find_case{"somebody_elses", R"([{"id":"5","author":{"id":"78"},"nonce":"n1","content":"hello"}])",
                  std::nullopt},
        find_case{"the_second", R"([{"id":"6"},{"id":"5","author":{"id":"77"},"nonce":"n1","content":""}])",
                  discord::message_id{5}}),
    [](const auto& info) { return info.param.name; });

TEST(own_message, a_page_tells_where_the_next_one_begins) {
  const auto page = find_own_message(
      R"([{"id":"5"},{"id":"9","author":{"id":"77"},"nonce":"n1"},{"id":"7"}])", self, "other", "hello");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->found, std::nullopt);
  EXPECT_EQ(page->messages, 3U);
  EXPECT_EQ(page->newest, discord::message_id{9});
}

TEST(own_message, an_answer_that_is_no_list_is_an_error) {
  EXPECT_FALSE(find_own_message("{}", self, "n", ""));
  EXPECT_FALSE(find_own_message("[", self, "n", ""));
}

TEST(own_message, the_id_of_an_answer_is_read) {
  EXPECT_EQ(id_of_answer(R"({"id":"12","name":"x"})").value_or(""), "12");
  EXPECT_FALSE(id_of_answer(R"({"name":"x"})"));
  EXPECT_FALSE(id_of_answer("<html>"));
}

}  // namespace
}  // namespace guildfleet::bot
