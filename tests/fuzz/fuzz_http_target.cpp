// URLs, query strings and percent-encoding, which we parse ourselves, and requests, whose framing we judge.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "net/http_types.hpp"
#include "net/http_wire.hpp"

namespace {

namespace net = guildfleet::net;

// What was accepted, written out again, must mean the same.
void check_url(std::string_view text) {
  const auto parsed = net::parse_url(text);
  if (!parsed) return;
  const auto again = net::parse_url(parsed->scheme + "://" + parsed->authority() + parsed->target);
  const bool same = again && again->scheme == parsed->scheme && again->host == parsed->host &&
                    again->port == parsed->port && again->target == parsed->target;
  if (!same || parsed->target.find_first_of("\r\n ") != std::string::npos) std::abort();
}

void check_query(std::string_view text) {
  net::http_request request;
  request.target = "/?value=" + net::percent_encode(text);
  if (request.query_value("value") != text) std::abort();
  request.target = std::string(text);
  (void)request.path();
  (void)request.query_value("value");
}

// All at once and byte by byte, a request is whole, refused or unfinished in the same way.
int judge(std::string_view text, std::size_t chunk) {
  net::http_request_reader reader(300, 100);
  std::string buffer;
  for (std::size_t at = 0; at < text.size(); at += chunk) {
    buffer += text.substr(at, chunk);
    const auto whole = reader.consume(buffer);
    if (!whole) return 2;
    if (*whole) {
      if (reader.take().body.size() > 100) std::abort();
      return 1;
    }
  }
  return 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_url(text);
  check_query(text);
  const int at_once = text.empty() ? 0 : judge(text, text.size());
  const int in_bytes = judge(text, 1);
  // Byte by byte, a refusal may come sooner than the bytes that would have been needed.
  if (at_once != in_bytes && at_once != 0 && in_bytes != 0) std::abort();
  return 0;
}
