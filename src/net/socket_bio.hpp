// OpenSSL's view of a non-blocking socket. Private to net/.
#pragma once

#include <openssl/bio.h>

namespace guildfleet::net {

// Like OpenSSL's own socket BIO, but a peer that is gone gives an error instead of SIGPIPE. Does not own
// `socket`. Never fails: running out of memory ends the program.
[[nodiscard]] BIO* make_socket_bio(int socket);

}  // namespace guildfleet::net
