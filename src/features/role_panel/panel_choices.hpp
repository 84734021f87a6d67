// What happens when a member presses a panel's button or chooses from its menu.
#pragma once

#include <map>

#include "features/guild_reports.hpp"
#include "features/role_panel/panel_store.hpp"
#include "net/turns.hpp"

namespace guildfleet::features {

// One per feature and shard, on its reactor. Choices of one member are taken one after the other, so that two
// quick ones of an exclusive panel leave one role.
class panel_choices final {
 public:
  panel_choices(const shard_services& services, panel_store& panels, guild_reporter& reporter);

  net::task<> on_component(interaction_call call, discord::custom_id id);

 private:
  struct choice {
    panel of{};
    std::vector<discord::role_id> roles{};
  };
  // nullopt: the member was told why not.
  [[nodiscard]] net::task<std::optional<choice>> read(interaction_call call, discord::custom_id id);
  [[nodiscard]] net::task<std::optional<net::turns::turn>> enter(discord::user_id member);
  [[nodiscard]] net::task<std::string> carry_out(interaction_call call, choice what);
  [[nodiscard]] net::task<base::result<std::vector<discord::role_id>>> roles_now(interaction_call call,
                                                                                 panel_mode mode);
  [[nodiscard]] net::task<std::vector<std::string>> remove_impossible(interaction_call call,
                                                                      role_change& what, panel_mode mode);
  // Tells what went wrong; nullopt: nothing did.
  [[nodiscard]] net::task<std::optional<std::string>> set_role(interaction_call call, discord::role_id role,
                                                               bool give);
  [[nodiscard]] net::task<discord::message_edit> shown_anew(interaction_call call, panel of);
  // `menu`: what becomes of the message of a menu; a button's stays.
  net::task<> answer(interaction_call call, discord::message_edit menu, std::string content);

  shard_services services_;
  panel_store& panels_;
  guild_reporter& reporter_;
  std::map<std::uint64_t, net::turns> turns_;
};

}  // namespace guildfleet::features
