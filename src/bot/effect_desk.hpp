// Effects at Discord that happen once: announced in the store before, looked for when announced already.
#pragma once

#include <functional>
#include <memory>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "bot/posted_messages.hpp"
#include "bot/rest_link.hpp"
#include "discord/model/guild_state.hpp"
#include "features/effects.hpp"
#include "store/store.hpp"
#include "store/store_executor.hpp"

namespace guildfleet::bot {

struct effect_metrics {
  base::counter announced;  // first attempts
  base::counter spared;     // of a replay, and known or found to have been done
  base::counter repeated;   // of a replay, and done again: it was not there, or Discord knows the nonce
};
[[nodiscard]] effect_metrics make_effect_metrics(base::metrics& metrics, const std::string& bot);

// What all desks of a shard share; outlives them.
struct effect_surroundings {
  store::lease_key shard;
  std::shared_ptr<store::store> store;
  store::store_executor& store_thread;
  rest_link rest;
  std::shared_ptr<const write_permit> permit;
  const discord::guild_state& guilds;
  const base::clock& clock;
  std::function<std::string()> session;  // the id of the gateway session that events come from
  effect_metrics metrics;
  base::logger log;
  std::shared_ptr<posted_messages> posted = std::make_shared<posted_messages>();
};

// One per feature of a shard, on its reactor.
class effect_desk final : public features::effect_port {
 public:
  effect_desk(const effect_surroundings& with, std::string feature)
      : with_(with), feature_(std::move(feature)) {}

  [[nodiscard]] net::task<base::result<discord::message_id>> post(features::effect_origin origin,
                                                                  discord::channel_id channel,
                                                                  discord::message_body body) override;
  [[nodiscard]] net::task<base::result<std::string>> make(features::effect_origin origin,
                                                          discord::request request, finder find) override;
  [[nodiscard]] net::task<base::result<std::string>> call(discord::request request) override;

 private:
  [[nodiscard]] store::effect_key key_of(features::effect_origin origin) const;
  [[nodiscard]] net::task<base::result<store::announced_effect>> announce(store::effect_key key);
  net::task<> conclude(store::effect_key key, std::string outcome);
  [[nodiscard]] net::task<base::result<std::string>> perform(store::effect_key key, discord::request request,
                                                             bool first);
  [[nodiscard]] net::task<base::result<std::string>> run(store::effect_key key,
                                                         store::announced_effect announced,
                                                         discord::request request, finder find);

  const effect_surroundings& with_;
  std::string feature_;
};

}  // namespace guildfleet::bot
