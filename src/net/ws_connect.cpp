#include <array>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <utility>

#include "net/http_wire.hpp"
#include "net/ws_connection.hpp"

namespace guildfleet::net {
namespace {

// The body of a refusal is not read; its announced length must not be an error of its own.
constexpr std::size_t longest_refusal = 1U << 30U;

// 16 random bytes in Base64 (RFC 6455 section 4.1).
std::string random_key() {
  std::array<unsigned char, 16> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  std::array<unsigned char, 25> text{};
  const int size = EVP_EncodeBlock(text.data(), bytes.data(), static_cast<int>(bytes.size()));
  return {reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(size)};
}

std::string upgrade_request(const url& location, const http_fields& fields, const std::string& key) {
  http_request request{
      .method = "GET", .target = location.target, .fields = fields, .body = {}, .remote_address = {}};
  request.fields.set("Upgrade", "websocket");
  request.fields.set("Sec-WebSocket-Version", "13");
  request.fields.set("Sec-WebSocket-Key", key);
  return serialize_request(request, location.authority(), "Upgrade");
}

// Empty when the answer opens a WebSocket as asked; otherwise what is wrong with it.
std::string refusal(const http_response& answer, const std::string& key) {
  if (answer.status != 101)
    return "the server answered HTTP " + std::to_string(answer.status) + " instead of 101";
  if (!field_has_token(answer.fields, "Upgrade", "websocket")) return "the answer upgrades to something else";
  if (!field_has_token(answer.fields, "Connection", "upgrade")) return "the answer does not upgrade";
  if (answer.fields.find("Sec-WebSocket-Accept") != ws_accept_of(key))
    return "the answer is for another request";
  if (answer.fields.find("Sec-WebSocket-Extensions")) return "the answer uses an extension nobody offered";
  return {};
}

// Reads up to the end of the header; what follows stays in `buffer`.
task<base::result<http_response>> read_answer(byte_stream& stream, std::string& buffer, deadline until) {
  http_response_reader reader(http_response_reader::scope::header_only, longest_refusal);
  std::array<char, 4096> chunk;
  while (true) {
    const auto count = co_await stream.read_some(chunk, until);
    if (!count) co_return std::unexpected(count.error());
    buffer.append(chunk.data(), *count);
    const auto whole = reader.consume(buffer);
    if (!whole) co_return base::fail(whole.error());
    if (*whole) co_return reader.take();
  }
}

}  // namespace

task<base::result<std::unique_ptr<ws_connection>>> ws_connect(url location, tls_context tls,
                                                              http_fields fields, ws_limits limits,
                                                              deadline until) {
  auto stream = co_await connect({location.host, location.port}, location.secure() ? tls : nullptr, until);
  if (!stream) co_return std::unexpected(std::move(stream.error()));
  const std::string key = random_key();
  auto written = co_await (*stream)->write_all(upgrade_request(location, fields, key), until);
  if (!written) co_return std::unexpected(std::move(written.error()).within(location.authority()));
  std::string leftover;
  auto answer = co_await read_answer(**stream, leftover, until);
  if (!answer) co_return std::unexpected(std::move(answer.error()).within(location.authority()));
  if (std::string problem = refusal(*answer, key); !problem.empty()) {
    co_return base::fail(net_error::protocol_violation, location.authority() + ": " + problem);
  }
  co_return std::make_unique<ws_connection>(std::move(*stream), ws_role::client, limits, leftover);
}

}  // namespace guildfleet::net
