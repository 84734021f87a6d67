// GD63x: whether a node's memory grows, and what of it.
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ops/doctor/judgement.hpp"
#include "ops/doctor/notebook.hpp"
#include "ops/doctor/thresholds.hpp"
#include "ops/plan/capacity_plan.hpp"
#include "ops/plan/figure_text.hpp"

namespace guildfleet::ops::doctor {
namespace {

std::string slope_text(const part_growth& of) {
  return fmt::format("{} an hour (at least {})", bytes_text(of.per_hour), bytes_text(of.at_least));
}

const part_growth* find(const std::vector<part_growth>& all, std::string_view part) {
  const auto found = std::ranges::find(all, part, &part_growth::part);
  return found == all.end() ? nullptr : &*found;
}

// What grows beside the whole process.
std::string growing_parts(const std::vector<part_growth>& all) {
  std::vector<std::string> out;
  for (const part_growth& each : all) {
    if (each.part == "resident" || each.at_least < slow_leak_bytes_per_hour / 4) continue;
    out.push_back(fmt::format("{} {}", each.part, slope_text(each)));
  }
  if (out.empty()) return "none of its measured parts does";
  return fmt::format("of it {}", fmt::join(out, ", "));
}

void judge_growth(const memory_series& of, const std::vector<part_growth>& all, notebook& notes) {
  const part_growth* whole = find(all, "resident");
  if (whole == nullptr) return;
  if (!whole->judged) {
    notes.fine(
        check::memory_growth, of.node,
        fmt::format(
            "{}; whether it grows can be told after {} samples of a minute each, past the first {} min",
            bytes_text(whole->now), samples_to_judge, warm_up.count()));
    return;
  }
  if (whole->at_least < slow_leak_bytes_per_hour) {
    notes.fine(check::memory_growth, of.node,
               fmt::format("{}, no steady growth ({} an hour)", bytes_text(whole->now),
                           bytes_text(whole->per_hour)));
    return;
  }
  notes.say(
      check::memory_growth, of.node,
      {.how = whole->at_least < fast_leak_bytes_per_hour ? grade::warning : grade::error,
       .seen = fmt::format("{}, grows by {} beyond what more guilds explain; {}", bytes_text(whole->now),
                           slope_text(*whole), growing_parts(all)),
       .meaning = "Something is kept that is not needed any more. At the limit the process is killed.",
       .todo =
           "Start the node with `guildfleet run --heap-profile`, let it grow, then `guildfleet doctor heap` "
           "tells where the memory was taken. Until then: restart it by `guildfleet drain NODE`."});
}

void judge_guilds(const memory_series& of, const std::vector<part_growth>& all, notebook& notes) {
  const part_growth* guilds = find(all, "guild_state");
  if (guilds == nullptr || !guilds->per_guild) return;
  const double usual = measured_costs{}.guild_bytes;
  const std::string seen = fmt::format("{} of state for each guild, {} is usual",
                                       bytes_text(*guilds->per_guild), bytes_text(usual));
  if (*guilds->per_guild < usual * guild_bytes_outlier) {
    notes.fine(check::guild_bytes, of.node, seen);
    return;
  }
  notes.say(
      check::guild_bytes, of.node,
      {.how = grade::warning,
       .seen = seen,
       .meaning =
           "Its guilds have many more channels, roles or emojis than usual, or something is kept twice.",
       .todo = "Plan with what was measured: `guildfleet plan --live`."});
}

}  // namespace

void judge_memory(const answer<memory_series>& of, diagnosis& into) {
  notebook notes(into);
  const auto* series = notes.read(check::memory_growth, "", of,
                                  {.how = grade::note,
                                   .seen = {},
                                   .meaning = "Whether the node's memory grows is not known.",
                                   .todo = "Ask the node itself: GET /memory of its address."});
  if (series == nullptr || series->rows.empty()) return;
  const std::vector<part_growth> all = growth_of(*series);
  judge_growth(*series, all, notes);
  judge_guilds(*series, all, notes);
}

}  // namespace guildfleet::ops::doctor
