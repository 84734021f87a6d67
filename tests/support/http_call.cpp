#include "support/http_call.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "net/http_client.hpp"

namespace guildfleet::support {
namespace {

using answer = std::expected<net::http_response, net::http_failure>;

net::task<answer> send(net::http_client& client, net::http_request request, net::deadline until) {
  answer response = co_await client.send(std::move(request), until);
  client.close();
  co_return response;
}

}  // namespace

net::http_response answer_to(const http_call& call) {
  net::http_request request;
  request.method = call.method;
  request.target = call.path;
  if (call.method == "POST") {
    request.fields.set("Content-Type", "application/json");
    request.body = call.text.empty() ? boost::json::serialize(call.body) : call.text;
  } else {
    request.body = call.text;
  }
  for (const auto& [name, value] : call.fields) request.fields.set(name, value);
  net::asio::io_context context{1};
  net::http_client client(context.get_executor(),
                          {.origin = net::parse_url(call.origin).value(), .tls = {}, .max_connections = 1});
  auto pending = net::asio::co_spawn(context, send(client, std::move(request), net::deadline_in(call.limit)),
                                     net::asio::use_future);
  context.run();
  auto response = pending.get();
  if (!response) return {.status = 0, .fields = {}, .body = response.error().error.message()};
  return std::move(*response);
}

boost::json::object object_of(const net::http_response& answer) {
  boost::system::error_code broken;
  const boost::json::value parsed = boost::json::parse(answer.body, broken);
  return !broken && parsed.is_object() ? parsed.as_object() : boost::json::object();
}

}  // namespace guildfleet::support
