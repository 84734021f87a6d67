#include "fleet/guild_cut_json.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "fleet/error.hpp"

namespace guildfleet::fleet {
namespace {

namespace json = boost::json;

std::unexpected<base::error> unreadable(std::string what) {
  return base::fail(fleet_error::reshard_text, std::move(what),
                    "A newer version may have written it: update this node.");
}

// As texts: readers that keep numbers as doubles would round them.
json::value as_json(std::uint64_t number) {
  return json::value(std::to_string(number));
}

std::optional<std::uint64_t> number_in(const json::value& from) {
  const auto* text = from.if_string();
  return text == nullptr ? std::nullopt : discord::parse_snowflake({text->data(), text->size()});
}

const json::array* array_in(const json::object& from, const char* key) {
  const json::value* found = from.if_contains(key);
  return found == nullptr ? nullptr : found->if_array();
}

// [value, unique, count]
std::optional<counted_event> counted_in(const json::value& from) {
  const auto* parts = from.if_array();
  if (parts == nullptr || parts->size() != 3) return std::nullopt;
  const auto value = number_in((*parts)[0]);
  const auto* unique = (*parts)[1].if_bool();
  boost::system::error_code broken;
  const auto count = (*parts)[2].to_number<std::uint32_t>(broken);
  if (!value || unique == nullptr || broken || count == 0) return std::nullopt;
  return counted_event{{*value, *unique}, count};
}

}  // namespace

std::string to_json(const guild_cut& of) {
  json::array open;
  for (const std::uint64_t sequence : of.open) open.push_back(as_json(sequence));
  json::array owed;
  for (const counted_event& each : of.owed)
    owed.push_back(json::array{as_json(each.what.value), each.what.unique, each.count});
  return json::serialize(
      json::object{{"position", as_json(of.position)}, {"open", std::move(open)}, {"owed", std::move(owed)}});
}

base::result<guild_cut> guild_cut_from_json(discord::guild_id guild, std::string_view text) {
  boost::system::error_code broken;
  const json::value root = json::parse(json::string_view(text.data(), text.size()), broken);
  const auto* object = broken ? nullptr : root.if_object();
  if (object == nullptr) return unreadable("it is no JSON object");
  const json::value* place = object->if_contains("position");
  const auto position = place == nullptr ? std::nullopt : number_in(*place);
  const json::array* open = array_in(*object, "open");
  const json::array* owed = array_in(*object, "owed");
  if (!position || open == nullptr || owed == nullptr) return unreadable("a part of it is missing");
  guild_cut cut{.guild = guild, .position = *position};
  for (const json::value& each : *open) {
    const auto sequence = number_in(each);
    if (!sequence) return unreadable("a sequence is none");
    cut.open.push_back(*sequence);
  }
  for (const json::value& each : *owed) {
    const auto counted = counted_in(each);
    if (!counted) return unreadable("an event is none");
    cut.owed.push_back(*counted);
  }
  if (!std::ranges::is_sorted(cut.open) || !std::ranges::is_sorted(cut.owed, {}, &counted_event::what))
    return unreadable("its parts are out of order");
  return cut;
}

}  // namespace guildfleet::fleet
