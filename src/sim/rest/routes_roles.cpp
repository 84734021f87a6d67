// Roles (protocol sheet 3.7).
#include <algorithm>
#include <array>

#include "sim/rest/router.hpp"
#include "sim/world/members.hpp"

namespace guildfleet::sim {

namespace {

json::array all_roles(const guild_record& guild) {
  json::array out;
  for (const auto& [_, role] : guild.roles) out.push_back(role_json(role));
  return out;
}

reply list_roles(call& c) {
  const auto guild = guild_for(c, c.param(0));
  return guild ? ok(all_roles(**guild)) : guild.error();
}

reply get_role(call& c) {
  const auto guild = guild_for(c, c.param(0));
  if (!guild) return guild.error();
  const auto found = (*guild)->roles.find(c.param(1));
  return found == (*guild)->roles.end() ? refuse(10011) : ok(role_json(found->second));
}

reply member_counts(call& c) {
  const auto guild = guild_for(c, c.param(0));
  if (!guild) return guild.error();
  json::object out;
  for (const auto& [which, _] : (*guild)->roles) {
    if (which == c.param(0)) continue;
    out[id_text(which)] = std::ranges::count_if((*guild)->members, [&](const auto& entry) {
      return std::ranges::find(entry.second.roles, which) != entry.second.roles.end();
    });
  }
  return ok(std::move(out));
}

struct role_changes {
  json::object fields{};
  std::optional<bits> permissions{};
};

role_changes read_role(const form& body) {
  role_changes out;
  body.take_text("name", {0, 100}, out.fields);
  body.take_int("color", {0, 16'777'215}, out.fields);
  body.take_bool("hoist", out.fields);
  body.take_bool("mentionable", out.fields);
  body.take_text("unicode_emoji", {0, 100}, out.fields, true);
  out.permissions = body.permissions("permissions");
  if (const auto colors = body.object("colors")) {
    json::object taken{{"primary_color", 0}, {"secondary_color", nullptr}, {"tertiary_color", nullptr}};
    for (const auto* key : {"primary_color", "secondary_color", "tertiary_color"}) {
      colors->take_int(key, {0, 16'777'215}, taken, true);
    }
    out.fields["color"] = taken.at("primary_color");
    out.fields["colors"] = std::move(taken);
  } else if (out.fields.contains("color")) {
    out.fields["colors"] = json::object{
        {"primary_color", out.fields.at("color")}, {"secondary_color", nullptr}, {"tertiary_color", nullptr}};
  }
  return out;
}

bool grants_too_much(call& c, const guild_record& guild, const std::optional<bits>& wanted) {
  return wanted && (*wanted & ~guild_permissions(c.state, guild, c.self())) != 0;
}

reply post_role(call& c) {
  const auto guild = guild_for(c, c.param(0), permission::manage_roles);
  if (!guild) return guild.error();
  if ((*guild)->roles.size() >= 250) return refuse(30005);
  form_errors errors;
  const auto wanted = read_role(form(c.object(), errors));
  if (!errors.empty()) return errors.to_reply();
  if (grants_too_much(c, **guild, wanted.permissions)) return refuse(50013);
  auto draft = new_role("new role", wanted.permissions.value_or((*guild)->roles.at(c.param(0)).permissions));
  for (const auto& field : wanted.fields) draft.fields[field.key()] = field.value();
  return ok(role_json(create_role(c.state, **guild, std::move(draft), c.by())));
}

// A role below the bot's highest one.
or_reply<role_record*> reachable(call& c, guild_record& guild, id role) {
  const auto found = guild.roles.find(role);
  if (found == guild.roles.end()) return std::unexpected(refuse(10011));
  if (found->second.position >= highest_position(guild, c.self())) return std::unexpected(refuse(50013));
  return &found->second;
}

reply patch_role(call& c) {
  const auto guild = guild_for(c, c.param(0), permission::manage_roles);
  if (!guild) return guild.error();
  const auto role = reachable(c, **guild, c.param(1));
  if (!role) return role.error();
  form_errors errors;
  const auto wanted = read_role(form(c.object(), errors));
  if (!errors.empty()) return errors.to_reply();
  if (grants_too_much(c, **guild, wanted.permissions)) return refuse(50013);
  json::array log;
  for (const auto& field : wanted.fields) {
    log.push_back(json::object{
        {"key", field.key()}, {"old_value", (*role)->fields[field.key()]}, {"new_value", field.value()}});
    (*role)->fields[field.key()] = field.value();
  }
  if (wanted.permissions) {
    log.push_back(json::object{{"key", "permissions"},
                               {"old_value", id_text((*role)->permissions)},
                               {"new_value", id_text(*wanted.permissions)}});
    (*role)->permissions = *wanted.permissions;
  }
  role_changed(c.state, **guild, **role, std::move(log), c.by());
  return ok(role_json(**role));
}

reply delete_role_route(call& c) {
  const auto guild = guild_for(c, c.param(0), permission::manage_roles);
  if (!guild) return guild.error();
  const auto role = reachable(c, **guild, c.param(1));
  if (!role) return role.error();
  if ((*role)->managed || c.param(1) == c.param(0)) return refuse(50028);
  delete_role(c.state, **guild, c.param(1), c.by());
  return no_content();
}

reply move_roles(call& c) {
  const auto guild = guild_for(c, c.param(0), permission::manage_roles);
  if (!guild) return guild.error();
  form_errors errors;
  const json::object wrapped{{"roles", c.body}};
  std::vector<std::pair<role_record*, int>> moves;
  for (const auto& entry : form(wrapped, errors).objects("roles", {1, 250})) {
    json::object taken;
    if (!entry.take_int("position", {0, 1000}, taken)) continue;
    const auto role = reachable(c, **guild, id_field(entry.source(), "id"));
    if (!role) return role.error();
    moves.emplace_back(*role, static_cast<int>(int_field(taken, "position")));
  }
  if (!errors.empty()) return errors.to_reply();
  for (const auto& [role, position] : moves) {
    role->position = position;
    role_changed(c.state, **guild, *role, {}, c.by());
  }
  return ok(all_roles(**guild));
}

constexpr std::array table = {
    route{"GET", "/guilds/{guild.id}/roles", list_roles},
    route{"GET", "/guilds/{guild.id}/roles/{role.id}", get_role},
    route{"GET", "/guilds/{guild.id}/roles/member-counts", member_counts},
    route{"POST", "/guilds/{guild.id}/roles", post_role},
    route{"PATCH", "/guilds/{guild.id}/roles", move_roles},
    route{"PATCH", "/guilds/{guild.id}/roles/{role.id}", patch_role},
    route{"DELETE", "/guilds/{guild.id}/roles/{role.id}", delete_role_route},
};

}  // namespace

std::span<const route> role_routes() {
  return table;
}

}  // namespace guildfleet::sim
