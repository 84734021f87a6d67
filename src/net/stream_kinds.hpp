// The two kinds of byte_stream. Private to net/.
#pragma once

#include "net/byte_stream.hpp"

namespace guildfleet::net {

[[nodiscard]] std::unique_ptr<byte_stream> make_plain_stream(asio::ip::tcp::socket socket);

// Handshakes as a client that expects `host`, or as a server when `host` is empty.
[[nodiscard]] task<base::result<std::unique_ptr<byte_stream>>> make_tls_stream(asio::ip::tcp::socket socket,
                                                                               tls_context tls,
                                                                               std::string host,
                                                                               deadline until);

}  // namespace guildfleet::net
