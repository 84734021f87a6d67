#include "sim/rest/message_form.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace guildfleet::sim {

namespace {

constexpr bits sendable_flags = 4 | 64 | 4096 | 8192 | 32768;

void check_allowed_mentions(const form& body) {
  const auto allowed = body.object("allowed_mentions");
  if (!allowed) return;
  const auto* const parse = allowed->list("parse", {0, 3});
  for (const auto* kind : {"users", "roles"}) {
    const auto listed = allowed->ids(kind, {0, 100});
    const bool parsed = parse != nullptr &&
                        std::ranges::any_of(*parse, [&](const json::value& entry) { return entry == kind; });
    if (parsed && !listed.empty()) {
      allowed->fail("", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                    fmt::format("parse:[\"{}\"] and {}: [ids...] are mutually exclusive.", kind, kind));
    }
  }
}

void take_nonce(const form& body, json::object& out) {
  const auto* const value = body.source().if_contains("nonce");
  if (value == nullptr || value->is_null()) return;
  if (value->is_int64() || value->is_uint64()) {
    out["nonce"] = *value;
  } else {
    body.take_text("nonce", {0, 25}, out);
  }
}

// What both a new message and an edit may have.
void take_common(const form& body, json::object& out) {
  body.take_text("content", {0, 2000}, out, true);
  check_embeds(body);
  check_components(body, false);
  check_allowed_mentions(body);
  body.take_any("embeds", out);
  body.take_any("components", out);
}

json::object attachment_json(world_state& state, upload file, const json::object* given, id channel) {
  auto name = given == nullptr ? std::string() : text_field(*given, "filename");
  if (name.empty()) name = std::move(file.filename);
  json::object out =
      attach(state, channel, {std::move(name), std::move(file.content_type), std::move(file.content)});
  if (given != nullptr) {
    for (const auto* key : {"description", "title"}) {
      if (const auto* const value = given->if_contains(key); value != nullptr && value->is_string())
        out[key] = *value;
    }
  }
  return out;
}

const json::object* given_for(const json::array* listed, int index) {
  if (listed == nullptr) return nullptr;
  for (const auto& entry : *listed) {
    const auto* const object = entry.if_object();
    if (object != nullptr && id_field(*object, "id") == static_cast<id>(index)) return object;
  }
  return nullptr;
}

json::array new_attachments(call& c, const form& body, id channel) {
  json::array out;
  const auto* const listed = body.list("attachments", {0, 10});
  if (c.files.size() > 10) body.fail("files", "BASE_TYPE_BAD_LENGTH", "Must be between 0 and 10 in length.");
  int position = 0;
  for (auto& file : c.files) {
    const int index = file.index().value_or(position++);
    out.push_back(attachment_json(c.state, std::move(file), given_for(listed, index), channel));
  }
  c.files.clear();
  return out;
}

void forbid_legacy_fields(const form& body, bits flags) {
  if ((flags & message_flag::components_v2) == 0) return;
  for (const auto* key : {"content", "embeds", "poll", "sticker_ids"}) {
    const auto* const value = body.source().if_contains(key);
    const bool set = value != nullptr && !value->is_null() &&
                     !(value->is_string() && value->get_string().empty()) &&
                     !(value->is_array() && value->get_array().empty());
    if (set) {
      body.fail(key, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                fmt::format("The '{}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2", key));
    }
  }
}

bool is_empty_list(const json::object& fields, std::string_view key) {
  const auto* const list = array_field(fields, key);
  return list == nullptr || list->empty();
}

bool is_empty(const json::object& fields) {
  return text_field(fields, "content").empty() && is_empty_list(fields, "embeds") &&
         is_empty_list(fields, "components") && is_empty_list(fields, "attachments") &&
         !fields.contains("sticker_items") && !fields.contains("poll") &&
         !fields.contains("message_reference");
}

void take_poll(call& c, const form& body, json::object& out) {
  const auto poll = body.object("poll");
  if (!poll) return;
  json::object taken;
  const auto question = poll->object("question");
  if (question) question->take_text("text", {1, 300}, taken);
  poll->require("question");
  poll->require("answers");
  json::object duration;
  const auto hours = poll->take_int("duration", {1, 768}, duration) ? int_field(duration, "duration") : 24;
  json::array answers;
  int number = 1;
  for (const auto& answer : poll->objects("answers", {1, 10})) {
    answer.require("poll_media");
    const auto* const media = object_field(answer.source(), "poll_media");
    answers.push_back(
        json::object{{"answer_id", number++}, {"poll_media", media == nullptr ? json::object() : *media}});
  }
  out["poll"] =
      json::object{{"question", taken},
                   {"answers", std::move(answers)},
                   {"expiry", timestamp(c.state.clock.wall_now() + std::chrono::hours(hours))},
                   {"allow_multiselect", bool_field(poll->source(), "allow_multiselect")},
                   {"layout_type", 1},
                   {"results", json::object{{"is_finalized", false}, {"answer_counts", json::array()}}}};
}

void take_stickers(const form& body, json::object& out) {
  const auto stickers = body.ids("sticker_ids", {0, 3});
  if (stickers.empty()) return;
  json::array items;
  for (const id sticker : stickers) {
    items.push_back(json::object{{"id", id_text(sticker)}, {"name", "sticker"}, {"format_type", 1}});
  }
  out["sticker_items"] = std::move(items);
}

}  // namespace

or_reply<message_draft> read_message(call& c, const json::object& source, message_use use) {
  form_errors errors;
  const form body(source, errors);
  message_draft draft{.users_only_by_default = use != message_use::channel};
  auto& out = draft.fields;
  take_common(body, out);
  for (const auto* key : {"content", "embeds", "components"}) {
    if (body.is_null(key)) out.erase(key);
  }
  body.take_bool("tts", out);
  take_nonce(body, out);
  take_poll(c, body, out);
  take_stickers(body, out);
  const auto flags = static_cast<bits>(int_field(source, "flags")) & sendable_flags;
  if (flags != 0) out["flags"] = flags;
  forbid_legacy_fields(body, flags);
  if (auto files = new_attachments(c, body, c.params.empty() ? 0 : c.param(0)); !files.empty()) {
    out["attachments"] = std::move(files);
  }
  if (use == message_use::channel) body.take_any("message_reference", out);
  if (body.is_null("message_reference")) out.erase("message_reference");
  if (const auto* const allowed = object_field(source, "allowed_mentions")) draft.allowed_mentions = *allowed;
  if (!errors.empty()) return std::unexpected(errors.to_reply());
  if (is_empty(out)) return std::unexpected(refuse(50006));
  return draft;
}

or_reply<json::object> read_edit(call& c, const json::object& source, const message_record& message) {
  form_errors errors;
  const form body(source, errors);
  json::object out;
  take_common(body, out);
  body.take_any("allowed_mentions", out);
  const auto old = static_cast<bits>(int_field(message.fields, "flags"));
  if (body.has("flags")) {
    const bits kept = old & ~message_flag::suppress_embeds;
    out["flags"] = kept | (static_cast<bits>(int_field(source, "flags")) &
                           (message_flag::suppress_embeds | message_flag::components_v2));
  }
  forbid_legacy_fields(body, old | static_cast<bits>(int_field(source, "flags")));
  auto files = new_attachments(c, body, message.channel);
  if (body.has("attachments") || !files.empty()) {
    json::array kept;
    const auto* const listed = array_field(source, "attachments");
    for (const auto& entry : message.fields.at("attachments").as_array()) {
      const id which = id_field(entry.as_object(), "id");
      const bool wanted = !body.has("attachments") ||
                          (listed != nullptr && std::ranges::any_of(*listed, [&](const json::value& one) {
                             return one.is_object() && id_field(one.get_object(), "id") == which;
                           }));
      if (wanted) kept.push_back(entry);
    }
    for (auto& file : files) kept.push_back(std::move(file));
    out["attachments"] = std::move(kept);
  }
  if (!errors.empty()) return std::unexpected(errors.to_reply());
  json::object after = message.fields;
  for (const auto& field : out) after[field.key()] = field.value();
  if (is_empty(after)) return std::unexpected(refuse(50006));
  return out;
}

}  // namespace guildfleet::sim
