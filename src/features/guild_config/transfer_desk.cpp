#include "features/guild_config/transfer_desk.hpp"

#include <algorithm>

#include "features/answers.hpp"
#include "features/guild_config/guild_config.hpp"
#include "features/guild_config/guild_config_texts.hpp"
#include "features/reasons.hpp"
#include "features/setting_notes.hpp"
#include "settings/difference.hpp"

namespace guildfleet::features {
namespace {

namespace texts = guild_config_texts;

std::string listed(const std::vector<settings::feature_problems>& found, language user) {
  std::string list;
  for (const settings::feature_problems& each : found)
    list += fmt::format("**{}**\n{}\n", each.feature, settings::to_text(each.found, user));
  return list;
}

bool has_role_panels(const bot_facts& bot) {
  return std::ranges::find(bot.commands, "role-panel", &discord::command_definition::name) !=
         bot.commands.end();
}

}  // namespace

net::task<> transfer_desk::export_all(interaction_call call) {
  const language user = call.user_language();
  auto text = co_await services_.settings.export_guild(call.what->guild);
  if (!text) {
    const std::string reason = reason_of(text.error(), user);
    co_await say(call, texts::not_exported.format(user, fmt::arg("reason", reason)));
    co_return;
  }
  std::string content(texts::exported.in(user));
  if (has_role_panels(services_.bot)) content += fmt::format("\n{}", texts::panels_elsewhere.in(user));
  co_await give_file(call, std::move(content), fmt::format("settings-{}.json", call.what->guild),
                     std::move(*text));
}

net::task<> transfer_desk::import_file(interaction_call call) {
  auto file = co_await read_given_file(call, services_.attachments);
  if (!file) co_return co_await say(call, std::move(file.error()));
  const look found = co_await plan(call, file->text);
  if (!found) co_return co_await say(call, found.error());
  co_await ask(call, guild_config, question_of(texts::would_change, *found, call.user_language()),
               std::move(*file));
}

net::task<transfer_desk::look> transfer_desk::plan(interaction_call call, std::string text) {
  const language user = call.user_language();
  auto check = co_await services_.settings.plan_import(call.what->guild, std::move(text));
  if (!check) {
    const std::string reason = reason_of(check.error(), user);
    co_return std::unexpected(texts::failed.format(user, fmt::arg("reason", reason)));
  }
  if (const auto* wrong = std::get_if<std::vector<settings::feature_problems>>(&*check)) {
    const std::string problems = listed(*wrong, user);
    co_return std::unexpected(texts::refused.format(user, fmt::arg("problems", problems)));
  }
  auto& plan = std::get<settings::import_plan>(*check);
  if (plan.changes.empty()) co_return std::unexpected(std::string(texts::same.in(user)));
  co_return std::move(plan);
}

import_question transfer_desk::question_of(text content, const settings::import_plan& plan,
                                           language user) const {
  return {.content = std::string(content.in(user)),
          .changes = changes_of(plan, user),
          .notes = notes_of(plan, user),
          .fingerprint = settings::fingerprint(plan)};
}

std::string transfer_desk::changes_of(const settings::import_plan& plan, language user) const {
  std::string lines;
  for (const settings::planned_change& each : plan.changes) {
    const settings::feature_schema* schema = services_.settings.schemas().find(each.feature);
    if (schema == nullptr) continue;
    lines +=
        fmt::format("**{}**\n{}\n", schema->title.in(user), settings::describe(*schema, each.changes, user));
  }
  return clipped(std::move(lines), longest_embed_description);
}

std::string transfer_desk::notes_of(const settings::import_plan& plan, language user) const {
  const settings_place here{services_.guilds, plan.guild, services_.clock.wall_now()};
  std::string lines;
  for (const settings::planned_change& each : plan.changes) {
    const settings::feature_schema* schema = services_.settings.schemas().find(each.feature);
    const std::string notes =
        schema == nullptr ? std::string() : setting_notes(*schema, each.changes, here, user);
    if (!notes.empty()) lines += fmt::format("**{}**\n{}\n", schema->title.in(user), notes);
  }
  return lines;
}

net::task<> transfer_desk::on_component(interaction_call call, discord::custom_id id) {
  auto shown = co_await confirmed(call, std::move(id));
  if (shown) co_await confirm(call, *std::move(shown));
}

net::task<> transfer_desk::confirm(interaction_call call, std::string shown) {
  const language user = call.user_language();
  auto file = co_await read_given_file(call, services_.attachments);
  if (!file) co_return co_await close_question(call, std::move(file.error()));
  look found = co_await plan(call, file->text);
  if (!found) co_return co_await close_question(call, std::move(found.error()));
  if (settings::fingerprint(*found) != shown)
    co_return co_await ask(call, guild_config, question_of(texts::changed_meanwhile, *found, user),
                           std::move(*file));
  const std::string changes = changes_of(*found, user);
  const auto outcome = co_await services_.settings.apply_import(
      std::move(*found), author_of(call, store::change_origin::import));
  const bool saved = outcome && std::holds_alternative<settings::changed>(*outcome);
  co_await close_question(call, saved ? texts::saved.format(user, fmt::arg("changes", changes))
                                      : told(outcome, services_.settings.schemas(), {}, user));
}

}  // namespace guildfleet::features
