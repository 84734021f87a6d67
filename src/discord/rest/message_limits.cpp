// The limits of message_body.hpp (protocol sheet 3.3 and 6).
#include <fmt/format.h>

#include "discord/rest/limit_check.hpp"
#include "discord/rest/message_body.hpp"

namespace guildfleet::discord {
namespace {

constexpr std::size_t any_length = 1U << 20U;

std::size_t text_of(const embed& one) {
  std::size_t sum = base::utf8_length(one.title) + base::utf8_length(one.description) +
                    base::utf8_length(one.footer) + base::utf8_length(one.author);
  for (const embed_field& field : one.fields)
    sum += base::utf8_length(field.name) + base::utf8_length(field.value);
  return sum;
}

void check_embeds(limit_check& check, const std::vector<embed>& embeds) {
  check.count("embeds", embeds.size(), 0, 10);
  std::size_t all_text = 0;
  for (std::size_t i = 0; i < embeds.size(); ++i) {
    const embed& one = embeds[i];
    const std::string path = fmt::format("embeds[{}]", i);
    check.text(path + ".title", one.title, 0, 256);
    check.text(path + ".description", one.description, 0, 4096);
    check.text(path + ".url", one.url, 0, 2048);
    check.text(path + ".footer.text", one.footer, 0, 2048);
    check.text(path + ".author.name", one.author, 0, 256);
    check.count(path + ".fields", one.fields.size(), 0, 25);
    check.range(path + ".color", one.color.value_or(0), 0, 0xFFFFFF);
    for (std::size_t f = 0; f < one.fields.size(); ++f) {
      const std::string field = fmt::format("{}.fields[{}]", path, f);
      check.text(field + ".name", one.fields[f].name, 1, 256);
      check.text(field + ".value", one.fields[f].value, 1, 1024);
    }
    all_text += text_of(one);
  }
  check.rule("embeds", all_text <= 6000, "more than 6000 characters in all embeds together");
}

void check_component(limit_check& check, const std::string& path, const button& one) {
  check.text(path + ".label", one.label, 0, 80);
  check.rule(path + ".label", !one.label.empty() || one.emoji.has_value(),
             "a button needs a label or an emoji");
  if (one.style == button_style::link) {
    check.text(path + ".url", one.url, 1, 512);
  } else {
    check.text(path + ".custom_id", one.custom_id, 1, 100);
  }
}

void check_component(limit_check& check, const std::string& path, const select_menu& one) {
  check.text(path + ".custom_id", one.custom_id, 1, 100);
  check.text(path + ".placeholder", one.placeholder, 0, 150);
  check.range(path + ".min_values", one.min_values, 0, 25);
  check.range(path + ".max_values", one.max_values, 1, 25);
  check.rule(path + ".min_values", one.min_values <= one.max_values, "larger than max_values");
  if (one.kind != select_kind::text) return;
  check.count(path + ".options", one.options.size(), 1, 25);
  for (std::size_t i = 0; i < one.options.size(); ++i) {
    const std::string option = fmt::format("{}.options[{}]", path, i);
    check.text(option + ".label", one.options[i].label, 1, 100);
    check.text(option + ".value", one.options[i].value, 1, 100);
    check.text(option + ".description", one.options[i].description, 0, 100);
  }
}

void check_component(limit_check& check, const std::string& path, const text_input& one) {
  check.text(path + ".custom_id", one.custom_id, 1, 100);
  check.text(path + ".placeholder", one.placeholder, 0, 100);
  check.text(path + ".value", one.value, 0, 4000);
  check.range(path + ".min_length", one.min_length.value_or(0), 0, 4000);
  check.range(path + ".max_length", one.max_length.value_or(4000), 1, 4000);
}

void check_rows(limit_check& check, const std::vector<action_row>& rows) {
  check.count("components", rows.size(), 0, 5);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const auto& items = rows[r].items;
    const std::string row = fmt::format("components[{}]", r);
    check.count(row, items.size(), 1, 5);
    for (std::size_t i = 0; i < items.size(); ++i) {
      const bool alone = items.size() == 1 || std::holds_alternative<button>(items[i]);
      check.rule(row, alone, "a select menu must be alone in its row");
      const std::string path = fmt::format("{}.components[{}]", row, i);
      std::visit([&](const auto& one) { check_component(check, path, one); }, items[i]);
    }
  }
}

void check_mentions(limit_check& check, const allowed_mentions& mentions) {
  check.count("allowed_mentions.roles", mentions.roles.size(), 0, 100);
  check.count("allowed_mentions.users", mentions.users.size(), 0, 100);
  check.rule("allowed_mentions.roles", !mentions.all_roles || mentions.roles.empty(),
             "not together with all_roles");
  check.rule("allowed_mentions.users", !mentions.all_users || mentions.users.empty(),
             "not together with all_users");
}

void check_attachments(limit_check& check, const std::vector<attachment>& attachments, std::size_t kept) {
  check.count("attachments", attachments.size() + kept, 0, 10);
  for (std::size_t i = 0; i < attachments.size(); ++i) {
    const std::string path = fmt::format("attachments[{}]", i);
    check.text(path + ".filename", attachments[i].filename, 1, any_length);
    check.text(path + ".description", attachments[i].description, 0, 1024);
  }
}

template <class Body, class Write>
base::result<std::string> checked_json(const Body& body, Write write) {
  if (auto problem = broken_limit(body)) return broken(std::move(*problem));
  base::json_writer out;
  write(out, body);
  return out.take();
}

}  // namespace

std::optional<std::string> broken_limit(const message_body& message) {
  limit_check check;
  check.text("content", message.content, 0, 2000);
  check_embeds(check, message.embeds);
  check_rows(check, message.rows);
  check_mentions(check, message.mentions);
  check_attachments(check, message.attachments, 0);
  check.text("nonce", message.nonce, 0, 25);
  const bool empty = message.content.empty() && message.embeds.empty() && message.rows.empty() &&
                     message.attachments.empty();
  check.rule("content", !empty, "a message needs content, an embed, a component or a file");
  return check.problem();
}

std::optional<std::string> broken_limit(const message_edit& edit) {
  limit_check check;
  if (edit.content.value() != nullptr) check.text("content", *edit.content.value(), 0, 2000);
  if (edit.embeds.value() != nullptr) check_embeds(check, *edit.embeds.value());
  if (edit.rows.value() != nullptr) check_rows(check, *edit.rows.value());
  check_mentions(check, edit.mentions);
  check_attachments(check, edit.attachments, edit.kept_attachments ? edit.kept_attachments->size() : 0);
  return check.problem();
}

std::optional<std::string> broken_limit(const modal& form) {
  limit_check check;
  check.text("custom_id", form.custom_id, 1, 100);
  check.text("title", form.title, 1, 45);
  check.count("components", form.fields.size(), 1, 5);
  for (std::size_t i = 0; i < form.fields.size(); ++i) {
    const std::string path = fmt::format("components[{}]", i);
    check.text(path + ".label", form.fields[i].label, 1, 45);
    check.text(path + ".description", form.fields[i].description, 0, 100);
    std::visit([&](const auto& one) { check_component(check, path + ".component", one); },
               form.fields[i].input);
    const auto* select = std::get_if<select_menu>(&form.fields[i].input);
    check.rule(path, select == nullptr || !select->disabled, "nothing can be disabled in a modal");
  }
  return check.problem();
}

base::result<std::string> to_json(const message_body& message) {
  return checked_json(message, write_message);
}
base::result<std::string> to_json(const message_edit& edit) {
  return checked_json(edit, write_edit);
}
base::result<std::string> to_json(const modal& form) {
  return checked_json(form, write_modal);
}

}  // namespace guildfleet::discord
