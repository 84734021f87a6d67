#include "features/bump_reminder/bump_state.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "features/bump_reminder/bump_reminder_texts.hpp"
#include "features/message_template.hpp"
#include "settings/typed_reading.hpp"

namespace guildfleet::features {
namespace {

namespace json = boost::json;
namespace texts = bump_reminder_texts;

json::value parse(std::string_view value) {
  boost::system::error_code problem;
  json::value parsed = json::parse(value, problem);
  return problem ? json::value() : parsed;
}

bool flag_at(const json::object& from, std::string_view key, bool otherwise) {
  const json::value* value = from.if_contains(key);
  const bool* flag = value == nullptr ? nullptr : value->if_bool();
  return flag == nullptr ? otherwise : *flag;
}

std::vector<discord::user_id> members_at(const json::value& value) {
  std::vector<discord::user_id> out;
  const json::array* list = value.if_array();
  if (list == nullptr) return out;
  for (const json::value& each : *list) {
    if (!each.is_string()) continue;
    if (const auto id = discord::parse_id<discord::user_id>(each.get_string())) out.push_back(*id);
  }
  return out;
}

json::array to_json(const std::vector<discord::user_id>& members) {
  json::array list;
  for (const discord::user_id each : members) list.emplace_back(fmt::format("{}", each));
  return list;
}

reminder_facts facts_at(const json::object& from) {
  const json::value* members = from.if_contains("members");
  return {.channel = settings::id<discord::channel_id>(from, "channel"),
          .role = settings::id<discord::role_id>(from, "role"),
          .members = members == nullptr ? std::vector<discord::user_id>{} : members_at(*members),
          .in = flag_at(from, "japanese", false) ? language::japanese : language::english};
}

json::object to_json(const reminder_facts& facts) {
  return {{"channel", fmt::format("{}", facts.channel)},
          {"role", fmt::format("{}", facts.role)},
          {"members", to_json(facts.members)},
          {"japanese", facts.in == language::japanese}};
}

discord::action_row opt_buttons(language in) {
  const auto id = [](const char* action) {
    return discord::encode({"bump-reminder", 1, action, ""}).value_or("");
  };
  return {
      .items = {discord::button{.style = discord::button_style::primary,
                                .label = std::string(texts::remind_me.in(in)),
                                .custom_id = id("in")},
                discord::button{.label = std::string(texts::remind_me_not.in(in)), .custom_id = id("out")}}};
}

}  // namespace

bump_settings bump_settings_in(const json::object& values) {
  bump_settings out;
  out.enabled = flag_at(values, "enabled", out.enabled);
  out.confirm = flag_at(values, "confirm", out.confirm);
  out.role = settings::id<discord::role_id>(values, "role");
  out.channel = settings::id<discord::channel_id>(values, "channel");
  const json::value* wait = values.if_contains("wait");
  if (wait != nullptr && wait->is_int64()) out.wait = std::chrono::seconds(wait->get_int64());
  out.disboard = flag_at(values, "disboard", out.disboard);
  out.dissoku = flag_at(values, "dissoku", out.dissoku);
  return out;
}

store::record_key key_of_bump(discord::guild_id guild, bump_service service) {
  return {guild, std::string(bump_kind), std::string(name_of(service))};
}

std::string to_record(const last_bump& what) {
  return json::serialize(json::object{{"message", fmt::format("{}", what.message)},
                                      {"channel", fmt::format("{}", what.channel)},
                                      {"by", fmt::format("{}", what.by)},
                                      {"due", what.due.time_since_epoch().count()},
                                      {"owner", what.owner},
                                      {"reminded", what.reminded},
                                      {"confirmed", what.confirmed},
                                      {"tried", what.tried ? to_json(*what.tried) : json::value()}});
}

last_bump read_last_bump(std::string_view value) {
  const json::value parsed = parse(value);
  const json::object* object = parsed.if_object();
  if (object == nullptr) return {.reminded = true};
  last_bump out;
  out.message = settings::id<discord::message_id>(*object, "message");
  out.channel = settings::id<discord::channel_id>(*object, "channel");
  out.by = settings::id<discord::user_id>(*object, "by");
  const json::value* due = object->if_contains("due");
  if (due != nullptr && due->is_int64())
    out.due = base::wall_time(std::chrono::milliseconds(due->get_int64()));
  out.owner = settings::words(*object, "owner");
  out.reminded = flag_at(*object, "reminded", true);
  out.confirmed = flag_at(*object, "confirmed", true);
  const json::value* tried = object->if_contains("tried");
  if (tried != nullptr && tried->is_object()) out.tried = facts_at(tried->get_object());
  return out;
}

std::string timer_key(discord::guild_id guild, bump_service service, discord::message_id message) {
  return fmt::format("{}/{}/{}", guild, name_of(service), message);
}

store::record_key key_of_members(discord::guild_id guild) {
  return {guild, "members", "all"};
}

std::vector<discord::user_id> read_members(std::string_view value) {
  return members_at(parse(value));
}

std::string members_record(const std::vector<discord::user_id>& members) {
  return json::serialize(to_json(members));
}

opt_outcome opt_in(std::vector<discord::user_id>& members, discord::user_id who) {
  if (std::ranges::find(members, who) != members.end()) return opt_outcome::already;
  if (members.size() >= most_reminded) return opt_outcome::full;
  members.push_back(who);
  return opt_outcome::done;
}

opt_outcome opt_out(std::vector<discord::user_id>& members, discord::user_id who) {
  return std::erase(members, who) == 0 ? opt_outcome::already : opt_outcome::done;
}

discord::message_body reminder_of(bump_service service, const reminder_facts& facts) {
  discord::message_body body;
  std::string mentions;
  if (!facts.role.empty()) {
    mentions = fmt::format("<@&{}> ", facts.role);
    body.mentions.roles.push_back(facts.role);
  }
  for (const discord::user_id each : facts.members) {
    if (body.mentions.users.size() == most_reminded) break;
    mentions += fmt::format("<@{}> ", each);
    body.mentions.users.push_back(each);
  }
  body.content = texts::time_to_bump.format(facts.in, fmt::arg("mentions", mentions),
                                            fmt::arg("service", title_of(service, facts.in)),
                                            fmt::arg("command", command_of(service)));
  if (mentions.empty()) body.content.erase(0, 1);  // the line of its own
  body.rows.push_back(opt_buttons(facts.in));
  return body;
}

discord::message_body confirmation_of(bump_service service, const last_bump& what, language in) {
  const std::string when = shown_time(what.due);
  discord::message_body body;
  body.content =
      texts::noticed.format(in, fmt::arg("service", title_of(service, in)), fmt::arg("when", when));
  body.reply_to = what.message;
  body.rows.push_back(opt_buttons(in));
  return body;
}

}  // namespace guildfleet::features
