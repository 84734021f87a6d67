#include "ops/doctor/memory_series.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <fmt/format.h>

#include "fleet/memory_slope.hpp"
#include "ops/doctor/thresholds.hpp"
#include "ops/plan/capacity_plan.hpp"

namespace guildfleet::ops::doctor {
namespace {

namespace json = boost::json;

constexpr double minutes_of_an_hour = 60;

memory_row row_of(const json::array& from, std::size_t parts) {
  memory_row out;
  out.at = base::wall_time(std::chrono::milliseconds(from.at(0).as_int64()));
  out.guilds = static_cast<std::uint64_t>(std::max<std::int64_t>(0, from.at(1).as_int64()));
  for (std::size_t i = 0; i < parts; ++i) out.bytes.push_back(json::value_to<double>(from.at(i + 2)));
  return out;
}

// What came while the process found its size is left out.
std::vector<memory_row> settled(const memory_series& of) {
  std::vector<memory_row> out;
  if (of.rows.empty()) return out;
  const base::wall_time start = of.rows.back().at - of.uptime;
  std::ranges::copy_if(of.rows, std::back_inserter(out),
                       [&](const memory_row& each) { return each.at >= start + warm_up; });
  return out;
}

template <class Value>
std::vector<fleet::memory_point> points_of(const std::vector<memory_row>& rows, Value value) {
  std::vector<fleet::memory_point> out;
  for (const memory_row& each : rows)
    out.push_back({each.at.time_since_epoch(), static_cast<std::uint64_t>(value(each))});
  return out;
}

// What one guild more explains, in every part that holds guilds.
double bytes_of_a_guild(const memory_series& of) {
  const auto state = of.part("guild_state");
  const memory_row& last = of.rows.back();
  if (!state || last.guilds < guilds_to_tell) return measured_costs{}.guild_bytes;
  return last.bytes[*state] / static_cast<double>(last.guilds);
}

// In an hour.
double slope_of_guilds(const std::vector<memory_row>& rows) {
  const auto points = points_of(rows, [](const memory_row& each) { return each.guilds; });
  return fleet::slope_of(points, sure).bytes_per_minute * minutes_of_an_hour;
}

}  // namespace

std::optional<std::size_t> memory_series::part(std::string_view name) const {
  const auto found = std::ranges::find(parts, name);
  if (found == parts.end()) return std::nullopt;
  return static_cast<std::size_t>(found - parts.begin());
}

base::result<memory_series> read_memory_series(std::string_view text) {
  boost::system::error_code problem;
  const json::value parsed = json::parse(text, problem);
  std::string_view wrong = "its text";
  try {
    if (problem) throw boost::system::system_error(problem);
    const json::object& from = parsed.as_object();
    memory_series out;
    wrong = "node";
    out.node = json::value_to<std::string>(from.at("node"));
    wrong = "uptime";
    out.uptime = std::chrono::seconds(from.at("uptime").as_int64());
    wrong = "parts";
    out.parts = json::value_to<std::vector<std::string>>(from.at("parts"));
    wrong = "rows";
    for (const json::value& each : from.at("rows").as_array())
      out.rows.push_back(row_of(each.as_array(), out.parts.size()));
    return out;
  } catch (const std::exception&) {  // Boost.JSON's answer to what is missing or of another kind
    return base::fail(std::make_error_code(std::errc::bad_message), fmt::format("GET /memory: {}", wrong),
                      "Is this a guildfleet node of this release?");
  }
}

std::vector<part_growth> growth_of(const memory_series& series) {
  std::vector<part_growth> out;
  if (series.rows.empty()) return out;
  const std::vector<memory_row> rows = settled(series);
  const memory_row& last = series.rows.back();
  const bool enough = rows.size() >= samples_to_judge;
  const double explained = enough ? std::max(0.0, slope_of_guilds(rows)) * bytes_of_a_guild(series) : 0;
  for (std::size_t i = 0; i < series.parts.size(); ++i) {
    part_growth one{.part = series.parts[i], .now = last.bytes[i], .judged = enough};
    if (last.guilds >= guilds_to_tell) one.per_guild = one.now / static_cast<double>(last.guilds);
    if (enough) {
      const auto points = points_of(rows, [i](const memory_row& each) { return each.bytes[i]; });
      const fleet::slope_estimate slope = fleet::slope_of(points, sure);
      one.per_hour = slope.bytes_per_minute * minutes_of_an_hour - explained;
      one.at_least = slope.at_least * minutes_of_an_hour - explained;
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace guildfleet::ops::doctor
