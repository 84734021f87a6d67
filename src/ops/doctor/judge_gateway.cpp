// GD2xx: the way to Discord, its clock, and what is left of the day's identifies.
#include <algorithm>
#include <fmt/format.h>

#include "ops/doctor/judgement.hpp"
#include "ops/doctor/notebook.hpp"
#include "ops/doctor/thresholds.hpp"
#include "ops/plan/figure_text.hpp"

namespace guildfleet::ops::doctor {
namespace {

using std::chrono::milliseconds;

std::string seconds_text(milliseconds time) {
  return fmt::format("{:.1f} s", static_cast<double>(time.count()) / 1e3);
}

void judge_latency(const reach_facts& of, notebook& notes) {
  const std::string seen = fmt::format("answers within {} ms", of.latency.count());
  if (of.latency < slow_discord) {
    notes.fine(check::reach, of.place, seen);
    return;
  }
  notes.say(
      check::reach, of.place,
      {.how = of.latency < very_slow_discord ? grade::note : grade::warning,
       .seen = seen,
       .meaning =
           "An interaction must be answered within 3 s, and every request of a handler takes that long.",
       .todo = "Run the bots where the way to Discord is shorter, or look for a proxy or a busy line in "
               "between."});
}

void judge_clock(const reach_facts& of, notebook& notes) {
  if (!of.discord_ahead) {
    notes.say(
        check::clock, of.place,
        {.how = grade::note,
         .seen = "the answer had no Date header that can be read",
         .meaning = "Whether this machine's clock is right is not known.",
         .todo = "Look at `timedatectl`, and whether something between here and Discord takes headers out."});
    return;
  }
  const net::clock_bounds& off = *of.discord_ahead;
  // What is certain, whatever part of the answer's time its way took.
  const milliseconds behind = std::max(milliseconds(0), off.at_least);
  const milliseconds ahead = std::max(milliseconds(0), -off.at_most);
  const milliseconds certain = std::max(behind, ahead);
  const std::string range = fmt::format("Discord's less this machine's lies between {} and {}",
                                        seconds_text(off.at_least), seconds_text(off.at_most));
  if (certain < clock_off) {
    notes.fine(check::clock, of.place, range);
    return;
  }
  notes.say(
      check::clock, of.place,
      {.how = certain < clock_far_off ? grade::warning : grade::error,
       .seen = fmt::format("this machine's clock is at least {} {} Discord's ({})", seconds_text(certain),
                           behind > ahead ? "behind" : "ahead of", range),
       .meaning = "Timers run early or late, time-outs end at the wrong moment, and what the log says cannot "
                  "be compared with Discord's times; far off, certificates are refused.",
       .todo = "Switch time service on: `timedatectl set-ntp true` (in a container: on its host)."});
}

void judge_identifies(const bot_facts& of, const gateway_facts& gateway, std::uint32_t shards,
                      notebook& notes) {
  const fleet::session_start_limit& limit = gateway.limit;
  const std::uint32_t floor = fleet::identify_floor(limit, shards, of.identify_floor);
  std::string seen = fmt::format("{} of {} left, {} kept back", limit.remaining, limit.total, floor);
  if (limit.remaining < limit.total) seen += fmt::format(", anew in {}", time_text(limit.reset_after));
  if (limit.remaining == 0) {
    notes.say(
        check::identifies, of.name,
        {.how = grade::error,
         .seen = seen,
         .meaning = "One more would make Discord reset the token and end every session. Sessions that can be "
                    "resumed go on; a shard that lost its session waits.",
         .todo = fmt::format("Stop what begins sessions again and again: `guildfleet identifies --bot {}` "
                             "shows which shard did.",
                             of.name)});
  } else if (limit.remaining <= floor) {
    notes.say(
        check::identifies, of.name,
        {.how = grade::warning,
         .seen = seen,
         .meaning = "Nodes refuse to identify now, so that a restart loop cannot use the day's budget up.",
         .todo = fmt::format("Find out who used them: `guildfleet identifies --bot {0}`. If it is over: "
                             "`guildfleet identifies allow --bot {0} --reason \"...\"`.",
                             of.name)});
  } else if (limit.remaining < floor + shards) {
    notes.say(check::identifies, of.name,
              {.how = grade::warning,
               .seen = seen,
               .meaning =
                   fmt::format("Fewer are left above the floor than the bot has shards ({}): a cold start of "
                               "all of them would stop half way.",
                               shards),
               .todo = "Put off what begins new sessions (reshard, another token's intents) until then."});
  } else {
    notes.fine(check::identifies, of.name, seen);
  }
}

void judge_shard_count(const bot_facts& of, const gateway_facts& gateway, std::uint32_t shards,
                       notebook& notes) {
  const auto guilds = of.application ? of.application->guilds_about : std::nullopt;
  const std::uint64_t each = guilds ? *guilds / std::max(1U, shards) : 0;
  std::string seen = fmt::format("{}, Discord recommends {}", shards, gateway.recommended_shards);
  if (guilds) seen += fmt::format("; about {} guilds, {} on each", grouped(*guilds), grouped(each));
  const std::string todo = fmt::format(
      "`guildfleet plan --live` computes a number with headroom; `guildfleet reshard start {} --to {}` "
      "changes it while the bot runs.",
      of.name, std::max(gateway.recommended_shards, shards + 1));
  if (each >= most_guilds_of_a_shard) {
    notes.say(
        check::shard_count, of.name,
        {.how = grade::error,
         .seen = seen,
         .meaning =
             "Discord refuses an IDENTIFY for a shard with more than 2,500 guilds (close code 4011): the "
             "next cold start fails.",
         .todo = todo});
  } else if (each >= full_shard || shards < gateway.recommended_shards) {
    notes.say(
        check::shard_count, of.name,
        {.how = grade::warning,
         .seen = seen,
         .meaning =
             "There is little headroom: at 2,500 guilds on a shard Discord refuses it (close code 4011).",
         .todo = todo});
  } else {
    notes.fine(check::shard_count, of.name, seen);
  }
}

}  // namespace

void judge_reach(const answer<reach_facts>& of, diagnosis& into) {
  notebook notes(into);
  const auto* reach =
      notes.read(check::reach, "", of,
                 {.how = grade::error,
                  .seen = {},
                  .meaning = "No bot can start from here, and those that run cannot send anything.",
                  .todo = "Look at DNS, proxy, firewall, and https://discordstatus.com."});
  if (reach == nullptr) return;
  judge_latency(*reach, notes);
  judge_clock(*reach, notes);
}

void judge_gateway(const bot_facts& of, std::uint32_t running, diagnosis& into) {
  notebook notes(into);
  const auto* gateway = notes.read(check::identifies, of.name, of.gateway,
                                   {.how = grade::warning,
                                    .seen = {},
                                    .meaning = "It is not known how many sessions may still be begun today.",
                                    .todo = "Ask again later."});
  if (gateway == nullptr) return;
  const std::uint32_t configured = of.configured_shards.value_or(gateway->recommended_shards);
  const std::uint32_t shards = running > 0 ? running : configured;
  judge_identifies(of, *gateway, shards, notes);
  judge_shard_count(of, *gateway, shards, notes);
}

}  // namespace guildfleet::ops::doctor
