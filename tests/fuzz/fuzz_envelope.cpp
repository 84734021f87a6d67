// The envelope's scan and its whole parse must agree wherever the text is JSON.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "discord/gateway/envelope.hpp"

using namespace guildfleet::discord;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string padded(reinterpret_cast<const char*>(data), size);
  padded.append(message_padding, '\0');
  const std::string_view message = std::string_view(padded).substr(0, size);
  const auto scanned = scan_envelope(message);
  const auto parsed = parse_envelope(message);
  if (!scanned || !parsed) return 0;
  if (scanned->op != parsed->op || scanned->s != parsed->s || scanned->t != parsed->t) std::abort();
  // Members behind d, which Discord does not send, stay in the scan's view of it.
  if (!scanned->d.starts_with(parsed->d)) std::abort();
  return 0;
}
