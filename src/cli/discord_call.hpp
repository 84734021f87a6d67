// Calls to Discord with one bot's token, for commands that end soon.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "base/result.hpp"
#include "bot/rest_client.hpp"
#include "ops/fleet_config.hpp"

namespace guildfleet::cli {

// What is to be asked, with a client that keeps to Discord's limits; it must not outlive the call.
using discord_work = std::function<net::task<>(bot::rest_client&)>;

// Blocks until `work` has ended; each of its requests takes `each` at most. Errors: discord.api_url or
// discord.ca_file cannot be used; then nothing was asked.
[[nodiscard]] base::result<void> call_discord(const ops::fleet_config& config, const ops::bot_section& bot,
                                              const std::string& version, std::chrono::milliseconds each,
                                              const discord_work& work);

// For discord.api_url, null where it is not https. Errors: discord.ca_file cannot be used.
[[nodiscard]] base::result<net::tls_context> tls_for_discord(const ops::fleet_config& config,
                                                             const net::url& api);

// discord.api_url. Error bad_url.
[[nodiscard]] base::result<net::url> discord_address(const ops::fleet_config& config);

}  // namespace guildfleet::cli
