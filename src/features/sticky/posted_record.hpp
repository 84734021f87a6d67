// What a channel's record says of the sticky message that stands there. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "discord/model/ids.hpp"
#include "features/sticky/sticky_message.hpp"
#include "store/record_rows.hpp"

namespace guildfleet::features {

inline constexpr std::string_view posted_kind = "posted";

struct posted_sticky {
  discord::message_id message;
  std::string digest;                      // of what it says
  std::vector<discord::message_id> old{};  // earlier ones that could not be deleted yet
  // What was tried last. An attempt that was begun before goes on with it, whatever is set by now: what may
  // stand in the channel already is looked for by what it says.
  std::optional<sticky_message> tried{};
  bool operator==(const posted_sticky&) const = default;
};

[[nodiscard]] store::record_key key_of_posted(discord::guild_id guild, discord::channel_id channel);
[[nodiscard]] std::string to_record(const posted_sticky& what);
// What is no record of ours counts as an empty one: then it is posted anew.
[[nodiscard]] posted_sticky read_posted(std::string_view value);

// The newest command that changed a channel's sticky message: one that comes again after a crash changes
// nothing once a newer one was begun. Commands come again within minutes.
[[nodiscard]] store::record_key key_of_change(discord::guild_id guild, discord::channel_id channel);
inline constexpr std::chrono::hours change_kept_for{1};

}  // namespace guildfleet::features
