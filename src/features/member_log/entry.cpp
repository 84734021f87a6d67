#include "features/member_log/entry.hpp"

#include <algorithm>

#include "base/json_text.hpp"
#include "discord/interactions/interaction_json.hpp"
#include "discord/model/timestamp.hpp"
#include "discord/rest/json_object.hpp"

namespace guildfleet::features::member_logs {
namespace {

namespace reading = discord::reading;
using std::chrono::milliseconds;

constexpr std::chrono::minutes leaves_come_again_for{15};
constexpr std::size_t most_leaves = 8;  // of one member in that time

std::int64_t to_ms(base::wall_time time) {
  return std::chrono::duration_cast<milliseconds>(time.time_since_epoch()).count();
}

std::optional<base::wall_time> time_at(const boost::json::object& in, std::string_view key) {
  const boost::json::value* value = reading::find(in, key);
  const auto ms = value == nullptr ? std::nullopt : reading::integer_of(*value);
  if (!ms) return std::nullopt;
  return base::wall_time(milliseconds(*ms));
}

base::wall_time whole_ms(base::wall_time time) {
  return std::chrono::floor<milliseconds>(time);
}

}  // namespace

std::optional<entry> read_entry(entry_kind kind, std::string_view data, base::wall_time now) {
  const auto root = discord::parse_object(data);
  const auto* user = root ? reading::object_at(*root, "user") : nullptr;
  if (user == nullptr) return std::nullopt;
  entry out{.kind = kind, .user = reading::id_at<discord::user_id>(*user, "id")};
  if (out.user.empty()) return std::nullopt;
  const std::string_view shown = reading::text_at(*user, "global_name");
  out.name = shown.empty() ? reading::text_at(*user, "username") : shown;
  out.bot = reading::boolean_at(*user, "bot");
  const auto joined = discord::parse_timestamp(reading::text_at(*root, "joined_at"));
  out.at = whole_ms(kind == entry_kind::join && joined ? *joined : now);
  return out;
}

std::string to_json(const entry& what) {
  base::json_writer out;
  out.begin_object();
  out.key("kind").string(what.kind == entry_kind::join ? "join" : "leave");
  out.key("user").string(fmt::format("{}", what.user));
  out.key("name").string(what.name);
  if (what.bot) out.key("bot").boolean(true);
  out.key("at").number(to_ms(what.at));
  if (what.joined) out.key("joined").number(to_ms(*what.joined));
  out.key("members").number(static_cast<std::int64_t>(what.members));
  out.end_object();
  return out.take();
}

std::optional<entry> parse_entry(std::string_view json) {
  const auto root = discord::parse_object(json);
  if (!root) return std::nullopt;
  const bool leave = reading::text_at(*root, "kind") == "leave";
  entry out{.kind = leave ? entry_kind::leave : entry_kind::join,
            .user = reading::id_at<discord::user_id>(*root, "user"),
            .name = std::string(reading::text_at(*root, "name")),
            .bot = reading::boolean_at(*root, "bot"),
            .at = time_at(*root, "at").value_or(base::wall_time()),
            .joined = time_at(*root, "joined"),
            .members = static_cast<std::uint32_t>(reading::integer_at(*root, "members"))};
  if (out.user.empty()) return std::nullopt;
  return out;
}

std::string to_json(const membership& what) {
  base::json_writer out;
  out.begin_object();
  if (what.joined) out.key("joined").number(to_ms(*what.joined));
  if (what.left) out.key("left").boolean(true);
  if (!what.leaves.empty()) out.key("leaves").begin_array();
  for (const noted_leave& each : what.leaves) {
    out.begin_object().key("sequence").string(fmt::format("{}", each.sequence));
    out.key("at").number(to_ms(each.at)).end_object();
  }
  if (!what.leaves.empty()) out.end_array();
  out.end_object();
  return out.take();
}

membership parse_membership(std::string_view json) {
  const auto root = discord::parse_object(json);
  if (!root) return {};
  membership out{.joined = time_at(*root, "joined"), .left = reading::boolean_at(*root, "left")};
  const auto* leaves = reading::array_at(*root, "leaves");
  if (leaves == nullptr) return out;
  for (const boost::json::value& each : *leaves) {
    const boost::json::object* one = each.if_object();
    if (one == nullptr) continue;
    out.leaves.push_back(
        {.sequence = discord::parse_snowflake(reading::text_at(*one, "sequence")).value_or(0),
         .at = time_at(*one, "at").value_or(base::wall_time())});
  }
  return out;
}

std::optional<step> next_step(const std::optional<membership>& before, const entry& event) {
  step out{.now = before.value_or(membership{}), .logged = event};
  if (event.kind == entry_kind::join) {
    if (before && before->joined && event.at <= *before->joined) return std::nullopt;
    out.now.joined = event.at;
    out.now.left = false;
    return out;
  }
  std::vector<noted_leave>& leaves = out.now.leaves;
  std::erase_if(leaves, [&](const noted_leave& each) { return event.at - each.at > leaves_come_again_for; });
  if (std::ranges::find(leaves, event.sequence, &noted_leave::sequence) != leaves.end()) return std::nullopt;
  if (leaves.size() == most_leaves) leaves.erase(leaves.begin());
  leaves.push_back({.sequence = event.sequence, .at = event.at});
  if (out.now.left) out.now.joined.reset();  // the join between was missed
  out.logged.joined = out.now.joined;
  out.now.left = true;
  return out;
}

}  // namespace guildfleet::features::member_logs
