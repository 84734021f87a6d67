#include "bot/effect_calls.hpp"

#include "bot/own_message.hpp"
#include "discord/rest/endpoints.hpp"

namespace guildfleet::bot {
namespace {

// Discord's clock and the store's may differ.
constexpr std::chrono::seconds clock_difference{60};
constexpr std::size_t page_size = 100;
constexpr int most_pages = 50;

// Smaller than the ids that Discord made since then.
std::uint64_t snowflake_before(base::wall_time when) {
  const std::int64_t since = when.time_since_epoch().count() - discord::discord_epoch_ms;
  return since <= 0 ? 0 : static_cast<std::uint64_t>(since) << 22U;
}

// Who the bot is, also before a gateway session or a stored guild has told.
net::task<base::result<discord::user_id>> own_id(const effect_surroundings& with) {
  if (!with.guilds.self().empty()) co_return with.guilds.self();
  auto answer = co_await with.rest.request(discord::endpoints::get_self(), with.permit);
  if (!answer) co_return std::unexpected(std::move(answer).error());
  const auto id = id_of_answer(answer->body);
  if (!id) co_return std::unexpected(id.error());
  co_return discord::user_id{*discord::parse_snowflake(*id)};
}

}  // namespace

net::task<base::result<std::string>> perform_effect(const effect_surroundings& with, discord::request request,
                                                    bool first) {
  (first ? with.metrics.announced : with.metrics.repeated).add();
  auto answer = co_await with.rest.request(std::move(request), with.permit);
  if (!answer) co_return std::unexpected(std::move(answer).error());
  co_return id_of_answer(answer->body);
}

net::task<base::result<std::optional<std::string>>> find_posted(const effect_surroundings& with,
                                                                discord::channel_id channel,
                                                                std::chrono::milliseconds ago,
                                                                discord::message_body sent) {
  const auto self = co_await own_id(with);
  if (!self) co_return std::unexpected(self.error());
  // Oldest first: it was made soon after the first attempt.
  std::uint64_t after = snowflake_before(with.clock.wall_now() - ago - clock_difference);
  for (int page = 0; page < most_pages; ++page) {
    auto answer = co_await with.rest.request(
        discord::endpoints::get_messages(channel, {.limit = int{page_size}, .after = after}), with.permit);
    if (!answer) co_return std::unexpected(std::move(answer).error());
    const auto search = find_own_message(answer->body, *self, sent, *with.posted);
    if (!search) co_return std::unexpected(search.error());
    if (search->found) co_return fmt::format("{}", *search->found);
    if (search->messages < page_size) co_return std::nullopt;
    after = search->newest.value;
  }
  with.log.warn("a message may be there twice: too many came after its first attempt to look at all",
                base::field("channel", channel), base::field("looked_at", page_size * most_pages));
  co_return std::nullopt;
}

discord::message_id note_posted(const effect_surroundings& with, const std::string& made, std::string nonce) {
  const discord::message_id message{discord::parse_snowflake(made).value_or(0)};
  with.posted->note(message, std::move(nonce));
  return message;
}

}  // namespace guildfleet::bot
