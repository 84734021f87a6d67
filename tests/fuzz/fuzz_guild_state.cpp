// Events and stored guilds of any content: no crash, counts stay true, and what is stored reads back the
// same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "discord/gateway/envelope.hpp"
#include "discord/model/guild_state.hpp"

using namespace guildfleet::discord;

namespace {

void check(const guild_state& state) {
  std::size_t unavailable = 0;
  for (const guild_id id : state.guild_ids()) {
    const guild_record* const guild = state.find_guild(id);
    if (guild == nullptr || guild->id != id) std::abort();
    if (!guild->available) ++unavailable;
    for (const channel_record& channel : guild->channels()) {
      (void)guild->name_of(channel);
      (void)guild->overwrites_of(channel);
      (void)state.permissions_of_self(id, channel.id, {});
    }
    const std::string stored = state.serialize(id);
    guild_state other;
    if (!other.restore(stored) || other.serialize(id) != stored) std::abort();
  }
  if (unavailable != state.unavailable_count()) std::abort();
}

}  // namespace

// Lines: a byte that chooses the event, then its payload. A line that starts with 0xFF is a stored guild.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  guild_state state{user_id{11}};
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string line(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty()) continue;
    const auto kind = static_cast<unsigned char>(line[0]);
    if (kind == 0xFF) {
      (void)state.restore(std::string_view(line).substr(1));
      continue;
    }
    line.append(message_padding, '\0');
    const std::string_view payload = std::string_view(line).substr(1, line.size() - 1 - message_padding);
    (void)state.apply(static_cast<event_type>(kind % event_type_count), payload);
  }
  check(state);
  return 0;
}
