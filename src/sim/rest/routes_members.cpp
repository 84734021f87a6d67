// Members and their voice states (protocol sheet 3.7).
#include <algorithm>
#include <array>

#include "sim/rest/router.hpp"
#include "sim/world/members.hpp"

namespace guildfleet::sim {

namespace {

reply list_members(call& c) {
  const auto guild = guild_for(c, c.param(0));
  if (!guild) return guild.error();
  if ((c.bot->account.application_flags & application_flag::guild_members) == 0) return refuse(50001);
  const auto limit = c.query_limit({1, 1000}, 1);
  if (!limit) return limit.error();
  json::array out;
  const auto& members = (*guild)->members;
  for (auto at = members.upper_bound(c.query_id("after").value_or(0));
       at != members.end() && out.size() < *limit; ++at) {
    out.push_back(member_json(c.state, at->second));
  }
  return ok(std::move(out));
}

reply search_members(call& c) {
  const auto guild = guild_for(c, c.param(0));
  if (!guild) return guild.error();
  const auto limit = c.query_limit({1, 1000}, 1);
  if (!limit) return limit.error();
  const auto query = c.request.query_value("query").value_or("");
  json::array out;
  for (const auto& [user, member] : (*guild)->members) {
    const auto* const record = find_user(c.state, user);
    const bool fits = (record != nullptr && record->username.starts_with(query)) ||
                      (member.nick && member.nick->starts_with(query));
    if (fits && out.size() < *limit) out.push_back(member_json(c.state, member));
  }
  return ok(std::move(out));
}

reply get_member(call& c) {
  const auto guild = guild_for(c, c.param(0));
  if (!guild) return guild.error();
  const auto member = member_for(**guild, c.param(1));
  return member ? ok(member_json(c.state, **member)) : member.error();
}

// A PATCH of a member, checked as a whole before anything changes.
class member_edit final {
 public:
  member_edit(call& c, guild_record& guild, member_record& member) : c_(c), guild_(guild), member_(member) {}

  [[nodiscard]] reply run() {
    form_errors errors;
    const form body(c_.object(), errors);
    body.take_text("nick", {0, 32}, taken_, true);
    body.take_bool("mute", taken_);
    body.take_bool("deaf", taken_);
    body.take_id("channel_id", taken_, true);
    body.take_int("flags", {0, 1 << 12}, taken_, true);
    roles_ = body.ids("roles", {0, 250});
    check_timeout(body);
    if (!errors.empty()) return errors.to_reply();
    if (auto refused = check()) return *refused;
    apply();
    return ok(member_json(c_.state, member_));
  }

 private:
  [[nodiscard]] bool has(std::string_view key) const { return c_.object().contains(key); }

  void check_timeout(const form& body) {
    if (!has("communication_disabled_until") || body.is_null("communication_disabled_until")) return;
    until_ = parse_timestamp(text_field(c_.object(), "communication_disabled_until"));
    if (!until_) {
      body.fail("communication_disabled_until", "DATE_TIME_TYPE_PARSE",
                "Could not parse. Should be ISO8601.");
    } else if (*until_ > c_.state.clock.wall_now() + std::chrono::days(28)) {
      body.fail("communication_disabled_until", "BASE_TYPE_CHOICES",
                "Cannot be more than 28 days in the future.");
    }
  }

  [[nodiscard]] std::optional<reply> check() const {
    const bits own = guild_permissions(c_.state, guild_, c_.self());
    const auto lacks = [&](std::string_view key, bits needed) {
      return has(key) && (own & needed) != needed;
    };
    const bool above = outranks(guild_, c_.self(), member_.user);
    if (lacks("nick", permission::manage_nicknames) || lacks("roles", permission::manage_roles) ||
        lacks("mute", permission::mute_members) || lacks("deaf", permission::deafen_members) ||
        lacks("channel_id", permission::move_members) ||
        lacks("communication_disabled_until", permission::moderate_members)) {
      return refuse(50013);
    }
    if ((has("nick") || has("communication_disabled_until")) && !above) return refuse(50013);
    const bool admin = (guild_permissions(c_.state, guild_, member_.user) & permission::administrator) != 0;
    if (has("communication_disabled_until") && admin) return refuse(50013);
    const bool in_voice = guild_.voice_states.contains(member_.user);
    if ((has("mute") || has("deaf") || has("channel_id")) && !in_voice) return refuse(40032);
    return has("roles") ? check_roles() : std::nullopt;
  }

  [[nodiscard]] std::optional<reply> check_roles() const {
    const int highest = highest_position(guild_, c_.self());
    const auto changed = [&](id role) {
      const bool before = std::ranges::find(member_.roles, role) != member_.roles.end();
      return before != (std::ranges::find(roles_, role) != roles_.end());
    };
    auto all = roles_;
    all.insert(all.end(), member_.roles.begin(), member_.roles.end());
    for (const id role : all) {
      const auto found = guild_.roles.find(role);
      if (found == guild_.roles.end()) return refuse(10011);
      if (changed(role) && (found->second.managed || found->second.position >= highest)) return refuse(50013);
    }
    return std::nullopt;
  }

  void apply() {
    json::array log;
    const auto note = [&](std::string_view key, json::value value) {
      log.push_back(json::object{{"key", key}, {"new_value", std::move(value)}});
    };
    if (has("nick")) {
      const auto nick = text_field(taken_, "nick");
      member_.nick = nick.empty() ? std::nullopt : std::optional(nick);
      note("nick", taken_["nick"]);
    }
    if (has("communication_disabled_until")) {
      member_.timed_out_until = until_;
      note("communication_disabled_until", until_ ? json::value(timestamp(*until_)) : json::value(nullptr));
    }
    member_.flags = int_field(taken_, "flags", member_.flags);
    apply_voice(note);
    if (!log.empty() || has("flags")) member_changed(c_.state, guild_, member_);
    audit_member(c_.state, guild_, member_.user, std::move(log), c_.by());
    if (has("roles")) set_roles(c_.state, guild_, member_, roles_, c_.by());
  }

  template <class Note>
  void apply_voice(const Note& note) {
    for (const auto* key : {"mute", "deaf"}) {
      if (!taken_.contains(key)) continue;
      (std::string_view(key) == "mute" ? member_.mute : member_.deaf) = bool_field(taken_, key);
      note(key, taken_[key]);
    }
    const auto voice = guild_.voice_states.find(member_.user);
    if (voice == guild_.voice_states.end()) return;
    auto next = voice->second;
    if (has("channel_id")) {
      next.channel = id_field(taken_, "channel_id");
      const bool leaves = next.channel == 0;
      audit(c_.state, guild_, c_.by(), {.action = leaves ? 27 : 26, .options = {{"count", "1"}}});
    }
    if (has("channel_id") || has("mute") || has("deaf")) set_voice(c_.state, guild_, next);
  }

  call& c_;
  guild_record& guild_;
  member_record& member_;
  json::object taken_;
  std::vector<id> roles_;
  std::optional<base::wall_time> until_;
};

reply patch_member(call& c) {
  const auto guild = guild_for(c, c.param(0));
  if (!guild) return guild.error();
  const auto member = member_for(**guild, c.param(1));
  return member ? member_edit(c, **guild, **member).run() : member.error();
}

reply patch_self(call& c) {
  const auto guild = guild_for(c, c.param(0), permission::change_nickname);
  if (!guild) return guild.error();
  form_errors errors;
  json::object taken;
  form(c.object(), errors).take_text("nick", {0, 32}, taken, true);
  if (!errors.empty()) return errors.to_reply();
  auto& member = (*guild)->members.at(c.self());
  if (taken.contains("nick")) {
    const auto nick = text_field(taken, "nick");
    member.nick = nick.empty() ? std::nullopt : std::optional(nick);
    member_changed(c.state, **guild, member);
    json::array log;
    log.push_back(json::object{{"key", "nick"}, {"new_value", taken.at("nick")}});
    audit_member(c.state, **guild, c.self(), std::move(log), c.by());
  }
  return ok(member_json(c.state, member));
}

reply kick(call& c) {
  const auto guild = guild_for(c, c.param(0), permission::kick_members);
  if (!guild) return guild.error();
  if (!(*guild)->members.contains(c.param(1))) return refuse(10007);
  if (!outranks(**guild, c.self(), c.param(1)) || c.param(1) == c.self()) return refuse(50013);
  remove_member(c.state, **guild, c.param(1), departure::kicked, c.by());
  return no_content();
}

// The member and the role of a role route, both within reach of the bot.
reply change_role(call& c, bool grant) {
  const auto guild = guild_for(c, c.param(0), permission::manage_roles);
  if (!guild) return guild.error();
  const auto member = member_for(**guild, c.param(1));
  if (!member) return member.error();
  const auto role = (*guild)->roles.find(c.param(2));
  if (role == (*guild)->roles.end()) return refuse(10011);
  if (role->first == c.param(0)) return refuse(50028);
  if (role->second.managed || role->second.position >= highest_position(**guild, c.self()))
    return refuse(50013);
  auto roles = (*member)->roles;
  std::erase(roles, role->first);
  if (grant) roles.push_back(role->first);
  const bool had = std::ranges::find((*member)->roles, role->first) != (*member)->roles.end();
  if (had != grant) set_roles(c.state, **guild, **member, std::move(roles), c.by());
  return no_content();
}

reply add_role(call& c) {
  return change_role(c, true);
}
reply remove_role(call& c) {
  return change_role(c, false);
}

reply voice_state_of(call& c, id user) {
  const auto guild = guild_for(c, c.param(0));
  if (!guild) return guild.error();
  const auto found = (*guild)->voice_states.find(user);
  return found == (*guild)->voice_states.end() ? refuse(10065)
                                               : ok(voice_state_json(c.state, **guild, found->second));
}

reply get_own_voice(call& c) {
  return voice_state_of(c, c.self());
}
reply get_voice(call& c) {
  return voice_state_of(c, c.param(1));
}

reply change_voice(call& c, id user) {
  const auto guild = guild_for(c, c.param(0), user == c.self() ? 0 : permission::mute_members);
  if (!guild) return guild.error();
  const auto found = (*guild)->voice_states.find(user);
  if (found == (*guild)->voice_states.end()) return refuse(10065);
  found->second.suppress = bool_field(c.object(), "suppress", found->second.suppress);
  voice_changed(c.state, **guild, found->second);
  return no_content();
}

reply patch_own_voice(call& c) {
  return change_voice(c, c.self());
}
reply patch_voice(call& c) {
  return change_voice(c, c.param(1));
}

constexpr std::array table = {
    route{"GET", "/guilds/{guild.id}/members", list_members},
    route{"GET", "/guilds/{guild.id}/members/search", search_members},
    route{"GET", "/guilds/{guild.id}/members/{user.id}", get_member},
    route{"PATCH", "/guilds/{guild.id}/members/{user.id}", patch_member},
    route{"PATCH", "/guilds/{guild.id}/members/@me", patch_self},
    route{"DELETE", "/guilds/{guild.id}/members/{user.id}", kick},
    route{"PUT", "/guilds/{guild.id}/members/{user.id}/roles/{role.id}", add_role},
    route{"DELETE", "/guilds/{guild.id}/members/{user.id}/roles/{role.id}", remove_role},
    route{"GET", "/guilds/{guild.id}/voice-states/@me", get_own_voice},
    route{"GET", "/guilds/{guild.id}/voice-states/{user.id}", get_voice},
    route{"PATCH", "/guilds/{guild.id}/voice-states/@me", patch_own_voice},
    route{"PATCH", "/guilds/{guild.id}/voice-states/{user.id}", patch_voice},
};

}  // namespace

std::span<const route> member_routes() {
  return table;
}

}  // namespace guildfleet::sim
