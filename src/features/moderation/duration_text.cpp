#include "features/moderation/duration_text.hpp"

#include <algorithm>
#include <charconv>

#include "features/automod/text_folding.hpp"

namespace guildfleet::features {
namespace {

constexpr std::chrono::seconds too_long = longest_duration + std::chrono::seconds(1);

struct unit_name {
  std::string_view name;
  std::chrono::seconds length;
};

// Longer names of the same beginning first.
constexpr unit_name units[] = {{"seconds", std::chrono::seconds(1)}, {"second", std::chrono::seconds(1)},
                               {"secs", std::chrono::seconds(1)},    {"sec", std::chrono::seconds(1)},
                               {"秒", std::chrono::seconds(1)},      {"s", std::chrono::seconds(1)},
                               {"minutes", std::chrono::minutes(1)}, {"minute", std::chrono::minutes(1)},
                               {"mins", std::chrono::minutes(1)},    {"min", std::chrono::minutes(1)},
                               {"分間", std::chrono::minutes(1)},    {"分", std::chrono::minutes(1)},
                               {"months", std::chrono::days(30)},    {"month", std::chrono::days(30)},
                               {"mo", std::chrono::days(30)},        {"m", std::chrono::minutes(1)},
                               {"hours", std::chrono::hours(1)},     {"hour", std::chrono::hours(1)},
                               {"時間", std::chrono::hours(1)},      {"h", std::chrono::hours(1)},
                               {"days", std::chrono::days(1)},       {"day", std::chrono::days(1)},
                               {"日間", std::chrono::days(1)},       {"日", std::chrono::days(1)},
                               {"d", std::chrono::days(1)},          {"weeks", std::chrono::weeks(1)},
                               {"week", std::chrono::weeks(1)},      {"週間", std::chrono::weeks(1)},
                               {"週", std::chrono::weeks(1)},        {"w", std::chrono::weeks(1)},
                               {"ヶ月", std::chrono::days(30)},      {"か月", std::chrono::days(30)},
                               {"years", std::chrono::days(365)},    {"year", std::chrono::days(365)},
                               {"年間", std::chrono::days(365)},     {"年", std::chrono::days(365)},
                               {"y", std::chrono::days(365)}};

void skip_spaces(std::string_view& text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
}

std::optional<std::int64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed == std::errc::invalid_argument) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  const auto most = static_cast<std::uint64_t>(too_long.count());
  return static_cast<std::int64_t>(failed == std::errc{} ? std::min(number, most) : most);
}

std::optional<std::chrono::seconds> take_unit(std::string_view& text) {
  for (const unit_name& each : units) {
    const std::string name = automod_rules::folded(each.name);
    if (!text.starts_with(name)) continue;
    text.remove_prefix(name.size());
    return each.length;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  const std::string folded = automod_rules::squeezed(automod_rules::folded(text));
  std::string_view rest = folded;
  std::chrono::seconds sum{0};
  while (!rest.empty()) {
    const auto number = take_number(rest);
    if (!number) return std::nullopt;
    skip_spaces(rest);
    const bool bare = rest.empty() && sum.count() == 0;
    const auto unit = bare ? std::chrono::minutes(1) : take_unit(rest);
    if (!unit) return std::nullopt;
    sum = std::min(sum + *number * *unit, too_long);
    skip_spaces(rest);
  }
  return sum.count() == 0 ? std::nullopt : std::optional(sum);
}

}  // namespace guildfleet::features
