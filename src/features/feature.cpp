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

}  // namespace guildfleet::features
