#include "fleet/reshard_view.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <fmt/format.h>
#include <map>

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

std::uint32_t owned(const store::fleet_picture& seen, const store::bot_name& bot, std::uint32_t count) {
  return static_cast<std::uint32_t>(std::ranges::count_if(seen.leases, [&](const store::lease_row& lease) {
    return lease.key.bot == bot && lease.key.shard.count == count && lease.is_owned();
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

// Another process than a predecessor of this node's name.
const store::node_row* other_node(const store::fleet_picture& seen, const count_question& question) {
  const auto found = std::ranges::find_if(seen.nodes, [&](const store::node_row& node) {
    return node.identity.name != question.self.name && node.serves(question.bot) != nullptr;
  });
  return found == seen.nodes.end() ? nullptr : &*found;
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
  return json::serialize(json::object{
      {"operation", of.operation}, {"fresh_whole", of.fresh_whole}, {"guilds_left", of.guilds_left}});
}

std::optional<reshard_figures> reshard_figures_from_json(std::string_view text) {
  boost::system::error_code broken;
  const json::value root = json::parse(json::string_view(text.data(), text.size()), broken);
  const auto* object = broken ? nullptr : root.if_object();
  if (object == nullptr) return std::nullopt;
  const auto operation = number_in<std::uint64_t>(*object, "operation");
  const auto whole = number_in<std::uint32_t>(*object, "fresh_whole");
  const auto left = number_in<std::uint32_t>(*object, "guilds_left");
  if (!operation || !whole || !left) return std::nullopt;
  return reshard_figures{*operation, *whole, *left};
}

reshard_view view_of(const store::fleet_picture& seen, const reshard& of, std::uint64_t operation,
                     std::span<const store::release_sample> samples, std::chrono::milliseconds fresh_for) {
  reshard_view view{.all_heard = true,
                    .old_owned = owned(seen, of.bot, of.from),
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
    view.guilds_left += last ? last->guilds_left : 0;
  }
  view.all_heard = view.all_heard && anybody;
  return view;
}

count_answer choose_count(const store::fleet_picture& seen, const count_question& question,
                          const std::optional<reshard>& newest) {
  using kind = count_answer::kind;
  if (newest && newest->bot == question.bot && !has_ended(newest->state)) {
    if (const store::node_row* other = other_node(seen, question))
      return {
          .what = kind::wait,
          .why = fmt::format("node {} changes the bot from {} to {} shards; this node joins in afterwards",
                             other->identity.name, newest->from, newest->to)};
    return {.what = kind::reshard, .count = settled_count(*newest), .operation = newest};
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
  answer.why =
      fmt::format("other nodes run this bot with {} shards, this one is to have {}: stop those first",
                  other->key.shard.count, answer.count);
  return answer;
}

}  // namespace guildfleet::fleet
