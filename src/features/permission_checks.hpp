// Whether the bot, and whoever acts through it, may do something in a guild, and what to say when not. Pure:
// decided from what the shard knows of the guild; Discord has the last word.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "discord/interactions/interaction.hpp"
#include "discord/model/guild_state.hpp"
#include "features/text.hpp"

namespace guildfleet::features {

// A member who uses the bot. `permissions` as Discord computed them for the interaction.
struct acting_member {
  discord::user_id user;
  std::span<const discord::role_id> roles;  // without @everyone
  discord::permission_set permissions;
};
// Its roles live as long as the interaction.
[[nodiscard]] acting_member acting_member_of(const discord::interaction& what);

// Discord's order of roles: by position, and of equal ones the older is higher.
[[nodiscard]] bool is_above(const discord::role_record& one, const discord::role_record& other);
// The highest of those that exist; null: there is none, which leaves @everyone.
[[nodiscard]] const discord::role_record* highest_role(const discord::guild_record& guild,
                                                       std::span<const discord::role_id> roles);

// Whether the first may act on the second (kick, ban, time out, rename), permissions aside: the owner on
// everybody, nobody on the owner or oneself, others on who has a lower highest role.
struct ranked_member {
  discord::user_id user;
  std::span<const discord::role_id> roles;
};
[[nodiscard]] bool outranks(const discord::guild_record& guild, ranked_member one, ranked_member other);

// Why a role cannot be given or taken.
enum class role_obstacle {
  unknown_role,    // it does not exist any more
  everyone_role,   // @everyone, which everybody has
  managed_role,    // of a bot, of boosts or of a subscription: Discord gives it
  bot_may_not,     // the bot lacks Manage Roles
  above_bot,       // it is not below the bot's highest role
  member_may_not,  // who asks lacks Manage Roles
  above_member,    // it is not below the highest role of who asks
};
[[nodiscard]] std::optional<role_obstacle> obstacle_for_bot(const discord::guild_state& guilds,
                                                            const discord::guild_record& guild,
                                                            discord::role_id role);
// Also of who sets up that the bot gives it: else a manager could have the bot give what the manager may not.
[[nodiscard]] std::optional<role_obstacle> obstacle_for_member(const discord::guild_record& guild,
                                                               const acting_member& member,
                                                               discord::role_id role);
// A sentence that names the role and says what to do.
[[nodiscard]] std::string told(role_obstacle what, discord::role_id role, language in);

// What the bot needs to post with an embed.
inline constexpr discord::permission_set to_send =
    discord::permission_set(discord::permission::view_channel) | discord::permission::send_messages;
inline constexpr discord::permission_set to_send_embeds = to_send | discord::permission::embed_links;

// Why the bot cannot post in a channel.
struct send_obstacle {
  enum class kind { unknown_channel, no_place_for_messages, missing_permissions };
  kind what = kind::unknown_channel;
  discord::permission_set missing{};
  bool operator==(const send_obstacle&) const = default;
};
// nullopt: it can.
[[nodiscard]] std::optional<send_obstacle> obstacle_to_send(const discord::guild_state& guilds,
                                                            discord::guild_id guild,
                                                            discord::channel_id channel, base::wall_time now,
                                                            discord::permission_set needed = to_send);
// A sentence that names the channel and what is missing.
[[nodiscard]] std::string told(const send_obstacle& what, discord::channel_id channel, language in);

// What a member who uses the bot may do in a channel: Discord says it of the one in which they use it, and of
// those that they chose.
[[nodiscard]] discord::permission_set permissions_in(const discord::interaction& what,
                                                     discord::channel_id channel);
// Why they cannot have the bot post an embed there, as a sentence: they may not post there themselves, or the
// bot cannot. nullopt: nothing is in the way.
[[nodiscard]] std::optional<std::string> refusal_to_post(const discord::interaction& what,
                                                         const discord::guild_state& guilds,
                                                         discord::channel_id channel, base::wall_time now,
                                                         language in);

}  // namespace guildfleet::features
