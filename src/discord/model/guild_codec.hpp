// The stored form of one guild: magic, version, fields in little-endian, CRC-32 of all before it.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "discord/model/guild_record.hpp"

namespace guildfleet::discord {

class guild_codec final {
 public:
  struct stored_guild {
    guild_record record;
    user_id self;  // whose member the record holds
  };

  [[nodiscard]] static std::string write(const guild_record& guild, user_id self);
  // nullopt for bytes of another version, cut short, or damaged. Never reads outside `bytes`.
  [[nodiscard]] static std::optional<stored_guild> read(std::span<const std::byte> bytes);
};

}  // namespace guildfleet::discord
