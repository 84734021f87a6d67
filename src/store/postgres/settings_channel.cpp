#include "store/postgres/settings_channel.hpp"

#include <charconv>
#include <fmt/format.h>

namespace guildfleet::store {
namespace {

std::optional<std::string_view> next_part(std::string_view& rest) {
  const auto end = rest.find('\t');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return part;
}

std::optional<std::uint64_t> next_number(std::string_view& rest) {
  const auto part = next_part(rest);
  std::uint64_t value = 0;
  if (!part) return std::nullopt;
  const auto [end, error] = std::from_chars(part->data(), part->data() + part->size(), value);
  if (error != std::errc() || end != part->data() + part->size()) return std::nullopt;
  return value;
}

}  // namespace

std::string settings_note(const changed_settings& changed) {
  return fmt::format("{}\t{}\t{}\t{}", changed.version, changed.key.guild.value,
                     changed.key.environment.value, changed.key.feature);
}

std::optional<changed_settings> parse_settings_note(std::string_view note) {
  const auto version = next_number(note);
  const auto guild = next_number(note);
  const auto environment = next_part(note);
  if (!version || !guild || !environment || note.empty()) return std::nullopt;
  return changed_settings{
      .key = {.environment = {std::string(*environment)}, .guild = {*guild}, .feature = std::string(note)},
      .version = *version};
}

}  // namespace guildfleet::store
