// One GET of a node's HTTP face, for commands that ask a running node.
#pragma once

#include <chrono>
#include <string>

#include "base/result.hpp"
#include "net/http_types.hpp"

namespace guildfleet::cli {

// Blocks until the answer is there or `limit` has passed. `origin` is http://host:port; `path` begins with
// '/'. Any status is an answer. Errors: net_error; bad_url: the origin is none, or https; too_large: the body
// has more than 16 MiB (http_client_settings::max_response_bytes); else why there was no answer.
[[nodiscard]] base::result<net::http_response> fetch(const std::string& origin, const std::string& path,
                                                     std::chrono::milliseconds limit,
                                                     const net::http_fields& fields = {});

}  // namespace guildfleet::cli
