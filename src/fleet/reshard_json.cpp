#include "fleet/reshard_json.hpp"

#include <boost/json.hpp>

#include "fleet/error.hpp"

namespace guildfleet::fleet {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

constexpr std::string_view kind_of_it = "reshard";
constexpr std::uint32_t most_shards = 65'536;

json::string_view view_of(std::string_view text) {
  return {text.data(), text.size()};
}

std::optional<json::object> read_object(std::string_view text) {
  boost::system::error_code broken;
  json::value root = json::parse(view_of(text), broken);
  if (broken || !root.is_object()) return std::nullopt;
  return std::move(root.get_object());
}

std::string text_of(const json::object& from, std::string_view key) {
  const json::value* found = from.if_contains(view_of(key));
  const auto* text = found == nullptr ? nullptr : found->if_string();
  return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

std::optional<std::int64_t> number_of(const json::object& from, std::string_view key) {
  const json::value* found = from.if_contains(view_of(key));
  if (found == nullptr || !found->is_number()) return std::nullopt;
  boost::system::error_code broken;
  const auto number = found->to_number<std::int64_t>(broken);
  return broken ? std::nullopt : std::optional(number);
}

std::uint64_t id_of(const json::object& from, std::string_view key) {
  const json::value* found = from.if_contains(view_of(key));
  if (found == nullptr || !found->is_number()) return 0;
  boost::system::error_code broken;
  const auto number = found->to_number<std::uint64_t>(broken);
  return broken ? 0 : number;
}

std::optional<std::uint32_t> count_of(const json::object& from, std::string_view key) {
  const auto number = number_of(from, key);
  if (!number || *number < 1 || *number > most_shards) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

milliseconds time_of(const json::object& from, std::string_view key,
                     milliseconds otherwise = milliseconds(0)) {
  return milliseconds(number_of(from, key).value_or(otherwise.count()));
}

std::unexpected<base::error> unreadable(std::string what) {
  return base::fail(fleet_error::reshard_text, std::move(what),
                    "A newer version may have written it: update this node.");
}

}  // namespace

std::string to_json(const reshard& of) {
  const json::object out{{"kind", view_of(kind_of_it)},
                         {"bot", of.bot.value},
                         {"from", of.from},
                         {"to", of.to},
                         {"home", of.home.name},
                         {"home_incarnation", of.home.incarnation},
                         {"home_since", of.home_since.time_since_epoch().count()},
                         {"gather_ms", of.limits.gather.count()},
                         {"connect_ms", of.limits.connect.count()},
                         {"cut_ms", of.limits.cut.count()},
                         {"identify_ms", of.identify_time.count()},
                         {"state", view_of(name_of(of.state))},
                         {"since", of.since.time_since_epoch().count()},
                         {"reason", of.reason},
                         {"started_by", of.started_by},
                         {"started_at", of.started_at.time_since_epoch().count()}};
  return json::serialize(out);
}

bool is_reshard(std::string_view text) {
  const auto object = read_object(text);
  return object && text_of(*object, "kind") == kind_of_it;
}

base::result<reshard> reshard_from_json(std::string_view text) {
  const auto object = read_object(text);
  if (!object || text_of(*object, "kind") != kind_of_it) return unreadable("it is no reshard");
  const auto from = count_of(*object, "from");
  const auto to = count_of(*object, "to");
  if (!from || !to || *from == *to) return unreadable("its numbers of shards are none");
  const auto state = reshard_state_named(text_of(*object, "state"));
  if (!state) return unreadable("its state is none that is known");
  const reshard_limits usual;
  return reshard{
      .bot = {text_of(*object, "bot")},
      .from = *from,
      .to = *to,
      .limits = {time_of(*object, "gather_ms", usual.gather), time_of(*object, "connect_ms", usual.connect),
                 time_of(*object, "cut_ms", usual.cut)},
      .identify_time = time_of(*object, "identify_ms"),
      .home = {text_of(*object, "home"), id_of(*object, "home_incarnation")},
      .home_since = base::wall_time(time_of(*object, "home_since")),
      .state = *state,
      .since = base::wall_time(time_of(*object, "since")),
      .reason = text_of(*object, "reason"),
      .started_by = text_of(*object, "started_by"),
      .started_at = base::wall_time(time_of(*object, "started_at"))};
}

}  // namespace guildfleet::fleet
