#include "discord/model/guild_record.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace guildfleet::discord {
namespace {

// Dead text below this is not worth a new arena.
constexpr std::uint32_t tolerated_dead_text = 512;
constexpr std::uint32_t tolerated_dead_overwrites = 32;

constexpr auto by_id = [](const auto& record, auto id) { return record.id < id; };
constexpr auto by_user = [](const voice_record& record, user_id user) { return record.user < user; };

template <class Record, class Id>
const Record* find_in(const std::vector<Record>& records, Id id) {
  const auto found = std::lower_bound(records.begin(), records.end(), id, by_id);
  return found != records.end() && found->id == id ? &*found : nullptr;
}

// The record with this id, made where there is none. Events come mostly in ascending order, so inserting is
// appending.
template <class Record, class Id>
Record& slot_in(std::vector<Record>& records, Id id) {
  auto found = std::lower_bound(records.begin(), records.end(), id, by_id);
  if (found == records.end() || found->id != id) {
    found = records.insert(found, Record{});
    found->id = id;
  }
  return *found;
}

}  // namespace

void guild_record::set_name(std::string_view name) {
  replace(name_, name);
}

void guild_record::set_preferred_locale(std::string_view locale) {
  replace(locale_, locale);
}

const channel_record* guild_record::find_channel(channel_id channel) const {
  return find_in(channels_, channel);
}

const role_record* guild_record::find_role(role_id role) const {
  return find_in(roles_, role);
}

const emoji_record* guild_record::find_emoji(emoji_id emoji) const {
  return find_in(emojis_, emoji);
}

channel_id guild_record::voice_channel_of(user_id user) const {
  const auto found = std::lower_bound(voice_.begin(), voice_.end(), user, by_user);
  return found != voice_.end() && found->user == user ? found->channel : channel_id{};
}

void guild_record::put_channel(const channel_data& data) {
  channel_record& channel = slot_in(channels_, data.id);
  channel.type = data.type;
  channel.parent = data.parent;
  channel.position = data.position;
  text_ref name{channel.name_offset, channel.name_size};
  replace(name, data.name);
  channel.name_offset = name.offset;
  channel.name_size = name.size;
  put_overwrites(channel, data.overwrites);
}

void guild_record::put_overwrites(channel_record& channel, std::span<const overwrite> overwrites) {
  const std::size_t size =
      std::min<std::size_t>(overwrites.size(), std::numeric_limits<std::uint16_t>::max());
  if (size > channel.overwrites_size) {
    dead_overwrites_ += channel.overwrites_size;
    channel.overwrites_begin = static_cast<std::uint32_t>(overwrites_.size());
    overwrites_.resize(overwrites_.size() + size);
  } else {
    dead_overwrites_ += static_cast<std::uint32_t>(channel.overwrites_size - size);
  }
  channel.overwrites_size = static_cast<std::uint16_t>(size);
  std::copy_n(overwrites.begin(), size, overwrites_.begin() + channel.overwrites_begin);
}

bool guild_record::erase_channel(channel_id channel) {
  if (find_channel(channel) == nullptr) return false;
  const auto goes = [channel](const channel_record& one) {
    return one.id == channel || (one.parent == channel && is_thread(one.type));
  };
  for (const channel_record& one : channels_) {
    if (!goes(one)) continue;
    dead_text_ += one.name_size;
    dead_overwrites_ += one.overwrites_size;
    if (system_channel == one.id) system_channel = {};
  }
  std::erase_if(channels_, goes);
  erase_voice_in(channel);
  return true;
}

void guild_record::erase_threads_of(channel_id parent) {
  std::erase_if(channels_, [this, parent](const channel_record& one) {
    const bool goes = one.parent == parent && is_thread(one.type);
    if (goes) dead_text_ += one.name_size;
    return goes;
  });
}

void guild_record::erase_all_threads() {
  std::erase_if(channels_, [this](const channel_record& one) {
    if (is_thread(one.type)) dead_text_ += one.name_size;
    return is_thread(one.type);
  });
}

void guild_record::erase_voice_in(channel_id channel) {
  std::erase_if(voice_, [channel](const voice_record& one) { return one.channel == channel; });
}

void guild_record::put_role(const role_data& data) {
  role_record& role = slot_in(roles_, data.id);
  role.permissions = data.permissions;
  role.position = data.position;
  role.managed = data.managed;
  replace(role.name, data.name);
}

// Discord does not tell of the members and channels that lose a deleted role (protocol sheet 8, trap 26).
bool guild_record::erase_role(role_id role) {
  const role_record* const found = find_role(role);
  if (found == nullptr) return false;
  dead_text_ += found->name.size;
  std::erase_if(roles_, [role](const role_record& one) { return one.id == role; });
  std::erase(self.roles, role);
  for (channel_record& channel : channels_) {
    const auto begin = overwrites_.begin() + channel.overwrites_begin;
    const auto end = begin + channel.overwrites_size;
    const auto kept = std::remove_if(
        begin, end, [role](const overwrite& one) { return !one.is_member() && one.target() == role.value; });
    dead_overwrites_ += static_cast<std::uint32_t>(end - kept);
    channel.overwrites_size = static_cast<std::uint16_t>(kept - begin);
  }
  return true;
}

void guild_record::replace_emojis(std::span<const emoji_data> emojis) {
  for (const emoji_record& one : emojis_) dead_text_ += one.name.size;
  emojis_.clear();
  emojis_.reserve(emojis.size());
  for (const emoji_data& one : emojis) {
    emoji_record& emoji = slot_in(emojis_, one.id);
    emoji.animated = one.animated;
    replace(emoji.name, one.name);
  }
}

bool guild_record::put_voice(user_id user, channel_id channel) {
  auto found = std::lower_bound(voice_.begin(), voice_.end(), user, by_user);
  const bool known = found != voice_.end() && found->user == user;
  if (channel.empty()) {
    if (known) voice_.erase(found);
    return known;
  }
  if (known && found->channel == channel) return false;
  if (!known) found = voice_.insert(found, voice_record{user, {}});
  found->channel = channel;
  return true;
}

text_ref guild_record::store(std::string_view text) {
  text = text.substr(0, std::numeric_limits<std::uint16_t>::max());
  const text_ref ref{static_cast<std::uint32_t>(arena_.size()), static_cast<std::uint16_t>(text.size())};
  arena_ += text;
  return ref;
}

void guild_record::replace(text_ref& ref, std::string_view text) {
  if (this->text(ref) == text) return;
  if (text.size() <= ref.size) {
    arena_.replace(ref.offset, text.size(), text);
    dead_text_ += static_cast<std::uint32_t>(ref.size - text.size());
    ref.size = static_cast<std::uint16_t>(text.size());
    return;
  }
  dead_text_ += ref.size;
  ref = store(text);
}

void guild_record::tidy() {
  const bool much_text = dead_text_ > tolerated_dead_text && dead_text_ > arena_.size() / 2;
  const bool many_overwrites =
      dead_overwrites_ > tolerated_dead_overwrites && dead_overwrites_ > overwrites_.size() / 2;
  if (much_text || many_overwrites) compact();
}

std::size_t guild_record::bytes_approx() const {
  const auto of = [](const auto& list) { return list.capacity() * sizeof(list[0]); };
  return sizeof(*this) + of(arena_) + of(channels_) + of(overwrites_) + of(roles_) + of(emojis_) +
         of(voice_) + of(self.roles) + of(self.nick);
}

void guild_record::compact() {
  const std::string old_arena = std::exchange(arena_, {});
  const std::vector<overwrite> old_overwrites = std::exchange(overwrites_, {});
  arena_.reserve(old_arena.size() - std::min<std::size_t>(dead_text_, old_arena.size()));
  overwrites_.reserve(old_overwrites.size() - std::min<std::size_t>(dead_overwrites_, old_overwrites.size()));
  const auto move_text = [&](text_ref ref) {
    return store(std::string_view(old_arena).substr(ref.offset, ref.size));
  };
  name_ = move_text(name_);
  locale_ = move_text(locale_);
  for (role_record& role : roles_) role.name = move_text(role.name);
  for (emoji_record& emoji : emojis_) emoji.name = move_text(emoji.name);
  for (channel_record& channel : channels_) {
    channel.name_offset = move_text({channel.name_offset, channel.name_size}).offset;
    const auto begin = old_overwrites.begin() + channel.overwrites_begin;
    channel.overwrites_begin = static_cast<std::uint32_t>(overwrites_.size());
    overwrites_.insert(overwrites_.end(), begin, begin + channel.overwrites_size);
  }
  dead_text_ = 0;
  dead_overwrites_ = 0;
  arena_.shrink_to_fit();
  overwrites_.shrink_to_fit();
  channels_.shrink_to_fit();
  roles_.shrink_to_fit();
  emojis_.shrink_to_fit();
  voice_.shrink_to_fit();
}

}  // namespace guildfleet::discord
