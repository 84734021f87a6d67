// guild_record's answers about permissions.
#include <algorithm>

#include "discord/model/guild_record.hpp"

namespace guildfleet::discord {
namespace {

// United over the roles among `roles`; the member's own and @everyone's beside it.
member_overwrites overwrites_for(std::span<const overwrite> overwrites, const member_question& member,
                                 guild_id everyone) {
  member_overwrites result;
  for (const overwrite& one : overwrites) {
    if (one.is_member()) {
      if (one.target() == member.user.value) result.member = {one.allow, one.deny};
    } else if (one.target() == everyone.value) {  // @everyone's id is the guild's
      result.everyone = {one.allow, one.deny};
    } else if (std::find(member.roles.begin(), member.roles.end(), role_id{one.target()}) !=
               member.roles.end()) {
      result.roles.allow |= one.allow;
      result.roles.deny |= one.deny;
    }
  }
  return result;
}

}  // namespace

permission_set guild_record::base_permissions_of(const member_question& member) const {
  const role_record* const everyone = find_role(role_id{id.value});
  permission_set united;
  for (const role_id role : member.roles) {
    if (const role_record* const found = find_role(role)) united |= found->permissions;
  }
  const bool is_owner = !owner.empty() && owner == member.user;
  return base_permissions(is_owner, everyone != nullptr ? everyone->permissions : permission_set{}, united);
}

std::optional<permission_set> guild_record::permissions_of(const member_question& member, channel_id channel,
                                                           base::wall_time now) const {
  const channel_record* const asked = find_channel(channel);
  if (asked == nullptr) return std::nullopt;
  const channel_record* const ruling = is_thread(asked->type) ? find_channel(asked->parent) : asked;
  if (ruling == nullptr) return std::nullopt;
  const permission_set base = base_permissions_of(member);
  const permission_set computed = apply_overwrites(base, overwrites_for(overwrites_of(*ruling), member, id));
  const permission_set usable = apply_implicit_rules(computed, asked->type);
  const bool timed_out = member.timed_out_until && *member.timed_out_until > now;
  return timed_out ? apply_time_out(usable) : usable;
}

}  // namespace guildfleet::discord
