#include "base/network.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <string>

namespace guildfleet::base {
namespace {

using address_bytes = std::array<std::uint8_t, 16>;

constexpr std::size_t v4_bytes = 4;
constexpr address_bytes v4_in_v6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};  // and four more
constexpr std::size_t before_v4 = 12;

struct address {
  address_bytes bytes{};
  bool v6 = false;
};

std::optional<address> parse_address(std::string_view text) {
  const std::string terminated(text);
  address out;
  if (::inet_pton(AF_INET, terminated.c_str(), out.bytes.data()) == 1) return out;
  if (::inet_pton(AF_INET6, terminated.c_str(), out.bytes.data()) != 1) return std::nullopt;
  out.v6 = true;
  return out;
}

address plain(address of) {
  if (!of.v6 || !std::equal(v4_in_v6.begin(), v4_in_v6.begin() + before_v4, of.bytes.begin())) return of;
  address out;
  std::copy_n(of.bytes.begin() + before_v4, v4_bytes, out.bytes.begin());
  return out;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::optional<network> network::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto parsed = parse_address(text.substr(0, slash));
  if (!parsed) return std::nullopt;
  network out;
  out.bytes_ = parsed->bytes;
  out.v6_ = parsed->v6;
  const unsigned most = parsed->v6 ? 128 : 32;
  out.bits_ = most;
  if (slash == std::string_view::npos) return out;
  const std::string_view digits = text.substr(slash + 1);
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), out.bits_);
  if (problem != std::errc() || end != digits.data() + digits.size() || out.bits_ > most) return std::nullopt;
  return out;
}

bool network::holds(std::string_view text) const {
  const auto parsed = parse_address(text);
  if (!parsed) return false;
  const address of = v6_ ? *parsed : plain(*parsed);
  if (of.v6 != v6_) return false;
  for (unsigned bit = 0; bit < bits_; ++bit) {
    const auto mask = static_cast<std::uint8_t>(0x80U >> (bit % 8));
    if (((of.bytes[bit / 8] ^ bytes_[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

std::string_view client_of(std::string_view peer, std::string_view forwarded,
                           std::span<const network> trusted) {
  const auto trusts = [&](std::string_view address) {
    return std::ranges::any_of(trusted, [&](const network& each) { return each.holds(address); });
  };
  std::string_view client = peer;
  while (trusts(client) && !forwarded.empty()) {
    const std::size_t comma = forwarded.rfind(',');
    const std::string_view last =
        trimmed(comma == std::string_view::npos ? forwarded : forwarded.substr(comma + 1));
    if (!parse_address(last)) return client;
    client = last;
    forwarded = comma == std::string_view::npos ? std::string_view() : forwarded.substr(0, comma);
  }
  return client;
}

}  // namespace guildfleet::base
