// TLS settings shared by all connections of a process, on all of its threads.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "base/result.hpp"

namespace guildfleet::net {

using tls_context = std::shared_ptr<boost::asio::ssl::context>;

// A client's context: TLS 1.2 or newer, verifies against the system's roots and, when `extra_ca_file` is not
// empty, that PEM file too. Each connection makes a full handshake. Errors: the file cannot be read or holds
// no certificate.
[[nodiscard]] base::result<tls_context> make_client_tls(const std::string& extra_ca_file);

// A client's context that trusts this one authority and no other: for a peer whose certificate was told by a
// trusted third. The peer's name is verified as ever. Error: tls_failed.
[[nodiscard]] base::result<tls_context> make_pinned_client_tls(const std::string& authority_pem);

// A server's context from PEM texts.
[[nodiscard]] base::result<tls_context> make_server_tls(const std::string& certificate_pem,
                                                        const std::string& key_pem);

}  // namespace guildfleet::net
