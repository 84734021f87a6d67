// When joins and leaves are logged, and in which messages. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "discord/rest/message_body.hpp"
#include "features/member_log/entry.hpp"
#include "features/member_log/invites.hpp"
#include "features/member_log/log_options.hpp"

namespace guildfleet::features::member_logs {

constexpr std::chrono::milliseconds quiet_time{2'000};     // after the last of a burst
constexpr std::chrono::milliseconds longest_wait{10'000};  // of the first one
constexpr std::size_t most_alone = 5;                      // of a burst: as many have a message of their own
constexpr std::size_t batch_size = 40;                     // of a larger one: lines of a message

// How long the burst waits from now on, whose first event came at `first`.
[[nodiscard]] std::chrono::milliseconds wait_before_log(base::steady_time now, base::steady_time first);

struct log_words {
  std::string_view server{};
  language in = language::english;
};

// One join or leave as a message of its own. Nothing in it mentions anybody.
[[nodiscard]] discord::message_body message_of(const entry& what, const used_invites& invites,
                                               const log_options& options, log_words words);

// Many in few messages, each within Discord's limits, in order. The invites are named once, above the first.
[[nodiscard]] std::vector<discord::message_body> messages_of(std::span<const entry> all,
                                                             const used_invites& invites,
                                                             const log_options& options, log_words words);

}  // namespace guildfleet::features::member_logs
