// What nginx does between clients and bots: rules about proxies, addresses and WebSockets.
#pragma once

#include "ops/check/nginx_scope.hpp"

namespace guildfleet::ops {

// GF402 and GF412: of the whole file.
void check_nginx_weights(nginx_review& review);
void check_nginx_metrics(nginx_review& review);

// Of one block.
void check_nginx_proxy(nginx_review& review, const nginx_scope& scope);
void check_nginx_addresses(nginx_review& review, const nginx_scope& scope);
void check_nginx_web_socket(nginx_review& review, const nginx_scope& scope);

}  // namespace guildfleet::ops
