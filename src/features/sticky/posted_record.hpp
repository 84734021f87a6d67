// What a channel's record says of the sticky message that stands there. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "discord/model/ids.hpp"
#include "store/record_rows.hpp"

namespace guildfleet::features {

inline constexpr std::string_view posted_kind = "posted";

struct posted_sticky {
  discord::message_id message;
  std::string digest;                      // of what it says
  std::vector<discord::message_id> old{};  // earlier ones that could not be deleted yet
  bool operator==(const posted_sticky&) const = default;
};

[[nodiscard]] store::record_key key_of_posted(discord::guild_id guild, discord::channel_id channel);
[[nodiscard]] std::string to_record(const posted_sticky& what);
// What is no record of ours counts as an empty one: then it is posted anew.
[[nodiscard]] posted_sticky read_posted(std::string_view value);

}  // namespace guildfleet::features
