#include "bot/job_effects.hpp"

#include "bot/effect_calls.hpp"
#include "discord/rest/endpoints.hpp"
#include "fleet/effect_step.hpp"

namespace guildfleet::bot {

// A run is told from the next one of the same job by when its first attempt began.
store::effect_key job_effects::key_of(features::effect_origin origin) const {
  const auto run = job_.first_begun_at.time_since_epoch().count();
  return {{with_.shard.bot, {0, 1}},
          fmt::format("job {} {}", job_.plan.key.environment.value, run),
          0,
          fmt::format("{}#{}", job_.plan.key.key, origin.number)};
}

store::announced_effect job_effects::announced() const {
  const auto ago =
      std::chrono::duration_cast<std::chrono::milliseconds>(with_.clock.wall_now() - job_.first_begun_at);
  return {!job_.begun_before, std::max(ago, std::chrono::milliseconds(0)), {}};
}

net::task<base::result<discord::message_id>> job_effects::post(features::effect_origin origin,
                                                               discord::channel_id channel,
                                                               discord::message_body body) {
  body.nonce = fleet::nonce_of(key_of(origin));
  auto request = discord::endpoints::create_message(channel, body);
  if (!request) co_return std::unexpected(std::move(request).error());
  const auto find = [this, channel, body, ago = announced().ago] {
    return find_posted(with_, channel, ago, body);
  };
  auto made = co_await make(origin, std::move(*request), find);
  if (!made) co_return std::unexpected(std::move(made).error());
  co_return note_posted(with_, *made, std::move(body.nonce));
}

net::task<base::result<std::string>> job_effects::make(features::effect_origin /*origin*/,
                                                       discord::request request, finder find) {
  const store::announced_effect before = announced();
  if (fleet::next_step(before, request.has_nonce) == fleet::effect_step::look_first) {
    auto found = co_await find();
    if (!found) co_return std::unexpected(std::move(found).error());
    if (*found) {
      with_.metrics.spared.add();
      co_return **found;
    }
  }
  co_return co_await perform_effect(with_, std::move(request), before.first);
}

net::task<base::result<std::string>> job_effects::call(discord::request request) {
  auto answer = co_await with_.rest.request(std::move(request), with_.permit);
  if (!answer) co_return std::unexpected(std::move(answer).error());
  co_return std::move(answer->body);
}

}  // namespace guildfleet::bot
