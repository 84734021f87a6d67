// /role-panel export and import: a server's panels as a file, and as new ones that are not posted yet. An
// import is shown first and done when its button is pressed.
#pragma once

#include "features/feature.hpp"
#include "features/file_transfer.hpp"
#include "features/role_panel/panel_store.hpp"

namespace guildfleet::features {

// One per feature and shard, on its reactor.
class panel_transfer final {
 public:
  panel_transfer(const shard_services& services, panel_store& panels)
      : services_(services), panels_(panels) {}

  net::task<> export_all(interaction_call call);
  // Shows which panels the attached file would make.
  net::task<> import_file(interaction_call call);
  // "import" or "cancel" below a shown import.
  net::task<> on_component(interaction_call call, discord::custom_id id);

 private:
  // What a file would make here, with the roles that may be offered; and what of it may not, a line each.
  struct fitted {
    std::vector<panel> panels{};
    std::string left_out{};
  };
  using look = std::expected<fitted, std::string>;  // otherwise: what is to be said instead

  [[nodiscard]] look plan(const interaction_call& call, std::string_view text) const;
  [[nodiscard]] fitted fit(const interaction_call& call, const discord::guild_record& guild,
                           std::vector<panel> panels) const;
  // The role as this server has it; or why it cannot be offered here.
  [[nodiscard]] std::expected<panel_role, std::string> as_here(const interaction_call& call,
                                                               const discord::guild_record& guild,
                                                               panel_role role) const;
  net::task<> confirm(interaction_call call, std::string shown);

  shard_services services_;
  panel_store& panels_;
};

}  // namespace guildfleet::features
