#include "discord/model/permissions.hpp"

#include <array>
#include <charconv>
#include <fmt/format.h>

namespace guildfleet::discord {
namespace {

constexpr std::array<std::string_view, 53> names{
    "Create Invite",
    "Kick Members",
    "Ban Members",
    "Administrator",
    "Manage Channels",
    "Manage Server",
    "Add Reactions",
    "View Audit Log",
    "Priority Speaker",
    "Video",
    "View Channel",
    "Send Messages",
    "Send Text-to-Speech Messages",
    "Manage Messages",
    "Embed Links",
    "Attach Files",
    "Read Message History",
    "Mention @everyone, @here, and All Roles",
    "Use External Emojis",
    "View Server Insights",
    "Connect",
    "Speak",
    "Mute Members",
    "Deafen Members",
    "Move Members",
    "Use Voice Activity",
    "Change Nickname",
    "Manage Nicknames",
    "Manage Roles",
    "Manage Webhooks",
    "Manage Expressions",
    "Use Application Commands",
    "Request to Speak",
    "Manage Events",
    "Manage Threads",
    "Create Public Threads",
    "Create Private Threads",
    "Use External Stickers",
    "Send Messages in Threads",
    "Use Activities",
    "Timeout Members",
    "View Creator Monetization Analytics",
    "Use Soundboard",
    "Create Expressions",
    "Create Events",
    "Use External Sounds",
    "Send Voice Messages",
    "",  // bit 47 is not assigned
    "Set Voice Channel Status",
    "Create Polls",
    "Use External Apps",
    "Pin Messages",
    "Bypass Slowmode",
};

constexpr unsigned bit_count = 64;

permission_set apply(permission_set set, const overwrite_bits& bits) {
  return set.without(bits.deny) | bits.allow;
}

}  // namespace

std::optional<permission_set> parse_permissions(std::string_view decimal) {
  if (decimal.empty()) return std::nullopt;
  std::uint64_t bits = 0;
  const char* const begin = decimal.data();
  const char* const end = begin + decimal.size();
  const auto [stopped, error] = std::from_chars(begin, end, bits);
  if (error == std::errc::result_out_of_range) {
    // Discord may grow beyond 64 bits; those cannot be kept, so the digits are reduced modulo 2^64.
    bits = 0;
    for (const char digit : decimal) {
      if (digit < '0' || digit > '9') return std::nullopt;
      bits = bits * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    return permission_set::from_bits(bits);
  }
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return permission_set::from_bits(bits);
}

std::optional<std::string_view> display_name(permission one) {
  for (unsigned bit = 0; bit < names.size(); ++bit) {
    if (static_cast<std::uint64_t>(one) != 1ULL << bit) continue;
    if (names[bit].empty()) return std::nullopt;
    return names[bit];
  }
  return std::nullopt;
}

std::vector<std::string> display_names(permission_set set) {
  std::vector<std::string> result;
  for (unsigned bit = 0; bit < bit_count; ++bit) {
    const std::uint64_t mask = 1ULL << bit;
    if ((set.bits() & mask) == 0) continue;
    const auto name = display_name(static_cast<permission>(mask));
    result.push_back(name ? std::string(*name) : fmt::format("Permission {}", bit));
  }
  return result;
}

permission_set base_permissions(bool is_owner, permission_set everyone, permission_set roles) {
  const permission_set base = everyone | roles;
  if (is_owner || base.has(permission::administrator)) return base | all_permissions;
  return base;
}

permission_set apply_overwrites(permission_set base, const member_overwrites& overwrites) {
  if (base.has(permission::administrator)) return base | all_permissions;
  return apply(apply(apply(base, overwrites.everyone), overwrites.roles), overwrites.member);
}

permission_set apply_implicit_rules(permission_set computed, channel_type type) {
  if (computed.has(permission::administrator)) return computed;
  if (!computed.has(permission::view_channel)) return {};
  if (is_voice(type) && !computed.has(permission::connect)) return permission::view_channel;
  if (is_thread(type)) {
    computed = computed.has(permission::send_messages_in_threads)
                   ? computed | permission::send_messages
                   : computed.without(permission::send_messages);
  }
  if (!computed.has(permission::send_messages)) {
    computed = computed.without(permission::mention_everyone | permission::send_tts_messages |
                                permission::attach_files | permission::embed_links);
  }
  return computed;
}

permission_set apply_time_out(permission_set computed) {
  if (computed.has(permission::administrator)) return computed;
  return computed & (permission::view_channel | permission::read_message_history);
}

}  // namespace guildfleet::discord
