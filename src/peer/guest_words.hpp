// What a guest asks of the node that has a shard, and what it is answered (fleet/guest_line.hpp).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fleet/guest_line.hpp"
#include "store/rows.hpp"

namespace guildfleet::peer {

inline constexpr std::string_view guest_path = "/peer/v1/guest";
inline constexpr std::size_t largest_guest_answer = 9U
                                                    << 20U;  // bytes; one gateway message may have most of it

struct guest_question {
  store::lease_key shard;
  store::node_identity guest;
  std::string release{};    // of the guest
  std::uint64_t epoch = 0;  // of the answers that `word` is about; 0: there was none
  fleet::guest_word word{};
  std::chrono::milliseconds wait{0};  // for the next event, when there is none
  bool operator==(const guest_question&) const = default;
};

struct guest_answer {
  std::uint64_t epoch = 0;  // another than the question's: all that came before is void
  std::chrono::milliseconds grant{
      0};                    // from the sending of the question; 0: finish, quit, and come back later
  std::string session_id{};  // of the shard, for keys of effects
  std::vector<fleet::guest_entry> entries{};
};

[[nodiscard]] std::string to_json(const guest_question& question);
[[nodiscard]] std::optional<guest_question> parse_guest_question(std::string_view json);

// Lines of numbers with bytes between them: what a guild's state is made of is no text.
[[nodiscard]] std::string to_bytes(std::uint64_t epoch, std::chrono::milliseconds grant,
                                   const std::string& session_id,
                                   const std::vector<const fleet::guest_entry*>& entries);
[[nodiscard]] std::optional<guest_answer> parse_guest_answer(std::string_view bytes);

}  // namespace guildfleet::peer
