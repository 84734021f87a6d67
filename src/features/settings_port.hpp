// How features reach the settings of guilds.
#pragma once

#include <string>
#include <vector>

#include "settings/transfer.hpp"

namespace guildfleet::features {

// From any reactor of the bot. Errors: settings_error, store_error.
class settings_port {
 public:
  virtual ~settings_port() = default;

  // From memory while nothing newer is known, which takes a second to become known, and
  // at most half a minute while the store's own notes do not arrive.
  [[nodiscard]] virtual net::task<base::result<settings::current_settings>> get(discord::guild_id guild,
                                                                                std::string feature) = 0;
  // As settings_desk::edit; `apply` runs on another thread, perhaps more than once.
  [[nodiscard]] virtual net::task<base::result<settings::change_result>> edit(
      discord::guild_id guild, std::string feature, store::change_author author,
      settings::edit_function apply) = 0;
  [[nodiscard]] virtual net::task<base::result<settings::change_result>> reset(
      discord::guild_id guild, std::string feature, store::change_author author) = 0;
  [[nodiscard]] virtual net::task<base::result<settings::change_result>> undo(
      discord::guild_id guild, std::uint64_t audit_id, store::change_author author) = 0;
  // Newest first.
  [[nodiscard]] virtual net::task<base::result<std::vector<store::audit_row>>> history(
      discord::guild_id guild, std::uint32_t limit) = 0;
  // As the functions of settings/transfer.hpp.
  [[nodiscard]] virtual net::task<base::result<std::string>> export_guild(discord::guild_id guild) = 0;
  [[nodiscard]] virtual net::task<base::result<settings::import_check>> plan_import(discord::guild_id guild,
                                                                                    std::string text) = 0;
  [[nodiscard]] virtual net::task<base::result<settings::change_result>> apply_import(
      settings::import_plan plan, store::change_author author) = 0;
  [[nodiscard]] virtual const settings::schema_catalogue& schemas() const = 0;
};

}  // namespace guildfleet::features
