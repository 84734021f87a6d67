// What the node that gives a shard away tells its successor (fleet/tail.hpp): before the lease goes over, and
// until the last handler has ended. A release that does not know these words answers 404; then everything is
// finished before the shard is given away.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "discord/rest/known_limits.hpp"
#include "fleet/tail.hpp"
#include "store/rows.hpp"

namespace guildfleet::peer {

inline constexpr std::string_view handover_path = "/peer/v1/handover";  // a note: the shard comes next
inline constexpr std::string_view tail_path = "/peer/v1/tail";          // a word about the note

struct handover_note {
  store::lease_key shard;
  fleet::tail_note tail{};
  discord::known_limits limits{};  // of the bot's requests
  bool operator==(const handover_note&) const = default;
};

struct handover_word {
  store::lease_key shard;
  fleet::tail_word tail{};
  discord::known_limits limits{};  // as they are by now
  bool operator==(const handover_word&) const = default;
};

[[nodiscard]] std::string to_json(const handover_note& note);
[[nodiscard]] std::string to_json(const handover_word& word);
// nullopt: it is something else. Members that a later release adds are passed over.
[[nodiscard]] std::optional<handover_note> parse_handover_note(std::string_view json);
[[nodiscard]] std::optional<handover_word> parse_handover_word(std::string_view json);

}  // namespace guildfleet::peer
