// What a server chose for its member log.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <string>
#include <string_view>

#include "discord/model/ids.hpp"

namespace guildfleet::features::member_logs {

struct log_options {
  discord::channel_id channel{};  // empty: the log is off
  bool joins = true;
  bool leaves = true;
  bool invites = true;
  std::string join_text{};  // empty: none
  std::string leave_text{};
  std::chrono::seconds young_account{0};

  [[nodiscard]] bool is_on() const { return !channel.empty() && (joins || leaves); }
};

// `values` as settings_port gives them, with defaults.
[[nodiscard]] log_options options_of(const boost::json::object& values);

// Tells two states of the server's texts apart: a form carries what was shown, so that nobody overwrites what
// somebody else wrote meanwhile.
[[nodiscard]] std::string mark_of(std::string_view join_text, std::string_view leave_text);

}  // namespace guildfleet::features::member_logs
