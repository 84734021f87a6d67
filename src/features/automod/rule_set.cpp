#include "features/automod/rule_set.hpp"

#include <algorithm>

#include "features/automod/message_scan.hpp"
#include "settings/typed_reading.hpp"

namespace guildfleet::features::automod_rules {
namespace {

penalty penalty_named(std::string_view name) {
  for (const penalty each : {penalty::remove, penalty::warn, penalty::time_out}) {
    if (name_of(each) == name) return each;
  }
  return penalty::off;
}

std::vector<std::string> texts(const settings::json::object& values, std::string_view name,
                               std::string (*read)(std::string_view)) {
  std::vector<std::string> out = settings::list(
      values, name, [read](const settings::json::value& each) { return read(settings::words(each)); });
  std::erase(out, std::string());
  return out;
}

template <class Id>
std::vector<Id> sorted_ids(const settings::json::object& values, std::string_view name) {
  std::vector<Id> out = settings::ids<Id>(values, name);
  std::ranges::sort(out);
  return out;
}

std::size_t count(const settings::json::object& values, std::string_view name) {
  return static_cast<std::size_t>(std::max<std::int64_t>(settings::whole(values, name), 0));
}

}  // namespace

std::string_view name_of(rule value) {
  switch (value) {
    case rule::flood:
      return "flood";
    case rule::duplicates:
      return "duplicates";
    case rule::mentions:
      return "mentions";
    case rule::invites:
      return "invites";
    case rule::links:
      return "links";
    case rule::words:
      break;
  }
  return "words";
}

std::string_view name_of(penalty value) {
  switch (value) {
    case penalty::off:
      return "off";
    case penalty::remove:
      return "delete";
    case penalty::warn:
      return "warn";
    case penalty::time_out:
      break;
  }
  return "timeout";
}

bool rule_set::does_anything() const {
  return std::ranges::any_of(penalties, [](penalty each) { return each != penalty::off; });
}

bool rule_set::exempts(discord::channel_id channel) const {
  return std::ranges::binary_search(exempt_channels, channel);
}

bool rule_set::exempts(std::span<const discord::role_id> roles) const {
  return std::ranges::any_of(
      roles, [this](discord::role_id each) { return std::ranges::binary_search(exempt_roles, each); });
}

rule_set rules_of(const settings::json::object& values) {
  rule_set out;
  for (const rule each : all_rules) {
    out.penalties[static_cast<std::size_t>(each)] =
        penalty_named(settings::words(values, std::string(name_of(each)) + "_action"));
  }
  out.flood_messages = count(values, "flood_messages");
  out.flood_window = settings::seconds(values, "flood_window");
  out.duplicates_count = count(values, "duplicates_count");
  out.duplicates_window = settings::seconds(values, "duplicates_window");
  out.mentions_limit = count(values, "mentions_limit");
  out.words = word_list(texts(values, "words", [](std::string_view each) { return std::string(each); }));
  out.allowed_links = texts(values, "allowed_links", domain_of);
  out.allowed_invites = texts(values, "allowed_invites", invite_code_of);
  out.exempt_roles = sorted_ids<discord::role_id>(values, "exempt_roles");
  out.exempt_channels = sorted_ids<discord::channel_id>(values, "exempt_channels");
  out.timeout = settings::seconds(values, "timeout");
  out.log_channel = settings::id<discord::channel_id>(values, "log_channel");
  return out;
}

}  // namespace guildfleet::features::automod_rules
