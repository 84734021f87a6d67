// GD601 to GD605: which node runs which shard, and whether it does.
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
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
using std::chrono::milliseconds;

constexpr std::size_t most_named = 8;  // shards in one finding

// Every node that answered, each once.
std::vector<const node_word*> heard(const fleet_facts& of) {
  std::vector<const node_word*> out;
  if (of.node) out.push_back(&*of.node);
  for (const node_word& each : of.others) {
    const bool known = std::ranges::any_of(out, [&](const auto* one) { return one->name == each.name; });
    if (!known) out.push_back(&each);
  }
  return out;
}

void judge_node(const fleet_facts& of, notebook& notes) {
  const auto* node = notes.read(
      check::node, of.url, of.node,
      {.how = grade::warning,
       .seen = {},
       .meaning = "What a running node knows (states of shards, conflicts, memory) is not looked at.",
       .todo = "Start it, name its address with --url, or say --offline if none is meant to run."});
  if (node != nullptr)
    notes.fine(check::node, of.url,
               fmt::format("{} answers, up for {}", node->name, time_text(milliseconds(node->uptime))));
  for (const unheard_node& each : of.unheard)
    notes.say(
        check::node, each.name,
        {.how = grade::note,
         .seen = fmt::format("{} lives by the store, and told nothing of its shards over the peer link{}{}",
                             each.name, each.why.empty() ? "" : ": ", each.why),
         .meaning = "Whether its shards are connected is not looked at.",
         .todo = each.fix.empty() ? "If it did not start just now: see that its node.advertise can be "
                                    "reached from here, and that node.fleet_key is the same."
                                  : each.fix});
}

// Nodes that nobody may ask from here.
void note_others(const fleet_facts& of, diagnosis& into) {
  if (!of.node || !of.picture || of.may_ask_others || of.picture->nodes.size() < 2) return;
  into.not_asked.push_back(
      {section::fleet, "other nodes: states of their shards", "this configuration has no node.fleet_key"});
}

// Shards that two nodes say to hold: each says so by its own permit.
void judge_twice(const fleet_facts& of, notebook& notes) {
  std::map<store::lease_key, std::set<std::string>> holders;
  for (const node_word* each : heard(of)) {
    for (const shard_word& shard : each->shards) {
      if (shard.held && !shard.muted) holders[shard.key].insert(each->name);
    }
  }
  std::vector<std::string> twice;
  for (const auto& [key, nodes] : holders) {
    if (nodes.size() > 1)
      twice.push_back(fmt::format("{} {} by {}", key.bot.value, key.shard, fmt::join(nodes, " and ")));
  }
  if (twice.empty()) {
    if (of.node)
      notes.fine(check::owned_twice, "", fmt::format("none, by {}", count_text(heard(of).size(), "node")));
    return;
  }
  notes.say(
      check::owned_twice, "",
      {.how = grade::error,
       .seen = named(twice, {.most = most_named}),
       .meaning =
           "Both may act on each event, or one of them is about to learn that it lost the shard (asked in "
           "the middle of a hand-over, this lasts a moment).",
       .todo = "Run the doctor again. If it stays: the nodes do not share one store; give them the same "
               "store.database_url, or stop one."});
}

struct shard_set {
  std::uint32_t owned = 0;
  std::vector<std::uint32_t> free{};
};
using sets_of_bot = std::map<std::uint32_t, shard_set>;  // by shard count

std::map<std::string, sets_of_bot> sets_in(const store::fleet_picture& picture) {
  std::map<std::string, sets_of_bot> out;
  std::map<std::pair<std::string, std::uint32_t>, std::set<std::uint32_t>> owned;
  for (const store::lease_row& lease : picture.leases) {
    if (lease.is_owned()) owned[{lease.key.bot.value, lease.key.shard.count}].insert(lease.key.shard.index);
  }
  for (const store::node_row& node : picture.nodes) {
    for (const store::served_shards& each : node.report.serves) owned[{each.bot.value, each.count}];
  }
  for (const auto& [set, indexes] : owned) {
    shard_set& into = out[set.first][set.second];
    into.owned = static_cast<std::uint32_t>(indexes.size());
    for (std::uint32_t i = 0; i < set.second; ++i) {
      if (!indexes.contains(i)) into.free.push_back(i);
    }
  }
  return out;
}

void judge_unowned(const std::string& bot, std::uint32_t count, const shard_set& set, bool starting,
                   notebook& notes) {
  if (set.free.empty()) {
    notes.fine(check::unowned, bot, fmt::format("none of {}", count_text(count, "shard")));
    return;
  }
  std::vector<std::string> names;
  for (const std::uint32_t each : set.free) names.push_back(std::to_string(each));
  notes.say(
      check::unowned, bot,
      {.how = starting ? grade::note : grade::error,
       .seen = fmt::format("{} of {}: {}", set.free.size(), count, named(names, {.most = most_named})),
       .meaning = starting ? "A node has just started and may be about to take them."
                           : "Nobody hears the events of their servers: the bot is offline there.",
       .todo = "See which nodes serve the bot (`guildfleet shards`), whether one drains, has weight 0 or a "
               "shard_range, or waits for identifies (`guildfleet identifies`)."});
}

void judge_counts(const std::string& bot, const sets_of_bot& sets, bool resharding, notebook& notes) {
  std::vector<std::string> counts;
  for (const auto& [count, set] : sets) {
    if (set.owned > 0) counts.push_back(std::to_string(count));
  }
  if (counts.size() < 2 || resharding) {
    notes.fine(check::two_counts, bot,
               counts.empty() ? "none runs" : fmt::format("{}", fmt::join(counts, " and ")));
    return;
  }
  notes.say(
      check::two_counts, bot,
      {.how = grade::error,
       .seen = fmt::format("shards run of {} at once", fmt::join(counts, " and of ")),
       .meaning = "Each server is served by both sets: members are answered twice.",
       .todo = "Stop the nodes of one; to change the number while the bot runs use `guildfleet reshard`."});
}

// A bot that no node serves by the store: one that ran before and was looked for is down; otherwise it may
// not be meant to run, or be about to.
void judge_absent(const fleet_facts& of, const store::fleet_picture& picture, const std::string& bot,
                  notebook& notes) {
  if (of.node) {
    const auto word = std::ranges::find(of.node->bots, bot, &bot_word::name);
    if (word != of.node->bots.end()) {
      notes.say(check::unowned, bot,
                {.how = grade::note,
                 .seen = fmt::format("{} has it ({}), and no shard of it yet", of.node->name, word->status),
                 .meaning = "The bot is offline until it has one.",
                 .todo = "Run the doctor again in a minute; if it stays, the node's log has the reason."});
      return;
    }
  }
  const bool looked_for = of.node || of.node.error().tried;
  const bool ran = std::ranges::any_of(
      picture.leases, [&](const store::lease_row& each) { return each.key.bot.value == bot; });
  notes.say(check::unowned, bot,
            {.how = ran && looked_for ? grade::error : grade::note,
             .seen = ran ? "no node runs it, and one did" : "no node runs it",
             .meaning = "The bot is offline.",
             .todo = "`guildfleet run`, if it is meant to run."});
}

void judge_picture(const fleet_facts& of, notebook& notes) {
  const auto* picture = notes.read(check::unowned, "", of.picture,
                                   {.how = grade::error,
                                    .seen = {},
                                    .meaning = "Who owns which shard is not known.",
                                    .todo = "Look with `guildfleet shards`."});
  if (picture == nullptr) return;
  const bool starting = std::ranges::any_of(
      picture->nodes, [](const store::node_row& each) { return each.up_for < node_starts_within; });
  const auto sets = sets_in(*picture);
  for (const auto& [bot, counts] : sets) {
    if (std::ranges::find(of.configured, bot) == of.configured.end()) continue;
    judge_counts(bot, counts, of.resharding, notes);
    // While the number is changed, a set that begins or ends is not whole.
    for (const auto& [count, set] : counts) judge_unowned(bot, count, set, starting || of.resharding, notes);
  }
  for (const std::string& bot : of.configured) {
    if (!sets.contains(bot)) judge_absent(of, *picture, bot, notes);
  }
}

// Whether the shard has a connection and hears something; a sentence about it otherwise.
std::optional<std::string> trouble_of(const shard_word& shard, std::chrono::seconds silent_after) {
  const std::string name = fmt::format("{} {}", shard.key.bot.value, shard.key.shard);
  if (shard.state != "connected") return fmt::format("{} is {}", name, shard.state);
  if (silent_after.count() == 0 || shard.guilds == 0 || !shard.last_event) return std::nullopt;
  if (*shard.last_event < silent_after) return std::nullopt;
  return fmt::format("{} heard nothing for {}", name, time_text(*shard.last_event));
}

void judge_zombies(const fleet_facts& of, notebook& notes) {
  std::size_t held = 0;
  std::vector<std::string> troubled;
  for (const node_word* each : heard(of)) {
    const bool starting = each->uptime < node_starts_within;
    for (const shard_word& shard : each->shards) {
      if (!shard.held || shard.muted) continue;
      ++held;
      const auto trouble = trouble_of(shard, of.silent_after);
      if (trouble && !starting) troubled.push_back(fmt::format("{} ({})", *trouble, each->name));
    }
  }
  if (troubled.empty()) {
    if (of.node)
      notes.fine(check::zombie, "", fmt::format("none of {} that are held", count_text(held, "shard")));
    return;
  }
  notes.say(
      check::zombie, "",
      {.how = grade::warning,
       .seen = named(troubled, {.most = most_named}),
       .meaning =
           "The lease is held, so no other node takes the shard, but events do not come or are not acted "
           "on.",
       .todo =
           "Look into that node's log for the shard; `guildfleet drain NODE` gives its shards to the others, "
           "a restart of the node begins anew without an identify."});
}

void judge_words(const fleet_facts& of, notebook& notes) {
  if (!of.node) return;
  for (const bot_word& each : of.node->bots) {
    if (std::ranges::find(of.configured, each.name) == of.configured.end()) continue;
    const bool stopped = each.status == "stopped";
    if (!stopped && each.problem.empty()) {
      notes.fine(check::bot_state, each.name, each.status);
      continue;
    }
    notes.say(check::bot_state, each.name,
              {.how = stopped ? grade::error : grade::warning,
               .seen = fmt::format("{}: {}", each.status, each.problem),
               .meaning = stopped ? "It has stopped for good: only a person can help, then restart the node."
                                  : "It runs with less than it should, or waits.",
               .todo = fmt::format("Do what it says; the log of {} has more.", of.node->name)});
  }
}

}  // namespace

void judge_ownership(const fleet_facts& of, diagnosis& into) {
  notebook notes(into);
  judge_node(of, notes);
  note_others(of, into);
  judge_words(of, notes);
  judge_twice(of, notes);
  judge_picture(of, notes);
  judge_zombies(of, notes);
}

}  // namespace guildfleet::ops::doctor
