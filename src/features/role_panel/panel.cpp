#include "features/role_panel/panel.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <charconv>

#include "base/json_text.hpp"
#include "base/utf8.hpp"
#include "features/message_template.hpp"
#include "features/role_panel/one_emoji.hpp"
#include "features/role_panel/role_panel.hpp"
#include "features/role_panel/role_panel_texts.hpp"

namespace guildfleet::features {
namespace {

namespace json = boost::json;
namespace texts = role_panel_texts;
using discord::role_id;

constexpr std::size_t in_a_row = 5;
constexpr std::size_t longest_emoji_bytes = 40;
constexpr std::array<std::string_view, 2> style_names{"buttons", "menu"};
constexpr std::array<std::string_view, 3> mode_names{"toggle", "one-way", "exclusive"};

template <class Enum, std::size_t Size>
std::optional<Enum> parsed(const std::array<std::string_view, Size>& names, std::string_view name) {
  const auto* const found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

bool holds(std::span<const role_id> roles, role_id role) {
  return std::ranges::find(roles, role) != roles.end();
}

std::string text_in(const json::object& all, std::string_view name) {
  const json::value* at = all.if_contains(name);
  return at != nullptr && at->is_string() ? std::string(at->as_string()) : std::string();
}

std::uint64_t id_in(const json::object& all, std::string_view name) {
  return discord::parse_snowflake(text_in(all, name)).value_or(0);
}

void write(base::json_writer& out, const panel_role& role) {
  out.begin_object();
  out.key("role").string(fmt::format("{}", role.role)).key("name").string(role.name);
  out.key("label").string(role.label).key("note").string(role.note).key("emoji").string(role.emoji);
  out.end_object();
}

std::string custom_id_of(std::string action, std::string payload) {
  return discord::encode({std::string(role_panel.name), role_panel.component_version, std::move(action),
                          std::move(payload)})
      .value_or(std::string());
}

std::string label_of(const panel_role& role, const discord::guild_record* guild) {
  return clipped(role.label.empty() ? shown_name(role, guild) : role.label, longest_panel_label);
}

std::vector<discord::action_row> buttons_of(const panel& what, const discord::guild_record* guild) {
  std::vector<discord::action_row> rows;
  for (const panel_role& each : what.roles) {
    if (rows.empty() || rows.back().items.size() == in_a_row) rows.emplace_back();
    rows.back().items.emplace_back(
        discord::button{.label = label_of(each, guild),
                        .custom_id = custom_id_of("role", fmt::format("{}.{}", what.number, each.role)),
                        .emoji = parse_emoji(each.emoji)});
  }
  return rows;
}

std::vector<discord::action_row> menu_of(const panel& what, const discord::guild_record* guild, language in) {
  if (what.roles.empty()) return {};
  discord::select_menu menu{.custom_id = custom_id_of("choose", fmt::format("{}", what.number)),
                            .placeholder = std::string(texts::placeholder.in(in))};
  for (const panel_role& each : what.roles) {
    menu.options.push_back({.label = label_of(each, guild),
                            .value = fmt::format("{}", each.role),
                            .description = each.note,
                            .emoji = parse_emoji(each.emoji)});
  }
  if (what.mode != panel_mode::exclusive) menu.max_values = static_cast<int>(what.roles.size());
  discord::action_row row;
  row.items.emplace_back(std::move(menu));
  std::vector<discord::action_row> rows;
  rows.push_back(std::move(row));
  return rows;
}

std::string role_lines(const panel& what, bool with_notes) {
  std::string out = what.roles.empty() ? "" : "\n";
  for (const panel_role& each : what.roles) {
    out += fmt::format("\n{}<@&{}>", each.emoji.empty() ? "" : each.emoji + " ", each.role);
    if (with_notes && !each.note.empty()) out += fmt::format(": {}", each.note);
  }
  return out;
}

const text& how_to_use(panel_mode mode) {
  switch (mode) {
    case panel_mode::one_way:
      return texts::use_one_way;
    case panel_mode::exclusive:
      return texts::use_exclusive;
    case panel_mode::toggle:
      break;
  }
  return texts::use_toggle;
}

}  // namespace

std::string_view name_of(panel_style value) {
  return style_names.at(static_cast<std::size_t>(value));
}
std::string_view name_of(panel_mode value) {
  return mode_names.at(static_cast<std::size_t>(value));
}
std::optional<panel_style> parse_panel_style(std::string_view name) {
  return parsed<panel_style>(style_names, name);
}
std::optional<panel_mode> parse_panel_mode(std::string_view name) {
  return parsed<panel_mode>(mode_names, name);
}

const panel_role* panel::find(role_id role) const {
  const auto found = std::ranges::find(roles, role, &panel_role::role);
  return found == roles.end() ? nullptr : &*found;
}

bool panel::noted(discord::interaction_id change) const {
  return std::ranges::find(applied, change) != applied.end();
}

bool panel::note(discord::interaction_id change) {
  if (noted(change)) return false;
  if (applied.size() >= most_applied) applied.erase(applied.begin());
  applied.push_back(change);
  return true;
}

std::string stored(const panel& what) {
  base::json_writer out;
  out.begin_object().key("number").string(fmt::format("{}", what.number));
  out.key("title").string(what.title).key("text").string(what.text);
  out.key("style").string(name_of(what.style)).key("mode").string(name_of(what.mode));
  out.key("channel").string(fmt::format("{}", what.channel));
  out.key("message").string(fmt::format("{}", what.message));
  out.key("former_channel").string(fmt::format("{}", what.former_channel));
  out.key("former_message").string(fmt::format("{}", what.former_message));
  out.key("roles").begin_array();
  for (const panel_role& each : what.roles) write(out, each);
  out.end_array().key("applied").begin_array();
  for (const discord::interaction_id each : what.applied) out.string(fmt::format("{}", each));
  return out.end_array().end_object().take();
}

std::optional<panel> read_panel(std::string_view stored) {
  boost::system::error_code failed;
  const json::value parsed = json::parse(stored, failed);
  const json::object* all = failed ? nullptr : parsed.if_object();
  if (all == nullptr) return std::nullopt;
  const auto style = parse_panel_style(text_in(*all, "style"));
  const auto mode = parse_panel_mode(text_in(*all, "mode"));
  const json::value* roles = all->if_contains("roles");
  panel out{.number = id_in(*all, "number"),
            .title = text_in(*all, "title"),
            .text = text_in(*all, "text"),
            .channel = {id_in(*all, "channel")},
            .message = {id_in(*all, "message")},
            .former_channel = {id_in(*all, "former_channel")},
            .former_message = {id_in(*all, "former_message")}};
  if (out.number == 0 || !style || !mode || roles == nullptr || !roles->is_array()) return std::nullopt;
  out.style = *style;
  out.mode = *mode;
  for (const json::value& each : roles->get_array()) {
    const json::object* role = each.if_object();
    if (role == nullptr) return std::nullopt;
    out.roles.push_back({.role = {id_in(*role, "role")},
                         .name = text_in(*role, "name"),
                         .label = text_in(*role, "label"),
                         .note = text_in(*role, "note"),
                         .emoji = text_in(*role, "emoji")});
  }
  const json::value* applied = all->if_contains("applied");
  if (applied == nullptr || !applied->is_array()) return out;
  for (const json::value& each : applied->get_array()) {
    const auto id = each.is_string() ? discord::parse_snowflake(each.get_string()) : std::nullopt;
    if (id) out.applied.push_back({*id});
  }
  return out;
}

const panel* find_panel(std::span<const panel> all, std::string_view meant) {
  std::string_view digits = meant;
  if (digits.starts_with('#')) digits.remove_prefix(1);
  const auto number = discord::parse_snowflake(digits);
  for (const panel& each : all) {
    if (number && each.number == *number) return &each;
  }
  const auto titled = std::ranges::find(all, meant, &panel::title);
  return titled == all.end() ? nullptr : &*titled;
}

std::optional<discord::partial_emoji> parse_emoji(std::string_view typed) {
  if (typed.starts_with('<') && typed.ends_with('>')) {
    const std::string_view inside = typed.substr(1, typed.size() - 2);
    const std::size_t first = inside.find(':');
    const std::size_t last = inside.rfind(':');
    if (first == last || (first != 0 && inside.substr(0, first) != "a")) return std::nullopt;
    const auto id = discord::parse_id<discord::emoji_id>(inside.substr(last + 1));
    const std::string_view name = inside.substr(first + 1, last - first - 1);
    if (!id || name.empty() || name.contains(':')) return std::nullopt;
    return discord::partial_emoji{.id = *id, .name = std::string(name)};
  }
  if (typed.empty() || typed.size() > longest_emoji_bytes || !base::utf8_valid(typed) || !is_one_emoji(typed))
    return std::nullopt;
  return discord::partial_emoji{.name = std::string(typed)};
}

std::string shown_name(const panel_role& role, const discord::guild_record* guild) {
  const discord::role_record* const found = guild == nullptr ? nullptr : guild->find_role(role.role);
  return found == nullptr ? role.name : std::string(guild->name_of(*found));
}

panel without_deleted_roles(panel of, const discord::guild_record* guild) {
  if (guild != nullptr && guild->available)
    std::erase_if(of.roles,
                  [guild](const panel_role& each) { return guild->find_role(each.role) == nullptr; });
  return of;
}

panel_message render(const panel& whole, const discord::guild_record* guild, language in) {
  const panel what = without_deleted_roles(whole, guild);
  panel_message out;
  out.page.title = what.title;
  out.page.description = what.text.empty() ? std::string(how_to_use(what.mode).in(in)) : what.text;
  const bool has_buttons = what.style == panel_style::buttons;
  std::string lines = role_lines(what, has_buttons);
  if (base::utf8_length(out.page.description + lines) > longest_embed_description)
    lines = role_lines(what, false);
  out.page.description += lines;
  out.rows = has_buttons ? buttons_of(what, guild) : menu_of(what, guild, in);
  return out;
}

role_change decide(const panel& of, std::span<const role_id> chosen, std::span<const role_id> had,
                   std::span<const role_id> has) {
  role_change out;
  std::vector<role_id> wanted;
  for (const role_id role : chosen) {
    if (of.find(role) == nullptr || holds(wanted, role)) continue;
    const bool takes = of.mode != panel_mode::one_way && holds(had, role);
    if (takes && holds(has, role)) out.take.push_back(role);
    if (!takes) wanted.push_back(role);
    if (of.mode == panel_mode::exclusive) break;
  }
  for (const panel_role& each : of.roles) {
    const bool other = of.mode == panel_mode::exclusive && !wanted.empty() && !holds(wanted, each.role);
    if (other && holds(has, each.role)) out.take.push_back(each.role);
  }
  std::ranges::copy_if(wanted, std::back_inserter(out.give), [&](role_id role) { return !holds(has, role); });
  return out;
}

}  // namespace guildfleet::features
