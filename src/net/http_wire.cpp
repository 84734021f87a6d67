#include "net/http_wire.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/status.hpp>

namespace guildfleet::net {
namespace {

namespace http = boost::beast::http;

constexpr std::uint32_t max_response_header_bytes = 64U << 10U;

bool is_framing_field(std::string_view name) {
  return boost::beast::iequals(name, "content-length") || boost::beast::iequals(name, "connection") ||
         boost::beast::iequals(name, "transfer-encoding");
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

bool has_no_body(int status) {
  return status == 204 || status == 304 || (status >= 100 && status < 200);
}

http_fields copy_fields(const auto& header) {
  http_fields fields;
  for (const auto& field : header) fields.add(field.name_string(), field.value());
  return fields;
}

int status_of(const boost::system::error_code& code) {
  if (code == http::error::header_limit) return 431;
  if (code == http::error::body_limit) return 413;
  return 400;
}

std::uint32_t clamp_to_32_bits(std::size_t value) {
  return static_cast<std::uint32_t>(std::min<std::size_t>(value, UINT32_MAX));
}

}  // namespace

std::string serialize_request(const http_request& request, const std::string& authority,
                              std::string_view connection) {
  std::string out = request.method + " " + request.target + " HTTP/1.1\r\n";
  append_field(out, "Host", authority);
  append_field(out, "Connection", connection);
  const bool carries_body = request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (carries_body || !request.body.empty())
    append_field(out, "Content-Length", std::to_string(request.body.size()));
  for (const auto& [name, value] : request.fields.all()) {
    if (!is_framing_field(name) && !boost::beast::iequals(name, "host")) append_field(out, name, value);
  }
  out += "\r\n";
  out += request.body;
  return out;
}

std::string serialize_response(const http_response& response, std::string_view connection, bool head_only) {
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + " ";
  out += http::obsolete_reason(http::int_to_status(static_cast<unsigned>(response.status)));
  out += "\r\n";
  append_field(out, "Connection", connection);
  const bool bodiless = has_no_body(response.status);
  if (!bodiless) append_field(out, "Content-Length", std::to_string(response.body.size()));
  for (const auto& [name, value] : response.fields.all()) {
    const bool ours =
        is_framing_field(name) && !(response.status == 101 && boost::beast::iequals(name, "connection"));
    if (!ours) append_field(out, name, value);
  }
  out += "\r\n";
  if (!head_only && !bodiless) out += response.body;
  return out;
}

bool can_be_sent(const http_request& request) {
  const auto visible = [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7F; };
  const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  return !request.method.empty() && std::ranges::all_of(request.method, capital) &&
         request.target.starts_with('/') && std::ranges::all_of(request.target, visible);
}

bool field_has_token(const http_fields& fields, std::string_view name, std::string_view token) {
  const auto value = fields.find(name);
  return value && http::token_list(boost::beast::string_view(value->data(), value->size())).exists(token);
}

http_request_reader::http_request_reader(std::size_t max_header_bytes, std::size_t max_body_bytes)
    : max_header_bytes_(max_header_bytes) {
  parser_.header_limit(clamp_to_32_bits(max_header_bytes));
  parser_.body_limit(max_body_bytes);
}

std::expected<bool, int> http_request_reader::consume(std::string& buffer) {
  while (!header_checked_ || !parser_.is_done()) {
    if (buffer.empty()) return false;
    boost::system::error_code code;
    const std::size_t used = parser_.put(boost::asio::buffer(buffer), code);
    buffer.erase(0, used);
    if (code && code != http::error::need_more) return std::unexpected(status_of(code));
    // Beast's own limit counts the start line or not, by how the bytes came.
    if (!header_checked_) header_bytes_ += used;
    const std::size_t unfinished = parser_.is_header_done() ? 0 : buffer.size();
    if (!header_checked_ && header_bytes_ + unfinished > max_header_bytes_) return std::unexpected(431);
    if (!header_checked_ && parser_.is_header_done()) {
      header_checked_ = true;
      if (const auto checked = check_header(); !checked) return std::unexpected(checked.error());
      parser_.eager(true);
    } else if (code || used == 0) {
      return false;
    }
  }
  wants_continue_ = false;
  return true;
}

// What Beast lets pass and two HTTP programs could read in two ways.
std::expected<void, int> http_request_reader::check_header() {
  const auto& header = parser_.get();
  const auto lengths = header.count(http::field::content_length);
  if (header.count(http::field::transfer_encoding) > 0) return std::unexpected(lengths > 0 ? 400 : 411);
  if (lengths > 1) return std::unexpected(400);
  const auto hosts = header.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && header.version() >= 11)) return std::unexpected(400);
  if (!header.target().starts_with('/') && header.target() != "*") return std::unexpected(400);
  wants_continue_ = boost::beast::iequals(header[http::field::expect], "100-continue");
  return {};
}

bool http_request_reader::wants_continue() {
  return std::exchange(wants_continue_, false);
}

http_request http_request_reader::take() {
  auto message = parser_.release();
  http_request request;
  request.method = message.method_string();
  request.target = message.target();
  request.fields = copy_fields(message);
  request.body = std::move(message.body());
  return request;
}

http_response_reader::http_response_reader(scope what, std::size_t max_body_bytes)
    : scope_(what), max_body_bytes_(max_body_bytes) {
  start_over();
}

void http_response_reader::start_over() {
  parser_.emplace();
  parser_->header_limit(max_response_header_bytes);
  parser_->body_limit(max_body_bytes_);
  parser_->eager(scope_ != scope::header_only);
  parser_->skip(scope_ == scope::without_body);
}

bool http_response_reader::is_whole() const {
  return scope_ == scope::header_only ? parser_->is_header_done() : parser_->is_done();
}

std::expected<bool, net_error> http_response_reader::consume(std::string& buffer) {
  while (!is_whole()) {
    if (buffer.empty()) return false;
    boost::system::error_code code;
    const std::size_t used = parser_->put(boost::asio::buffer(buffer), code);
    buffer.erase(0, used);
    if (code == http::error::body_limit || code == http::error::header_limit) {
      return std::unexpected(net_error::too_large);
    }
    if (code && code != http::error::need_more) return std::unexpected(net_error::protocol_violation);
    if (is_whole()) {
      const unsigned status = parser_->get().result_int();
      if (status >= 100 && status < 200 && status != 101) start_over();
    } else if (code || used == 0) {
      return false;
    }
  }
  return true;
}

bool http_response_reader::finish_at_end() {
  if (!parser_->is_header_done() || !parser_->need_eof()) return false;
  boost::system::error_code code;
  parser_->put_eof(code);
  return !code && parser_->is_done();
}

http_response http_response_reader::take() {
  auto message = parser_->release();
  return {static_cast<int>(message.result_int()), copy_fields(message), std::move(message.body())};
}

}  // namespace guildfleet::net
