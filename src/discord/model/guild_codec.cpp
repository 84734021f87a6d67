#include "discord/model/guild_codec.hpp"

#include <bit>
#include <string_view>
#include <zlib.h>

#include "discord/model/byte_codec.hpp"

namespace guildfleet::discord {
namespace {

constexpr std::string_view magic = "GFGS";
constexpr std::uint8_t version = 1;
constexpr std::size_t checksum_bytes = 4;

std::uint32_t checksum(const void* data, std::size_t size) {
  return static_cast<std::uint32_t>(crc32_z(0, static_cast<const Bytef*>(data), size));
}

std::uint32_t bits_of(std::int32_t value) {
  return std::bit_cast<std::uint32_t>(value);
}
std::int32_t signed_of(std::uint32_t bits) {
  return std::bit_cast<std::int32_t>(bits);
}

void write_channels(byte_writer& out, const guild_record& guild) {
  out.number(static_cast<std::uint32_t>(guild.channels().size()));
  for (const channel_record& channel : guild.channels()) {
    out.number(channel.id.value);
    out.number(channel.parent.value);
    out.number(static_cast<std::uint8_t>(channel.type));
    out.number(bits_of(channel.position));
    out.text(guild.name_of(channel));
    const auto overwrites = guild.overwrites_of(channel);
    out.number(static_cast<std::uint32_t>(overwrites.size()));
    for (const overwrite& one : overwrites) {
      out.number(one.target_and_kind);
      out.number(one.allow.bits());
      out.number(one.deny.bits());
    }
  }
}

void write_roles(byte_writer& out, const guild_record& guild) {
  out.number(static_cast<std::uint32_t>(guild.roles().size()));
  for (const role_record& role : guild.roles()) {
    out.number(role.id.value);
    out.number(role.permissions.bits());
    out.number(bits_of(role.position));
    out.number(static_cast<std::uint8_t>(role.managed));
    out.text(guild.name_of(role));
  }
}

void write_rest(byte_writer& out, const guild_record& guild) {
  out.number(static_cast<std::uint32_t>(guild.emojis().size()));
  for (const emoji_record& emoji : guild.emojis()) {
    out.number(emoji.id.value);
    out.number(static_cast<std::uint8_t>(emoji.animated));
    out.text(guild.name_of(emoji));
  }
  out.number(static_cast<std::uint32_t>(guild.voice_states().size()));
  for (const voice_record& voice : guild.voice_states()) {
    out.number(voice.user.value);
    out.number(voice.channel.value);
  }
}

void write_self(byte_writer& out, const guild_record& guild, user_id self) {
  out.number(self.value);
  out.text(guild.self.nick);
  const auto until = guild.self.timed_out_until.value_or(base::wall_time{}).time_since_epoch().count();
  out.number(static_cast<std::uint64_t>(until));
  out.number(static_cast<std::uint32_t>(guild.self.roles.size()));
  for (const role_id role : guild.self.roles) out.number(role.value);
}

void read_channels(byte_reader& in, guild_record& guild) {
  constexpr std::size_t smallest_channel = 29;
  constexpr std::size_t overwrite_bytes = 24;
  std::vector<overwrite> overwrites;
  for (std::size_t left = in.count(smallest_channel); left != 0 && !in.failed(); --left) {
    channel_data channel;
    channel.id = {in.number<std::uint64_t>()};
    channel.parent = {in.number<std::uint64_t>()};
    channel.type = static_cast<channel_type>(in.number<std::uint8_t>());
    channel.position = signed_of(in.number<std::uint32_t>());
    channel.name = in.text();
    overwrites.clear();
    for (std::size_t more = in.count(overwrite_bytes); more != 0 && !in.failed(); --more) {
      const auto target = in.number<std::uint64_t>();
      const auto allow = permission_set::from_bits(in.number<std::uint64_t>());
      const auto deny = permission_set::from_bits(in.number<std::uint64_t>());
      overwrites.push_back({target, allow, deny});
    }
    channel.overwrites = overwrites;
    if (!in.failed()) guild.put_channel(channel);
  }
}

void read_roles(byte_reader& in, guild_record& guild) {
  constexpr std::size_t smallest_role = 25;
  for (std::size_t left = in.count(smallest_role); left != 0 && !in.failed(); --left) {
    role_data role;
    role.id = {in.number<std::uint64_t>()};
    role.permissions = permission_set::from_bits(in.number<std::uint64_t>());
    role.position = signed_of(in.number<std::uint32_t>());
    role.managed = in.number<std::uint8_t>() != 0;
    role.name = in.text();
    if (!in.failed()) guild.put_role(role);
  }
}

void read_rest(byte_reader& in, guild_record& guild) {
  constexpr std::size_t smallest_emoji = 13;
  constexpr std::size_t voice_bytes = 16;
  std::vector<emoji_data> emojis(in.count(smallest_emoji));
  for (emoji_data& emoji : emojis) {
    emoji.id = {in.number<std::uint64_t>()};
    emoji.animated = in.number<std::uint8_t>() != 0;
    emoji.name = in.text();
  }
  if (!in.failed()) guild.replace_emojis(emojis);
  for (std::size_t left = in.count(voice_bytes); left != 0 && !in.failed(); --left) {
    const user_id user{in.number<std::uint64_t>()};
    const channel_id channel{in.number<std::uint64_t>()};
    if (!in.failed()) (void)guild.put_voice(user, channel);
  }
}

user_id read_self(byte_reader& in, guild_record& guild) {
  const user_id self{in.number<std::uint64_t>()};
  guild.self.nick = in.text();
  const auto until = static_cast<std::int64_t>(in.number<std::uint64_t>());
  if (until != 0) guild.self.timed_out_until = base::wall_time(std::chrono::milliseconds(until));
  guild.self.roles.resize(in.count(sizeof(std::uint64_t)));
  for (role_id& role : guild.self.roles) role.value = in.number<std::uint64_t>();
  return self;
}

}  // namespace

std::string guild_codec::write(const guild_record& guild, user_id self) {
  constexpr std::size_t usual_size = 4096;
  byte_writer out;
  out.reserve(usual_size);
  out.raw(magic);
  out.number(version);
  out.number(guild.id.value);
  out.number(guild.owner.value);
  out.number(guild.system_channel.value);
  out.number(guild.member_count);
  out.number(static_cast<std::uint8_t>(guild.available));
  out.text(guild.name());
  out.text(guild.preferred_locale());
  write_channels(out, guild);
  write_roles(out, guild);
  write_rest(out, guild);
  write_self(out, guild, self);
  out.number(checksum(out.bytes().data(), out.bytes().size()));
  return out.take();
}

std::optional<guild_codec::stored_guild> guild_codec::read(std::span<const std::byte> bytes) {
  if (bytes.size() < magic.size() + checksum_bytes) return std::nullopt;
  const auto body = bytes.first(bytes.size() - checksum_bytes);
  byte_reader end(bytes.last(checksum_bytes));
  if (end.number<std::uint32_t>() != checksum(body.data(), body.size())) return std::nullopt;
  if (std::string_view(reinterpret_cast<const char*>(body.data()), magic.size()) != magic)
    return std::nullopt;
  byte_reader in(body.subspan(magic.size()));
  if (in.number<std::uint8_t>() != version) return std::nullopt;
  stored_guild stored;
  guild_record& guild = stored.record;
  guild.id = {in.number<std::uint64_t>()};
  guild.owner = {in.number<std::uint64_t>()};
  guild.system_channel = {in.number<std::uint64_t>()};
  guild.member_count = in.number<std::uint32_t>();
  guild.available = in.number<std::uint8_t>() != 0;
  guild.set_name(in.text());
  guild.set_preferred_locale(in.text());
  read_channels(in, guild);
  read_roles(in, guild);
  read_rest(in, guild);
  stored.self = read_self(in, guild);
  if (in.failed() || !in.at_end() || guild.id.empty()) return std::nullopt;
  guild.compact();
  return stored;
}

}  // namespace guildfleet::discord
