#include "features/feature.hpp"

namespace guildfleet::features {

std::optional<net::task<>> feature::on_message(const message_event& /*message*/) {
  return std::nullopt;
}
std::optional<net::task<>> feature::on_event(const raw_event& /*event*/) {
  return std::nullopt;
}
net::task<> feature::on_command(interaction_call /*call*/) {
  co_return;
}
net::task<> feature::on_component(interaction_call /*call*/, discord::custom_id /*id*/) {
  co_return;
}
net::task<> feature::on_autocomplete(interaction_call call) {
  (void)co_await call.answers->suggest({});
}
net::task<jobs::job_outcome> feature::on_job(job_call call) {
  co_return jobs::job_failed{"this release has no handler for " + call.what.what, true};
}
net::task<bool> feature::on_guilds_gained(std::vector<discord::guild_id> /*guilds*/) {
  co_return true;
}
void feature::on_guild_lost(discord::guild_id /*guild*/) {}

}  // namespace guildfleet::features
