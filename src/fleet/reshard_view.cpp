#include "fleet/reshard_view.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <fmt/format.h>
#include <tuple>
#include <utility>

#include "fleet/rollout_view.hpp"

namespace guildfleet::fleet {
namespace {

namespace json = boost::json;

template <class Integer>
std::optional<Integer> number_in(const json::object& from, const char* key) {
  const json::value* found = from.if_contains(key);
  if (found == nullptr || !found->is_number()) return std::nullopt;
  boost::system::error_code broken;
  const auto number = found->to_number<Integer>(broken);
  return broken ? std::nullopt : std::optional(number);
}

// `by`: nullopt, whoever.
std::uint32_t owned(const store::fleet_picture& seen, const store::bot_name& bot, std::uint32_t count,
                    const std::optional<store::node_identity>& by = {}) {
  return static_cast<std::uint32_t>(std::ranges::count_if(seen.leases, [&](const store::lease_row& lease) {
    return lease.key.bot == bot && lease.key.shard.count == count && lease.is_owned() &&
           (!by || lease.owner == *by);
  }));
}

// A shard of the bot under another count, that somebody else runs.
const store::lease_row* other_lease(const store::fleet_picture& seen, const count_question& question,
                                    std::uint32_t wanted) {
  const auto found = std::ranges::find_if(seen.leases, [&](const store::lease_row& lease) {
    return lease.key.bot == question.bot && lease.key.shard.count != wanted && lease.is_owned() &&
           lease.owner != question.self;
  });
  return found == seen.leases.end() ? nullptr : &*found;
}

// A home that was named just now may not have said yet that it serves the bot.
constexpr std::chrono::seconds home_begins_within{15};

// Another process than a predecessor of this node's name.
bool is_in_other_hands(const store::fleet_picture& seen, const count_question& question, const reshard& of) {
  if (of.home.name == question.self.name) return false;
  const store::node_row* home = seen.node(of.home);
  const base::wall_time now{std::chrono::milliseconds(seen.at_ms)};
  return (home != nullptr && home->serves(of.bot) != nullptr) ||
         (now >= of.home_since && now - of.home_since < home_begins_within);
}

bool home_stays(const store::fleet_picture& seen, const reshard& of) {
  const store::node_row* row = seen.node(of.home);
  return row != nullptr && row->serves(of.bot) != nullptr && !row->drains();
}

std::uint32_t wanted_count(const count_question& question, const std::optional<reshard>& newest,
                           std::string& warning) {
  const std::uint32_t configured = question.configured.value_or(question.recommended);
  if (!newest || newest->state != reshard_state::done) return configured;
  if (question.configured && *question.configured != newest->from) return configured;
  if (question.configured)
    warning = fmt::format("the configuration says {} shards, but the bot was given {}: say so there too",
                          *question.configured, newest->to);
  return newest->to;
}

}  // namespace

std::string to_json(const reshard_figures& of) {
  return json::serialize(json::object{{"operation", of.operation},
                                      {"fresh_whole", of.fresh_whole},
                                      {"fresh_refused", of.fresh_refused},
                                      {"guilds_left", of.guilds_left},
                                      {"unsettled", of.unsettled}});
}

std::optional<reshard_figures> reshard_figures_from_json(std::string_view text) {
  boost::system::error_code broken;
  const json::value root = json::parse(json::string_view(text.data(), text.size()), broken);
  const auto* object = broken ? nullptr : root.if_object();
  if (object == nullptr) return std::nullopt;
  const auto operation = number_in<std::uint64_t>(*object, "operation");
  const auto whole = number_in<std::uint32_t>(*object, "fresh_whole");
  const auto left = number_in<std::uint32_t>(*object, "guilds_left");
  const auto refused = number_in<std::uint32_t>(*object, "fresh_refused");
  const auto unsettled = number_in<std::uint32_t>(*object, "unsettled");
  if (!operation || !whole || !refused || !left || !unsettled) return std::nullopt;
  return reshard_figures{*operation, *whole, *refused, *left, *unsettled};
}

reshard_view view_of(const store::fleet_picture& seen, const reshard& of, std::uint64_t operation,
                     std::span<const store::release_sample> samples, std::chrono::milliseconds fresh_for) {
  reshard_view view{.all_heard = true,
                    .old_owned = owned(seen, of.bot, of.from),
                    .old_at_home = owned(seen, of.bot, of.from, of.home),
                    .home_stays = home_stays(seen, of),
                    .fresh_owned = owned(seen, of.bot, of.to)};
  bool anybody = false;
  for (const store::node_row& node : seen.nodes) {
    if (node.serves(of.bot) == nullptr) continue;
    anybody = true;
    std::optional<reshard_figures> last;
    for (const store::release_sample& each : samples) {
      if (each.node != node.identity || each.bot != of.bot || each.release != reshard_sample_release)
        continue;
      if (each.at_ms < of.since.time_since_epoch().count()) continue;  // of an earlier state
      if (each.at_ms + fresh_for.count() < seen.at_ms) continue;
      const auto figures = reshard_figures_from_json(each.figures);
      if (figures && figures->operation == operation) last = figures;
    }
    view.all_heard = view.all_heard && last.has_value();
    view.fresh_whole += last ? last->fresh_whole : 0;
    view.fresh_refused += last ? last->fresh_refused : 0;
    view.guilds_left += last ? last->guilds_left : 0;
    view.unsettled += last ? last->unsettled : 0;
  }
  view.all_heard = view.all_heard && anybody;
  return view;
}

std::vector<reshard_place> reshard_places(const store::fleet_picture& seen, const store::bot_name& bot) {
  const release_rules rules = rules_of(seen);
  const auto rule = rules.find(bot);
  const std::string release = rule == rules.end() ? std::string() : rule->second.settled;
  std::vector<const store::node_row*> rows;
  for (const store::node_row& node : seen.nodes) {
    const bool fits = release.empty() || node.report.release == release;
    if (node.serves(bot) != nullptr && !node.drains() && fits) rows.push_back(&node);
  }
  const auto shards_of = [&](const store::node_row& node) {
    return owned(seen, bot, node.serves(bot)->count, node.identity);
  };
  std::ranges::sort(rows, [&](const store::node_row* one, const store::node_row* other) {
    return std::tuple(shards_of(*other), other->report.weight, one->identity.name) <
           std::tuple(shards_of(*one), one->report.weight, other->identity.name);
  });
  std::vector<reshard_place> places;
  for (const store::node_row* row : rows) places.push_back({row->identity, shards_of(*row)});
  return places;
}

count_answer choose_count(const store::fleet_picture& seen, const count_question& question,
                          const std::optional<reshard>& newest) {
  using kind = count_answer::kind;
  if (newest && newest->bot == question.bot && keeps_others_out(*newest)) {
    if (is_in_other_hands(seen, question, *newest))
      return {
          .what = kind::wait,
          .why = fmt::format("node {} changes the bot from {} to {} shards; this node joins in afterwards",
                             newest->home.name, newest->from, newest->to)};
    return {.what = kind::reshard, .count = settled_count(*newest)};
  }
  count_answer answer;
  answer.count = wanted_count(question, newest, answer.warning);
  const store::lease_row* other = other_lease(seen, question, answer.count);
  if (other == nullptr) return answer;
  if (!question.configured) {
    answer.count = other->key.shard.count;
    return answer;
  }
  answer.what = kind::wait;
  answer.why = fmt::format(
      "other nodes run this bot with {} shards, this one is to have {}: say {} here too, or change "
      "the number of those that run with guildfleet reshard start {} --to {}",
      other->key.shard.count, answer.count, other->key.shard.count, question.bot.value, answer.count);
  return answer;
}

}  // namespace guildfleet::fleet
