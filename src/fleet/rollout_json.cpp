#include "fleet/rollout_json.hpp"

#include <boost/json.hpp>
#include <cmath>
#include <fmt/ranges.h>

#include "fleet/error.hpp"

namespace guildfleet::fleet {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

json::string_view view_of(std::string_view text) {
  return {text.data(), text.size()};
}

// One list of members for both directions: `visit(key, member)`.
template <class Limits, class Visitor>
void each_limit(Limits& limits, Visitor&& visit) {
  visit("pause_ms", limits.pause);
  visit("observe_ms", limits.observe);
  visit("move_ms", limits.move);
  visit("start_ms", limits.start);
  visit("capacity", limits.capacity);
}

template <class Tolerance, class Visitor>
void each_of_rate(Tolerance& tolerance, Visitor&& visit) {
  visit("ratio", tolerance.ratio);
  visit("by", tolerance.by);
  visit("ceiling", tolerance.ceiling);
}

template <class Tolerance, class Visitor>
void each_of_duration(Tolerance& tolerance, Visitor&& visit) {
  visit("ratio", tolerance.ratio);
  visit("by_ms", tolerance.by);
  visit("ceiling_ms", tolerance.ceiling);
}

template <class Tolerance, class Visitor>
void each_of_memory(Tolerance& tolerance, Visitor&& visit) {
  visit("ratio", tolerance.ratio);
  visit("floor", tolerance.floor);
  visit("least_growth", tolerance.least_growth);
  visit("over_ms", tolerance.over);
}

template <class Thresholds, class Visitor>
void each_threshold(Thresholds& thresholds, Visitor&& visit) {
  visit("least_events", thresholds.least_events);
  visit("least_samples", thresholds.least_samples);
  visit("report_within_ms", thresholds.report_within);
  visit("surprise_early", thresholds.surprise_early);
  visit("surprise_at_end", thresholds.surprise_at_end);
}

// `nested(key, each_member)` for each tolerance.
template <class Thresholds, class Nested>
void each_tolerance(Thresholds& thresholds, Nested&& nested) {
  const auto rate = [&](std::string_view key, auto& of) {
    nested(key, [&of](auto&& visit) { each_of_rate(of, visit); });
  };
  const auto duration = [&](std::string_view key, auto& of) {
    nested(key, [&of](auto&& visit) { each_of_duration(of, visit); });
  };
  rate("failures", thresholds.failures);
  rate("unanswered", thresholds.unanswered);
  rate("refused", thresholds.refused);
  rate("broken", thresholds.broken);
  rate("reconnects", thresholds.reconnects);
  duration("answer_time", thresholds.answer_time);
  duration("event_lag", thresholds.event_lag);
  nested("memory", [&](auto&& visit) { each_of_memory(thresholds.memory, visit); });
}

class object_writer final {
 public:
  explicit object_writer(json::object& into) : into_(into) {}
  void operator()(std::string_view key, milliseconds time) const { into_[view_of(key)] = time.count(); }
  void operator()(std::string_view key, double value) const { into_[view_of(key)] = value; }
  void operator()(std::string_view key, std::uint64_t value) const { into_[view_of(key)] = value; }

 private:
  json::object& into_;
};

// Takes what is there and of the right kind; the rest keeps its value.
class object_reader final {
 public:
  explicit object_reader(const json::object& from) : from_(from) {}

  void operator()(std::string_view key, double& value) const {
    const json::value* found = find(key);
    if (found == nullptr) return;
    boost::system::error_code broken;
    const double number = found->to_number<double>(broken);
    if (!broken && std::isfinite(number)) value = number;
  }
  template <class Integer>
    requires std::is_integral_v<Integer>
  void operator()(std::string_view key, Integer& value) const {
    const json::value* found = find(key);
    if (found == nullptr || !found->is_number()) return;
    boost::system::error_code broken;
    const auto number = found->to_number<Integer>(broken);
    if (!broken) value = number;
  }
  void operator()(std::string_view key, milliseconds& time) const {
    std::int64_t count = time.count();
    (*this)(key, count);
    time = milliseconds(count);
  }
  void operator()(std::string_view key, base::wall_time& time) const {
    milliseconds since_epoch = time.time_since_epoch();
    (*this)(key, since_epoch);
    time = base::wall_time(since_epoch);
  }
  void operator()(std::string_view key, std::string& text) const {
    const json::value* found = find(key);
    if (const auto* value = found == nullptr ? nullptr : found->if_string())
      text.assign(value->data(), value->size());
  }
  void operator()(std::string_view key, bool& flag) const {
    const json::value* found = find(key);
    if (found != nullptr && found->is_bool()) flag = found->get_bool();
  }
  [[nodiscard]] const json::object& object(std::string_view key) const {
    static const json::object none;
    const json::value* found = find(key);
    return found != nullptr && found->is_object() ? found->get_object() : none;
  }
  [[nodiscard]] const json::array& array(std::string_view key) const {
    static const json::array none;
    const json::value* found = find(key);
    return found != nullptr && found->is_array() ? found->get_array() : none;
  }
  [[nodiscard]] std::string text(std::string_view key) const {
    std::string value;
    (*this)(key, value);
    return value;
  }

 private:
  [[nodiscard]] const json::value* find(std::string_view key) const {
    return from_.if_contains(view_of(key));
  }

  const json::object& from_;
};

json::object limits_as_json(const rollout_limits& limits) {
  json::object out;
  each_limit(limits, object_writer(out));
  return out;
}

json::object thresholds_as_json(const analysis_thresholds& thresholds) {
  json::object out;
  each_threshold(thresholds, object_writer(out));
  each_tolerance(thresholds, [&](std::string_view key, auto&& members) {
    json::object part;
    members(object_writer(part));
    out[view_of(key)] = std::move(part);
  });
  return out;
}

void read_thresholds(const json::object& from, analysis_thresholds& thresholds) {
  const object_reader reader(from);
  each_threshold(thresholds, reader);
  each_tolerance(thresholds,
                 [&](std::string_view key, auto&& members) { members(object_reader(reader.object(key))); });
}

std::vector<std::string> threshold_names(const json::object& all) {
  std::vector<std::string> names;
  for (const auto& [key, value] : all) {
    if (!value.is_object()) names.emplace_back(key);
    if (!value.is_object()) continue;
    for (const auto& [inner, number] : value.get_object())
      names.push_back(fmt::format("{}.{}", std::string_view(key), std::string_view(inner)));
  }
  return names;
}

std::unexpected<base::error> unreadable(std::string what) {
  return base::fail(
      fleet_error::rollout_text, std::move(what),
      "A newer version may have written it: update this node, or abort the rollout from a newer one.");
}

// False: a step or guild is not of its kind.
bool read_lists(const object_reader& reader, rollout& into) {
  for (const json::value& step : reader.array("steps")) {
    boost::system::error_code broken;
    into.steps.push_back(step.to_number<double>(broken));
    if (broken) return false;
  }
  for (const json::value& guild : reader.array("chosen")) {
    const auto* text = guild.if_string();
    const auto id = text == nullptr
                        ? std::nullopt
                        : discord::parse_id<discord::guild_id>(std::string_view(text->data(), text->size()));
    if (!id) return false;
    into.chosen.push_back(*id);
  }
  for (const json::value& bot : reader.array("after")) {
    const auto* name = bot.if_string();
    if (name == nullptr) return false;
    into.after.push_back({std::string(name->data(), name->size())});
  }
  return true;
}

// False: a name is none that this version knows.
bool read_names(const object_reader& reader, rollout& into) {
  const auto strategy = strategy_named(reader.text("strategy"));
  const auto state = state_named(reader.text("state"));
  const auto paused_in = state_named(reader.text("paused_in"));
  const auto salt = discord::parse_snowflake(reader.text("salt"));
  if (!strategy || !state || !salt || (*state == rollout_state::paused && !paused_in)) return false;
  into.strategy = *strategy;
  into.state = *state;
  into.paused_in = paused_in.value_or(rollout_state::starting);
  into.salt = *salt;
  return *state != rollout_state::paused || may_pause(into.paused_in);
}

}  // namespace

std::string to_json(const rollout& of) {
  json::array steps(of.steps.begin(), of.steps.end());
  json::array chosen;
  for (const discord::guild_id guild : of.chosen) chosen.emplace_back(std::to_string(guild.value));
  json::array after;
  for (const store::bot_name& bot : of.after) after.emplace_back(bot.value);
  const json::object out{
      {"bot", of.bot.value},
      {"from", of.from},
      {"to", of.to},
      {"strategy", view_of(name_of(of.strategy))},
      {"steps", std::move(steps)},
      {"chosen", std::move(chosen)},
      // As texts: readers that keep numbers as doubles would round them.
      {"salt", std::to_string(of.salt)},
      {"limits", limits_as_json(of.limits)},
      {"thresholds", thresholds_as_json(of.thresholds)},
      {"undo", of.undo},
      {"after", std::move(after)},
      {"state", view_of(name_of(of.state))},
      {"step", of.step},
      {"since", of.since.time_since_epoch().count()},
      {"paused_in", view_of(name_of(of.paused_in))},
      {"by_person", of.by_person},
      {"reason", of.reason},
      {"attempt", of.attempt},
      {"started_by", of.started_by},
      {"started_at", of.started_at.time_since_epoch().count()},
  };
  return json::serialize(out);
}

base::result<rollout> rollout_from_json(std::string_view text) {
  boost::system::error_code broken;
  const json::value root = json::parse(view_of(text), broken);
  if (broken || !root.is_object()) return unreadable("it is no JSON object");
  const object_reader reader(root.get_object());
  if (const std::string kind = reader.text("kind"); !kind.empty())
    return unreadable(fmt::format("it is no rollout but a {}", kind));
  rollout out;
  reader("bot", out.bot.value);
  reader("from", out.from);
  reader("to", out.to);
  if (!read_names(reader, out)) return unreadable("its strategy, state or salt is none that is known");
  if (!read_lists(reader, out)) return unreadable("a step, a guild or a bot is none");
  each_limit(out.limits, object_reader(reader.object("limits")));
  read_thresholds(reader.object("thresholds"), out.thresholds);
  reader("undo", out.undo);
  reader("step", out.step);
  reader("since", out.since);
  reader("by_person", out.by_person);
  reader("reason", out.reason);
  reader("attempt", out.attempt);
  reader("started_by", out.started_by);
  reader("started_at", out.started_at);
  if (auto valid = validate(out); !valid) return std::unexpected(std::move(valid).error());
  return out;
}

base::result<void> set_threshold(analysis_thresholds& thresholds, std::string_view key, double value) {
  json::object all = thresholds_as_json(thresholds);
  json::object* part = &all;
  std::string_view name = key;
  if (const auto dot = key.find('.'); dot != std::string_view::npos) {
    auto* found = all.if_contains(view_of(key.substr(0, dot)));
    part = found != nullptr && found->is_object() ? &found->get_object() : nullptr;
    name = key.substr(dot + 1);
  }
  json::value* known = part == nullptr ? nullptr : part->if_contains(view_of(name));
  if (known == nullptr || !known->is_number() || !std::isfinite(value) || value < 0)
    return base::fail(fleet_error::rollout_settings, fmt::format("threshold {} = {}", key, value),
                      fmt::format("These can be set, to numbers that are not negative: {}",
                                  fmt::join(threshold_names(all), ", ")));
  if (known->is_double())
    *known = value;
  else
    *known = static_cast<std::int64_t>(value);
  read_thresholds(all, thresholds);
  return {};
}

}  // namespace guildfleet::fleet
