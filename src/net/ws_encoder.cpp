#include <algorithm>
#include <array>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "base/utf8.hpp"
#include "net/ws_codec.hpp"
#include "net/ws_mask.hpp"

namespace guildfleet::net {
namespace {

constexpr std::size_t longest_control_payload = 125;

void append_big_endian(std::string& out, std::uint64_t value, unsigned bytes) {
  while (bytes-- > 0) out += static_cast<char>((value >> (8U * bytes)) & 0xFFU);
}

}  // namespace

void ws_encode(std::string& out, ws_opcode opcode, std::string_view payload,
               std::optional<std::uint32_t> mask, bool final_fragment) {
  const auto code = static_cast<unsigned>(opcode);
  if (code >= 8) payload = payload.substr(0, longest_control_payload);
  out += static_cast<char>((final_fragment ? 0x80U : 0U) | code);
  const unsigned mask_bit = mask ? 0x80U : 0U;
  if (payload.size() <= longest_control_payload) {
    out += static_cast<char>(mask_bit | payload.size());
  } else if (payload.size() <= 0xFFFF) {
    out += static_cast<char>(mask_bit | 126U);
    append_big_endian(out, payload.size(), 2);
  } else {
    out += static_cast<char>(mask_bit | 127U);
    append_big_endian(out, payload.size(), 8);
  }
  if (mask) append_big_endian(out, *mask, 4);
  const std::size_t start = out.size();
  out += payload;
  if (mask) apply_mask(out.data() + start, payload.size(), *mask);
}

std::string ws_close_payload(std::uint16_t code, std::string_view reason) {
  constexpr std::size_t longest_reason = longest_control_payload - 2;
  std::string payload;
  append_big_endian(payload, code, 2);
  const std::string_view cut = reason.substr(0, longest_reason);
  payload += cut.substr(0, base::utf8_valid_prefix(cut));
  return payload;
}

bool ws_close_code_valid(std::uint16_t code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

std::string ws_accept_of(std::string_view key) {
  std::string text(key);
  text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455 section 1.3
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, 4 * ((SHA_DIGEST_LENGTH + 2) / 3) + 1> encoded{};
  const int size = EVP_EncodeBlock(encoded.data(), digest.data(), SHA_DIGEST_LENGTH);
  return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(size)};
}

}  // namespace guildfleet::net
