#include "discord/rest/guild_bodies.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "base/json_text.hpp"
#include "discord/rest/limit_check.hpp"

namespace guildfleet::discord {
namespace {

using base::json_writer;

void write_id(json_writer& out, std::uint64_t id) {
  out.string(fmt::format_int(id).c_str());
}
void write_bits(json_writer& out, permission_set set) {
  write_id(out, set.bits());
}

void text_field(json_writer& out, std::string_view key, const field<std::string>& text) {
  if (text.absent()) return;
  text.value() != nullptr ? out.key(key).string(*text.value()) : out.key(key).null();
}

void id_field(json_writer& out, std::string_view key, const field<channel_id>& id) {
  if (id.absent()) return;
  out.key(key);
  if (id.value() != nullptr) {
    write_id(out, id.value()->value);
  } else {
    out.null();
  }
}

void number_if(json_writer& out, std::string_view key, std::optional<int> number) {
  if (number) out.key(key).number(*number);
}
void boolean_if(json_writer& out, std::string_view key, std::optional<bool> value) {
  if (value) out.key(key).boolean(*value);
}
void minutes_if(json_writer& out, std::string_view key, std::optional<std::chrono::minutes> minutes) {
  if (minutes) out.key(key).number(static_cast<std::int64_t>(minutes->count()));
}

void check_auto_archive(limit_check& check, std::optional<std::chrono::minutes> minutes) {
  constexpr std::array allowed{60, 1440, 4320, 10080};
  const bool fits = !minutes || std::ranges::find(allowed, minutes->count()) != allowed.end();
  check.rule("auto_archive_duration", fits, "must be 60, 1440, 4320 or 10080 minutes");
}

std::size_t longest_topic(std::optional<channel_type> type) {
  return type == channel_type::forum || type == channel_type::media ? 4096 : 1024;
}

void check_channel(limit_check& check, const channel_body& body) {
  if (!body.name.absent()) check.text("name", body.name.value() != nullptr ? *body.name.value() : "", 1, 100);
  // An edit does not say what the channel is: the larger limit applies then.
  const std::size_t topic = body.type ? longest_topic(body.type) : 4096;
  if (body.topic.value() != nullptr) check.text("topic", *body.topic.value(), 0, topic);
  if (body.slowmode) check.range("rate_limit_per_user", body.slowmode->count(), 0, 21'600);
  if (body.bitrate) check.range("bitrate", *body.bitrate, 8000, 384'000);
  if (body.user_limit) check.range("user_limit", *body.user_limit, 0, 10'000);
  if (body.overwrites) check.count("permission_overwrites", body.overwrites->size(), 0, 100);
  check_auto_archive(check, body.auto_archive);
}

void write_overwrites(json_writer& out, const std::vector<overwrite_body>& overwrites) {
  out.key("permission_overwrites").begin_array();
  for (const overwrite_body& one : overwrites) {
    out.begin_object().key("id");
    write_id(out, one.id);
    out.key("type").number(static_cast<int>(one.target)).key("allow");
    write_bits(out, one.allow);
    out.key("deny");
    write_bits(out, one.deny);
    out.end_object();
  }
  out.end_array();
}

base::result<std::string> finish(const limit_check& check, json_writer& out) {
  if (check.problem()) return broken(*check.problem());
  return out.take();
}

}  // namespace

base::result<std::string> to_json(const channel_body& body) {
  limit_check check;
  check_channel(check, body);
  json_writer out;
  out.begin_object();
  text_field(out, "name", body.name);
  if (body.type) out.key("type").number(static_cast<int>(*body.type));
  text_field(out, "topic", body.topic);
  id_field(out, "parent_id", body.parent);
  number_if(out, "position", body.position);
  boolean_if(out, "nsfw", body.nsfw);
  if (body.slowmode) out.key("rate_limit_per_user").number(static_cast<std::int64_t>(body.slowmode->count()));
  number_if(out, "bitrate", body.bitrate);
  number_if(out, "user_limit", body.user_limit);
  if (body.overwrites) write_overwrites(out, *body.overwrites);
  boolean_if(out, "archived", body.archived);
  boolean_if(out, "locked", body.locked);
  minutes_if(out, "auto_archive_duration", body.auto_archive);
  out.end_object();
  return finish(check, out);
}

base::result<std::string> to_json(const thread_body& body, bool from_message) {
  limit_check check;
  check.text("name", body.name, 1, 100);
  check_auto_archive(check, body.auto_archive);
  json_writer out;
  out.begin_object().key("name").string(body.name);
  // Without a type Discord makes a private thread (trap 47).
  if (!from_message) out.key("type").number(static_cast<int>(body.type));
  minutes_if(out, "auto_archive_duration", body.auto_archive);
  if (!from_message) boolean_if(out, "invitable", body.invitable);
  out.end_object();
  return finish(check, out);
}

base::result<std::string> to_json(const std::vector<channel_move>& moves) {
  limit_check check;
  check.count("channels", moves.size(), 1, 500);
  const auto reparented =
      std::ranges::count_if(moves, [](const channel_move& one) { return !one.parent.absent(); });
  check.rule("parent_id", reparented <= 1, "one call may give one channel a new parent");
  json_writer out;
  out.begin_array();
  for (const channel_move& one : moves) {
    out.begin_object().key("id");
    write_id(out, one.channel.value);
    number_if(out, "position", one.position);
    boolean_if(out, "lock_permissions", one.lock_permissions);
    id_field(out, "parent_id", one.parent);
    out.end_object();
  }
  out.end_array();
  return finish(check, out);
}

base::result<std::string> to_json(const role_body& body) {
  limit_check check;
  if (body.name) check.text("name", *body.name, 1, 100);
  if (body.color) check.range("color", *body.color, 0, 0xFFFFFF);
  json_writer out;
  out.begin_object();
  if (body.name) out.key("name").string(*body.name);
  if (body.permissions) {
    out.key("permissions");
    write_bits(out, *body.permissions);
  }
  if (body.color) out.key("color").number(static_cast<std::uint64_t>(*body.color));
  boolean_if(out, "hoist", body.hoist);
  boolean_if(out, "mentionable", body.mentionable);
  out.end_object();
  return finish(check, out);
}

base::result<std::string> to_json(const member_edit& body) {
  limit_check check;
  if (body.nick.value() != nullptr) check.text("nick", *body.nick.value(), 0, 32);
  json_writer out;
  out.begin_object();
  text_field(out, "nick", body.nick);
  if (body.roles) {
    out.key("roles").begin_array();
    for (const role_id role : *body.roles) write_id(out, role.value);
    out.end_array();
  }
  boolean_if(out, "mute", body.mute);
  boolean_if(out, "deaf", body.deaf);
  id_field(out, "channel_id", body.voice_channel);
  if (!body.timed_out_until.absent()) {
    const base::wall_time* until = body.timed_out_until.value();
    out.key("communication_disabled_until");
    until != nullptr ? out.string(base::iso8601(*until)) : out.null();
  }
  out.end_object();
  return finish(check, out);
}

base::result<std::string> to_json(const invite_body& body) {
  limit_check check;
  check.range("max_age", body.max_age.count(), 0, 604'800);
  check.range("max_uses", body.max_uses, 0, 100);
  json_writer out;
  out.begin_object().key("max_age").number(static_cast<std::int64_t>(body.max_age.count()));
  out.key("max_uses").number(body.max_uses).key("temporary").boolean(body.temporary);
  out.key("unique").boolean(body.unique).end_object();
  return finish(check, out);
}

std::string to_json(const overwrite_body& body) {
  json_writer out;
  out.begin_object().key("type").number(static_cast<int>(body.target)).key("allow");
  write_bits(out, body.allow);
  out.key("deny");
  write_bits(out, body.deny);
  out.end_object();
  return out.take();
}

base::result<std::string> ban_json(std::chrono::seconds delete_messages_of) {
  limit_check check;
  check.range("delete_message_seconds", delete_messages_of.count(), 0, 604'800);
  json_writer out;
  out.begin_object()
      .key("delete_message_seconds")
      .number(static_cast<std::int64_t>(delete_messages_of.count()));
  out.end_object();
  return finish(check, out);
}

base::result<std::string> bulk_delete_json(const std::vector<message_id>& messages) {
  limit_check check;
  check.count("messages", messages.size(), 2, 100);
  std::vector<message_id> sorted = messages;
  std::ranges::sort(sorted);
  // One duplicate makes Discord refuse the whole call.
  check.rule("messages", std::ranges::adjacent_find(sorted) == sorted.end(), "holds a message twice");
  json_writer out;
  out.begin_object().key("messages").begin_array();
  for (const message_id id : messages) write_id(out, id.value);
  out.end_array().end_object();
  return finish(check, out);
}

base::result<std::string> webhook_json(std::string_view name) {
  limit_check check;
  check.text("name", name, 1, 80);
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const bool reserved =
      lower.find("discord") != std::string::npos || lower.find("clyde") != std::string::npos;
  check.rule("name", !reserved, "must not contain \"discord\" or \"clyde\"");
  json_writer out;
  out.begin_object().key("name").string(name).end_object();
  return finish(check, out);
}

}  // namespace guildfleet::discord
