#include "fleet/release_figures.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <map>

#include "base/json_text.hpp"
#include "fleet/error.hpp"

namespace guildfleet::fleet {
namespace {

namespace json = boost::json;

using buckets = std::array<std::uint64_t, duration_histogram::bucket_count>;

// Every counter with its name, for both directions.
template <class Figures, class Visit>
void each_number(Figures& figures, Visit visit) {
  visit("events", figures.events);
  visit("failed_events", figures.failed_events);
  visit("interactions", figures.interactions);
  visit("unanswered", figures.unanswered);
  visit("requests", figures.requests);
  visit("refused_requests", figures.refused_requests);
  visit("broken_requests", figures.broken_requests);
  visit("reconnects", figures.reconnects);
  visit("shard_ms", figures.shard_ms);
  visit("up_ms", figures.up_ms);
  visit("resident_bytes", figures.resident_bytes);
  visit("visits", figures.visits);
  visit("draining", figures.draining);
}

void write_buckets(base::json_writer& out, std::string_view name, const buckets& counts) {
  out.key(name).begin_array();
  for (const std::uint64_t count : counts) out.number(count);
  out.end_array();
}

void read_buckets(const json::object& from, std::string_view name, buckets& counts) {
  const json::array& values = from.at(name).as_array();
  for (std::size_t i = 0; i < counts.size() && i < values.size(); ++i)
    counts[i] = json::value_to<std::uint64_t>(values[i]);
}

// Of one process, by time.
using series = std::vector<const release_report*>;

std::uint64_t grown(std::uint64_t from, std::uint64_t to) {
  return to > from ? to - from : 0;
}

void add(duration_histogram& to, const buckets& from, const buckets& until) {
  for (std::size_t i = 0; i < from.size(); ++i) to.add_to_bucket(i, grown(from[i], until[i]));
}

void add(release_samples& to, const release_figures& from, const release_figures& until) {
  to.events += grown(from.events, until.events);
  to.failed_events += grown(from.failed_events, until.failed_events);
  to.interactions += grown(from.interactions, until.interactions);
  to.unanswered += grown(from.unanswered, until.unanswered);
  to.requests += grown(from.requests, until.requests);
  to.refused_requests += grown(from.refused_requests, until.refused_requests);
  to.broken_requests += grown(from.broken_requests, until.broken_requests);
  to.reconnects += grown(from.reconnects, until.reconnects);
  to.shard_time += std::chrono::milliseconds(grown(from.shard_ms, until.shard_ms));
  add(to.answer_time, from.answer_time, until.answer_time);
  add(to.event_lag, from.event_lag, until.event_lag);
}

// Where a process's counters stood when the window began.
release_figures base_of(const series& reports, base::wall_time from) {
  const auto after =
      std::ranges::find_if(reports, [from](const release_report* each) { return each->at > from; });
  if (after != reports.begin()) return (*std::prev(after))->figures;
  // Its first report is in the window: either it started in it, or nothing is known of before.
  const release_report& first = *reports.front();
  const bool is_new = std::chrono::milliseconds(first.figures.up_ms) <= first.at - from;
  return is_new ? release_figures{} : first.figures;
}

}  // namespace

std::string to_json(const release_figures& figures) {
  base::json_writer out;
  out.begin_object();
  each_number(figures, [&out](std::string_view name, std::uint64_t value) { out.key(name).number(value); });
  write_buckets(out, "answer_time", figures.answer_time);
  write_buckets(out, "event_lag", figures.event_lag);
  out.end_object();
  return out.take();
}

base::result<release_figures> release_figures_from_json(std::string_view text) {
  boost::system::error_code problem;
  const json::value parsed = json::parse(text, problem);
  try {
    if (problem) throw boost::system::system_error(problem);
    release_figures out;
    const json::object& from = parsed.as_object();
    each_number(out, [&from](std::string_view name, auto& value) {
      value = json::value_to<std::remove_reference_t<decltype(value)>>(from.at(name));
    });
    read_buckets(from, "answer_time", out.answer_time);
    read_buckets(from, "event_lag", out.event_lag);
    return out;
  } catch (const std::exception& thrown) {
    return base::fail(fleet_error::rollout_text, thrown.what(),
                      "A node of another release wrote it; update this one.");
  }
}

std::vector<release_report> reports_in(std::span<const store::release_sample> samples) {
  std::vector<release_report> out;
  for (const store::release_sample& each : samples) {
    if (auto figures = release_figures_from_json(each.figures))
      out.push_back({each.node, each.release, base::wall_time(std::chrono::milliseconds(each.at_ms)),
                     std::move(*figures)});
  }
  return out;
}

release_samples samples_within(std::span<const release_report> reports, std::string_view release,
                               std::span<const store::node_row> living, base::wall_time from,
                               base::wall_time now) {
  std::map<std::uint64_t, series> by_process;
  for (const release_report& each : reports) {
    if (each.release == release && each.at <= now) by_process[each.node.incarnation].push_back(&each);
  }
  release_samples out;
  for (const auto& [incarnation, of_process] : by_process) {
    const release_report& last = *of_process.back();
    if (last.at < from) continue;
    add(out, base_of(of_process, from), last.figures);
    const bool alive = std::ranges::any_of(
        living, [&](const store::node_row& row) { return row.identity.incarnation == incarnation; });
    if (!alive && last.figures.draining == 0) out.nodes.push_back({.node = last.node.name, .gone = true});
  }
  for (const store::node_row& row : living) {
    if (row.report.release != release) continue;
    node_samples node{.node = row.identity.name, .up_for = row.up_for};
    for (const release_report* each : by_process[row.identity.incarnation]) {
      if (each->at < from) continue;
      node.memory.push_back({std::chrono::duration_cast<std::chrono::milliseconds>(each->at - from),
                             each->figures.resident_bytes});
      node.reported_ago = std::chrono::duration_cast<std::chrono::milliseconds>(now - each->at);
    }
    out.nodes.push_back(std::move(node));
  }
  return out;
}

}  // namespace guildfleet::fleet
