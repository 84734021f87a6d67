// Certificates for tests, for the simulator's TLS, and for the link between nodes.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace guildfleet::net {

// PEM texts. The authority's key is forgotten once it has signed.
struct throwaway_ca {
  std::string ca_pem;           // what a client is told to trust
  std::string certificate_pem;  // of the server, signed by it
  std::string key_pem;          // of the server
};

// A new authority and a server certificate (ECDSA P-256) for these host names and IP addresses; at least one.
// Error: tls_failed with OpenSSL's reason.
[[nodiscard]] base::result<throwaway_ca> make_throwaway_ca(std::vector<std::string> host_names_and_ips,
                                                           std::chrono::days valid = std::chrono::days(30));

}  // namespace guildfleet::net
