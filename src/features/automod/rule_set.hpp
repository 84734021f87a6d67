// What a server has chosen, ready to be decided by.
#pragma once

#include <array>
#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "discord/model/ids.hpp"
#include "features/automod/word_list.hpp"
#include "settings/document.hpp"

namespace guildfleet::features::automod_rules {

enum class rule : std::uint8_t { flood, duplicates, mentions, invites, links, words };
inline constexpr std::array all_rules{rule::flood,   rule::duplicates, rule::mentions,
                                      rule::invites, rule::links,      rule::words};
[[nodiscard]] std::string_view name_of(rule value);

// What is done to who breaks a rule, each more than the one before.
enum class penalty : std::uint8_t {
  off,      // the rule does not apply
  remove,   // the message is deleted
  warn,     // and the member is told in the channel
  time_out  // or cannot write anywhere for a time
};
[[nodiscard]] std::string_view name_of(penalty value);

// Immutable once made: a message in work keeps the rules by which it was decided.
struct rule_set {
  std::array<penalty, all_rules.size()> penalties{};
  std::size_t flood_messages = 0;
  std::chrono::seconds flood_window{0};
  std::size_t duplicates_count = 0;
  std::chrono::seconds duplicates_window{0};
  std::size_t mentions_limit = 0;
  word_list words;
  std::vector<std::string> allowed_links;
  std::vector<std::string> allowed_invites;
  std::vector<discord::role_id> exempt_roles;        // ascending
  std::vector<discord::channel_id> exempt_channels;  // ascending
  std::chrono::seconds timeout{0};
  discord::channel_id log_channel;

  [[nodiscard]] penalty penalty_of(rule one) const { return penalties[static_cast<std::size_t>(one)]; }
  // Some rule applies.
  [[nodiscard]] bool does_anything() const;
  [[nodiscard]] bool exempts(discord::channel_id channel) const;
  [[nodiscard]] bool exempts(std::span<const discord::role_id> roles) const;
};

// `values`: of the schema in automod_texts.hpp, with defaults.
[[nodiscard]] rule_set rules_of(const settings::json::object& values);

}  // namespace guildfleet::features::automod_rules
