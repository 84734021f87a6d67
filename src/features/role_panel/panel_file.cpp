#include "features/role_panel/panel_file.hpp"

#include <algorithm>

#include "base/json_text.hpp"
#include "features/file_transfer.hpp"
#include "features/message_template.hpp"
#include "features/role_panel/role_panel_texts.hpp"
#include "settings/typed_reading.hpp"

namespace guildfleet::features {
namespace {

namespace json = boost::json;
namespace texts = role_panel_texts;
using settings::problem;

constexpr std::string_view format_name = "guildfleet-role-panels";
constexpr std::int64_t format_version = 1;

// The names are those of panel_style and panel_mode; nothing of it is a setting, so it need not be sound().
constexpr settings::choice_name styles[] = {{"buttons", texts::style_buttons}, {"menu", texts::style_menu}};
constexpr settings::choice_name modes[] = {
    {"toggle", texts::mode_toggle}, {"one-way", texts::mode_one_way}, {"exclusive", texts::mode_exclusive}};
constexpr settings::field role_fields[] = {
    settings::role_field("id", texts::role_option, texts::role_option_description),
    settings::text_field("name", 100, {}, texts::role_option, texts::role_option_description),
    settings::text_field("label", longest_panel_label, {}, texts::label_option,
                         texts::label_option_description),
    settings::text_field("note", longest_panel_note, {}, texts::note_option, texts::note_option_description),
    settings::text_field("emoji", longest_panel_emoji, {}, texts::emoji_option,
                         texts::emoji_option_description)};
constexpr settings::field panel_fields[] = {
    settings::text_field("title", longest_panel_title, {}, texts::title_option,
                         texts::title_option_description),
    settings::text_field("text", longest_panel_text, {}, texts::text_option, texts::text_option_description),
    settings::choice_field("style", styles, {}, texts::style_option, texts::style_option_description),
    settings::choice_field("mode", modes, {}, texts::mode_option, texts::mode_option_description),
    settings::list_of_objects("roles", role_fields, most_panel_roles, texts::role_option,
                              texts::role_option_description)};
constexpr settings::feature_schema one_panel{"role-panel", texts::title, panel_fields};

void write_text(std::string& out, std::string_view name, std::string_view value) {
  out += fmt::format("\"{}\": ", name);
  base::append_json_string(out, value);
}

void write(std::string& out, const panel_role& role, const discord::guild_record* guild) {
  write_text(out, "id", fmt::format("{}", role.role));
  const std::pair<std::string_view, std::string> others[] = {
      {"name", shown_name(role, guild)}, {"label", role.label}, {"note", role.note}, {"emoji", role.emoji}};
  for (const auto& [name, value] : others) {
    out += ", ";
    write_text(out, name, value);
  }
}

void write(std::string& out, const panel& what, const discord::guild_record* guild) {
  const std::pair<std::string_view, std::string_view> words[] = {{"title", what.title},
                                                                 {"text", what.text},
                                                                 {"style", name_of(what.style)},
                                                                 {"mode", name_of(what.mode)}};
  for (const auto& [name, value] : words) {
    out += "      ";
    write_text(out, name, value);
    out += ",\n";
  }
  out += "      \"roles\": [";
  for (const panel_role& each : what.roles) {
    out += &each == &what.roles.front() ? "\n        {" : ",\n        {";
    write(out, each, guild);
    out += "}";
  }
  out += "\n      ]\n";
}

panel panel_in(const json::object& all) {
  panel out{.title = std::string(settings::words(all, "title")),
            .text = std::string(settings::words(all, "text"))};
  out.style = parse_panel_style(settings::words(all, "style")).value_or(out.style);
  out.mode = parse_panel_mode(settings::words(all, "mode")).value_or(out.mode);
  out.roles = settings::list(all, "roles", [](const json::value& each) {
    const json::object& role = each.as_object();
    return panel_role{.role = settings::id<discord::role_id>(role, "id"),
                      .name = std::string(settings::words(role, "name")),
                      .label = std::string(settings::words(role, "label")),
                      .note = std::string(settings::words(role, "note")),
                      .emoji = std::string(settings::words(role, "emoji"))};
  });
  return out;
}

template <class... Args>
problem problem_at(std::string path, text sentence, const Args&... args) {
  return {.path = std::move(path),
          .sentence = {.english = sentence.format(language::english, args...),
                       .japanese = sentence.format(language::japanese, args...)},
          .fix = {}};
}

// What the commands check beside lengths and kinds.
void look_at(const panel& what, const std::string& path, std::vector<problem>& into) {
  if (what.title.empty()) into.push_back(problem_at(path + ".title", texts::no_title));
  for (std::size_t i = 0; i < what.roles.size(); ++i) {
    const std::string& emoji = what.roles[i].emoji;
    if (emoji.empty() || parse_emoji(emoji)) continue;
    const std::string shown = plain(emoji);
    into.push_back(problem_at(fmt::format("{}.roles[{}].emoji", path, i), texts::not_an_emoji,
                              fmt::arg("emoji", shown)));
  }
}

// Each by itself: a panel is as large as settings of a feature may be.
void read_one(const json::value& value, const std::string& path, std::vector<panel>& into,
              std::vector<problem>& wrong) {
  const json::object* const object = value.if_object();
  if (object == nullptr) return wrong.push_back(problem_at(path, texts::not_a_panel));
  std::vector<problem> found = settings::validate(one_panel, *object);
  for (problem& each : found) each.path = each.path.empty() ? path : path + "." + each.path;
  if (found.empty()) {
    into.push_back(panel_in(*object));
    look_at(into.back(), path, found);
  }
  std::ranges::move(found, std::back_inserter(wrong));
}

}  // namespace

std::string panel_file(std::span<const panel> all, const discord::guild_record* guild, discord::guild_id of) {
  std::string out =
      fmt::format("{{\n  \"format\": \"{}\",\n  \"version\": {},\n  \"guild\": \"{}\",\n  \"panels\": [",
                  format_name, format_version, of);
  for (const panel& each : all) {
    out += &each == &all.front() ? "\n    {\n" : ",\n    {\n";
    write(out, each, guild);
    out += "    }";
  }
  return out + "\n  ]\n}\n";
}

base::result<panel_reading> read_panel_file(std::string_view text) {
  auto document =
      settings::parse_document(text, {.bytes = longest_given_file, .depth = 10, .values = 100'000});
  if (!document) return std::unexpected(std::move(document).error());
  std::vector<problem> wrong;
  const json::value* const version = document->if_contains("version");
  if (settings::words(*document, "format") != format_name) {
    wrong.push_back(problem_at("format", texts::no_panel_file));
  } else if (version == nullptr || *version != json::value(format_version)) {
    wrong.push_back(problem_at("version", texts::no_panel_file));
  }
  const json::value* const list = document->if_contains("panels");
  const json::array* const panels = list == nullptr ? nullptr : list->if_array();
  if (wrong.empty() && (panels == nullptr || panels->empty()))
    wrong.push_back(problem_at("panels", texts::no_panels_there));
  if (wrong.empty() && panels->size() > most_panels)
    wrong.push_back(problem_at("panels", texts::too_many_there, fmt::arg("count", panels->size()),
                               fmt::arg("most", most_panels)));
  if (!wrong.empty()) return panel_reading(std::unexpected(std::move(wrong)));
  std::vector<panel> out;
  for (std::size_t i = 0; i < panels->size(); ++i)
    read_one((*panels)[i], fmt::format("panels[{}]", i), out, wrong);
  if (!wrong.empty()) return panel_reading(std::unexpected(std::move(wrong)));
  return panel_reading(std::move(out));
}

const discord::role_record* find_meant(const discord::guild_record& guild, const panel_role& role) {
  if (const discord::role_record* const found = guild.find_role(role.role)) return found;
  const discord::role_record* named = nullptr;
  for (const discord::role_record& each : guild.roles()) {
    if (guild.name_of(each) != role.name) continue;
    if (named != nullptr) return nullptr;
    named = &each;
  }
  return named;
}

}  // namespace guildfleet::features
