#include "sim/world/mentions.hpp"

#include <algorithm>

namespace guildfleet::sim {

namespace {

class mention_filter final {
 public:
  mention_filter(const std::optional<json::object>& allowed, bool users_only) : allowed_(allowed) {
    if (!allowed) {
      users_ = true;
      roles_ = everyone_ = !users_only;
      return;
    }
    if (const auto* const parse = array_field(*allowed, "parse")) {
      for (const auto& kind : *parse) {
        users_ = users_ || kind == "users";
        roles_ = roles_ || kind == "roles";
        everyone_ = everyone_ || kind == "everyone";
      }
    }
  }
  [[nodiscard]] bool user(id which) const { return users_ || listed("users", which); }
  [[nodiscard]] bool role(id which) const { return roles_ || listed("roles", which); }
  [[nodiscard]] bool everyone() const { return everyone_; }

 private:
  [[nodiscard]] bool listed(std::string_view key, id which) const {
    const auto* const list = allowed_ ? array_field(*allowed_, key) : nullptr;
    return list != nullptr &&
           std::ranges::any_of(*list, [&](const json::value& entry) { return id_from_json(entry) == which; });
  }

  const std::optional<json::object>& allowed_;
  bool users_ = false;
  bool roles_ = false;
  bool everyone_ = false;
};

void add_once(std::vector<id>& list, id value) {
  if (std::ranges::find(list, value) == list.end()) list.push_back(value);
}

}  // namespace

mention_set find_mentions(std::string_view content, const std::optional<json::object>& allowed,
                          bool users_only_by_default) {
  const mention_filter filter(allowed, users_only_by_default);
  mention_set found;
  for (auto at = content.find("<@"); at != std::string_view::npos; at = content.find("<@", at + 2)) {
    const auto end = content.find('>', at);
    if (end == std::string_view::npos) break;
    auto inside = content.substr(at + 2, end - at - 2);
    const bool role = inside.starts_with('&');
    if (role || inside.starts_with('!')) inside.remove_prefix(1);
    const auto which = parse_id(inside);
    if (!which) continue;
    if (role && filter.role(*which)) add_once(found.roles, *which);
    if (!role && filter.user(*which)) add_once(found.users, *which);
  }
  const bool names_all =
      content.find("@everyone") != std::string_view::npos || content.find("@here") != std::string_view::npos;
  found.everyone = names_all && filter.everyone();
  return found;
}

}  // namespace guildfleet::sim
