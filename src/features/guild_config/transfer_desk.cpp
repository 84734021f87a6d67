#include "features/guild_config/transfer_desk.hpp"

#include "features/answers.hpp"
#include "features/guild_config/guild_config.hpp"
#include "features/guild_config/guild_config_texts.hpp"
#include "features/reasons.hpp"
#include "features/replies.hpp"
#include "settings/difference.hpp"
#include "settings/show.hpp"

namespace guildfleet::features {
namespace {

namespace texts = guild_config_texts;

std::string custom_id_of(std::string action, std::string payload) {
  return discord::encode({std::string(guild_config.name), guild_config.component_version, std::move(action),
                          std::move(payload)})
      .value_or(std::string());
}

std::vector<discord::action_row> buttons(const settings::import_plan& plan, language user) {
  discord::button save{.style = discord::button_style::success,
                       .label = std::string(texts::save_button.in(user)),
                       .custom_id = custom_id_of("import", settings::fingerprint(plan))};
  discord::button cancel{.label = std::string(texts::cancel_button.in(user)),
                         .custom_id = custom_id_of("cancel", {})};
  return {{.items = {std::move(save), std::move(cancel)}}};
}

discord::upload file_of(std::string name, std::string text) {
  return {.filename = std::move(name), .content_type = "application/json", .bytes = std::move(text)};
}

std::string listed(const std::vector<settings::feature_problems>& found, language user) {
  std::string list;
  for (const settings::feature_problems& each : found)
    list += fmt::format("**{}**\n{}\n", each.feature, settings::to_text(each.found, user));
  return list;
}

}  // namespace

net::task<> transfer_desk::export_all(interaction_call call) {
  const language user = call.user_language();
  auto text = co_await settings_.export_guild(call.what->guild);
  if (!text) {
    const std::string reason = reason_of(text.error(), user);
    co_await say(call, texts::not_exported.format(user, fmt::arg("reason", reason)));
    co_return;
  }
  const std::string name = fmt::format("settings-{}.json", call.what->guild);
  discord::message_body message = private_message(std::string(texts::exported.in(user)));
  message.attachments = {{.filename = name}};
  (void)co_await call.answers->reply_with_files(std::move(message), {file_of(name, std::move(*text))});
}

net::task<> transfer_desk::import_file(interaction_call call) {
  const language user = call.user_language();
  const auto& files = call.what->resolved.attachments;
  const auto file = files.find({call.what->command()->id_of("file").value_or(0)});
  if (file == files.end()) {
    co_await say(call, std::string(texts::no_file.in(user)));
    co_return;
  }
  std::string text;
  const look found = co_await look_into(call, file->second, text);
  if (!found) {
    co_await say(call, found.error());
    co_return;
  }
  discord::message_body message = private_message(std::string(texts::would_change.in(user)));
  message.embeds = {preview(*found, user)};
  message.rows = buttons(*found, user);
  message.attachments = {{.filename = file->second.filename}};
  (void)co_await call.answers->reply_with_files(std::move(message),
                                                {file_of(file->second.filename, std::move(text))});
}

net::task<transfer_desk::look> transfer_desk::look_into(interaction_call call,
                                                        const discord::attached_file& file,
                                                        std::string& text) {
  const language user = call.user_language();
  const auto refuse = [user](const std::string& problems) {
    return std::unexpected(texts::refused.format(user, fmt::arg("problems", problems)));
  };
  const auto fail = [user](const base::error& error) {
    const std::string reason = reason_of(error, user);
    return std::unexpected(texts::failed.format(user, fmt::arg("reason", reason)));
  };
  if (file.size > settings::max_export_bytes) co_return refuse(std::string(texts::file_too_large.in(user)));
  auto fetched = co_await attachments_.fetch(file.url, settings::max_export_bytes);
  if (!fetched) co_return fail(fetched.error());
  text = std::move(*fetched);
  auto check = co_await settings_.plan_import(call.what->guild, text);
  if (!check) co_return fail(check.error());
  if (const auto* wrong = std::get_if<std::vector<settings::feature_problems>>(&*check))
    co_return refuse(listed(*wrong, user));
  auto& plan = std::get<settings::import_plan>(*check);
  if (plan.changes.empty()) co_return std::unexpected(std::string(texts::same.in(user)));
  co_return std::move(plan);
}

discord::embed transfer_desk::preview(const settings::import_plan& plan, language user) const {
  std::string lines;
  for (const settings::planned_change& each : plan.changes) {
    const settings::feature_schema* schema = settings_.schemas().find(each.feature);
    if (schema == nullptr) continue;
    lines +=
        fmt::format("**{}**\n{}\n", schema->title.in(user), settings::describe(*schema, each.changes, user));
  }
  discord::embed page;
  page.description = clipped(std::move(lines), longest_embed_description);
  return page;
}

net::task<> transfer_desk::on_component(interaction_call call, discord::custom_id id) {
  call.answers->prefer_update();
  if (id.action == "import") {
    co_await confirm(call, std::move(id.payload));
  } else {
    co_await close(call, std::string(texts::cancelled.in(call.user_language())));
  }
}

net::task<> transfer_desk::confirm(interaction_call call, std::string shown) {
  const language user = call.user_language();
  if (call.what->message_attachments.empty()) {
    co_await close(call, std::string(texts::no_file.in(user)));
    co_return;
  }
  std::string text;
  look found = co_await look_into(call, call.what->message_attachments.front(), text);
  if (!found) {
    co_await close(call, std::move(found.error()));
    co_return;
  }
  if (settings::fingerprint(*found) != shown) {
    discord::message_edit edit;
    edit.content = std::string(texts::changed_meanwhile.in(user));
    edit.embeds = std::vector{preview(*found, user)};
    edit.rows = buttons(*found, user);
    (void)co_await call.answers->update(std::move(edit));
    co_return;
  }
  const std::string changes = preview(*found, user).description;
  const auto outcome =
      co_await settings_.apply_import(std::move(*found), author_of(call, store::change_origin::import));
  const bool saved = outcome && std::holds_alternative<settings::changed>(*outcome);
  co_await close(call, saved ? texts::saved.format(user, fmt::arg("changes", changes))
                             : told(outcome, settings_.schemas(), {}, user));
}

net::task<> transfer_desk::close(interaction_call call, std::string content) {
  discord::message_edit edit;
  edit.content = clipped(std::move(content), longest_content);
  edit.embeds = std::vector<discord::embed>{};
  edit.rows = std::vector<discord::action_row>{};
  edit.kept_attachments.emplace();
  (void)co_await call.answers->update(std::move(edit));
}

}  // namespace guildfleet::features
