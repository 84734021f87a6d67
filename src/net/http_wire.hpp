// HTTP/1.1 as bytes: serialising, and incremental parsing by Beast, without I/O. Private to net/.
#pragma once

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "net/error.hpp"
#include "net/http_types.hpp"

namespace guildfleet::net {

// Sets Host, Connection and Content-Length over what `request` has; `connection` is keep-alive, close or
// Upgrade.
[[nodiscard]] std::string serialize_request(const http_request& request, const std::string& authority,
                                            std::string_view connection);
// Sets Connection and Content-Length. With `head_only` the body is left out but counted.
[[nodiscard]] std::string serialize_response(const http_response& response, std::string_view connection,
                                             bool head_only);
// False for a method or target that would break the request line.
[[nodiscard]] bool can_be_sent(const http_request& request);

// True when a comma-separated field holds `token`, without regard to case.
[[nodiscard]] bool field_has_token(const http_fields& fields, std::string_view name, std::string_view token);

// Parses one request.
class http_request_reader final {
 public:
  http_request_reader(std::size_t max_header_bytes, std::size_t max_body_bytes);

  // Takes from the front of `buffer`. True: the request is whole; false: more bytes are needed; an error is
  // the status to refuse with.
  [[nodiscard]] std::expected<bool, int> consume(std::string& buffer);
  // True once, after a header that asked for "100 Continue".
  [[nodiscard]] bool wants_continue();
  // Of the header; also after take().
  [[nodiscard]] bool keep_alive() const { return parser_.keep_alive(); }
  [[nodiscard]] http_request take();

 private:
  [[nodiscard]] std::expected<void, int> check_header();

  boost::beast::http::request_parser<boost::beast::http::string_body> parser_;
  std::size_t max_header_bytes_;
  std::size_t header_bytes_ = 0;
  bool header_checked_ = false;
  bool wants_continue_ = false;
};

// Parses one response, and skips the interim ones (1xx) before it.
class http_response_reader final {
 public:
  // `header_only`: stop behind the header (an upgrade); `without_body`: the answer to HEAD.
  enum class scope { whole, header_only, without_body };
  http_response_reader(scope what, std::size_t max_body_bytes);

  // As http_request_reader::consume(); errors are protocol_violation and too_large.
  [[nodiscard]] std::expected<bool, net_error> consume(std::string& buffer);
  // The connection ended: true when that ends the response too.
  [[nodiscard]] bool finish_at_end();
  [[nodiscard]] bool keep_alive() const { return parser_->keep_alive(); }
  [[nodiscard]] http_response take();

 private:
  void start_over();
  [[nodiscard]] bool is_whole() const;

  using parser_type = boost::beast::http::response_parser<boost::beast::http::string_body>;
  scope scope_;
  std::size_t max_body_bytes_;
  std::optional<parser_type> parser_;
};

}  // namespace guildfleet::net
