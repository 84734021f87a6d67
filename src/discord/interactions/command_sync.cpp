#include "discord/interactions/command_sync.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <fmt/format.h>
#include <map>

namespace guildfleet::discord {
namespace {

namespace json = boost::json;

// Fields that we set; everything else in an answer (id, version, ...) is Discord's own.
constexpr std::array<std::string_view, 17> our_fields{"type",
                                                      "name",
                                                      "description",
                                                      "name_localizations",
                                                      "description_localizations",
                                                      "options",
                                                      "required",
                                                      "autocomplete",
                                                      "choices",
                                                      "channel_types",
                                                      "min_value",
                                                      "max_value",
                                                      "min_length",
                                                      "max_length",
                                                      "nsfw",
                                                      "default_member_permissions",
                                                      "contexts"};

bool is_default(std::string_view key, const json::value& value) {
  if (value.is_null()) return true;
  if (value.is_bool() && !value.get_bool()) return true;
  if (const auto* list = value.if_array()) return list->empty();
  if (const auto* object = value.if_object()) return object->empty();
  if (const auto* text = value.if_string()) return key == "description" && text->empty();
  return false;
}

json::value normalized(const json::value& value);

json::array sorted_numbers(const json::array& list) {
  json::array sorted = list;
  std::sort(sorted.begin(), sorted.end(), [](const json::value& a, const json::value& b) {
    return a.is_int64() && b.is_int64() && a.get_int64() < b.get_int64();
  });
  return sorted;
}

json::object normalized_object(const json::object& from, bool of_discord) {
  json::object clean;
  for (const auto& [key, value] : from) {
    const std::string_view name(key.data(), key.size());
    const bool ours = std::ranges::find(our_fields, name) != our_fields.end();
    if (name == "value" || (ours && !is_default(name, value))) {
      const bool a_set = name == "channel_types" || name == "contexts";
      clean[key] = a_set && value.is_array()          ? json::value(sorted_numbers(value.get_array()))
                   : name.ends_with("_localizations") ? value
                                                      : normalized(value);
    }
  }
  // A chat input command is meant when nothing is said.
  if (of_discord && !clean.contains("type")) clean["type"] = 1;
  return clean;
}

json::value normalized(const json::value& value) {
  if (const auto* object = value.if_object()) return normalized_object(*object, false);
  if (const auto* list = value.if_array()) {
    json::array clean;
    for (const json::value& one : *list) clean.push_back(normalized(one));
    return clean;
  }
  // 1 and 1.0 are the same limit.
  if (value.is_double() && std::abs(value.get_double()) < 9.0e15 &&
      std::trunc(value.get_double()) == value.get_double()) {
    return static_cast<std::int64_t>(value.get_double());
  }
  if (const auto* number = value.if_uint64()) return static_cast<std::int64_t>(*number);
  return value;
}

// Commands are told apart by type and name.
std::string identity(const json::object& command) {
  const auto* type = command.if_contains("type");
  const auto* name = command.if_contains("name");
  return fmt::format("{}/{}", type != nullptr && type->is_int64() ? type->get_int64() : 1,
                     name != nullptr && name->is_string() ? name->get_string().c_str() : "");
}

std::string name_in(const std::string& identity) {
  return identity.substr(identity.find('/') + 1);
}

struct wanted_command {
  std::string body;
  json::object normal;
};

base::result<std::map<std::string, json::object>> read_registered(std::string_view text,
                                                                  command_scope scope) {
  boost::system::error_code failed;
  const json::value root = json::parse(json::string_view(text.data(), text.size()), failed);
  const auto* list = failed ? nullptr : root.if_array();
  if (list == nullptr)
    return base::fail(rest_error::malformed_response, "registered commands: not a JSON array");
  std::map<std::string, json::object> commands;
  for (const json::value& one : *list) {
    const auto* object = one.if_object();
    if (object == nullptr)
      return base::fail(rest_error::malformed_response, "registered commands: not an object");
    json::object normal = normalized_object(*object, true);
    if (scope == command_scope::guild) normal.erase("contexts");
    std::string key = identity(normal);
    commands.insert_or_assign(std::move(key), std::move(normal));
  }
  return commands;
}

base::result<std::map<std::string, wanted_command>> read_wanted(const std::vector<command_definition>& wanted,
                                                                command_scope scope) {
  std::map<std::string, wanted_command> commands;
  for (const command_definition& one : wanted) {
    auto body = to_json(one, scope);
    if (!body) return std::unexpected(std::move(body.error()));
    json::object normal = normalized_object(json::parse(*body).get_object(), true);
    std::string key = identity(normal);
    if (commands.contains(key))
      return base::fail(rest_error::invalid_request, "command " + one.name + " exists twice");
    commands.emplace(std::move(key), wanted_command{std::move(*body), std::move(normal)});
  }
  return commands;
}

}  // namespace

base::result<command_plan> plan_commands(std::string_view registered,
                                         const std::vector<command_definition>& wanted, command_scope scope) {
  const auto known = read_registered(registered, scope);
  if (!known) return std::unexpected(known.error());
  const auto targets = read_wanted(wanted, scope);
  if (!targets) return std::unexpected(targets.error());
  command_plan plan;
  for (const auto& [key, target] : *targets) {
    const auto found = known->find(key);
    if (found != known->end() && found->second == target.normal) continue;
    (found == known->end() ? plan.added : plan.changed).push_back(name_in(key));
    plan.bodies.push_back(target.body);
  }
  for (const auto& [key, command] : *known) {
    if (!targets->contains(key)) plan.removed.push_back(name_in(key));
  }
  if (!plan.removed.empty()) {
    auto all = to_json(wanted, scope);
    if (!all) return std::unexpected(std::move(all.error()));
    plan.what = command_plan::kind::overwrite;
    plan.bodies = {std::move(*all)};
  } else if (!plan.bodies.empty()) {
    plan.what = command_plan::kind::upserts;
  }
  return plan;
}

bool commands_differ(std::string_view registered, const std::vector<command_definition>& wanted,
                     command_scope scope) {
  const auto plan = plan_commands(registered, wanted, scope);
  return !plan || plan->what != command_plan::kind::none;
}

}  // namespace guildfleet::discord
