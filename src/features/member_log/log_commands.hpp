// /member-log, as a server's managers use it.
#pragma once

#include "features/feature.hpp"
#include "features/member_log/log_desk.hpp"

namespace guildfleet::features::member_logs {

[[nodiscard]] std::vector<discord::command_definition> commands();

class log_commands final {
 public:
  log_commands(const shard_services& services, const log_desk& desk) : services_(services), desk_(desk) {}

  [[nodiscard]] net::task<> on_command(interaction_call call);
  // The form of /member-log texts.
  [[nodiscard]] net::task<> on_form(interaction_call call, discord::custom_id id);

 private:
  [[nodiscard]] net::task<> set_channel(interaction_call call);
  [[nodiscard]] net::task<> switch_off(interaction_call call);
  [[nodiscard]] net::task<> show_form(interaction_call call, log_options now);
  [[nodiscard]] net::task<> preview(interaction_call call, log_options now);
  [[nodiscard]] net::task<> status(interaction_call call, settings::current_settings now);
  [[nodiscard]] std::string invites_note(interaction_call call, const log_options& now) const;

  shard_services services_;
  const log_desk& desk_;
};

}  // namespace guildfleet::features::member_logs
