// /sticky: what it is called, and what it answers.
#pragma once

#include "features/feature.hpp"
#include "features/sticky/sticky_message.hpp"

namespace guildfleet::features {

inline constexpr auto sticky_manager = discord::permission_set(discord::permission::manage_messages);

[[nodiscard]] std::vector<discord::command_definition> sticky_commands();

// One per shard, on its reactor; the services outlive it. It changes settings: the feature follows them.
class sticky_desk final {
 public:
  explicit sticky_desk(const shard_services& services) : services_(services) {}

  [[nodiscard]] net::task<> on_command(interaction_call call);
  // Stickies whose channel is gone, for who manages the server.
  [[nodiscard]] net::task<> on_autocomplete(interaction_call call);
  // The form was filled in; `id`'s payload is the channel.
  [[nodiscard]] net::task<> on_form(interaction_call call, discord::custom_id id);

 private:
  [[nodiscard]] net::task<> set(interaction_call call, discord::channel_id channel, bool only_parts);
  [[nodiscard]] net::task<> show_form(interaction_call call, discord::channel_id channel);
  [[nodiscard]] net::task<> save(interaction_call call, sticky_message message);
  [[nodiscard]] net::task<> save_parts(interaction_call call, discord::channel_id channel,
                                       sticky_parts parts);
  [[nodiscard]] net::task<> remove(interaction_call call, discord::channel_id channel);
  [[nodiscard]] net::task<> take_out(interaction_call call, discord::channel_id channel);
  // False: a newer command for the channel was begun, and this one, which comes again, was answered.
  [[nodiscard]] net::task<bool> is_newest(interaction_call call, discord::channel_id channel);
  [[nodiscard]] net::task<> list(interaction_call call);

  [[nodiscard]] net::task<> tell(interaction_call call, discord::channel_id channel,
                                 base::result<settings::change_result> outcome, sticky_edit edit);

  [[nodiscard]] bool is_gone(discord::guild_id guild, discord::channel_id channel) const;
  [[nodiscard]] bool may_read(const interaction_call& call, discord::channel_id channel) const;
  [[nodiscard]] std::string member_lacks(const interaction_call& call, discord::channel_id channel) const;
  // Why this cannot be done there: the member's permissions, then the bot's; empty: it can.
  [[nodiscard]] std::string refusal(const interaction_call& call, discord::channel_id channel) const;

  shard_services services_;
};

}  // namespace guildfleet::features
