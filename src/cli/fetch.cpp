#include "cli/fetch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "net/error.hpp"
#include "net/http_client.hpp"

namespace guildfleet::cli {
namespace {

using answer = std::expected<net::http_response, net::http_failure>;

net::task<answer> get(net::http_client& client, std::string path, std::chrono::milliseconds limit,
                      net::http_fields fields) {
  net::http_request request;
  request.target = std::move(path);
  request.fields = std::move(fields);
  answer response = co_await client.send(std::move(request), net::deadline_in(limit));
  client.close();
  co_return response;
}

}  // namespace

base::result<net::http_response> fetch(const std::string& origin, const std::string& path,
                                       std::chrono::milliseconds limit, const net::http_fields& fields) {
  const auto url = net::parse_url(origin);
  if (!url || url->secure()) {
    return base::fail(net::net_error::bad_url, origin, "Write it as http://127.0.0.1:3001.");
  }
  net::asio::io_context context{1};
  net::http_client_settings settings;
  settings.origin = *url;
  settings.max_connections = 1;
  net::http_client client(context.get_executor(), std::move(settings));
  auto pending = net::asio::co_spawn(context, get(client, path, limit, fields), net::asio::use_future);
  context.run();
  auto response = pending.get();
  if (!response) return std::unexpected(std::move(response.error().error));
  return std::move(*response);
}

}  // namespace guildfleet::cli
