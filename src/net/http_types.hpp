// HTTP messages as plain values; Beast's parser stays inside net/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace guildfleet::net {

// Header fields in order; names compare without case.
class http_fields final {
 public:
  void set(std::string_view name, std::string_view value);  // replaces
  void add(std::string_view name, std::string_view value);  // keeps earlier ones
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

struct http_request {
  std::string method = "GET";
  std::string target = "/";  // path and query, percent-encoded
  http_fields fields;
  std::string body;
  std::string remote_address;  // filled by the server: the peer's IP

  [[nodiscard]] std::string_view path() const;                                       // target before '?'
  [[nodiscard]] std::optional<std::string> query_value(std::string_view key) const;  // decoded
};

struct http_response {
  int status = 200;
  http_fields fields;
  std::string body;

  [[nodiscard]] static http_response json(int status, std::string body);
  [[nodiscard]] static http_response text(int status, std::string body);
};

// scheme://host[:port]/path of an http, https, ws or wss URL.
struct url {
  std::string scheme;
  std::string host;
  std::uint16_t port = 0;    // the scheme's default when absent
  std::string target = "/";  // path and query
  [[nodiscard]] bool secure() const { return scheme == "https" || scheme == "wss"; }
  [[nodiscard]] std::string authority()
      const;  // host[:port] as the Host header wants it, port left out when default
};
[[nodiscard]] std::optional<url> parse_url(std::string_view text);

[[nodiscard]] std::string percent_encode(std::string_view text);  // everything but unreserved characters

}  // namespace guildfleet::net
