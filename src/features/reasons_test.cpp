#include "features/reasons.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "discord/rest/error.hpp"
#include "net/error.hpp"
#include "settings/error.hpp"
#include "store/error.hpp"

namespace guildfleet::features {
namespace {

using discord::rest_error;
using settings::settings_error;
using store::store_error;

std::string japanese(std::error_code code) {
  return reason_of(base::error(code, "limit", "Try a smaller one."), language::japanese);
}

bool is_japanese(const std::string& text) {
  return std::ranges::any_of(text, [](char each) { return static_cast<unsigned char>(each) >= 0xE3; });
}

// The defect: what the layers below say is English, and stood within Japanese replies.
TEST(reasons, are_in_the_language_of_who_reads_them) {
  for (int code = 1; code <= static_cast<int>(settings_error::contended); ++code) {
    const auto error = static_cast<settings_error>(code);
    EXPECT_TRUE(is_japanese(japanese(error)));
    EXPECT_FALSE(japanese(error).contains(sentence(error)));
  }
  for (int code = 1; code <= static_cast<int>(store_error::failed); ++code)
    EXPECT_TRUE(is_japanese(japanese(static_cast<store_error>(code))));
  for (const auto code : {rest_error::missing_permissions, rest_error::server_failed, rest_error::queue_full,
                          rest_error::rate_limited, rest_error::unknown_channel, rest_error::not_found})
    EXPECT_TRUE(is_japanese(japanese(code)));
  EXPECT_TRUE(is_japanese(japanese(net::net_error::timed_out)));
  EXPECT_TRUE(is_japanese(japanese(std::make_error_code(std::errc::io_error))));
}

TEST(reasons, tell_kinds_of_errors_apart) {
  const auto english = [](std::error_code code) {
    return reason_of(base::error(code, "limit"), language::english);
  };
  EXPECT_EQ(english(settings_error::changed_since),
            "what this change had set has been changed again since (limit). Change it by hand.");
  EXPECT_EQ(english(rest_error::unknown_channel), "the channel or category does not exist any more.");
  EXPECT_EQ(english(rest_error::queue_full), "Discord did not answer. Please try again in a moment.");
  EXPECT_EQ(english(store_error::unreachable),
            "the database cannot be reached. Please try again in a moment.");
  EXPECT_EQ(english(net::net_error::closed),
            "the file could not be fetched from Discord. Please attach it again.");
}

TEST(reasons, say_of_a_refused_form_what_is_wrong_and_not_what_was_asked) {
  const auto english = [](std::string context) {
    return reason_of(base::error(rest_error::invalid_form_body, std::move(context)), language::english);
  };
  EXPECT_EQ(
      english(
          R"(bot1: POST /channels/{channel}/messages: HTTP 400, code 50035, "Invalid Form Body": content: too long)"),
      R"(Discord does not take it as it is (content\: too long).)");
  EXPECT_EQ(
      english(
          R"(bot1: POST /guilds/{guild}/channels: HTTP 400, code 50035, "Invalid Form Body": parent_id: CHANNEL_PARENT_INVALID (no category))"),
      "the channel or category does not exist any more.");
}

}  // namespace
}  // namespace guildfleet::features
