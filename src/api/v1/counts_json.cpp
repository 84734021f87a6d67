#include "api/v1/counts_json.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <iterator>

namespace guildfleet::api::v1 {
namespace {

namespace json = boost::json;

template <class Row, class Make>
json::array array_of(const std::vector<Row>& rows, Make make) {
  json::array out;
  for (const Row& row : rows) out.push_back(make(row));
  return out;
}

template <class Row>
void append(std::vector<Row>& into, std::vector<Row> more) {
  into.insert(into.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

json::object counts_json(const store::fleet_counts& counts) {
  using store::fleet_counts;
  json::object out;
  out["guilds"] = array_of(counts.guilds, [](const fleet_counts::bot_guilds& row) {
    return json::object{{"bot", row.bot.value}, {"guilds", row.guilds}};
  });
  out["overlaps"] = array_of(counts.overlaps, [](const fleet_counts::overlap& row) {
    return json::object{{"bots", {row.first.value, row.second.value}}, {"guilds", row.guilds}};
  });
  out["feature_uses"] = array_of(counts.uses, [](const store::feature_use& row) {
    return json::object{{"bot", row.bot.value}, {"feature", row.feature}, {"uses", row.uses}};
  });
  out["jobs"] = array_of(counts.jobs, [](const store::job_count& row) {
    return json::object{{"bot", row.bot.value},
                        {"waiting", row.waiting},
                        {"due", row.due},
                        {"leased", row.leased},
                        {"dead", row.dead}};
  });
  out["config_changes"] = array_of(counts.changes, [](const fleet_counts::day& row) {
    return json::object{{"date", row.date}, {"changes", row.changes}};
  });
  return out;
}

void add_counts(store::fleet_counts& into, store::fleet_counts more) {
  append(into.guilds, std::move(more.guilds));
  append(into.overlaps, std::move(more.overlaps));
  append(into.uses, std::move(more.uses));
  append(into.jobs, std::move(more.jobs));
  for (store::fleet_counts::day& day : more.changes) {
    const auto same = std::ranges::find(into.changes, day.date, &store::fleet_counts::day::date);
    if (same == into.changes.end())
      into.changes.push_back(std::move(day));
    else
      same->changes += day.changes;
  }
  std::ranges::sort(into.changes, {}, &store::fleet_counts::day::date);
}

}  // namespace guildfleet::api::v1
