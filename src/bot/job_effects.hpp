// What a job does at Discord: once, whichever of its attempts did it.
#pragma once

#include "bot/effect_desk.hpp"
#include "store/data_rows.hpp"

namespace guildfleet::bot {

// For one attempt, on the reactor of the shard whose surroundings it uses. The store already tells when the
// first attempt began, so nothing is announced: a repeat is known by that, and looked for at Discord once its
// nonce may have been forgotten.
class job_effects final : public features::effect_port {
 public:
  job_effects(const effect_surroundings& with, const store::claimed_job& job) : with_(with), job_(job) {}

  [[nodiscard]] net::task<base::result<discord::message_id>> post(features::effect_origin origin,
                                                                  discord::channel_id channel,
                                                                  discord::message_body body) override;
  [[nodiscard]] net::task<base::result<std::string>> make(features::effect_origin origin,
                                                          discord::request request, finder find) override;
  [[nodiscard]] net::task<base::result<std::string>> call(discord::request request) override;

 private:
  [[nodiscard]] store::effect_key key_of(features::effect_origin origin) const;
  [[nodiscard]] store::announced_effect announced() const;

  const effect_surroundings& with_;
  const store::claimed_job& job_;
};

}  // namespace guildfleet::bot
