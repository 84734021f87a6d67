// Chunking must not change what a decoder gives, and what it gives must come back when it is encoded again.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "net/ws_codec.hpp"

namespace {

namespace net = guildfleet::net;

struct event {
  net::ws_opcode kind;
  std::string payload;
  std::uint16_t close_code;
  bool operator==(const event&) const = default;
};

struct outcome {
  std::vector<event> events;
  std::uint16_t violation = 0;
  bool operator==(const outcome&) const = default;
};

// Small, so that the fuzzer reaches it.
constexpr net::ws_limits limits{.max_message_bytes = 2000, .read_chunk_bytes = 4096};

// `sizes` gives the length of each chunk, again and again; empty: as much as fits.
outcome decode(net::ws_role role, std::string_view bytes, std::string_view sizes) {
  net::ws_decoder decoder(role, limits);
  outcome result;
  std::size_t turn = 0;
  while (!bytes.empty()) {
    const auto room = decoder.prepare();
    if (room.empty()) std::abort();
    const std::size_t wanted =
        sizes.empty() ? room.size() : 1U + static_cast<unsigned char>(sizes[turn++ % sizes.size()]);
    const std::size_t count = bytes.copy(room.data(), std::min(room.size(), wanted));
    decoder.commit(count);
    bytes.remove_prefix(count);
    while (true) {
      const auto next = decoder.next();
      if (!next) {
        result.violation = next.error().close_code;
        return result;
      }
      if (!*next) break;
      result.events.push_back({(*next)->kind, std::string((*next)->payload), (*next)->close_code});
    }
  }
  return result;
}

std::string encode(net::ws_role reader, const std::vector<event>& events) {
  std::string bytes;
  for (const event& each : events) {
    const bool coded_close = each.kind == net::ws_opcode::close && each.close_code != 0;
    const std::string payload =
        coded_close ? net::ws_close_payload(each.close_code, each.payload) : each.payload;
    const auto mask =
        reader == net::ws_role::server ? std::optional<std::uint32_t>(0xA1B2C3D4U) : std::nullopt;
    net::ws_encode(bytes, each.kind, payload, mask);
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t sizes_length = 4;
  if (size < 1 + sizes_length) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const net::ws_role role = (data[0] & 1U) != 0 ? net::ws_role::server : net::ws_role::client;
  const std::string_view sizes = input.substr(1, sizes_length);
  const std::string_view bytes = input.substr(1 + sizes_length);
  const outcome whole = decode(role, bytes, {});
  if (decode(role, bytes, sizes) != whole) std::abort();
  if (decode(role, encode(role, whole.events), sizes) != outcome{whole.events, 0}) std::abort();
  return 0;
}
