#include "discord/rest/message_body.hpp"

#include <fmt/format.h>

namespace guildfleet::discord {
namespace {

using base::json_writer;

void string_if(json_writer& out, std::string_view key, std::string_view text) {
  if (!text.empty()) out.key(key).string(text);
}

void write_id(json_writer& out, std::uint64_t id) {
  out.string(fmt::format_int(id).c_str());
}

void write_url_object(json_writer& out, std::string_view key, std::string_view url) {
  if (url.empty()) return;
  out.key(key).begin_object().key("url").string(url).end_object();
}

void write_embed(json_writer& out, const embed& embed) {
  out.begin_object();
  string_if(out, "title", embed.title);
  string_if(out, "description", embed.description);
  string_if(out, "url", embed.url);
  string_if(out, "timestamp", embed.timestamp);
  if (embed.color) out.key("color").number(static_cast<std::uint64_t>(*embed.color));
  if (!embed.footer.empty()) {
    out.key("footer").begin_object().key("text").string(embed.footer);
    string_if(out, "icon_url", embed.footer_icon_url);
    out.end_object();
  }
  if (!embed.author.empty()) {
    out.key("author").begin_object().key("name").string(embed.author);
    string_if(out, "url", embed.author_url);
    string_if(out, "icon_url", embed.author_icon_url);
    out.end_object();
  }
  write_url_object(out, "image", embed.image_url);
  write_url_object(out, "thumbnail", embed.thumbnail_url);
  if (!embed.fields.empty()) {
    out.key("fields").begin_array();
    for (const embed_field& one : embed.fields) {
      out.begin_object().key("name").string(one.name).key("value").string(one.value);
      out.key("inline").boolean(one.inlined).end_object();
    }
    out.end_array();
  }
  out.end_object();
}

void write_emoji(json_writer& out, const std::optional<partial_emoji>& emoji) {
  if (!emoji) return;
  out.key("emoji").begin_object();
  if (!emoji->id.empty()) {
    out.key("id");
    write_id(out, emoji->id.value);
  }
  string_if(out, "name", emoji->name);
  out.end_object();
}

void write_component(json_writer& out, const button& one) {
  out.begin_object().key("type").number(2).key("style").number(static_cast<int>(one.style));
  string_if(out, "label", one.label);
  if (one.style == button_style::link) {
    out.key("url").string(one.url);
  } else {
    out.key("custom_id").string(one.custom_id);
  }
  write_emoji(out, one.emoji);
  if (one.disabled) out.key("disabled").boolean(true);
  out.end_object();
}

void write_select_options(json_writer& out, const std::vector<select_option>& options) {
  out.key("options").begin_array();
  for (const select_option& one : options) {
    out.begin_object().key("label").string(one.label).key("value").string(one.value);
    string_if(out, "description", one.description);
    write_emoji(out, one.emoji);
    if (one.chosen) out.key("default").boolean(true);
    out.end_object();
  }
  out.end_array();
}

std::string_view default_kind(select_kind kind) {
  if (kind == select_kind::channel) return "channel";
  return kind == select_kind::role ? "role" : "user";
}

void write_component(json_writer& out, const select_menu& one) {
  out.begin_object().key("type").number(static_cast<int>(one.kind)).key("custom_id").string(one.custom_id);
  if (one.kind == select_kind::text) write_select_options(out, one.options);
  if (one.kind == select_kind::channel && !one.channel_types.empty()) {
    out.key("channel_types").begin_array();
    for (const channel_type type : one.channel_types) out.number(static_cast<int>(type));
    out.end_array();
  }
  if (!one.default_ids.empty()) {
    out.key("default_values").begin_array();
    for (const std::uint64_t id : one.default_ids) {
      out.begin_object().key("id");
      write_id(out, id);
      out.key("type").string(default_kind(one.kind)).end_object();
    }
    out.end_array();
  }
  string_if(out, "placeholder", one.placeholder);
  out.key("min_values").number(one.min_values).key("max_values").number(one.max_values);
  if (one.disabled) out.key("disabled").boolean(true);
  out.end_object();
}

void write_component(json_writer& out, const text_input& one) {
  out.begin_object().key("type").number(4).key("custom_id").string(one.custom_id);
  out.key("style").number(one.paragraph ? 2 : 1);
  if (one.min_length) out.key("min_length").number(*one.min_length);
  if (one.max_length) out.key("max_length").number(*one.max_length);
  out.key("required").boolean(one.required);
  string_if(out, "value", one.value);
  string_if(out, "placeholder", one.placeholder);
  out.end_object();
}

void write_rows(json_writer& out, const std::vector<action_row>& rows) {
  out.key("components").begin_array();
  for (const action_row& row : rows) {
    out.begin_object().key("type").number(1).key("components").begin_array();
    for (const auto& item : row.items) {
      std::visit([&](const auto& one) { write_component(out, one); }, item);
    }
    out.end_array().end_object();
  }
  out.end_array();
}

template <class Id>
void write_ids(json_writer& out, std::string_view key, const std::vector<Id>& ids) {
  if (ids.empty()) return;
  out.key(key).begin_array();
  for (const Id id : ids) write_id(out, id.value);
  out.end_array();
}

void write_mentions(json_writer& out, const allowed_mentions& mentions) {
  out.key("allowed_mentions").begin_object().key("parse").begin_array();
  if (mentions.everyone) out.string("everyone");
  if (mentions.all_roles) out.string("roles");
  if (mentions.all_users) out.string("users");
  out.end_array();
  write_ids(out, "roles", mentions.roles);
  write_ids(out, "users", mentions.users);
  if (mentions.replied_user) out.key("replied_user").boolean(true);
  out.end_object();
}

void write_embeds(json_writer& out, const std::vector<embed>& embeds) {
  out.key("embeds").begin_array();
  for (const embed& one : embeds) write_embed(out, one);
  out.end_array();
}

void write_new_attachments(json_writer& out, const std::vector<attachment>& attachments) {
  for (const attachment& one : attachments) {
    out.begin_object().key("id").string(fmt::format_int(one.file).c_str());
    string_if(out, "filename", one.filename);
    string_if(out, "description", one.description);
    out.end_object();
  }
}

}  // namespace

void write_message(json_writer& out, const message_body& message) {
  out.begin_object();
  string_if(out, "content", message.content);
  if (!message.embeds.empty()) write_embeds(out, message.embeds);
  if (!message.rows.empty()) write_rows(out, message.rows);
  write_mentions(out, message.mentions);
  if (message.flags != 0) out.key("flags").number(static_cast<std::uint64_t>(message.flags));
  if (!message.attachments.empty()) {
    out.key("attachments").begin_array();
    write_new_attachments(out, message.attachments);
    out.end_array();
  }
  if (!message.reply_to.empty()) {
    out.key("message_reference").begin_object().key("message_id");
    write_id(out, message.reply_to.value);
    out.key("fail_if_not_exists").boolean(false).end_object();
  }
  if (!message.nonce.empty()) out.key("nonce").string(message.nonce).key("enforce_nonce").boolean(true);
  if (message.tts) out.key("tts").boolean(true);
  out.end_object();
}

void write_edit(json_writer& out, const message_edit& edit) {
  out.begin_object();
  if (!edit.content.absent()) {
    const std::string* content = edit.content.value();
    content != nullptr ? out.key("content").string(*content) : out.key("content").null();
  }
  if (!edit.embeds.absent())
    write_embeds(out, edit.embeds.value() != nullptr ? *edit.embeds.value() : std::vector<embed>{});
  if (!edit.rows.absent())
    write_rows(out, edit.rows.value() != nullptr ? *edit.rows.value() : std::vector<action_row>{});
  write_mentions(out, edit.mentions);
  if (edit.flags) out.key("flags").number(static_cast<std::uint64_t>(*edit.flags));
  if (edit.kept_attachments || !edit.attachments.empty()) {
    out.key("attachments").begin_array();
    for (const std::uint64_t id : edit.kept_attachments.value_or(std::vector<std::uint64_t>{})) {
      out.begin_object().key("id");
      write_id(out, id);
      out.end_object();
    }
    write_new_attachments(out, edit.attachments);
    out.end_array();
  }
  out.end_object();
}

void write_modal(json_writer& out, const modal& form) {
  out.begin_object().key("custom_id").string(form.custom_id).key("title").string(form.title);
  out.key("components").begin_array();
  for (const modal_field& field : form.fields) {
    out.begin_object().key("type").number(18).key("label").string(field.label);
    string_if(out, "description", field.description);
    out.key("component");
    std::visit([&](const auto& one) { write_component(out, one); }, field.input);
    out.end_object();
  }
  out.end_array().end_object();
}

}  // namespace guildfleet::discord
