// Whether a moderator may do something to somebody, and whether the bot can. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "discord/interactions/interaction.hpp"
#include "discord/model/guild_state.hpp"
#include "features/moderation/mod_case.hpp"
#include "features/text.hpp"

namespace guildfleet::features {

// What the member who acts, and the bot, need for it in the guild.
[[nodiscard]] discord::permission_set needed_for(mod_action what);

struct sanctioned {
  discord::user_id user;
  bool is_member = false;
  std::span<const discord::role_id> roles{};  // of a member
  discord::permission_set permissions{};      // the same; a menu of Discord's time-outs looks at them
};
// Its roles live as long as the interaction; a user whom Discord did not resolve is no member.
[[nodiscard]] sanctioned sanctioned_of(const discord::interaction& what, discord::user_id user);

struct sanction_obstacle {
  enum class kind {
    unknown_guild,   // its state is not here yet: an outage, or the first seconds
    oneself,         // who acts
    the_bot,         // the bot itself
    not_a_member,    // and the action needs one
    administrator,   // whom Discord times out never
    member_may_not,  // who acts lacks `missing`
    bot_may_not,     // the bot lacks `missing`
    above_member,    // of equal or higher rank than who acts
    above_bot,       // the same of the bot
  };
  kind what = kind::unknown_guild;
  discord::permission_set missing{};
  bool operator==(const sanction_obstacle&) const = default;
};

// The member who acts is that of the interaction.
[[nodiscard]] std::optional<sanction_obstacle> obstacle_to(mod_action what, const discord::interaction& by,
                                                           const discord::guild_state& guilds,
                                                           const sanctioned& whom);
// A sentence that says what to do.
[[nodiscard]] std::string told(const sanction_obstacle& what, discord::user_id whom, language in);

}  // namespace guildfleet::features
