// Certificates for tests and for the simulator's TLS.
#pragma once

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

// A new authority and a server certificate (ECDSA P-256, 30 days) for these host names and IP addresses; at
// least one. Error: tls_failed with OpenSSL's reason.
[[nodiscard]] base::result<throwaway_ca> make_throwaway_ca(std::vector<std::string> host_names_and_ips);

}  // namespace guildfleet::net
