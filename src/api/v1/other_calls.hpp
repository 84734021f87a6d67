// Export and import of a guild's settings, what the bots and their counts are, and tokens. Handlers of the
// API's table, on the reactor of the desks.
#pragma once

#include "api/v1/call.hpp"

namespace guildfleet::api::v1 {

[[nodiscard]] net::task<net::http_response> export_settings(api_call call);
// ?dry_run=true: only tells what would change.
[[nodiscard]] net::task<net::http_response> import_settings(api_call call);
[[nodiscard]] net::task<net::http_response> get_bots(api_call call);
[[nodiscard]] net::task<net::http_response> get_stats(api_call call);
[[nodiscard]] net::task<net::http_response> get_tokens(api_call call);
[[nodiscard]] net::task<net::http_response> revoke_token(api_call call);
// Keeps the loop for as long as the allocator takes: with a large heap a second.
[[nodiscard]] net::task<net::http_response> get_heap(api_call call);
[[nodiscard]] net::task<net::http_response> get_openapi(api_call call);

}  // namespace guildfleet::api::v1
