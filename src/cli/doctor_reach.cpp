// The way to Discord, without a token: how long it takes, and what time it is there.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "cli/discord_call.hpp"
#include "cli/doctor_request.hpp"
#include "net/error.hpp"
#include "net/http_client.hpp"

namespace guildfleet::cli {
namespace {

using ops::doctor::answer;
using ops::doctor::reach_facts;
using std::chrono::milliseconds;

// The first makes the connection; the others measure.
constexpr int questions = 4;
constexpr std::chrono::seconds limit{10};

struct reach_question {
  net::url api;
  net::tls_context tls;
  std::string version;
};

net::http_request gateway_question(const reach_question& question) {
  std::string path = question.api.target;
  while (path.ends_with('/')) path.pop_back();
  net::http_request out;
  out.target = path + "/v10/gateway";
  out.fields.set("User-Agent",
                 fmt::format("DiscordBot (https://github.com/guildfleet/guildfleet, {})", question.version));
  return out;
}

void take_date(const net::http_response& response, base::wall_time sent, base::wall_time received,
               reach_facts& out) {
  const auto date = net::parse_http_date(response.fields.find("Date").value_or(""), received);
  if (!date) return;
  const net::clock_bounds seen = net::clock_bounds_of(*date, sent, received);
  out.discord_ahead = out.discord_ahead ? out.discord_ahead->with(seen) : seen;
}

std::unexpected<ops::doctor::no_answer> unreachable(const reach_question& question, const base::error& why) {
  auto out = ops::doctor::failed(why);
  if (out.error().fix.empty())
    out.error().fix = fmt::format(
        "Try `curl -v {}://{}{}` here; look at DNS, proxy, firewall, and https://discordstatus.com.",
        question.api.scheme, question.api.authority(), gateway_question(question).target);
  return out;
}

net::task<answer<reach_facts>> ask(net::http_client& client, reach_question question,
                                   const base::clock& clock) {
  reach_facts out{.place = question.api.host, .latency = milliseconds::max()};
  for (int i = 0; i < questions; ++i) {
    const base::steady_time begin = clock.steady_now();
    const base::wall_time sent = clock.wall_now();
    const auto response = co_await client.send(gateway_question(question), net::deadline_in(limit));
    if (!response) co_return unreachable(question, response.error().error);
    const auto taken = std::chrono::duration_cast<milliseconds>(clock.steady_now() - begin);
    if (i > 0) out.latency = std::min(out.latency, taken);
    take_date(*response, sent, clock.wall_now(), out);
    if (response->status == 200) continue;
    co_return std::unexpected(ops::doctor::no_answer{
        .tried = true,
        .why = fmt::format("GET {}/v10/gateway answers with status {}", question.api.host, response->status),
        .fix = response->status == 404 ? "discord.api_url must end with /api." : ""});
  }
  co_return out;
}

net::task<answer<reach_facts>> ask_and_close(net::http_client& client, reach_question question,
                                             const base::clock& clock) {
  auto out = co_await ask(client, std::move(question), clock);
  client.close();
  co_return out;
}

}  // namespace

answer<reach_facts> look_at_discord(const doctor_scene& scene) {
  const auto api = discord_address(scene.config);
  if (!api) return ops::doctor::failed(api.error());
  auto tls = tls_for_discord(scene.config, *api);
  if (!tls) return ops::doctor::failed(tls.error());
  net::asio::io_context context{1};
  net::http_client client(context.get_executor(), {.origin = *api, .tls = *tls, .max_connections = 1});
  auto pending =
      net::asio::co_spawn(context, ask_and_close(client, {*api, *tls, scene.program.version}, scene.clock),
                          net::asio::use_future);
  context.run();
  return pending.get();
}

}  // namespace guildfleet::cli
