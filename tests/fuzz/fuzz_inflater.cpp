// Compressed streams of any content, cut anywhere: no crash, the limit holds, and the context works again
// after reset.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "discord/gateway/envelope.hpp"
#include "discord/gateway/inflater.hpp"

using namespace guildfleet::discord;

namespace {

constexpr std::size_t limit = std::size_t{1} << 16U;

}  // namespace

// The first byte chooses the kind, the second how the rest is cut into frames.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  static const auto zlib = make_inflater(compression::zlib_stream, {.max_message_bytes = limit});
  static const auto zstd = make_inflater(compression::zstd_stream, {.max_message_bytes = limit});
  inflater& inflate = data[0] % 2 == 0 ? *zlib : *zstd;
  const std::size_t step = data[1] == 0 ? size : data[1];
  const std::string_view stream(reinterpret_cast<const char*>(data) + 2, size - 2);
  inflate.reset();
  for (std::size_t at = 0; at < stream.size(); at += step) {
    const auto message = inflate.feed(stream.substr(at, step));
    if (!message) break;
    if (!*message) continue;
    if ((*message)->size() > limit) std::abort();
    const std::string with_padding((*message)->data(), (*message)->size() + message_padding);
    if (with_padding.size() != (*message)->size() + message_padding) std::abort();
  }
  if (inflate.buffer_bytes() > limit) std::abort();
  return 0;
}
