// Typed ids. A bare integer or string never stands for one of these at a function boundary.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <fmt/format.h>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace guildfleet::discord {

// Milliseconds of 2015-01-01T00:00:00Z, the start of snowflake time (protocol sheet 2.2).
inline constexpr std::int64_t discord_epoch_ms = 1'420'070'400'000;

// A 64-bit id that Discord mints; 0 means "none". `Tag` keeps kinds apart.
template <class Tag>
struct snowflake {
  std::uint64_t value = 0;

  [[nodiscard]] constexpr bool empty() const { return value == 0; }
  [[nodiscard]] base::wall_time created_at() const {
    return base::wall_time(
        std::chrono::milliseconds(static_cast<std::int64_t>(value >> 22U) + discord_epoch_ms));
  }
  constexpr auto operator<=>(const snowflake&) const = default;
};

using guild_id = snowflake<struct guild_tag>;
using channel_id = snowflake<struct channel_tag>;
using user_id = snowflake<struct user_tag>;
using attachment_id = snowflake<struct attachment_tag>;
using role_id = snowflake<struct role_tag>;
using message_id = snowflake<struct message_tag>;
using emoji_id = snowflake<struct emoji_tag>;
using application_id = snowflake<struct application_tag>;
using interaction_id = snowflake<struct interaction_tag>;
using command_id = snowflake<struct command_tag>;

// Decimal digits only, at most 20, within 64 bits; nullopt otherwise.
[[nodiscard]] std::optional<std::uint64_t> parse_snowflake(std::string_view digits);

template <class Id>
[[nodiscard]] std::optional<Id> parse_id(std::string_view digits) {
  const auto value = parse_snowflake(digits);
  if (!value) return std::nullopt;
  return Id{*value};
}

// A gateway session's place: `[index, count]` in Identify.
struct shard_id {
  std::uint32_t index = 0;
  std::uint32_t count = 1;
  auto operator<=>(const shard_id&) const = default;
};

// (guild_id >> 22) % count (protocol sheet 1.15); events without a guild go to shard 0.
[[nodiscard]] constexpr shard_id shard_of(guild_id guild, std::uint32_t count) {
  return {static_cast<std::uint32_t>((guild.value >> 22U) % count), count};
}

}  // namespace guildfleet::discord

template <class Tag>
struct fmt::formatter<guildfleet::discord::snowflake<Tag>> : fmt::formatter<std::uint64_t> {
  auto format(guildfleet::discord::snowflake<Tag> id, fmt::format_context& context) const {
    return fmt::formatter<std::uint64_t>::format(id.value, context);
  }
};

template <>
struct fmt::formatter<guildfleet::discord::shard_id> : fmt::formatter<std::string_view> {
  auto format(guildfleet::discord::shard_id shard, fmt::format_context& context) const {
    return fmt::format_to(context.out(), "{}/{}", shard.index, shard.count);
  }
};

template <class Tag>
struct std::hash<guildfleet::discord::snowflake<Tag>> {
  std::size_t operator()(guildfleet::discord::snowflake<Tag> id) const noexcept {
    return std::hash<std::uint64_t>{}(id.value ^ (id.value >> 22U));
  }
};
