// Kinds of channels (protocol sheet A.5).
#pragma once

#include <cstdint>

namespace guildfleet::discord {

// Other values may arrive and are kept as they are.
enum class channel_type : std::uint8_t {
  text = 0,
  dm = 1,
  voice = 2,
  group_dm = 3,
  category = 4,
  announcement = 5,
  announcement_thread = 10,
  public_thread = 11,
  private_thread = 12,
  stage = 13,
  directory = 14,
  forum = 15,
  media = 16,
};

[[nodiscard]] constexpr bool is_thread(channel_type type) {
  return type == channel_type::announcement_thread || type == channel_type::public_thread ||
         type == channel_type::private_thread;
}
[[nodiscard]] constexpr bool is_voice(channel_type type) {
  return type == channel_type::voice || type == channel_type::stage;
}

}  // namespace guildfleet::discord
