#include "discord/model/guild_state.hpp"

#include <algorithm>
#include <utility>

#include "discord/gateway/error.hpp"
#include "discord/model/guild_codec.hpp"

namespace guildfleet::discord {
namespace {

std::unexpected<base::error> malformed(event_type type) {
  return base::fail(gateway_error::malformed_message, std::string(name_of(type)));
}

// Those that are not listed any more are gone.
void replace_roles(guild_record& guild, const guild_record& fresh) {
  std::vector<role_id> gone;
  for (const role_record& role : guild.roles()) {
    if (fresh.find_role(role.id) == nullptr) gone.push_back(role.id);
  }
  for (const role_id role : gone) (void)guild.erase_role(role);
  for (const role_record& role : fresh.roles())
    guild.put_role({role.id, fresh.name_of(role), role.position, role.permissions, role.managed});
}

}  // namespace

base::result<effect> guild_state::apply(event_type type, std::string_view d) {
  // One line per event: read it, hand it on.
  const auto with = [type](auto read, auto act) -> base::result<effect> {
    if (!read) return malformed(type);
    return act(*std::move(read));
  };
  using enum event_type;
  switch (type) {
    case ready:
      return with(read_ready_event(d), [this](const auto& e) { return on_ready(e); });
    case guild_create:
      return with(read_guild_event(d, self_),
                  [this](guild_event&& e) { return on_guild_create(std::move(e)); });
    case guild_update:
      return with(read_guild_event(d, self_),
                  [this](guild_event&& e) { return on_guild_update(std::move(e)); });
    case guild_delete:
      return with(read_guild_deleted_event(d), [this](const auto& e) { return on_guild_delete(e); });
    case channel_create:
    case channel_update:
    case channel_delete:
    case thread_create:
    case thread_update:
    case thread_delete:
      return with(read_channel_event(d), [this, type](const auto& e) { return on_channel(type, e); });
    case thread_list_sync:
      return with(read_thread_list_event(d), [this](const auto& e) { return on_thread_list(e); });
    case guild_role_create:
    case guild_role_update:
    case guild_role_delete:
      return with(read_role_event(d), [this, type](const auto& e) { return on_role(type, e); });
    case guild_emojis_update:
      return with(read_emojis_event(d), [this](const auto& e) { return on_emojis(e); });
    case guild_member_add:
    case guild_member_update:
    case guild_member_remove:
      return with(read_member_event(d),
                  [this, type](member_event&& e) { return on_member(type, std::move(e)); });
    case voice_state_update:
      return with(read_voice_event(d), [this](const auto& e) { return on_voice(e); });
    default:
      return effect{};
  }
}

template <class Change>
effect guild_state::change(guild_id guild, Change apply_to) {
  if (guild.empty()) return {};  // a private channel
  const auto found = guilds_.find(guild);
  if (found == guilds_.end()) return {effect_kind::unknown_guild, guild};
  if (!apply_to(found->second)) return {effect_kind::none, guild};
  found->second.tidy();
  dirty_.insert(guild);
  return {effect_kind::changed, guild};
}

void guild_state::set_available(guild_record& guild, bool available) {
  if (guild.available == available) return;
  guild.available = available;
  if (available) {
    --unavailable_;
  } else {
    ++unavailable_;
  }
}

void guild_state::remove(guild_id guild) {
  const auto found = guilds_.find(guild);
  if (found == guilds_.end()) return;
  if (!found->second.available) --unavailable_;
  guilds_.erase(found);
  dirty_.insert(guild);
}

// A new session: what is not in the list was left while nobody listened.
effect guild_state::on_ready(const ready_event& event) {
  self_ = event.self;
  loading_.clear();
  loading_.insert(event.guilds.begin(), event.guilds.end());
  std::vector<guild_id> gone;
  for (const auto& [id, guild] : guilds_) {
    if (!loading_.contains(id)) gone.push_back(id);
  }
  for (const guild_id id : gone) remove(id);
  for (const guild_id id : event.guilds) {
    const auto [found, is_new] = guilds_.try_emplace(id);
    if (is_new) {
      found->second.id = id;
      ++unavailable_;
      dirty_.insert(id);
    }
    set_available(found->second, false);
  }
  return {effect_kind::changed, {}};
}

// An unknown guild was joined; one known as unavailable came back. Nothing else on the wire tells
// (sheet 1.7).
effect guild_state::on_guild_create(guild_event&& event) {
  const guild_id id = event.record.id;
  loading_.erase(id);
  const auto [found, is_new] = guilds_.try_emplace(id);
  guild_record& guild = found->second;
  const bool was_available = !is_new && guild.available;
  if (is_new) {
    guild.id = id;
    ++unavailable_;
  }
  dirty_.insert(id);
  if (event.unavailable) {
    set_available(guild, false);
    return {was_available || is_new ? effect_kind::guild_unavailable : effect_kind::none, id};
  }
  const bool available = guild.available;
  own_member self = event.has_self ? std::move(event.record.self) : std::move(guild.self);
  guild = std::move(event.record);
  guild.self = std::move(self);
  guild.available = available;
  guild.compact();
  set_available(guild, true);
  if (is_new) return {effect_kind::guild_joined, id};
  return {was_available ? effect_kind::changed : effect_kind::guild_became_available, id};
}

effect guild_state::on_guild_update(guild_event&& event) {
  return change(event.record.id, [&](guild_record& guild) {
    const guild_record& fresh = event.record;
    if (event.has_name) guild.set_name(fresh.name());
    if (event.has_locale) guild.set_preferred_locale(fresh.preferred_locale());
    if (event.has_owner) guild.owner = fresh.owner;
    if (event.has_system_channel) guild.system_channel = fresh.system_channel;
    if (event.has_roles) replace_roles(guild, fresh);
    if (event.has_emojis) {
      std::vector<emoji_data> emojis;
      for (const emoji_record& one : fresh.emojis())
        emojis.push_back({one.id, fresh.name_of(one), one.animated});
      guild.replace_emojis(emojis);
    }
    return true;
  });
}

effect guild_state::on_guild_delete(const guild_deleted_event& event) {
  loading_.erase(event.guild);
  const auto found = guilds_.find(event.guild);
  if (event.unavailable) {
    if (found == guilds_.end()) return {effect_kind::unknown_guild, event.guild};
    if (found->second.available) dirty_.insert(event.guild);
    set_available(found->second, false);
    return {effect_kind::guild_unavailable, event.guild};
  }
  if (found == guilds_.end()) return {effect_kind::none, event.guild};
  remove(event.guild);
  return {effect_kind::guild_left, event.guild};
}

effect guild_state::on_channel(event_type type, const channel_event& event) {
  return change(event.guild, [&](guild_record& guild) {
    const bool deleted = type == event_type::channel_delete || type == event_type::thread_delete;
    if (deleted) return guild.erase_channel(event.channel.id);
    guild.put_channel(event.channel);
    return true;
  });
}

// The list replaces what is known of the named channels' threads, or of all (sheet 1.17).
effect guild_state::on_thread_list(const thread_list_event& event) {
  return change(event.guild, [&](guild_record& guild) {
    if (event.whole_guild) guild.erase_all_threads();
    for (const channel_id parent : event.channels) guild.erase_threads_of(parent);
    for (const channel_data& thread : event.threads) guild.put_channel(thread);
    return true;
  });
}

effect guild_state::on_role(event_type type, const role_event& event) {
  return change(event.guild, [&](guild_record& guild) {
    if (type == event_type::guild_role_delete) return guild.erase_role(event.role.id);
    guild.put_role(event.role);
    return true;
  });
}

effect guild_state::on_emojis(const emojis_event& event) {
  return change(event.guild, [&](guild_record& guild) {
    guild.replace_emojis(event.emojis);
    return true;
  });
}

effect guild_state::on_member(event_type type, member_event&& event) {
  return change(event.guild, [&](guild_record& guild) {
    const bool own = !self_.empty() && event.user == self_;
    if (type == event_type::guild_member_remove) {
      if (guild.member_count != 0) --guild.member_count;
      if (own) guild.self = {};
      (void)guild.put_voice(event.user, {});
      return true;
    }
    if (own) guild.self = std::move(event.member);
    if (type == event_type::guild_member_add) ++guild.member_count;
    return own || type == event_type::guild_member_add;
  });
}

effect guild_state::on_voice(const voice_event& event) {
  return change(event.guild, [&](guild_record& guild) {
    return !event.user.empty() && guild.put_voice(event.user, event.channel);
  });
}

std::size_t guild_state::bytes_approx() const {
  constexpr std::size_t of_a_node = 3 * sizeof(void*);  // of a hash table: next, hash, its bucket
  std::size_t sum = sizeof(*this) + (loading_.size() + dirty_.size()) * (sizeof(guild_id) + of_a_node);
  for (const auto& [id, guild] : guilds_) sum += sizeof(id) + of_a_node + guild.bytes_approx();
  return sum;
}

std::vector<guild_id> guild_state::guild_ids() const {
  std::vector<guild_id> ids;
  ids.reserve(guilds_.size());
  for (const auto& [id, guild] : guilds_) ids.push_back(id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

const guild_record* guild_state::find_guild(guild_id guild) const {
  const auto found = guilds_.find(guild);
  return found == guilds_.end() ? nullptr : &found->second;
}

std::optional<permission_set> guild_state::permissions_of_self(guild_id guild, channel_id channel,
                                                               base::wall_time now) const {
  const guild_record* const found = find_guild(guild);
  if (found == nullptr) return std::nullopt;
  return found->permissions_of({self_, found->self.roles, found->self.timed_out_until}, channel, now);
}

std::optional<permission_set> guild_state::base_permissions_of_self(guild_id guild) const {
  const guild_record* const found = find_guild(guild);
  if (found == nullptr) return std::nullopt;
  return found->base_permissions_of({self_, found->self.roles, found->self.timed_out_until});
}

std::string guild_state::serialize(guild_id guild) const {
  const guild_record* const found = find_guild(guild);
  return found == nullptr ? std::string() : guild_codec::write(*found, self_);
}

bool guild_state::restore(std::span<const std::byte> bytes) {
  auto stored = guild_codec::read(bytes);
  if (!stored) return false;
  if (self_.empty()) self_ = stored->self;
  const guild_id id = stored->record.id;
  const auto [found, is_new] = guilds_.try_emplace(id);
  if (is_new) ++unavailable_;  // an empty record counts as unavailable
  const bool available = std::exchange(stored->record.available, found->second.available);
  found->second = std::move(stored->record);
  set_available(found->second, available);
  return true;
}

std::vector<dirty_guild> guild_state::take_dirty() {
  std::vector<dirty_guild> result;
  result.reserve(dirty_.size());
  for (const guild_id id : dirty_) result.push_back({id, !guilds_.contains(id)});
  dirty_.clear();
  std::sort(result.begin(), result.end(), [](const auto& a, const auto& b) { return a.guild < b.guild; });
  return result;
}

}  // namespace guildfleet::discord
