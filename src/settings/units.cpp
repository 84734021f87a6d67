#include "settings/units.hpp"

#include <algorithm>

#include "base/counted.hpp"

namespace guildfleet::settings {
namespace {

struct unit_words {
  std::string_view name;
  base::counted words;
};
constexpr unit_words units[] = {{"members", {"{count} member", "{count} members", "{count}人"}},
                                {"mentions", {"{count} mention", "{count} mentions", "{count}件"}},
                                {"messages", {"{count} message", "{count} messages", "{count}件"}},
                                {"seconds", {"{count} second", "{count} seconds", "{count}秒"}},
                                {"tickets", {"{count} ticket", "{count} tickets", "{count}件"}}};

const unit_words* find(std::string_view unit) {
  const auto* const found = std::ranges::find(units, unit, &unit_words::name);
  return found == std::end(units) ? nullptr : found;
}

}  // namespace

std::string with_unit(std::int64_t count, std::string_view unit, base::language which) {
  const unit_words* found = find(unit);
  return found == nullptr ? fmt::format("{}", count) : found->words.format(which, count);
}

bool has_words(std::string_view unit) {
  return find(unit) != nullptr;
}

}  // namespace guildfleet::settings
