// How a Redis is, for the doctor. Looking changes nothing.
#pragma once

#include <string_view>

#include "net/byte_stream.hpp"
#include "store/health.hpp"
#include "store/redis/redis_url.hpp"

namespace guildfleet::store {

// `tls` is needed for rediss; `clock` outlives it. Errors: net_error; redis_error::refused with the word that
// Redis said.
[[nodiscard]] net::task<base::result<redis_health>> look_at_health_of_redis(redis_url url,
                                                                            net::tls_context tls,
                                                                            net::deadline until,
                                                                            const base::clock& clock);

// Fills in what INFO tells; what it does not tell stays as it is.
void read_redis_info(std::string_view info, redis_health& out);

}  // namespace guildfleet::store
