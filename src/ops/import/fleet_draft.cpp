#include "ops/import/fleet_draft.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "ops/check/secret_words.hpp"
#include "ops/render/yaml_text.hpp"
#include "ops/token_text.hpp"

namespace guildfleet::ops {
namespace {

// In the order of docs/configuration.md; an empty one holds what stands at the top.
constexpr std::array<std::string_view, 9> sections = {"",      "node", "log",     "discord", "store",
                                                      "redis", "api",  "runtime", "deploy"};
// Of those at the top, the first.
constexpr std::string_view fleet_key = "fleet";

std::string_view section_of(std::string_view path) {
  const std::size_t dot = path.find('.');
  return dot == std::string_view::npos ? std::string_view() : path.substr(0, dot);
}

// Ids stay texts, so that no reader rounds them.
void write_entry(yaml_text& out, std::string_view key, std::string_view value) {
  constexpr std::size_t longest_number = 9;
  const bool is_number = !value.empty() && value.size() <= longest_number &&
                         std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; });
  if (is_number)
    out.entry(key, static_cast<std::int64_t>(std::stoll(std::string(value))));
  else
    out.entry(key, value);
}

void write_section(yaml_text& out, const fleet_draft& draft, std::string_view section) {
  std::vector<std::pair<std::string_view, std::string_view>> inside;
  for (const auto& [path, value] : draft.settings) {
    if (section_of(path) != section || path == fleet_key) continue;
    inside.emplace_back(std::string_view(path).substr(section.empty() ? 0 : section.size() + 1), value);
  }
  if (inside.empty()) return;
  if (!section.empty()) out.key(section).begin_map();
  for (const auto& [key, value] : inside) write_entry(out, key, value);
  if (!section.empty()) out.end_map();
}

void write_bot(yaml_text& out, const bot_draft& bot) {
  out.begin_map().entry("name", bot.name);
  for (const auto& [key, value] : bot.settings) write_entry(out, key, value);
  if (!bot.features.empty()) out.list("features", bot.features);
  out.end_map();
}

// A comment must stay one.
std::string in_a_line(std::string_view text) {
  std::string out(text);
  std::ranges::replace_if(out, [](unsigned char c) { return c < ' '; }, ' ');
  return out;
}

}  // namespace

fleet_draft without_tokens(fleet_draft draft) {
  const auto clean = [](std::string& text) { text = without_tokens(std::string_view(text)); };
  for (auto& [path, value] : draft.settings) clean(value);
  for (bot_draft& bot : draft.bots) {
    for (auto& [key, value] : bot.settings) clean(value);
  }
  for (left_over& each : draft.left) {
    clean(each.where);
    clean(each.what);
    clean(each.why);
  }
  return draft;
}

std::string fleet_yaml_of(const fleet_draft& draft, std::string_view source) {
  yaml_text out;
  out.begin_map();
  if (const auto fleet = draft.settings.find(std::string(fleet_key)); fleet != draft.settings.end())
    out.entry(fleet_key, fleet->second);
  for (const std::string_view each : sections) write_section(out, draft, each);
  out.key("bots").begin_list();
  for (const bot_draft& each : draft.bots) write_bot(out, each);
  out.end_list().end_map();
  std::string text =
      fmt::format("# Written by guildfleet import from {}\n\n{}", in_a_line(source), out.take());
  if (draft.left.empty()) return text;
  text += "\n# What is not above, and why:\n";
  for (const left_over& each : draft.left)
    text += in_a_line(fmt::format("# - {}: {}: {}", each.where, each.what, each.why)) + "\n";
  return text;
}

std::string bot_name_from(std::string_view text) {
  constexpr std::size_t longest = 32;
  std::string out;
  for (const char c : text) {
    const bool is_capital = c >= 'A' && c <= 'Z';
    if (is_capital || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')
      out += is_capital ? static_cast<char>(c - 'A' + 'a') : c;
    else if (!out.empty() && !out.ends_with('-'))
      out += '-';
  }
  const std::size_t first = out.find_first_not_of("-_");
  out.erase(0, std::min(first, out.size()));
  if (out.size() > longest) out.resize(longest);
  while (out.ends_with('-') || out.ends_with('_')) out.pop_back();
  return out.empty() ? "bot" : out;
}

std::string unused_name(const fleet_draft& draft, const std::string& name) {
  std::string out = name;
  for (int number = 2; std::ranges::find(draft.bots, out, &bot_draft::name) != draft.bots.end(); ++number)
    out = fmt::format("{}-{}", name.substr(0, 28), number);
  return out;
}

std::string variable_for(std::string_view bot, std::string_view what) {
  std::string out = in_capitals(bot);
  std::ranges::replace(out, '-', '_');
  if (out.front() >= '0' && out.front() <= '9') out.insert(0, "BOT_");
  return fmt::format("{}_{}", out, what);
}

}  // namespace guildfleet::ops
