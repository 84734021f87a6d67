#include "bot/effect_calls.hpp"

#include "bot/own_message.hpp"
#include "discord/rest/endpoints.hpp"

namespace guildfleet::bot {
namespace {

// Discord's clock and the store's may differ.
constexpr std::chrono::seconds clock_difference{60};
constexpr int messages_looked_at = 100;

// Smaller than the ids that Discord made since then.
std::uint64_t snowflake_before(base::wall_time when) {
  const std::int64_t since = when.time_since_epoch().count() - discord::discord_epoch_ms;
  return since <= 0 ? 0 : static_cast<std::uint64_t>(since) << 22U;
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
                                                                std::string nonce, std::string content) {
  const base::wall_time since = with.clock.wall_now() - ago - clock_difference;
  auto answer = co_await with.rest.request(
      discord::endpoints::get_messages(channel,
                                       {.limit = messages_looked_at, .after = snowflake_before(since)}),
      with.permit);
  if (!answer) co_return std::unexpected(std::move(answer).error());
  const auto found = find_own_message(answer->body, with.guilds.self(), nonce, content);
  if (!found) co_return std::unexpected(found.error());
  if (!*found) co_return std::nullopt;
  co_return fmt::format("{}", **found);
}

}  // namespace guildfleet::bot
