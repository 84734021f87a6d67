// Reads the few fields of a MESSAGE_CREATE that features ask for, in one pass over the buffer.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "discord/model/ids.hpp"
#include "features/feature.hpp"

namespace guildfleet::bot {

// Holds a parser's memory; one per shard, one thread.
class message_reader final {
 public:
  message_reader();
  ~message_reader();

  // `data`: JSON with 64 readable bytes behind it. Texts of the answer live until the next call, or until
  // `data` goes. nullopt: not a message.
  [[nodiscard]] std::optional<features::message_event> read(std::string_view data);

  // The `guild_id` of any event; empty when it has none.
  [[nodiscard]] discord::guild_id guild_of(std::string_view data);
  // The same, also where the event is about the guild itself.
  [[nodiscard]] discord::guild_id guild_of(discord::event_type type, std::string_view data);

 private:
  [[nodiscard]] discord::guild_id id_at(std::string_view data, std::string_view key);

  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace guildfleet::bot
