#include "features/moderation/case_command.hpp"

#include "features/answers.hpp"
#include "features/message_template.hpp"
#include "features/moderation/case_view.hpp"
#include "features/moderation/moderation_texts.hpp"
#include "features/replies.hpp"

namespace guildfleet::features {
namespace {

namespace texts = moderation_texts;
constexpr std::size_t listed = 10;
constexpr std::size_t suggested = 25;
constexpr std::size_t longest_choice = 100;

std::uint64_t number_of(const interaction_call& call) {
  return static_cast<std::uint64_t>(
      std::max<std::int64_t>(call.what->command()->integer("number").value_or(0), 0));
}

std::string no_case(std::uint64_t number, language in) {
  return texts::no_case.format(in, fmt::arg("number", number));
}

}  // namespace

net::task<> case_command::run(interaction_call call) {
  const std::string& path = call.what->command()->path;
  if (path == "case view") {
    co_await view(call);
  } else if (path == "case list") {
    co_await list(call);
  } else if (path == "case reason") {
    co_await change_reason(call);
  }
}

net::task<> case_command::view(interaction_call call) {
  const language user = call.user_language();
  const auto found = co_await book_.find(call.what->guild, number_of(call));
  if (!found || !*found) {
    co_await say(call, found ? no_case(number_of(call), user) : std::string(texts::unreadable.in(user)));
    co_return;
  }
  discord::message_body message = private_message({});
  message.embeds.push_back(shown_case(**found, user, true));
  (void)co_await call.answers->reply(std::move(message));
}

net::task<> case_command::list(interaction_call call) {
  const language user = call.user_language();
  const discord::user_id member{call.what->command()->id_of("user").value_or(0)};
  const auto found = co_await book_.latest(call.what->guild, member, listed);
  if (!found || found->empty()) {
    co_await say(call, std::string((found ? texts::no_cases : texts::unreadable).in(user)));
    co_return;
  }
  std::string lines;
  for (const mod_case& each : *found) lines += case_line(each, user);
  co_await say(call, std::move(lines));
}

net::task<> case_command::change_reason(interaction_call call) {
  const language user = call.user_language();
  const std::uint64_t number = number_of(call);
  new_reason with{.reason = std::string(call.what->command()->text("reason").value_or("")),
                  .by = call.what->user,
                  .at = clock_.wall_now(),
                  .in = call.what->id};
  const auto changed = co_await book_.change_reason(call.what->guild, number, std::move(with));
  if (!changed || !*changed) {
    co_await say(call, changed ? no_case(number, user) : std::string(texts::unreadable.in(user)));
    co_return;
  }
  discord::message_body message =
      private_message(texts::reason_changed.format(user, fmt::arg("number", number)));
  message.embeds.push_back(shown_case(**changed, user, true));
  (void)co_await call.answers->reply(std::move(message));
}

net::task<> case_command::suggest(interaction_call call) {
  const auto* const typed = call.what->command()->focused();
  const auto* const begun = typed == nullptr ? nullptr : std::get_if<std::string>(&typed->value);
  const auto found = co_await book_.latest(call.what->guild, {}, suggested);
  if (!found) co_return;
  std::vector<discord::choice> choices;
  for (const mod_case& each : *found) {
    const std::string number = std::to_string(each.number);
    if (begun != nullptr && !number.starts_with(*begun)) continue;
    std::string name =
        fmt::format("#{} {}: {}", number, title_of(each.action).in(call.user_language()), each.reason);
    choices.push_back({clipped(std::move(name), longest_choice), static_cast<std::int64_t>(each.number)});
  }
  (void)co_await call.answers->suggest(std::move(choices));
}

}  // namespace guildfleet::features
