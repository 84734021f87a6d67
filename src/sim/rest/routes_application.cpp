// The gateway's address, the application and its commands (protocol sheet 1.1 and 3.1).
#include <algorithm>
#include <array>

#include "sim/rest/command_form.hpp"
#include "sim/rest/router.hpp"

namespace guildfleet::sim {

namespace {

// By type, from 1 on.
constexpr std::array<std::int64_t, 4> most_commands = {100, 15, 15, 1};
constexpr std::size_t most_daily_creates = 200;

reply gateway(call& c) {
  return ok(json::object{{"url", c.settings.gateway_url}});
}

reply gateway_bot(call& c) {
  const auto& account = c.bot->account;
  event_sink::start_limit limit{account.session_start_total, account.session_start_total, 0,
                                account.max_concurrency};
  if (c.sink != nullptr) limit = c.sink->session_start_limit(account.application);
  return ok(json::object{{"url", c.settings.gateway_url},
                         {"shards", account.recommended_shards},
                         {"session_start_limit", json::object{{"total", limit.total},
                                                              {"remaining", limit.remaining},
                                                              {"reset_after", limit.reset_after_ms},
                                                              {"max_concurrency", limit.max_concurrency}}}});
}

json::object application_json(const call& c) {
  const auto& account = c.bot->account;
  std::size_t guilds = 0;
  for (const auto& [_, guild] : c.state.guilds) guilds += guild.members.contains(account.user) ? 1U : 0U;
  const id owner =
      c.state.guild_order.empty() ? account.user : c.state.guilds.at(c.state.guild_order.front()).owner;
  return {{"id", id_text(account.application)},
          {"name", account.name},
          {"icon", nullptr},
          {"description", c.bot->description},
          {"type", nullptr},
          {"summary", ""},
          {"verify_key", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"},
          {"flags", account.application_flags},
          {"flags_new", id_text(account.application_flags)},
          {"redirect_uris", json::array()},
          {"interactions_endpoint_url", nullptr},
          {"role_connections_verification_url", nullptr},
          {"event_webhooks_url", nullptr},
          {"event_webhooks_status", 1},
          {"event_webhooks_types", json::array()},
          {"owner", user_json(c.state, owner)},
          {"bot", user_json(c.state, account.user)},
          {"approximate_guild_count", guilds},
          {"approximate_user_install_count", 0},
          {"approximate_user_authorization_count", 0},
          {"explicit_content_filter", 0},
          {"team", nullptr},
          {"eligible_oauth2_scopes", json::array()},
          {"bot_public", true},
          {"bot_require_code_grant", false},
          {"hook", true}};
}

reply get_application(call& c) {
  return ok(application_json(c));
}

reply patch_application(call& c) {
  form_errors errors;
  json::object taken;
  const form body(c.object(), errors);
  if (body.take_text("description", {0, 400}, taken)) c.bot->description = text_field(taken, "description");
  return errors.empty() ? ok(application_json(c)) : errors.to_reply();
}

// The scope that the route names; guild routes have the guild as second parameter.
or_reply<command_scope> scope_of(call& c, bool in_guild) {
  if (c.param(0) != c.bot->account.application) return std::unexpected(refuse(20012));
  if (!in_guild) return command_scope{c.param(0), 0};
  const auto* const guild = find_guild(c.state, c.param(1));
  if (guild == nullptr || !guild->members.contains(c.self())) return std::unexpected(refuse(50001));
  return command_scope{c.param(0), c.param(1)};
}

json::object finished(call& c, json::object command, const command_scope& scope, id kept_id) {
  command["id"] = id_text(kept_id == 0 ? c.state.mint_id() : kept_id);
  command["application_id"] = id_text(scope.first);
  command["version"] = id_text(c.state.mint_id());
  if (scope.second != 0) command["guild_id"] = id_text(scope.second);
  return command;
}

id find_same(const std::map<id, json::object>& commands, const json::object& wanted) {
  for (const auto& [which, command] : commands) {
    if (command.at("name") == wanted.at("name") && command.at("type") == wanted.at("type")) return which;
  }
  return 0;
}

bool too_many(const std::map<id, json::object>& commands, std::int64_t type) {
  const auto count = std::ranges::count_if(
      commands, [type](const auto& entry) { return int_field(entry.second, "type") == type; });
  return count > most_commands.at(static_cast<std::size_t>(type - 1));
}

// Counts a new command to the daily 200.
bool create_allowed(call& c) {
  auto& creates = c.bot->command_creates;
  const auto now = c.state.clock.wall_now();
  while (!creates.empty() && now - creates.front() > std::chrono::hours(24)) creates.pop_front();
  if (creates.size() >= most_daily_creates) return false;
  creates.push_back(now);
  return true;
}

reply list_commands_in(call& c, bool in_guild) {
  const auto scope = scope_of(c, in_guild);
  if (!scope) return scope.error();
  const bool localized = c.query_flag("with_localizations");
  json::array out;
  for (const auto& [_, command] : c.state.commands[*scope]) {
    auto shown = command;
    if (!localized) {
      shown.erase("name_localizations");
      shown.erase("description_localizations");
    }
    out.push_back(std::move(shown));
  }
  return ok(std::move(out));
}

reply create_command_in(call& c, bool in_guild) {
  const auto scope = scope_of(c, in_guild);
  if (!scope) return scope.error();
  form_errors errors;
  auto command = read_command(form(c.object(), errors), !in_guild);
  if (!errors.empty()) return errors.to_reply();
  auto& commands = c.state.commands[*scope];
  const id same = find_same(commands, command);
  auto with_it = commands;
  if (same == 0) with_it[0] = command;
  if (too_many(with_it, int_field(command, "type"))) return refuse(30032);
  if (same == 0 && !create_allowed(c)) return refuse(30034);
  auto stored = finished(c, std::move(command), *scope, same);
  commands[id_field(stored, "id")] = stored;
  return same == 0 ? created(std::move(stored)) : ok(std::move(stored));
}

reply overwrite_commands_in(call& c, bool in_guild) {
  const auto scope = scope_of(c, in_guild);
  if (!scope) return scope.error();
  form_errors errors;
  if (!c.body.is_array()) {
    errors.add("", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
    return errors.to_reply();
  }
  const json::object wrapped{{"commands", c.body}};
  auto& commands = c.state.commands[*scope];
  std::vector<json::object> wanted;
  for (const auto& entry : form(wrapped, errors).objects("commands", {0, 131})) {
    const form at_root(entry.source(), errors, std::to_string(wanted.size()));
    wanted.push_back(read_command(at_root, !in_guild));
  }
  if (!errors.empty()) return errors.to_reply();
  std::map<id, json::object> next;
  json::array shown;
  for (auto& command : wanted) {
    if (find_same(next, command) != 0) return refuse(40041);
    const id same = find_same(commands, command);
    if (same == 0 && !create_allowed(c)) return refuse(30034);
    auto stored = finished(c, std::move(command), *scope, same);
    shown.push_back(stored);
    next[id_field(stored, "id")] = std::move(stored);
  }
  for (const std::int64_t type : {1, 2, 3, 4}) {
    if (too_many(next, type)) return refuse(30032);
  }
  commands = std::move(next);
  return ok(std::move(shown));
}

or_reply<json::object*> command_of(call& c, bool in_guild) {
  const auto scope = scope_of(c, in_guild);
  if (!scope) return std::unexpected(scope.error());
  auto& commands = c.state.commands[*scope];
  const auto found = commands.find(c.param(in_guild ? 2 : 1));
  if (found == commands.end()) return std::unexpected(refuse(10063));
  return &found->second;
}

reply get_command_in(call& c, bool in_guild) {
  const auto found = command_of(c, in_guild);
  return found ? ok(**found) : found.error();
}

reply edit_command_in(call& c, bool in_guild) {
  const auto found = command_of(c, in_guild);
  if (!found) return found.error();
  json::object merged = **found;
  for (const auto& field : c.object()) merged[field.key()] = field.value();
  form_errors errors;
  auto command = read_command(form(merged, errors), !in_guild);
  if (!errors.empty()) return errors.to_reply();
  const command_scope scope{c.param(0), in_guild ? c.param(1) : 0};
  **found = finished(c, std::move(command), scope, id_field(merged, "id"));
  return ok(**found);
}

reply delete_command_in(call& c, bool in_guild) {
  const auto found = command_of(c, in_guild);
  if (!found) return found.error();
  c.state.commands[{c.param(0), in_guild ? c.param(1) : 0}].erase(c.param(in_guild ? 2 : 1));
  return no_content();
}

template <reply (*Handle)(call&, bool)>
reply global(call& c) {
  return Handle(c, false);
}
template <reply (*Handle)(call&, bool)>
reply in_guild(call& c) {
  return Handle(c, true);
}

reply command_permissions(call& c) {
  const auto scope = scope_of(c, true);
  return scope ? ok(json::array()) : scope.error();
}

reply voice_regions(call&) {
  json::array out;
  for (const auto* name : {"japan", "rotterdam", "us-west"}) {
    out.push_back(json::object{
        {"id", name}, {"name", name}, {"custom", false}, {"deprecated", false}, {"optimal", false}});
  }
  return ok(std::move(out));
}

reply no_emojis(call&) {
  return ok(json::object{{"items", json::array()}});
}

constexpr std::array table = {
    route{"GET", "/gateway", gateway, route_kind::open},
    route{"GET", "/gateway/bot", gateway_bot},
    route{"GET", "/applications/@me", get_application},
    route{"GET", "/oauth2/applications/@me", get_application},
    route{"PATCH", "/applications/@me", patch_application},
    route{"GET", "/applications/{application.id}/emojis", no_emojis},
    route{"GET", "/applications/{application.id}/commands", global<list_commands_in>},
    route{"POST", "/applications/{application.id}/commands", global<create_command_in>},
    route{"PUT", "/applications/{application.id}/commands", global<overwrite_commands_in>},
    route{"GET", "/applications/{application.id}/commands/{command.id}", global<get_command_in>},
    route{"PATCH", "/applications/{application.id}/commands/{command.id}", global<edit_command_in>},
    route{"DELETE", "/applications/{application.id}/commands/{command.id}", global<delete_command_in>},
    route{"GET", "/applications/{application.id}/guilds/{guild.id}/commands", in_guild<list_commands_in>},
    route{"POST", "/applications/{application.id}/guilds/{guild.id}/commands", in_guild<create_command_in>},
    route{"PUT", "/applications/{application.id}/guilds/{guild.id}/commands",
          in_guild<overwrite_commands_in>},
    route{"GET", "/applications/{application.id}/guilds/{guild.id}/commands/{command.id}",
          in_guild<get_command_in>},
    route{"PATCH", "/applications/{application.id}/guilds/{guild.id}/commands/{command.id}",
          in_guild<edit_command_in>},
    route{"DELETE", "/applications/{application.id}/guilds/{guild.id}/commands/{command.id}",
          in_guild<delete_command_in>},
    route{"GET", "/applications/{application.id}/guilds/{guild.id}/commands/permissions",
          command_permissions},
    route{"GET", "/voice/regions", voice_regions},
};

}  // namespace

std::span<const route> application_routes() {
  return table;
}

}  // namespace guildfleet::sim
