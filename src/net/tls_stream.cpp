#include <openssl/err.h>
#include <openssl/ssl.h>
#include <utility>

#include "net/cancellation.hpp"
#include "net/openssl_text.hpp"
#include "net/socket_bio.hpp"
#include "net/stream_kinds.hpp"
#include "net/stream_socket.hpp"

namespace guildfleet::net {
namespace {

using ssl_ptr = std::unique_ptr<SSL, openssl_deleter<SSL_free>>;

// OpenSSL works on the socket itself; no buffers in between, so an idle connection is small.
struct tls_session {
  tls_session(asio::ip::tcp::socket connected, tls_context settings)
      : context(std::move(settings)),
        socket(std::make_shared<stream_socket>(std::move(connected))),
        ssl(SSL_new(context->native_handle())) {
    BIO* const bio = make_socket_bio(socket->native());
    SSL_set_bio(ssl.get(), bio, bio);
  }

  tls_context context;
  std::shared_ptr<stream_socket> socket;
  ssl_ptr ssl;
  // After a fatal error neither side may say close_notify.
  bool failed = false;
};
using session_ptr = std::shared_ptr<tls_session>;

std::unexpected<base::error> failed_session(tls_session& session, int reason) {
  session.failed = true;
  const unsigned long code = ERR_peek_error();
  const bool cut_off = ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
  if (reason == SSL_ERROR_SYSCALL || cut_off) {
    ERR_clear_error();
    return base::fail(net_error::reset);
  }
  return base::fail(net_error::tls_failed, take_openssl_error());
}

// What to do after OpenSSL could not finish `result`: wait and try again (a value), or give up (an error).
task<base::result<void>> wait_for_session(session_ptr session, int result, deadline until) {
  const int reason = SSL_get_error(session->ssl.get(), result);
  if (reason == SSL_ERROR_WANT_READ) co_return co_await session->socket->wait_readable(until);
  if (reason == SSL_ERROR_WANT_WRITE) co_return co_await session->socket->wait_writable(until);
  if (reason == SSL_ERROR_ZERO_RETURN) co_return base::fail(net_error::closed);
  co_return failed_session(*session, reason);
}

// Takes all records that have arrived, as far as they fit.
struct read_outcome {
  std::size_t bytes = 0;
  int last_result = 1;
};
read_outcome read_available(SSL* ssl, std::span<char> into) {
  read_outcome outcome;
  ERR_clear_error();
  while (outcome.bytes < into.size() && outcome.last_result > 0) {
    std::size_t count = 0;
    outcome.last_result = SSL_read_ex(ssl, into.data() + outcome.bytes, into.size() - outcome.bytes, &count);
    if (outcome.last_result > 0) outcome.bytes += count;
  }
  return outcome;
}

task<base::result<std::size_t>> read_tls(session_ptr session, std::span<char> into, deadline until) {
  if (session->socket->cancelled() || co_await is_cancelled()) co_return base::fail(net_error::cancelled);
  if (session->failed) co_return base::fail(net_error::reset);
  while (true) {
    const read_outcome outcome = read_available(session->ssl.get(), into);
    if (outcome.bytes > 0) {
      const auto turn = co_await session->socket->take_turn(outcome.bytes, no_deadline());
      if (!turn) co_return std::unexpected(turn.error());
      co_return outcome.bytes;
    }
    const auto waited = co_await wait_for_session(session, outcome.last_result, until);
    if (!waited) co_return std::unexpected(waited.error());
  }
}

task<base::result<void>> write_tls(session_ptr session, std::string_view bytes, deadline until) {
  if (session->socket->cancelled()) co_return base::fail(net_error::cancelled);
  if (session->failed) co_return base::fail(net_error::reset);
  while (!bytes.empty()) {
    std::size_t count = 0;
    ERR_clear_error();
    const int result = SSL_write_ex(session->ssl.get(), bytes.data(), bytes.size(), &count);
    base::result<void> next;
    if (result > 0) {
      bytes.remove_prefix(count);
      next = co_await session->socket->take_turn(count, until);
    } else {
      next = co_await wait_for_session(session, result, until);
    }
    if (!next) co_return next;
  }
  co_return base::result<void>();
}

task<> shut_down_tls(session_ptr session, deadline until) {
  ERR_clear_error();
  if (!session->failed && SSL_is_init_finished(session->ssl.get()) != 0) SSL_shutdown(session->ssl.get());
  session->socket->shut_down_sending();
  char discarded[4096];
  while (co_await read_tls(session, discarded, until)) {
  }
  session->socket->close();
}

class tls_stream final : public byte_stream {
 public:
  explicit tls_stream(session_ptr session) : session_(std::move(session)) {}
  ~tls_stream() override { session_->socket->close(); }
  tls_stream(const tls_stream&) = delete;
  tls_stream& operator=(const tls_stream&) = delete;

  task<base::result<std::size_t>> read_some(std::span<char> into, deadline until) override {
    return read_tls(session_, into, until);
  }
  task<base::result<void>> write_all(std::string_view bytes, deadline until) override {
    return write_tls(session_, bytes, until);
  }
  task<> shut_down(deadline until) override { return shut_down_tls(session_, until); }
  void cancel() noexcept override { session_->socket->cancel(); }

  // A readable socket may hold no more than new session tickets, so OpenSSL has to look.
  bool unfit_for_reuse() override {
    ERR_clear_error();
    char byte = 0;
    std::size_t count = 0;
    const int result = SSL_peek_ex(session_->ssl.get(), &byte, 1, &count);
    const bool quiet = result <= 0 && SSL_get_error(session_->ssl.get(), result) == SSL_ERROR_WANT_READ;
    ERR_clear_error();
    return !quiet;
  }

 private:
  session_ptr session_;
};

void expect_host(SSL* ssl, const std::string& host) {
  SSL_set_connect_state(ssl);
  X509_VERIFY_PARAM* const parameters = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  // An IP address is compared with the certificate's addresses and may not be sent as SNI (RFC 6066 section
  // 3).
  if (X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1) return;
  X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size());
  SSL_set_tlsext_host_name(ssl, host.c_str());
}

// Puts the certificate's problem, and what to do about it, in place of OpenSSL's general one.
base::error explain_handshake(const tls_session& session, const std::string& host, base::error error) {
  const long verdict = SSL_get_verify_result(session.ssl.get());
  if (error.code() != net_error::tls_failed || host.empty() || verdict == X509_V_OK) {
    return std::move(error).within(host.empty() ? "TLS handshake" : "TLS handshake with " + host);
  }
  const bool unknown_issuer = verdict != X509_V_ERR_HOSTNAME_MISMATCH &&
                              verdict != X509_V_ERR_IP_ADDRESS_MISMATCH &&
                              verdict != X509_V_ERR_CERT_HAS_EXPIRED;
  return base::error(
      net_error::tls_failed, "the certificate of " + host + ": " + X509_verify_cert_error_string(verdict),
      unknown_issuer ? "Name the file of its certificate authority in the setting tls.ca_file."
                     : "Check the address, the server's certificate and this machine's clock.");
}

}  // namespace

task<base::result<std::unique_ptr<byte_stream>>> make_tls_stream(asio::ip::tcp::socket socket,
                                                                 tls_context tls, std::string host,
                                                                 deadline until) {
  const auto session = std::make_shared<tls_session>(std::move(socket), std::move(tls));
  SSL* const ssl = session->ssl.get();
  if (host.empty()) {
    SSL_set_accept_state(ssl);
  } else {
    expect_host(ssl, host);
  }
  while (true) {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl);
    if (result == 1) co_return std::make_unique<tls_stream>(session);
    auto waited = co_await wait_for_session(session, result, until);
    if (!waited) co_return std::unexpected(explain_handshake(*session, host, std::move(waited.error())));
  }
}

}  // namespace guildfleet::net
