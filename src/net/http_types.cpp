#include "net/http_types.hpp"

#include <algorithm>
#include <charconv>

namespace guildfleet::net {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

// A line break in a field would start another one.
std::string without_line_breaks(std::string_view text) {
  std::string clean(text);
  std::ranges::replace_if(clean, [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
  return clean;
}

std::optional<unsigned> hexadecimal(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  const char small = lower(c);
  if (small >= 'a' && small <= 'f') return static_cast<unsigned>(small - 'a') + 10U;
  return std::nullopt;
}

// Query decoding: '+' is a space; a '%' that is no escape stays as it is.
std::string decode_query(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const auto high = hexadecimal(text[i + 1]);
      const auto low = hexadecimal(text[i + 2]);
      if (high && low) {
        decoded += static_cast<char>(*high * 16U + *low);
        i += 2;
        continue;
      }
    }
    decoded += text[i] == '+' ? ' ' : text[i];
  }
  return decoded;
}

std::optional<std::uint16_t> default_port(std::string_view scheme) {
  if (scheme == "http" || scheme == "ws") return std::uint16_t{80};
  if (scheme == "https" || scheme == "wss") return std::uint16_t{443};
  return std::nullopt;
}

bool usable_in_host(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

// Splits "host", "host:port", "[v6]" or "[v6]:port".
bool take_authority(std::string_view authority, url& into) {
  std::string_view host;
  std::string_view rest;
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return false;
    host = authority.substr(1, end - 1);
    rest = authority.substr(end + 1);
    if (!std::ranges::all_of(host, [](char c) { return hexadecimal(c) || c == ':' || c == '.'; }))
      return false;
    if (host.find(':') == std::string_view::npos) return false;
  } else {
    const std::size_t colon = std::min(authority.find(':'), authority.size());
    host = authority.substr(0, colon);
    rest = authority.substr(colon);
  }
  std::ranges::transform(host, std::back_inserter(into.host), lower);
  if (into.host.empty() || (!authority.starts_with('[') && !std::ranges::all_of(into.host, usable_in_host))) {
    return false;
  }
  if (rest.empty()) return true;
  const char* first = rest.data() + 1;
  const char* last = rest.data() + rest.size();
  const auto [end, code] = std::from_chars(first, last, into.port);
  return rest.front() == ':' && code == std::errc() && end == last && into.port != 0;
}

}  // namespace

void http_fields::set(std::string_view name, std::string_view value) {
  std::erase_if(fields_, [&](const auto& field) { return same_name(field.first, name); });
  add(name, value);
}

void http_fields::add(std::string_view name, std::string_view value) {
  fields_.emplace_back(without_line_breaks(name), without_line_breaks(value));
}

std::optional<std::string_view> http_fields::find(std::string_view name) const {
  const auto found =
      std::ranges::find_if(fields_, [&](const auto& field) { return same_name(field.first, name); });
  if (found == fields_.end()) return std::nullopt;
  return found->second;
}

std::string_view http_request::path() const {
  return std::string_view(target).substr(0, target.find('?'));
}

std::optional<std::string> http_request::query_value(std::string_view key) const {
  const std::size_t mark = target.find('?');
  if (mark == std::string::npos) return std::nullopt;
  std::string_view query = std::string_view(target).substr(mark + 1);
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (decode_query(pair.substr(0, equals)) == key) {
      return decode_query(pair.substr(std::min(equals + 1, pair.size())));
    }
  }
  return std::nullopt;
}

http_response http_response::json(int status, std::string body) {
  http_response response{status, {}, std::move(body)};
  response.fields.set("Content-Type", "application/json");
  return response;
}

http_response http_response::text(int status, std::string body) {
  http_response response{status, {}, std::move(body)};
  response.fields.set("Content-Type", "text/plain; charset=utf-8");
  return response;
}

std::string url::authority() const {
  std::string text = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != default_port(scheme)) text += ":" + std::to_string(port);
  return text;
}

std::optional<url> parse_url(std::string_view text) {
  const auto unusable = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; };
  if (std::ranges::any_of(text, unusable)) return std::nullopt;
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  url parsed;
  std::ranges::transform(text.substr(0, colon), std::back_inserter(parsed.scheme), lower);
  const auto port = default_port(parsed.scheme);
  if (!port) return std::nullopt;
  parsed.port = *port;
  std::string_view rest = text.substr(colon + 3);
  rest = rest.substr(0, rest.find('#'));
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  if (!take_authority(authority, parsed)) return std::nullopt;
  rest.remove_prefix(authority.size());
  parsed.target = rest.starts_with('/') ? std::string(rest) : "/" + std::string(rest);
  return parsed;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const char small = lower(c);
    if ((small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
        c == '~') {
      encoded += c;
    } else {
      encoded += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
  }
  return encoded;
}

}  // namespace guildfleet::net
