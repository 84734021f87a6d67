#include "net/tls_context.hpp"

#include <boost/asio/buffer.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "net/error.hpp"
#include "net/openssl_text.hpp"

namespace guildfleet::net {
namespace {

namespace ssl = boost::asio::ssl;

// Buffers are given back while a connection idles: a process may hold a thousand of them. Read-ahead takes a
// whole record, or several, with one system call.
void apply_common_settings(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_read_ahead(context, 1);
}

std::unexpected<base::error> refused_pem(std::string_view what, const boost::system::error_code& code) {
  return base::fail(net_error::tls_failed, std::string(what) + ": " + code.message(),
                    "Give a text in PEM form.");
}

}  // namespace

base::result<tls_context> make_client_tls(const std::string& extra_ca_file) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  SSL_CTX* const native = context->native_handle();
  apply_common_settings(native);
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  if (SSL_CTX_set_default_verify_paths(native) != 1) {
    return base::fail(net_error::tls_failed, "the system's root certificates: " + take_openssl_error(),
                      "Install the package ca-certificates.");
  }
  if (!extra_ca_file.empty() && SSL_CTX_load_verify_file(native, extra_ca_file.c_str()) != 1) {
    return base::fail(net_error::tls_failed, extra_ca_file + ": " + take_openssl_error(),
                      "The setting tls.ca_file must name a readable PEM file that holds a certificate.");
  }
  ERR_clear_error();  // a root that OpenSSL skipped would look like the next operation's error
  return context;
}

base::result<tls_context> make_pinned_client_tls(const std::string& authority_pem) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  SSL_CTX* const native = context->native_handle();
  apply_common_settings(native);
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  boost::system::error_code code;
  context->add_certificate_authority(boost::asio::buffer(authority_pem), code);
  if (code) return refused_pem("the peer's authority", code);
  return context;
}

base::result<tls_context> make_server_tls(const std::string& certificate_pem, const std::string& key_pem) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  apply_common_settings(context->native_handle());
  boost::system::error_code code;
  context->use_certificate_chain(boost::asio::buffer(certificate_pem), code);
  if (code) return refused_pem("the server's certificate", code);
  context->use_private_key(boost::asio::buffer(key_pem), ssl::context::pem, code);
  if (code) return refused_pem("the server's key", code);
  if (SSL_CTX_check_private_key(context->native_handle()) != 1) {
    return base::fail(net_error::tls_failed, "the server's key: " + take_openssl_error(),
                      "Give the key that belongs to the certificate.");
  }
  return context;
}

}  // namespace guildfleet::net
