#include "sim/rest/router.hpp"

#include <array>

namespace guildfleet::sim {

namespace {

std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> out;
  while (path.starts_with('/')) {
    path.remove_prefix(1);
    const auto end = path.find('/');
    out.push_back(path.substr(0, end));
    path.remove_prefix(end == std::string_view::npos ? path.size() : end);
  }
  return out;
}

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    const auto digit = [](char c) -> int {
      if (c >= '0' && c <= '9') return c - '0';
      if (c >= 'a' && c <= 'f') return c - 'a' + 10;
      return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    };
    if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
      value = static_cast<unsigned>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      out += static_cast<char>(value);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool fits(std::string_view placeholder, std::string_view value) {
  const bool number = placeholder.ends_with(".id}");
  return !number || parse_id(value).has_value();
}

struct compiled_route {
  const route* source = nullptr;
  std::vector<std::string_view> parts;
  std::size_t literals = 0;
};

std::vector<compiled_route> compile() {
  std::vector<compiled_route> out;
  for (const auto& table :
       {application_routes(), interaction_routes(), message_routes(), reaction_routes(), channel_routes(),
        thread_routes(), guild_routes(), member_routes(), role_routes(), user_routes(), webhook_routes()}) {
    for (const auto& entry : table) {
      compiled_route added{&entry, segments(entry.path), 0};
      for (const auto part : added.parts) added.literals += part.starts_with('{') ? 0U : 1U;
      out.push_back(std::move(added));
    }
  }
  // "@me" before "{user.id}".
  std::ranges::sort(out, std::greater<>(), &compiled_route::literals);
  return out;
}

bool matches(const compiled_route& candidate, const std::vector<std::string_view>& path) {
  if (candidate.parts.size() != path.size()) return false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const auto part = candidate.parts[i];
    if (part.starts_with('{') ? !fits(part, path[i]) : part != path[i]) return false;
  }
  return true;
}

void fill_params(route_match& out, const compiled_route& chosen, const std::vector<std::string_view>& path) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (!chosen.parts[i].starts_with('{')) continue;
    out.params.push_back(decoded(path[i]));
    const bool major = i == 1 || chosen.parts[i] == "{webhook.token}";
    if (major) out.major += "/" + out.params.back();
  }
}

}  // namespace

route_match find_route(std::string_view method, std::string_view path) {
  static const auto routes = compile();
  const auto parts = segments(path);
  route_match out;
  for (const auto& candidate : routes) {
    if (!matches(candidate, parts)) continue;
    out.path_known = true;
    if (candidate.source->method != method) continue;
    out.found = candidate.source;
    fill_params(out, candidate, parts);
    return out;
  }
  return out;
}

}  // namespace guildfleet::sim
