#include "cli/node_states.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include "net/task_group.hpp"
#include "peer/peer_link.hpp"

namespace guildfleet::cli {
namespace {

namespace json = boost::json;

std::optional<std::chrono::milliseconds> time_in(const json::object& from, std::string_view key) {
  const json::value* value = from.if_contains(key);
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  return std::chrono::milliseconds(value->as_int64());
}

bool is_set(const json::object& from, std::string_view key) {
  const json::value* value = from.if_contains(key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

void add_bot(shard_conditions& to, const json::object& bot, std::uint64_t incarnation) {
  const store::bot_name name{json::value_to<std::string>(bot.at("name"))};
  for (const json::value& each : bot.at("shards").as_array()) {
    const json::object& shard = each.as_object();
    const discord::shard_id id{json::value_to<std::uint32_t>(shard.at("id")),
                               json::value_to<std::uint32_t>(shard.at("count"))};
    to[{incarnation, {name, id}}] = {json::value_to<std::string>(shard.at("state")),
                                     time_in(shard, "latency_ms"),
                                     time_in(shard, "last_event_ms"),
                                     json::value_to<std::uint64_t>(shard.at("guilds")),
                                     is_set(shard, "held"),
                                     is_set(shard, "muted")};
  }
}

net::task<> ask(peer::peer_link& link, store::node_row node, node_answers& into) {
  const auto answer = co_await link.ask_status(node);
  if (answer)
    into.shards.merge(conditions_in(*answer, node.identity.incarnation));
  else
    into.unheard.emplace(node.identity.incarnation, answer.error());
}

}  // namespace

shard_conditions conditions_in(std::string_view health_json, std::uint64_t incarnation) {
  shard_conditions out;
  boost::system::error_code problem;
  const json::value parsed = json::parse(health_json, problem);
  try {
    if (problem) return out;
    const json::object& health = parsed.as_object();
    for (const json::value& bot : health.at("bots").as_array()) add_bot(out, bot.as_object(), incarnation);
  } catch (const std::exception&) {  // Boost.JSON's answer to what is missing or of another kind
    out.clear();
  }
  return out;
}

node_answers ask_nodes(const store::fleet_picture& seen, const base::secret& fleet_key) {
  node_answers out;
  if (fleet_key.empty()) return out;
  net::asio::io_context context{1};
  base::metrics metrics;
  peer::peer_settings as_client;
  as_client.fleet_key = fleet_key;
  peer::peer_link link(context.get_executor(), std::move(as_client), {}, metrics, base::logger::root());
  net::task_group asking(context.get_executor());
  for (const store::node_row& node : seen.nodes) {
    if (!node.report.address.empty()) asking.spawn("question", ask(link, node, out));
  }
  asking.close();
  net::task_group whole(context.get_executor());
  whole.spawn("questions", [](net::task_group& all, peer::peer_link& to) -> net::task<> {
    co_await all.join();
    co_await to.stop(net::deadline_in(std::chrono::seconds(1)));
  }(asking, link));
  context.run();
  return out;
}

}  // namespace guildfleet::cli
