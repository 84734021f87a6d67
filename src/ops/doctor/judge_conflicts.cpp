// GD61x: bots in one another's way; GD62x: timers that do not run.
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iterator>
#include <set>

#include "base/count_text.hpp"
#include "ops/doctor/judgement.hpp"
#include "ops/doctor/named.hpp"
#include "ops/doctor/notebook.hpp"
#include "ops/doctor/thresholds.hpp"
#include "ops/plan/figure_text.hpp"

namespace guildfleet::ops::doctor {
namespace {

using base::count_text;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr std::size_t most_named = 5;

std::vector<discord::guild_id> shared_guilds(const guild_list& one, const guild_list& other) {
  std::set<discord::guild_id> known(one.ids.begin(), one.ids.end());
  std::vector<discord::guild_id> out;
  std::ranges::copy_if(other.ids, std::back_inserter(out),
                       [&](discord::guild_id id) { return known.contains(id); });
  return out;
}

struct shared_features {
  std::vector<std::string> exclusive{};
  std::vector<std::string> other{};  // that members see twice: those with commands
};
shared_features features_of_both(const bot_facts& one, const bot_facts& other) {
  shared_features out;
  for (const feature_need& each : one.needs) {
    if (std::ranges::find(other.needs, each.feature, &feature_need::feature) == other.needs.end()) continue;
    if (each.exclusive)
      out.exclusive.push_back(each.feature);
    else if (each.has_commands)
      out.other.push_back(each.feature);
  }
  return out;
}

// "the first 1,000 guilds of music"
std::string listed_of(const bot_facts& of) {
  return fmt::format("{} {} of {}", of.guilds->whole ? "the" : "the first",
                     count_text(of.guilds->ids.size(), "guild"), of.name);
}

void judge_pair(const bot_facts& one, const bot_facts& other, notebook& notes) {
  if (!one.guilds || !other.guilds) return;
  const std::string pair = fmt::format("{} and {}", one.name, other.name);
  const auto guilds = shared_guilds(*one.guilds, *other.guilds);
  const shared_features features = features_of_both(one, other);
  if (features.exclusive.empty() && features.other.empty()) {
    notes.fine(check::same_feature, pair, "nothing that both do");
    return;
  }
  const bool whole = one.guilds->whole && other.guilds->whole;
  if (guilds.empty() && whole) {
    notes.fine(check::same_feature, pair, "no guild in common");
    return;
  }
  if (guilds.empty()) {
    notes.unknown(
        check::same_feature, pair,
        fmt::format("none in common of {} and {}, and there are more", listed_of(one), listed_of(other)));
    return;
  }
  const std::string where =
      fmt::format("both in {}{} ({}{})", whole ? "" : "at least ", count_text(guilds.size(), "guild"),
                  guilds.front(), guilds.size() > 1 ? ", ..." : "");
  const bool claims = one.data_place == other.data_place;
  if (!features.exclusive.empty() && !claims) {
    notes.say(
        check::same_feature, pair,
        {.how = grade::error,
         .seen = fmt::format("{}, both with {}, their data in different stores", where,
                             fmt::join(features.exclusive, ", ")),
         .meaning = "Neither knows of the other: both do it, and members see everything twice.",
         .todo =
             "Give both one store.database_url (one of them then claims it), take the feature from one, or "
             "keep the bots apart with `guilds:`."});
  } else if (!features.exclusive.empty()) {
    notes.say(check::same_feature, pair,
              {.how = grade::note,
               .seen = fmt::format("{}, both with {}", where, fmt::join(features.exclusive, ", ")),
               .meaning = "Only one of them does it, by its claim in the shared store.",
               .todo = "Say which with bots[].priority, or take the feature from the other."});
  } else {
    notes.say(check::same_feature, pair,
              {.how = grade::note,
               .seen = fmt::format("{}, both with {}", where, fmt::join(features.other, ", ")),
               .meaning = "Members see these commands twice, once of each bot.",
               .todo = "Take the features from one of them, if that is not meant."});
  }
}

void judge_edits(const fleet_facts& of, notebook& notes) {
  if (!of.node) return;
  const auto* edits =
      notes.read(check::edit_conflicts, of.url, of.node->edits,
                 {.how = grade::note,
                  .seen = {},
                  .meaning = "Whether edits of settings are in one another's way is not known.",
                  .todo = "Look at GET /metrics of the node."});
  if (edits == nullptr) return;
  const double tries = edits->changes + edits->conflicts;
  const std::string seen =
      fmt::format("{:.0f} of {:.0f} tries, since {} started", edits->conflicts, tries, of.node->name);
  if (edits->conflicts < conflicts_that_matter || edits->conflicts < many_conflicts * tries) {
    notes.fine(check::edit_conflicts, "", seen);
    return;
  }
  notes.say(
      check::edit_conflicts, "",
      {.how = grade::warning,
       .seen = seen,
       .meaning =
           "Somebody's changes were refused because others had changed the same in between. Nothing was "
           "lost, but a program that writes without reading first never gets through.",
       .todo = "See who changes what: `guildfleet config history --guild ID --bot BOT`. A program must read, "
               "then send "
               "If-Match with the ETag it got."});
}

std::string job_name(const store::job_row& row) {
  return fmt::format("{} of {}", row.plan.key.key, row.plan.key.bot.value);
}

void judge_overdue(const job_facts& of, notebook& notes) {
  std::vector<std::string> late;
  milliseconds latest{0};
  for (const store::job_row& each : of.soonest) {
    const auto overdue = duration_cast<milliseconds>(of.now - each.plan.due);
    if (overdue < overdue_from) continue;
    latest = std::max(latest, overdue);
    late.push_back(fmt::format("{} by {}", job_name(each), time_text(overdue)));
  }
  std::uint64_t due = 0;
  std::uint64_t waiting = 0;
  for (const store::job_count& each : of.counts) {
    due += each.due;
    waiting += each.waiting;
  }
  if (late.empty()) {
    notes.fine(check::jobs_overdue, of.place,
               due == 0 ? "none is due" : count_text(due, "job") + " due just now");
    return;
  }
  notes.say(
      check::jobs_overdue, of.place,
      {.how = latest < far_overdue_from ? grade::warning : grade::error,
       // The soonest were read first: where one of them is not late, none behind them is.
       .seen =
           fmt::format("{} due, late: {}", due,
                       named(late, {.most = most_named,
                                    .cut = late.size() == of.soonest.size() && waiting > of.soonest.size()})),
       .meaning =
           "What members wait for does not happen. A job runs on the node that holds its guild's shard; "
           "none does, or that node is too busy.",
       .todo =
           "See whether all shards are owned and connected (GD603, GD604), and what the log says of these "
           "jobs; `guildfleet jobs list` shows them, `guildfleet jobs cancel KEY --bot BOT` drops one."});
}

void judge_dead(const job_facts& of, notebook& notes) {
  std::uint64_t count = 0;
  for (const store::job_count& each : of.counts) count += each.dead;
  if (count == 0) {
    notes.fine(check::jobs_dead, of.place, "none");
    return;
  }
  std::vector<std::string> some;
  for (const store::job_row& each : of.dead) {
    if (some.size() == most_named) break;
    some.push_back(fmt::format("{} ({})", job_name(each), each.last_error));
  }
  notes.say(
      check::jobs_dead, of.place,
      {.how = grade::warning,
       .seen = fmt::format("{}: {}", count, fmt::join(some, ", ")),
       .meaning = "They failed again and again and are not tried any more.",
       .todo = "Mend the cause, then `guildfleet jobs retry KEY --bot BOT`; or `guildfleet jobs cancel`."});
}

// A node that is alone on a file may show by its shards first.
bool lives_in(const store::fleet_picture& picture, const std::string& node) {
  return std::ranges::any_of(picture.nodes, [&](const auto& each) { return each.identity.name == node; }) ||
         std::ranges::any_of(picture.leases,
                             [&](const auto& each) { return each.is_owned() && each.owner.name == node; });
}

void judge_stuck(const fleet_facts& fleet, const job_facts& of, notebook& notes) {
  if (!fleet.picture) return;
  std::vector<std::string> stuck;
  for (const store::job_row& each : of.leased) {
    const bool lives = lives_in(*fleet.picture, each.node);
    if (!lives) stuck.push_back(fmt::format("{} on {}", job_name(each), each.node));
  }
  std::uint64_t running = 0;
  for (const store::job_count& each : of.counts) running += each.leased;
  const bool cut = running > of.leased.size();
  if (stuck.empty()) {
    notes.fine(check::jobs_stuck, of.place,
               cut ? fmt::format("{} running, the first {} were looked at", count_text(running, "job"),
                                 of.leased.size())
                   : count_text(of.leased.size(), "job") + " running");
    return;
  }
  notes.say(
      check::jobs_stuck, of.place,
      {.how = grade::warning,
       .seen = fmt::format("{}{} running on a node that does not live: {}", cut ? "at least " : "",
                           count_text(stuck.size(), "job"), named(stuck, {.most = most_named, .cut = cut})),
       .meaning = "They run again when their lease has ended, on the node that then holds the guild's shard.",
       .todo = "If it stays so for minutes, see that a node runs the bot (GD603)."});
}

}  // namespace

void judge_conflicts(const facts& of, diagnosis& into) {
  notebook notes(into);
  for (std::size_t i = 0; i < of.bots.size(); ++i) {
    for (std::size_t k = i + 1; k < of.bots.size(); ++k) judge_pair(of.bots[i], of.bots[k], notes);
  }
  judge_edits(of.fleet, notes);
}

void judge_jobs(const fleet_facts& of, diagnosis& into) {
  notebook notes(into);
  for (const answer<job_facts>& each : of.jobs) {
    const auto* jobs = notes.read(check::jobs_overdue, "", each,
                                  {.how = grade::warning,
                                   .seen = {},
                                   .meaning = "Whether timers run is not known.",
                                   .todo = "Look with `guildfleet jobs list`."});
    if (jobs == nullptr) continue;
    judge_overdue(*jobs, notes);
    judge_dead(*jobs, notes);
    judge_stuck(of, *jobs, notes);
  }
}

}  // namespace guildfleet::ops::doctor
