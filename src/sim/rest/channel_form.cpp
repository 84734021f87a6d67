#include "sim/rest/channel_form.hpp"

namespace guildfleet::sim {

namespace {

std::vector<overwrite> read_overwrites(const form& body) {
  std::vector<overwrite> out;
  for (const auto& entry : body.objects("permission_overwrites", {0, 100})) {
    entry.require("id");
    out.push_back({.target = id_field(entry.source(), "id"),
                   .type = static_cast<int>(int_field(entry.source(), "type")),
                   .allow = entry.permissions("allow").value_or(0),
                   .deny = entry.permissions("deny").value_or(0)});
  }
  return out;
}

json::array read_tags(const form& body) {
  json::array out;
  id next = id_at(base::wall_time(std::chrono::milliseconds(snowflake_epoch_ms + 1)));
  for (const auto& tag : body.objects("available_tags", {0, 20})) {
    json::object shown{{"moderated", false}, {"emoji_id", nullptr}, {"emoji_name", nullptr}};
    tag.require("name");
    tag.take_text("name", {0, 20}, shown);
    tag.take_bool("moderated", shown);
    tag.take_any("emoji_id", shown);
    tag.take_any("emoji_name", shown);
    const id given = id_field(tag.source(), "id");
    shown["id"] = id_text(given != 0 ? given : next++);
    out.push_back(std::move(shown));
  }
  return out;
}

}  // namespace

channel_changes read_channel(const form& body, int type) {
  channel_changes out;
  auto& fields = out.fields;
  const bool forum = type == channel_type::forum;
  const bool stage = type == channel_type::stage;
  body.take_text("name", {1, 100}, fields);
  body.take_text("topic", {0, forum ? 4096U : 1024U}, fields, true);
  body.take_bool("nsfw", fields);
  body.take_int("rate_limit_per_user", {0, 21'600}, fields, true);
  if (type == channel_type::voice || stage) {
    body.take_int("bitrate", {8000, 384'000}, fields, true);
    body.take_int("user_limit", {0, stage ? 10'000 : 99}, fields, true);
    body.take_text("rtc_region", {0, 100}, fields, true);
    body.take_choice("video_quality_mode", {1, 2}, fields);
  }
  body.take_choice("default_auto_archive_duration", {60, 1440, 4320, 10'080}, fields);
  body.take_int("default_thread_rate_limit_per_user", {0, 21'600}, fields, true);
  body.take_int("flags", {0, 1 << 30}, fields);
  for (const auto* key : {"default_reaction_emoji", "default_sort_order", "default_forum_layout"}) {
    if (forum) body.take_any(key, fields);
  }
  if (forum && body.has("available_tags")) fields["available_tags"] = read_tags(body);
  json::object own;
  if (body.take_choice("type", {0, 2, 4, 5, 13, 15}, own))
    out.type = static_cast<int>(int_field(own, "type"));
  if (body.take_int("position", {0, 100'000}, own))
    out.position = static_cast<int>(int_field(own, "position"));
  if (body.take_id("parent_id", own, true) || body.is_null("parent_id"))
    out.parent = id_field(own, "parent_id");
  if (body.has("permission_overwrites")) out.overwrites = read_overwrites(body);
  return out;
}

}  // namespace guildfleet::sim
