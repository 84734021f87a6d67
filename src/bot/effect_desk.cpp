#include "bot/effect_desk.hpp"

#include "bot/effect_calls.hpp"
#include "discord/rest/endpoints.hpp"
#include "fleet/effect_step.hpp"

namespace guildfleet::bot {

effect_metrics make_effect_metrics(base::metrics& metrics, const std::string& bot) {
  const auto counter = [&](const char* outcome) {
    return metrics.counter_of("guildfleet_bot_effects_total",
                              "Effects of events at Discord that must happen once, by what came of them",
                              {{"bot", bot}, {"outcome", outcome}});
  };
  return {counter("first"), counter("spared"), counter("repeated")};
}

net::task<base::result<discord::message_id>> effect_desk::post(features::effect_origin origin,
                                                               discord::channel_id channel,
                                                               discord::message_body body) {
  store::effect_key key = key_of(origin);
  body.nonce = fleet::nonce_of(key);
  auto request = discord::endpoints::create_message(channel, body);
  if (!request) co_return std::unexpected(std::move(request).error());
  auto announced = co_await announce(key);
  if (!announced) co_return std::unexpected(std::move(announced).error());
  finder find = [this, channel, ago = announced->ago, body] {
    return find_posted(with_, channel, ago, body);
  };
  auto made = co_await run(std::move(key), std::move(*announced), std::move(*request), std::move(find));
  if (!made) co_return std::unexpected(std::move(made).error());
  co_return note_posted(with_, *made, std::move(body.nonce));
}

net::task<base::result<std::string>> effect_desk::make(features::effect_origin origin,
                                                       discord::request request, finder find) {
  store::effect_key key = key_of(origin);
  auto announced = co_await announce(key);
  if (!announced) co_return std::unexpected(std::move(announced).error());
  co_return co_await run(std::move(key), std::move(*announced), std::move(request), std::move(find));
}

net::task<base::result<std::string>> effect_desk::call(discord::request request) {
  auto answer = co_await with_.rest.request(std::move(request), with_.permit);
  if (!answer) co_return std::unexpected(std::move(answer).error());
  co_return std::move(answer->body);
}

store::effect_key effect_desk::key_of(features::effect_origin origin) const {
  return {with_.shard, with_.session(), origin.sequence, fmt::format("{}/{}", feature_, origin.number)};
}

net::task<base::result<store::announced_effect>> effect_desk::announce(store::effect_key key) {
  co_return co_await with_.store_thread.run(
      [store = with_.store, key = std::move(key)] { return store->announce(key); });
}

net::task<base::result<std::string>> effect_desk::run(store::effect_key key,
                                                      store::announced_effect announced,
                                                      discord::request request, finder find) {
  switch (fleet::next_step(announced, request.has_nonce)) {
    case fleet::effect_step::known:
      with_.metrics.spared.add();
      co_return std::move(announced.outcome);
    case fleet::effect_step::look_first: {
      auto found = co_await find();
      if (!found) co_return std::unexpected(std::move(found).error());
      if (*found) {
        with_.metrics.spared.add();
        co_await conclude(std::move(key), **found);
        co_return **found;
      }
      break;
    }
    case fleet::effect_step::perform:
      break;
  }
  co_return co_await perform(std::move(key), std::move(request), announced.first);
}

net::task<base::result<std::string>> effect_desk::perform(store::effect_key key, discord::request request,
                                                          bool first) {
  auto id = co_await perform_effect(with_, std::move(request), first);
  if (id) co_await conclude(std::move(key), *id);
  co_return id;
}

net::task<> effect_desk::conclude(store::effect_key key, std::string outcome) {
  const auto done = co_await with_.store_thread.run(
      [store = with_.store, key = std::move(key), outcome = std::move(outcome)] {
        return store->conclude(key, outcome);
      });
  // Then a replay looks for it instead of knowing.
  if (!done) with_.log.warn("an effect's outcome is not kept", base::field("reason", done.error().message()));
}

}  // namespace guildfleet::bot
