#include "cli/experiments_table.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>
#include <optional>
#include <ostream>

#include "cli/status_table.hpp"

namespace guildfleet::cli {
namespace {

namespace json = boost::json;

// Below this a difference between the groups says more about single servers than about the variant.
constexpr std::int64_t fewest_servers = 20;
constexpr std::int64_t fewest_handled = 100;

std::string text_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::int64_t number_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

std::vector<const json::object*> objects_in(const json::object& object, std::string_view key) {
  std::vector<const json::object*> out;
  const auto* list = object.if_contains(key);
  if (list == nullptr || !list->is_array()) return out;
  for (const json::value& each : list->get_array()) {
    if (each.is_object()) out.push_back(&each.get_object());
  }
  return out;
}

struct told_experiment {
  std::string bot;
  const json::object* what;
};

// nullopt: no answer of a node.
std::optional<std::vector<told_experiment>> experiments_in(const json::value& health) {
  if (!health.is_object() || !health.get_object().contains("bots")) return std::nullopt;
  std::vector<told_experiment> out;
  for (const json::object* bot : objects_in(health.get_object(), "bots")) {
    for (const json::object* each : objects_in(*bot, "experiments"))
      out.push_back({text_of(*bot, "name"), each});
  }
  return out;
}

bool is_enough(const json::object& group) {
  return number_of(group, "servers") >= fewest_servers &&
         number_of(group, "events") + number_of(group, "uses") >= fewest_handled;
}

bool are_enough(const json::object& experiment) {
  const auto groups = objects_in(experiment, "groups");
  return groups.size() == 2 &&
         std::ranges::all_of(groups, [](const auto* group) { return is_enough(*group); });
}

std::string reach_of(const json::object& experiment) {
  const auto* share = experiment.if_contains("share_per_million");
  if (share == nullptr || !share->is_int64()) {
    const std::int64_t listed = number_of(experiment, "listed");
    return listed == 1 ? "1 listed server" : fmt::format("{} listed servers", listed);
  }
  return fmt::format("{:g} % of servers", static_cast<double>(share->get_int64()) / 10'000);
}

// "12 (0.6 a server)"
std::string uses_of(const json::object& group, std::string_view key) {
  const std::int64_t uses = number_of(group, key);
  const std::int64_t servers = number_of(group, "servers");
  if (servers == 0) return fmt::format("{}", uses);
  return fmt::format("{} ({:.1f} a server)", uses, static_cast<double>(uses) / static_cast<double>(servers));
}

std::vector<cell> row_of(const json::object& group) {
  const auto* answer = group.if_contains("answer_ms");
  const bool measured = answer != nullptr && answer->is_int64();
  return {{text_of(group, "variant"), colour::bold},
          {fmt::format("{}", number_of(group, "servers"))},
          {fmt::format("{}", number_of(group, "events"))},
          {fmt::format("{}", number_of(group, "failures")),
           number_of(group, "failures") > 0 ? colour::red : colour::none},
          {uses_of(group, "uses")},
          {uses_of(group, "other_uses")},
          {measured ? fmt::format("{} ms", answer->get_int64()) : "-"}};
}

void print_notes(const json::object& experiment, const terminal& to) {
  if (const auto* on = experiment.if_contains("on"); on != nullptr && *on == false)
    to.out << painted(to, colour::yellow, "over") << " since " << text_of(experiment, "ends") << '\n';
  if (!are_enough(experiment)) {
    to.out << painted(to, colour::yellow, "too few for a conclusion")
           << fmt::format(": both groups need {} servers and {} events or uses\n", fewest_servers,
                          fewest_handled);
  }
  if (experiment.contains("listed"))
    to.out << "the servers were chosen, not drawn: the groups may differ for other reasons\n";
}

void print_one(const told_experiment& told, const terminal& to) {
  to.out << painted(to, colour::bold, text_of(*told.what, "name"))
         << fmt::format(": {} of {}, {}, {}\n", text_of(*told.what, "variant"),
                        text_of(*told.what, "feature"), told.bot, reach_of(*told.what));
  std::vector<std::vector<cell>> rows = {
      {{"VARIANT"}, {"SERVERS"}, {"EVENTS"}, {"FAILURES"}, {"USES"}, {"OTHER USES"}, {"ANSWER"}}};
  for (const json::object* group : objects_in(*told.what, "groups")) rows.push_back(row_of(*group));
  print_table(to, rows);
  print_notes(*told.what, to);
}

exit_code tell_wrong_answer(const terminal& to) {
  to.err << "the answer is not the JSON of a guildfleet node; is the address right?\n";
  return exit_code::failed;
}

}  // namespace

exit_code print_experiments(std::string_view health_json, const terminal& to) {
  std::error_code wrong;
  const json::value health = json::parse(health_json, wrong);
  const auto all = wrong ? std::nullopt : experiments_in(health);
  if (!all) return tell_wrong_answer(to);
  if (all->empty()) {
    to.out << "this node tries nothing out (experiments: in fleet.yaml)\n";
    return exit_code::fine;
  }
  for (const told_experiment& each : *all) {
    if (&each != &all->front()) to.out << '\n';
    print_one(each, to);
  }
  to.out << fmt::format("\ncounted by this node since it started, {} ago\n",
                        duration_text(number_of(health.get_object(), "uptime")));
  return exit_code::fine;
}

exit_code print_experiments_json(std::string_view health_json, const terminal& to) {
  std::error_code wrong;
  const json::value health = json::parse(health_json, wrong);
  const auto all = wrong ? std::nullopt : experiments_in(health);
  if (!all) return tell_wrong_answer(to);
  json::array out;
  for (const told_experiment& each : *all) {
    json::object one = *each.what;
    one["bot"] = each.bot;
    one["enough"] = are_enough(*each.what);
    out.push_back(std::move(one));
  }
  to.out << json::serialize(out) << '\n';
  return exit_code::fine;
}

}  // namespace guildfleet::cli
