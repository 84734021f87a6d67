// One connection to Redis: commands out, replies in. Knows no pipelining and no reconnecting.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "net/byte_stream.hpp"
#include "store/redis/redis_reply.hpp"
#include "store/redis/redis_url.hpp"

namespace guildfleet::store {

// One reactor. One read and one write at a time may be under way.
class redis_channel final {
 public:
  explicit redis_channel(std::unique_ptr<net::byte_stream> stream) : stream_(std::move(stream)) {}

  [[nodiscard]] net::task<base::result<void>> write(std::string bytes, net::deadline until);
  // The next whole reply. After net_error::timed_out it may be asked again.
  [[nodiscard]] net::task<base::result<redis_reply>> read(net::deadline until);
  void cancel() noexcept { stream_->cancel(); }

 private:
  std::unique_ptr<net::byte_stream> stream_;
  redis_reply_reader replies_;
};

using redis_channel_ptr = std::shared_ptr<redis_channel>;

// Connects, gives user and password, chooses the database. `tls` is needed for rediss. Errors: net_error, or
// redis_error::refused with what Redis called it.
[[nodiscard]] net::task<base::result<redis_channel_ptr>> open_redis_channel(redis_url url,
                                                                            net::tls_context tls,
                                                                            net::deadline until);

}  // namespace guildfleet::store
