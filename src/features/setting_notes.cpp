#include "features/setting_notes.hpp"

#include "features/message_template.hpp"
#include "features/permission_checks.hpp"
#include "features/setting_note_texts.hpp"
#include "settings/typed_reading.hpp"

namespace guildfleet::features {
namespace {

namespace json = boost::json;
namespace texts = setting_note_texts;
using settings::channel_use;
using settings::field_kind;

template <class Names>
std::string in_braces(const Names& names) {
  std::string out;
  for (const std::string_view each : names) out += fmt::format("{}`{{{}}}`", out.empty() ? "" : " ", each);
  return out;
}

std::string channel_note(const settings_place& place, discord::channel_id channel, channel_use use,
                         language in) {
  const discord::guild_record* const guild = place.guilds.find_guild(place.guild);
  if (guild == nullptr || !guild->available) return {};
  if (use == channel_use::posts) {
    const auto why = obstacle_to_send(place.guilds, place.guild, channel, place.now);
    return why ? told(*why, channel, in) : std::string();
  }
  const discord::channel_record* const found = guild->find_channel(channel);
  if (found == nullptr) return told(send_obstacle{}, channel, in);
  const std::string shown = fmt::format("<#{}>", channel);
  if (use == channel_use::voice && found->type != discord::channel_type::voice)
    return texts::no_voice_channel.format(in, fmt::arg("channel", shown));
  if (use == channel_use::category && found->type != discord::channel_type::category)
    return texts::no_category.format(in, fmt::arg("channel", shown));
  return {};
}

std::string role_note(const settings_place& place, discord::role_id role, language in) {
  const discord::guild_record* const guild = place.guilds.find_guild(place.guild);
  if (guild == nullptr || !guild->available) return {};
  if (guild->find_role(role) == nullptr) return told(role_obstacle::unknown_role, role, in);
  if (role.value == guild->id.value) return told(role_obstacle::everyone_role, role, in);
  return {};
}

// Goes through one value, of a list through each item.
struct look {
  const settings_place& place;
  language in;
  std::string notes{};

  void at(const settings::field& what, const json::value& value) {
    if (const json::array* const items = value.if_array()) {
      for (const json::value& each : *items) at(what, each);
      return;
    }
    if (const json::object* const object = value.if_object()) {
      for (const settings::field& each : what.members) {
        if (const json::value* const inner = object->if_contains(each.name)) at(each, *inner);
      }
      return;
    }
    const std::string found = note_of(what, value);
    if (found.empty()) return;
    notes += fmt::format("{}{}: {}", notes.empty() ? "" : "\n", what.title.in(in), found);
  }

 private:
  [[nodiscard]] std::string note_of(const settings::field& what, const json::value& value) const {
    if (what.kind == field_kind::channel)
      return channel_note(place, settings::id<discord::channel_id>(value), what.use, in);
    if (what.kind == field_kind::role) return role_note(place, settings::id<discord::role_id>(value), in);
    if (what.kind == field_kind::text) return placeholders_note(what, settings::words(value), in);
    return {};
  }
};

}  // namespace

std::string setting_notes(const settings::feature_schema& schema,
                          std::span<const settings::field_change> changes, const settings_place& place,
                          language in) {
  look all{.place = place, .in = in};
  for (const settings::field_change& each : changes) {
    const settings::field* const what = schema.find(each.path);
    if (what != nullptr && each.after) all.at(*what, *each.after);
  }
  return std::move(all.notes);
}

std::string placeholders_note(const settings::field& what, std::string_view written, language in) {
  if (what.placeholders.empty()) return {};
  const auto unknown = unknown_placeholders(written, what.placeholders);
  if (unknown.empty()) return {};
  const std::string names = in_braces(unknown);
  const std::string known = in_braces(what.placeholders);
  return texts::unknown_names.format(in, fmt::arg("names", names), fmt::arg("known", known));
}

}  // namespace guildfleet::features
