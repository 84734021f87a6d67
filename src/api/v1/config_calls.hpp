// The settings of a guild over HTTP: read with an ETag, changed by merge patch under If-Match, reset,
// history, undo. Handlers of the API's table, on the reactor of the desks.
#pragma once

#include "api/v1/call.hpp"

namespace guildfleet::api::v1 {

[[nodiscard]] net::task<net::http_response> get_all_settings(api_call call);
[[nodiscard]] net::task<net::http_response> get_settings(api_call call);
[[nodiscard]] net::task<net::http_response> patch_settings(api_call call);
[[nodiscard]] net::task<net::http_response> reset_settings(api_call call);
[[nodiscard]] net::task<net::http_response> get_history(api_call call);
[[nodiscard]] net::task<net::http_response> undo_change(api_call call);

}  // namespace guildfleet::api::v1
