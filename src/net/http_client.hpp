// HTTP/1.1 client with pooled keep-alive connections to one origin.
#pragma once

#include <memory>

#include "net/byte_stream.hpp"
#include "net/http_types.hpp"

namespace guildfleet::net {

struct http_client_settings {
  url origin = {};            // scheme, host, port are used
  tls_context tls = nullptr;  // for https
  std::size_t max_connections = 64;
  std::chrono::milliseconds idle_limit{30'000};  // an idle connection older than this is not used again
  std::size_t max_response_bytes = 16U << 20U;
};

// How far a failed request got, for the decision to retry.
enum class request_fate { not_sent, maybe_processed };

struct http_failure {
  base::error error;
  request_fate fate = request_fate::maybe_processed;
};

// Runs on one reactor. Sets Host, Content-Length and Connection; the caller sets the rest. A request on a
// pooled connection that turns out dead before a byte of the answer came is repeated once on a fresh one only
// when its method is GET or PUT or DELETE; otherwise fate tells.
class http_client final {
 public:
  http_client(asio::any_io_executor executor, http_client_settings settings);
  ~http_client();

  [[nodiscard]] task<std::expected<http_response, http_failure>> send(http_request request, deadline until);

  [[nodiscard]] std::size_t open_connections() const;
  // Closes idle connections and cancels those in use.
  void close();

 private:
  struct impl;
  std::shared_ptr<impl> impl_;
};

}  // namespace guildfleet::net
