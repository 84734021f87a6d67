#include "features/moderation/sanction_checks.hpp"

#include "features/moderation/moderation_texts.hpp"
#include "features/permission_checks.hpp"
#include "features/permission_names.hpp"

namespace guildfleet::features {
namespace {

namespace texts = moderation_texts;
using discord::permission;
using kind = sanction_obstacle::kind;

bool needs_member(mod_action what) {
  return what != mod_action::ban && what != mod_action::unban;
}

}  // namespace

discord::permission_set needed_for(mod_action what) {
  switch (what) {
    case mod_action::warn:
    case mod_action::time_out:
    case mod_action::end_time_out:
      return permission::moderate_members;
    case mod_action::kick:
      return permission::kick_members;
    case mod_action::ban:
    case mod_action::unban:
    case mod_action::ban_ended:
      return permission::ban_members;
    case mod_action::purge:
      break;
  }
  return permission::manage_messages;
}

sanctioned sanctioned_of(const discord::interaction& what, discord::user_id user) {
  const auto found = what.resolved.users.find(user);
  if (found == what.resolved.users.end()) return {.user = user};
  return {user, found->second.is_member, found->second.roles, found->second.permissions};
}

std::optional<sanction_obstacle> obstacle_to(mod_action what, const discord::interaction& by,
                                             const discord::guild_state& guilds, const sanctioned& whom) {
  const discord::guild_record* const guild = guilds.find_guild(by.guild);
  const auto held = guilds.base_permissions_of_self(by.guild);
  if (guild == nullptr || !held) return sanction_obstacle{.what = kind::unknown_guild};
  const discord::permission_set needed = needed_for(what);
  const discord::permission_set lacks = needed.without(by.member_permissions);
  if (!lacks.empty() && guild->owner != by.user) return sanction_obstacle{kind::member_may_not, lacks};
  if (whom.user == by.user) return sanction_obstacle{.what = kind::oneself};
  if (whom.user == guilds.self()) return sanction_obstacle{.what = kind::the_bot};
  if (needs_member(what) && !whom.is_member) return sanction_obstacle{.what = kind::not_a_member};
  // A warning is words alone: the bot needs nothing for it.
  const bool only_words = what == mod_action::warn;
  const discord::permission_set missing = needed.without(*held);
  if (!only_words && !missing.empty()) return sanction_obstacle{kind::bot_may_not, missing};
  if (what == mod_action::unban) return std::nullopt;
  const ranked_member target{whom.user, whom.roles};
  if (!outranks(*guild, {by.user, by.member_roles}, target))
    return sanction_obstacle{.what = kind::above_member};
  const bool administers = whom.permissions.has(permission::administrator);
  if (what == mod_action::time_out && administers) return sanction_obstacle{.what = kind::administrator};
  if (!only_words && whom.is_member && !outranks(*guild, {guilds.self(), guild->self.roles}, target))
    return sanction_obstacle{.what = kind::above_bot};
  return std::nullopt;
}

std::string told(const sanction_obstacle& what, discord::user_id whom, language in) {
  const std::string member = fmt::format("<@{}>", whom);
  const std::string permissions = names_of(what.missing, in);
  const auto say = [&](const text& sentence) {
    return sentence.format(in, fmt::arg("member", member), fmt::arg("permissions", permissions));
  };
  switch (what.what) {
    case kind::unknown_guild:
      return say(texts::unknown_guild);
    case kind::oneself:
      return say(texts::oneself);
    case kind::the_bot:
      return say(texts::the_bot);
    case kind::not_a_member:
      return say(texts::not_a_member);
    case kind::administrator:
      return say(texts::administrator);
    case kind::member_may_not:
      return say(texts::member_may_not);
    case kind::bot_may_not:
      return say(texts::bot_may_not);
    case kind::above_member:
      return say(texts::above_member);
    case kind::above_bot:
      break;
  }
  return say(texts::above_bot);
}

}  // namespace guildfleet::features
