#include "discord/rest/request.hpp"

#include <cstddef>
#include <fmt/format.h>

namespace guildfleet::discord {
namespace {

constexpr std::size_t max_reason_characters = 512;

bool unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

void append_encoded(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : text) {
    if (unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
}

// Start of the byte after the first `count` code points.
std::size_t end_of_characters(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  while (at < text.size()) {
    const bool starts = (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
    if (starts && count-- == 0) break;
    ++at;
  }
  return at;
}

}  // namespace

std::string_view name_of(http_method method) {
  switch (method) {
    case http_method::get:
      return "GET";
    case http_method::post:
      return "POST";
    case http_method::put:
      return "PUT";
    case http_method::patch:
      return "PATCH";
    case http_method::del:
      return "DELETE";
  }
  return "GET";
}

request make_request(const route& route, std::initializer_list<std::string_view> parameters) {
  request made;
  made.route = &route;
  const auto* parameter = parameters.begin();
  int majors_left = route.traits.majors;
  std::string_view rest = route.path_template;
  while (!rest.empty()) {
    const std::size_t open = rest.find('{');
    made.path += rest.substr(0, open);
    if (open == std::string_view::npos || parameter == parameters.end()) break;
    append_encoded(made.path, *parameter);
    if (majors_left-- > 0) {
      if (!made.major.empty()) made.major += '/';
      made.major += *parameter;
    }
    ++parameter;
    rest.remove_prefix(rest.find('}', open) + 1);
  }
  return made;
}

void add_query(request& to, std::string_view key, std::string_view value) {
  if (!to.query.empty()) to.query += '&';
  append_encoded(to.query, key);
  to.query += '=';
  append_encoded(to.query, value);
}

std::string encode_audit_reason(std::string_view reason) {
  std::string encoded;
  append_encoded(encoded, reason.substr(0, end_of_characters(reason, max_reason_characters)));
  return encoded;
}

std::string describe(const route& route) {
  return fmt::format("{} {}", name_of(route.method), route.path_template);
}

}  // namespace guildfleet::discord
