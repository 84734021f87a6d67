// What is posted together: members who joined or left in one burst, as it is kept until it is posted. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "features/member_log/burst.hpp"

namespace guildfleet::features::member_logs {

struct batch {
  bool alone = false;  // each has a message of its own
  used_invites invites{};
  std::vector<entry> entries{};
};

// `entries` are texts of to_json(entry).
[[nodiscard]] std::string to_json(bool alone, const used_invites& invites,
                                  std::span<const std::string_view> entries);
// Entries that cannot be read are left out.
[[nodiscard]] batch parse_batch(std::string_view json);

[[nodiscard]] std::vector<discord::message_body> messages_of(const batch& what, const log_options& options,
                                                             log_words words);

}  // namespace guildfleet::features::member_logs
