// Opens a bot's data for a command that ends soon: settings, jobs, claims, tokens, counts.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "ops/fleet_config.hpp"
#include "store/data_store.hpp"

namespace guildfleet::cli {

// What becomes of a SQLite file that is not there: a typing error in a path must not look like an empty
// store.
enum class absent_file { refuse, make };

struct opened_data {
  std::shared_ptr<store::data_store> data;
  store::environment_name environment;
  std::string place;  // for people: a file, or "the database"
};

// The data of `bot`; nullopt: of the only bot, or of all when they share one place. Migrates where needed, as
// a node would. `clock`, the system's, must outlive the data. Errors: store_error;
// ops_error::no_such_bot: no such bot, or several with places of their own;
// std::errc::no_such_file_or_directory.
[[nodiscard]] base::result<opened_data> open_data(const ops::fleet_config& config,
                                                  const std::optional<std::string>& bot, absent_file absent,
                                                  const base::clock& clock);

}  // namespace guildfleet::cli
