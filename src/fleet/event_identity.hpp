// By what an event is known again when a second gateway session of the same bot shows it too. Read with
// simdjson in one pass; needed only while a bot changes its number of shards.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "discord/model/event_type.hpp"

namespace guildfleet::fleet {

// Within one guild. Two events are the same one when `unique` is set and they are equal; otherwise equal ones
// may be several of a kind, and only their number tells.
struct event_identity {
  std::uint64_t value = 0;
  bool unique = false;
  auto operator<=>(const event_identity&) const = default;
};

// Holds a parser's memory; one thread.
class identity_reader final {
 public:
  identity_reader();
  ~identity_reader();

  // `data`: the `d` of an event, JSON with 64 readable bytes behind it.
  //
  // Unique by their id: what is created or deleted once, an interaction, an entry of the audit log. An edited
  // message: its id with the time of the edit, of which there may be several, as when previews of links are
  // added. Everything else: the type and a hash of `data` in which the order of members counts nothing. What
  // is no JSON is known by its bytes.
  [[nodiscard]] event_identity read(discord::event_type type, std::string_view data);

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace guildfleet::fleet

template <>
struct std::hash<guildfleet::fleet::event_identity> {
  std::size_t operator()(const guildfleet::fleet::event_identity& of) const noexcept { return of.value; }
};
