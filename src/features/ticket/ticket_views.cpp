#include "features/ticket/ticket_views.hpp"

#include "features/message_template.hpp"
#include "features/ticket/ticket.hpp"
#include "features/ticket/ticket_texts.hpp"

namespace guildfleet::features::ticket_views {
namespace {

namespace texts = ticket_texts;
using discord::button_style;

discord::button button(std::string_view action, std::string_view label,
                       button_style style = button_style::secondary) {
  return {.style = style,
          .label = std::string(label),
          .custom_id = discord::encode({std::string(ticket.name), ticket.component_version,
                                        std::string(action), std::string()})
                           .value_or(std::string())};
}

template <class... Buttons>
std::vector<discord::action_row> row_of(Buttons... buttons) {
  discord::action_row row;
  (row.items.emplace_back(std::move(buttons)), ...);
  std::vector<discord::action_row> rows;
  rows.push_back(std::move(row));
  return rows;
}

discord::modal form(std::string_view action, const text& title, discord::modal_field field, language in) {
  discord::modal out{.custom_id = discord::encode({std::string(ticket.name), ticket.component_version,
                                                   std::string(action), std::string()})
                                      .value_or(std::string()),
                     .title = std::string(title.in(in))};
  out.fields.push_back(std::move(field));
  return out;
}

}  // namespace

discord::message_body panel(const panel_words& words, language in) {
  discord::message_body out;
  out.embeds.push_back({.title = words.title, .description = words.text});
  const std::string_view label = words.button.empty() ? texts::open_button.in(in) : words.button;
  out.rows = row_of(button("open", label, button_style::primary));
  return out;
}

discord::message_body welcome(const ticket_record& what, const ticket_settings& settings,
                              std::string_view server, language in) {
  discord::message_body out;
  const std::string user = fmt::format("<@{}>", what.user);
  const placeholder values[] = {{.name = "user", .value = user, .trusted = true},
                                {.name = "server", .value = std::string(server)},
                                {.name = "number", .value = fmt::format("{}", what.number), .trusted = true}};
  std::string content = settings.mention_staff ? std::string() : user;
  if (settings.mention_staff) {
    for (const discord::role_id each : settings.staff) content += fmt::format("<@&{}> ", each);
    out.mentions.roles = settings.staff;
    content += user;
  }
  if (!settings.welcome.empty()) content += "\n" + fill(settings.welcome, values);
  out.content = clipped(std::move(content), longest_content);
  discord::embed page;
  page.title = texts::heading.format(in, fmt::arg("number", what.number));
  page.description = clipped(texts::opened_for.format(in, fmt::arg("user", user)) + "\n\n" + what.subject,
                             longest_embed_description);
  out.embeds.push_back(std::move(page));
  out.rows = row_of(button("claim", texts::claim_button.in(in)),
                    button("close", texts::close_button.in(in), button_style::danger));
  return out;
}

discord::message_body closed(discord::user_id by, std::string_view reason, std::optional<base::wall_time> due,
                             language in) {
  const std::string who = fmt::format("<@{}>", by);
  std::string content = texts::closed_by.format(in, fmt::arg("user", who));
  if (!reason.empty()) {
    const std::string why = plain(reason);
    content += "\n" + texts::with_reason.format(in, fmt::arg("reason", why));
  }
  if (due) {
    const std::string when = shown_time(*due);
    content += "\n" + texts::deleted_when.format(in, fmt::arg("when", when));
  }
  discord::message_body out = plain_message(std::move(content));
  discord::action_row row;
  row.items.emplace_back(button("reopen", texts::reopen_button.in(in)));
  row.items.emplace_back(button("transcript", texts::transcript_button.in(in)));
  if (due) {
    row.items.emplace_back(button("pause", texts::pause_button.in(in)));
    row.items.emplace_back(button("resume", texts::resume_button.in(in)));
  }
  row.items.emplace_back(button("delete", texts::erase_button.in(in), button_style::danger));
  out.rows.push_back(std::move(row));
  return out;
}

discord::message_body reopened(discord::user_id by, language in) {
  const std::string who = fmt::format("<@{}>", by);
  discord::message_body out = plain_message(texts::reopened_by.format(in, fmt::arg("user", who)));
  out.rows = row_of(button("close", texts::close_button.in(in), button_style::danger));
  return out;
}

discord::message_body plain_message(std::string content) {
  discord::message_body out;
  out.content = clipped(std::move(content), longest_content);
  return out;
}

discord::modal subject_form(language in) {
  discord::text_input input{.custom_id = "subject", .paragraph = true, .max_length = longest_subject};
  return form("subject", texts::subject_title,
              {.label = std::string(texts::subject_label.in(in)), .input = std::move(input)}, in);
}

discord::modal close_form(language in) {
  discord::text_input input{
      .custom_id = "reason", .paragraph = true, .max_length = longest_reason, .required = false};
  return form("reason", texts::close_title,
              {.label = std::string(texts::reason_label.in(in)), .input = std::move(input)}, in);
}

}  // namespace guildfleet::features::ticket_views
