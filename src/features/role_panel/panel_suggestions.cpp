#include "features/role_panel/panel_suggestions.hpp"

#include <algorithm>

#include "features/common_texts.hpp"
#include "features/message_template.hpp"
#include "features/replies.hpp"
#include "features/role_panel/role_panel_texts.hpp"

namespace guildfleet::features {
namespace {

namespace texts = role_panel_texts;

constexpr std::size_t longest_choice = 100;
constexpr std::size_t longest_listed_title = 40;

const text& title_of(panel_style style) {
  return style == panel_style::menu ? texts::style_menu : texts::style_buttons;
}
const text& title_of(panel_mode mode) {
  switch (mode) {
    case panel_mode::one_way:
      return texts::mode_one_way;
    case panel_mode::exclusive:
      return texts::mode_exclusive;
    case panel_mode::toggle:
      break;
  }
  return texts::mode_toggle;
}

std::string entry_name(const panel_role& role, const discord::guild_record* guild) {
  return role.label.empty() ? shown_name(role, guild) : role.label;
}

}  // namespace

std::vector<discord::choice> suggestions_for(const discord::command_data& command, std::span<const panel> all,
                                             const discord::guild_record* guild, language in) {
  std::vector<discord::choice> out;
  const discord::command_option* const focused = command.focused();
  if (focused == nullptr) return out;
  const auto* const text = std::get_if<std::string>(&focused->value);
  const std::string_view typed = text == nullptr ? std::string_view() : std::string_view(*text);
  const auto suggest = [&](std::string name, std::string value) {
    if (contains_typed(name, typed))
      out.push_back({clipped(std::move(name), longest_choice), std::move(value)});
  };
  if (focused->name == "panel") {
    for (const panel& each : all) {
      suggest(texts::suggestion.format(in, fmt::arg("number", each.number), fmt::arg("title", each.title)),
              fmt::format("{}", each.number));
    }
  } else if (const panel* of = find_panel(all, command.text("panel").value_or("")); of != nullptr) {
    for (const panel_role& each : of->roles) suggest(entry_name(each, guild), fmt::format("{}", each.role));
  }
  return out;
}

const panel_role* find_entry(const panel& of, std::string_view meant, const discord::guild_record* guild) {
  if (const auto id = discord::parse_id<discord::role_id>(meant)) {
    if (const panel_role* found = of.find(*id)) return found;
  }
  const auto named = std::ranges::find_if(of.roles, [&](const panel_role& each) {
    return entry_name(each, guild) == meant || shown_name(each, guild) == meant;
  });
  return named == of.roles.end() ? nullptr : &*named;
}

std::string line_of(const panel& what, const discord::guild_record* guild, bool is_deleted, language in) {
  const std::string title = plain(clipped(what.title, longest_listed_title));
  std::string place =
      what.message.empty() ? std::string(texts::not_posted_yet.in(in)) : fmt::format("<#{}>", what.channel);
  if (!what.message.empty() && guild != nullptr && guild->find_channel(what.channel) == nullptr)
    place += fmt::format(" ({})", common_texts::unknown_channel.in(in));
  else if (is_deleted)
    place += fmt::format(" ({})", texts::message_deleted.in(in));
  return texts::line.format(
      in, fmt::arg("number", what.number), fmt::arg("title", title),
      fmt::arg("style", title_of(what.style).in(in)), fmt::arg("mode", title_of(what.mode).in(in)),
      fmt::arg("count", what.roles.size()), fmt::arg("most", most_panel_roles), fmt::arg("place", place));
}

std::string line_of_new(const panel& what, language in) {
  const std::string title = plain(what.title);
  std::string roles;
  for (const panel_role& each : what.roles)
    roles += fmt::format("{}<@&{}>", roles.empty() ? "" : " ", each.role);
  if (roles.empty()) roles = texts::no_roles.in(in);
  return texts::line_of_new.format(in, fmt::arg("title", title),
                                   fmt::arg("style", title_of(what.style).in(in)),
                                   fmt::arg("mode", title_of(what.mode).in(in)), fmt::arg("roles", roles));
}

}  // namespace guildfleet::features
