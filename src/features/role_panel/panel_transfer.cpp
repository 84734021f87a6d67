#include "features/role_panel/panel_transfer.hpp"

#include "base/fnv1a.hpp"
#include "features/answers.hpp"
#include "features/permission_checks.hpp"
#include "features/reasons.hpp"
#include "features/role_panel/panel_file.hpp"
#include "features/role_panel/panel_suggestions.hpp"
#include "features/role_panel/role_panel.hpp"
#include "features/role_panel/role_panel_texts.hpp"

namespace guildfleet::features {
namespace {

namespace texts = role_panel_texts;

std::string fingerprint(std::span<const panel> panels) {
  std::uint64_t hash = base::fnv1a_begin;
  for (const panel& each : panels) hash = base::fnv1a(stored(each) + '\0', hash);
  return fmt::format("{:016x}", hash);
}

import_question question_of(text content, std::span<const panel> panels, std::string left_out,
                            language user) {
  std::string lines;
  for (const panel& each : panels) lines += line_of_new(each, user) + "\n";
  return {.content = std::string(content.in(user)),
          .changes = std::move(lines),
          .notes = std::move(left_out),
          .fingerprint = fingerprint(panels)};
}

}  // namespace

net::task<> panel_transfer::export_all(interaction_call call) {
  const language user = call.user_language();
  const auto all = co_await panels_.all(call.what->guild);
  if (!all) co_return co_await say(call, std::string(texts::unreadable.in(user)));
  if (all->empty()) co_return co_await say(call, std::string(texts::no_panels.in(user)));
  std::string text = panel_file(*all, services_.guilds.find_guild(call.what->guild), call.what->guild);
  co_await give_file(call, std::string(texts::exported.in(user)),
                     fmt::format("role-panels-{}.json", call.what->guild), std::move(text));
}

net::task<> panel_transfer::import_file(interaction_call call) {
  const language user = call.user_language();
  auto file = co_await read_given_file(call, services_.attachments);
  if (!file) co_return co_await say(call, std::move(file.error()));
  look found = plan(call, file->text);
  if (!found) co_return co_await say(call, std::move(found.error()));
  const auto there = co_await panels_.all(call.what->guild);
  if (!there) co_return co_await say(call, std::string(texts::unreadable.in(user)));
  if (there->size() + found->panels.size() > most_panels)
    co_return co_await say(
        call, texts::no_room.format(user, fmt::arg("count", there->size()),
                                    fmt::arg("more", found->panels.size()), fmt::arg("most", most_panels)));
  co_await ask(call, role_panel,
               question_of(texts::would_make, found->panels, std::move(found->left_out), user),
               std::move(*file));
}

panel_transfer::look panel_transfer::plan(const interaction_call& call, std::string_view text) const {
  const language user = call.user_language();
  auto read = read_panel_file(text);
  if (!read) {
    const std::string reason = reason_of(read.error(), user);
    return std::unexpected(texts::failed.format(user, fmt::arg("reason", reason)));
  }
  if (!*read) {
    const std::string problems = settings::to_text(read->error(), user);
    return std::unexpected(texts::refused.format(user, fmt::arg("problems", problems)));
  }
  const discord::guild_record* const guild = services_.guilds.find_guild(call.what->guild);
  if (guild == nullptr || !guild->available) return std::unexpected(std::string(texts::unreadable.in(user)));
  return fit(call, *guild, std::move(**read));
}

panel_transfer::fitted panel_transfer::fit(const interaction_call& call, const discord::guild_record& guild,
                                           std::vector<panel> panels) const {
  fitted out;
  for (panel& each : panels) {
    for (const panel_role& role : std::exchange(each.roles, {})) {
      auto offered = as_here(call, guild, role);
      if (offered && each.find(offered->role) == nullptr) each.roles.push_back(std::move(*offered));
      if (offered) continue;
      const std::string title = plain(each.title);
      const std::string meant = plain(role.name.empty() ? fmt::format("{}", role.role) : role.name);
      out.left_out += texts::left_out.format(call.user_language(), fmt::arg("title", title),
                                             fmt::arg("role", meant), fmt::arg("reason", offered.error())) +
                      "\n";
    }
  }
  out.panels = std::move(panels);
  return out;
}

std::expected<panel_role, std::string> panel_transfer::as_here(const interaction_call& call,
                                                               const discord::guild_record& guild,
                                                               panel_role role) const {
  const language user = call.user_language();
  const discord::role_record* const found = find_meant(guild, role);
  if (found == nullptr) return std::unexpected(std::string(texts::no_such_role.in(user)));
  role.role = found->id;
  role.name = guild.name_of(*found);
  auto why = obstacle_for_member(guild, acting_member_of(*call.what), role.role);
  if (!why) why = obstacle_for_bot(services_.guilds, guild, role.role);
  if (why) return std::unexpected(told(*why, role.role, user));
  return role;
}

net::task<> panel_transfer::on_component(interaction_call call, discord::custom_id id) {
  auto shown = co_await confirmed(call, std::move(id));
  if (shown) co_await confirm(call, *std::move(shown));
}

net::task<> panel_transfer::confirm(interaction_call call, std::string shown) {
  const language user = call.user_language();
  auto file = co_await read_given_file(call, services_.attachments);
  if (!file) co_return co_await close_question(call, std::move(file.error()));
  look found = plan(call, file->text);
  if (!found) co_return co_await close_question(call, std::move(found.error()));
  if (fingerprint(found->panels) != shown)
    co_return co_await ask(
        call, role_panel,
        question_of(texts::changed_meanwhile, found->panels, std::move(found->left_out), user),
        std::move(*file));
  // What is shown is done once, however often its button is pressed.
  const discord::interaction_id question{call.what->message.value};
  const std::size_t count = found->panels.size();
  const auto made = co_await panels_.create(call.what->guild, std::move(found->panels), question);
  if (!made) {
    const std::string reason = reason_of(made.error(), user);
    co_return co_await close_question(call, texts::failed.format(user, fmt::arg("reason", reason)));
  }
  if (!*made)
    co_return co_await close_question(call,
                                      texts::too_many_panels.format(user, fmt::arg("most", most_panels)));
  co_await close_question(call, texts::imported.format(user, fmt::arg("count", count)));
}

}  // namespace guildfleet::features
