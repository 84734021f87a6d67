// What an nginx server says of itself and to whom: rules about TLS, headers, files and logs.
#pragma once

#include <vector>

#include "ops/check/nginx_scope.hpp"

namespace guildfleet::ops {

// Of one block.
void check_nginx_tls(nginx_review& review, const nginx_scope& scope);
void check_nginx_content(nginx_review& review, const nginx_scope& scope);
void check_nginx_levels(nginx_review& review, const nginx_scope& scope);

// GF424: of the servers of one file.
void check_nginx_default_servers(nginx_review& review);

}  // namespace guildfleet::ops
