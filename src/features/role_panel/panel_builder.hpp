// What managers do with panels: make, fill, post, change, delete.
#pragma once

#include "features/feature.hpp"
#include "features/role_panel/panel_store.hpp"

namespace guildfleet::features {

// One per feature and shard, on its reactor. Several managers may work on one panel at once; nobody's part is
// lost.
class panel_builder final {
 public:
  panel_builder(const shard_services& services, panel_store& panels);

  net::task<> on_command(interaction_call call);
  net::task<> on_autocomplete(interaction_call call);

 private:
  net::task<> create(interaction_call call);
  net::task<> edit(interaction_call call, panel of);
  net::task<> add(interaction_call call, panel of);
  net::task<> remove(interaction_call call, panel of);
  net::task<> post(interaction_call call, panel of);
  net::task<> list(interaction_call call);
  [[nodiscard]] net::task<bool> is_deleted(discord::guild_id guild, panel of);
  net::task<> erase(interaction_call call, panel of);

  // The one that the option `panel` means; nullopt: there is none, and the user was told.
  [[nodiscard]] net::task<std::optional<panel>> meant(interaction_call call);
  // Why this member may not have the bot give these roles, or the bot cannot; nullopt: nothing is in the way.
  [[nodiscard]] std::optional<std::string> obstacle(const interaction_call& call,
                                                    std::span<const panel_role> roles) const;
  // The same for posting in a channel.
  [[nodiscard]] std::optional<std::string> obstacle(const interaction_call& call,
                                                    discord::channel_id channel) const;
  [[nodiscard]] net::task<panel_message> rendered(discord::guild_id guild, panel of);
  // The roles of the panel that exist.
  [[nodiscard]] panel there_are(discord::guild_id guild, const panel& of) const;
  // Which of its roles do not, and what to do about it; empty: all do.
  [[nodiscard]] std::string deleted_roles_note(discord::guild_id guild, const panel& of, language user) const;
  // The panel in the end, and what is wrong with its message; empty: nothing.
  struct outcome {
    panel shown{};
    std::string note{};
  };
  // Brings the posted message up to date.
  [[nodiscard]] net::task<outcome> refresh(interaction_call call, panel of);
  // Answers after a change of the panel: `done`, which may name {number}, {role} and {link}, or that it is
  // gone; with what there is to note.
  net::task<> conclude(interaction_call call, base::result<std::optional<panel>> now, text done,
                       discord::role_id role = {});

  shard_services services_;
  panel_store& panels_;
};

}  // namespace guildfleet::features
