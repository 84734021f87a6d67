// Users and direct messages (protocol sheet 3.8).
#include <algorithm>
#include <array>

#include "sim/rest/router.hpp"
#include "sim/world/members.hpp"
#include "sim/world/messages.hpp"

namespace guildfleet::sim {

namespace {

reply get_self(call& c) {
  return ok(self_json(c.state, *c.bot));
}

reply patch_self(call& c) {
  form_errors errors;
  json::object taken;
  if (form(c.object(), errors).take_text("username", {2, 32}, taken)) {
    c.state.users.at(c.self()).username = text_field(taken, "username");
    publish_bot(c.state, c.bot->account.application, 0, "USER_UPDATE", self_json(c.state, *c.bot), 0);
  }
  return errors.empty() ? ok(self_json(c.state, *c.bot)) : errors.to_reply();
}

reply get_user(call& c) {
  const auto* const user = find_user(c.state, c.param(0));
  return user == nullptr ? refuse(10013) : ok(user_json(*user));
}

json::object partial_guild(const call& c, const guild_record& guild, bool with_counts) {
  json::object out{{"id", id_text(guild.guild)},
                   {"owner", guild.owner == c.self()},
                   {"permissions", id_text(guild_permissions(c.state, guild, c.self()))}};
  for (const auto* key : {"name", "icon", "banner", "features"}) out[key] = guild.fields.at(key);
  if (with_counts) {
    out["approximate_member_count"] = guild.members.size();
    out["approximate_presence_count"] = guild.members.size();
  }
  return out;
}

reply list_guilds(call& c) {
  const auto limit = c.query_limit({1, 200}, 200);
  if (!limit) return limit.error();
  const auto before = c.query_id("before");
  const id after = c.query_id("after").value_or(0);
  std::vector<id> found;
  for (const auto& [which, guild] : c.state.guilds) {
    if (which > after && (!before || which < *before) && guild.members.contains(c.self()))
      found.push_back(which);
  }
  std::ranges::sort(found);
  // `before` asks for the page that ends there.
  if (before && found.size() > *limit)
    found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(*limit));
  found.resize(std::min(found.size(), *limit));
  json::array out;
  for (const id which : found)
    out.push_back(partial_guild(c, c.state.guilds.at(which), c.query_flag("with_counts")));
  return ok(std::move(out));
}

reply leave_guild(call& c) {
  const auto guild = guild_for(c, c.param(0));
  if (!guild) return guild.error();
  remove_member(c.state, **guild, c.self(), departure::left, c.by());
  return no_content();
}

reply own_member(call& c) {
  const auto guild = guild_for(c, c.param(0));
  return guild ? ok(member_json(c.state, (*guild)->members.at(c.self()))) : guild.error();
}

reply post_dm(call& c) {
  form_errors errors;
  json::object taken;
  const form body(c.object(), errors);
  body.require("recipient_id");
  body.take_id("recipient_id", taken);
  if (!errors.empty()) return errors.to_reply();
  const id user = id_field(taken, "recipient_id");
  if (find_user(c.state, user) == nullptr) return refuse(10013);
  if (c.state.bots.contains(user)) return refuse(50007);
  return ok(channel_json(c.state, open_dm(c.state, c.self(), user)));
}

constexpr std::array table = {
    route{"GET", "/users/@me", get_self},
    route{"PATCH", "/users/@me", patch_self},
    route{"GET", "/users/{user.id}", get_user},
    route{"GET", "/users/@me/guilds", list_guilds},
    route{"GET", "/users/@me/guilds/{guild.id}/member", own_member},
    route{"DELETE", "/users/@me/guilds/{guild.id}", leave_guild},
    route{"POST", "/users/@me/channels", post_dm},
};

}  // namespace

std::span<const route> user_routes() {
  return table;
}

}  // namespace guildfleet::sim
