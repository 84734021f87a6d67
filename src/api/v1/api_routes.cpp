#include "api/v1/api_routes.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "api/v1/problem.hpp"
#include "base/api_token.hpp"

namespace guildfleet::api::v1 {
namespace {

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> out;
  while (path.starts_with('/')) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    out.push_back(segment);
    path.remove_prefix(segment.size());
  }
  return out;
}

// Names of bots, guilds, features and tokens need no percent-encoding, so none is undone.
bool matches(std::string_view pattern, const std::vector<std::string_view>& path, api_call& call) {
  const auto wanted = segments_of(pattern);
  if (wanted.size() != path.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!wanted[i].starts_with('{') && wanted[i] != path[i]) return false;
    std::string* into = wanted[i] == "{bot}"       ? &call.bot
                        : wanted[i] == "{guild}"   ? &call.guild_text
                        : wanted[i] == "{feature}" ? &call.feature
                        : wanted[i] == "{token}"   ? &call.token
                                                   : nullptr;
    if (into != nullptr) *into = path[i];
  }
  return true;
}

std::optional<std::string_view> bearer_of(const net::http_request& request) {
  constexpr std::string_view scheme = "Bearer ";
  const std::string_view given = request.fields.find("Authorization").value_or("");
  if (!given.starts_with(scheme) || given.size() > 256) return std::nullopt;
  return given.substr(scheme.size());
}

net::http_response not_known(std::string_view detail) {
  auto response = problem_response({401, "A token is needed", std::string(detail)});
  response.fields.set("WWW-Authenticate", "Bearer realm=\"guildfleet\"");
  return response;
}

// Some proxies add a field of their own behind those of the client.
std::string forwarded_in(const net::http_fields& fields) {
  constexpr std::string_view wanted = "x-forwarded-for";
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  std::string out;
  for (const auto& [name, value] : fields.all()) {
    if (std::ranges::equal(name, wanted, {}, lower)) out += (out.empty() ? "" : ",") + value;
  }
  return out;
}

}  // namespace

bool scopes_hold(std::uint8_t scopes, store::token_scope needed) {
  const auto highest = std::ranges::max(std::initializer_list<std::uint8_t>{
      static_cast<std::uint8_t>(scopes & 1U), static_cast<std::uint8_t>(scopes & 2U),
      static_cast<std::uint8_t>(scopes & 4U)});
  return highest >= static_cast<std::uint8_t>(needed);
}

api_routes::found_route api_routes::find(const net::http_request& request) const {
  found_route found;
  const auto path = segments_of(request.path());
  for (const api_route& each : api_table()) {
    api_call call;
    if (!matches(each.pattern, path, call)) continue;
    // "/config/history" is a feature's path too; the one that is written out comes first in the table.
    if (found.allow.empty() || found.route == nullptr) {
      found.allow += (found.allow.empty() ? "" : ", ") + std::string(each.method);
      if (each.method == request.method) {
        found.route = &each;
        found.call = std::move(call);
      }
    }
  }
  return found;
}

net::task<net::http_response> api_routes::answer(net::http_request request) {
  found_route found = find(request);
  if (found.route == nullptr) {
    const bool known = !found.allow.empty();
    auto refused = problem_response(
        known ? problem_text{405, "Not this method", found.allow}
              : problem_text{404, "Not here", "GET /api/v1/openapi.json describes what there is."});
    if (known) refused.fields.set("Allow", found.allow);
    count("none", refused.status);
    co_return refused;
  }
  const std::string_view pattern = found.route->pattern;
  found.call.request = std::move(request);
  found.call.bots = parts_.bots;
  auto response = co_await answer_found(std::move(found));
  count(pattern, response.status);
  co_return response;
}

net::task<net::http_response> api_routes::answer_found(found_route found) {
  api_call& call = found.call;
  if (found.route->scope) {
    auto admitted = co_await admit(call, *found.route->scope);
    if (admitted.refused) co_return *std::move(admitted.refused);
    call.who = std::move(admitted.who);
  }
  if (!call.bot.empty()) {
    if (std::ranges::find(*call.bots, call.bot, &served_bot::name) == call.bots->end())
      co_return problem_response({404, "No such bot", "GET /api/v1/bots lists those of this node."});
    call.stores().changes.activate();
  }
  if (!call.guild_text.empty()) {
    const auto guild = discord::parse_snowflake(call.guild_text);
    if (!guild) co_return problem_response({404, "No such guild", "A guild's id is a number."});
    call.guild = discord::guild_id{*guild};
  }
  co_return co_await found.route->handle(std::move(call));
}

net::task<api_routes::admission> api_routes::admit(const api_call& call, store::token_scope needed) {
  const std::string forwarded = forwarded_in(call.request.fields);
  const std::string from(base::client_of(call.request.remote_address, forwarded, parts_.trusted));
  if (const auto wait = failures_.wait_of(from, parts_.clock.steady_now()); wait.count() > 0) {
    auto refused = problem_response({429, "Too many wrong tokens", "Wait, then send a valid token."});
    refused.fields.set("Retry-After", std::to_string(wait.count()));
    co_return admission{std::move(refused), {}};
  }
  const auto token = bearer_of(call.request);
  if (!token)
    co_return admission{not_known("Send Authorization: Bearer TOKEN; guildfleet token create makes one."),
                        {}};
  auto row = co_await look_up(call, *token);
  if (!row) co_return admission{problem_of(row.error()), {}};
  if (!*row) {
    failures_.failed(from, parts_.clock.steady_now());
    co_return admission{
        not_known("This token is not known here: it was revoked, has expired, or is another's."), {}};
  }
  if (!scopes_hold((*row)->scopes, needed)) {
    co_return admission{problem_response({403, "The token's scope is too small",
                                          fmt::format("This needs the scope {}.", store::name_of(needed))}),
                        {}};
  }
  co_return admission{std::nullopt, **std::move(row)};
}

// A bot's own store counts for it; what is of no bot is open to a token of any.
net::task<base::result<std::optional<store::token_row>>> api_routes::look_up(const api_call& call,
                                                                             std::string_view token) const {
  const auto hash = base::hash_api_token(token);
  const bool known = std::ranges::find(*parts_.bots, call.bot, &served_bot::name) != parts_.bots->end();
  std::vector<const store::data_store*> asked;
  for (const served_bot& each : *parts_.bots) {
    if (known && each.name != call.bot) continue;
    if (std::ranges::find(asked, each.stores.data.get()) != asked.end()) continue;
    asked.push_back(each.stores.data.get());
    auto row = co_await each.stores.data_threads.run(
        [data = each.stores.data, hash] { return data->find_token(hash); });
    if (!row || *row) co_return row;
  }
  co_return std::nullopt;
}

void api_routes::count(std::string_view route, int status) {
  parts_.metrics
      .counter_of("guildfleet_api_requests_total", "Requests of the API",
                  {{"route", std::string(route)}, {"status", std::to_string(status)}})
      .add();
}

}  // namespace guildfleet::api::v1
