#include "bot/rest_client.hpp"

#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <map>

#include "base/log.hpp"
#include "bot/rest_metrics.hpp"
#include "bot/write_permit.hpp"
#include "discord/rest/error_body.hpp"
#include "discord/rest/multipart.hpp"
#include "net/async_event.hpp"
#include "net/cancellation.hpp"
#include "net/error.hpp"

namespace guildfleet::bot {
namespace {

using discord::after_attempt;
using discord::limiter_step;
using discord::rest_error;

constexpr std::size_t most_windows_told = 500;  // some 100 bytes each

std::string base_path(const net::url& api) {
  std::string path = api.target;
  while (path.ends_with('/')) path.pop_back();
  return path + "/v10";
}

net::http_request to_http(const discord::request& from, const rest_client_settings& settings) {
  net::http_request made;
  made.method = std::string(discord::name_of(from.route->method));
  made.target = base_path(settings.api) + from.path;
  if (!from.query.empty()) made.target += "?" + from.query;
  made.fields.set("User-Agent",
                  fmt::format("DiscordBot (https://github.com/guildfleet/guildfleet, {})", settings.version));
  if (!from.route->traits.without_bot_token) {
    made.fields.set("Authorization", fmt::format("Bot {}", settings.token.reveal()));
  }
  if (!from.reason.empty() && from.route->traits.takes_reason) {
    made.fields.set("X-Audit-Log-Reason", discord::encode_audit_reason(from.reason));
  }
  if (!from.files.empty()) {
    auto encoded = discord::encode_multipart(from.json, from.files);
    made.fields.set("Content-Type", encoded.content_type);
    made.body = std::move(encoded.body);
  } else if (!from.json.empty()) {
    made.fields.set("Content-Type", "application/json");
    made.body = from.json;
  }
  return made;
}

std::string fix_for(rest_error why) {
  switch (why) {
    case rest_error::queue_full:
      return "The bot makes more requests than Discord allows; make fewer or share them over more bots.";
    case rest_error::bot_stopped:
      return "Give the bot a valid token and start it again.";
    default:
      return {};
  }
}

}  // namespace

struct rest_client::state : std::enable_shared_from_this<rest_client::state> {
  // A caller that waits for the limiter's word.
  struct call {
    explicit call(const net::asio::any_io_executor& executor) : decided(executor) {}
    net::async_event decided;
    std::optional<limiter_step> step;
  };
  using ticket = discord::request_ticket;
  using answer = base::result<rest_response>;

  state(const net::asio::any_io_executor& on, rest_client_settings given, base::metrics& registry,
        const base::clock& time, discord::invalid_request_guard& shared_guard)
      : executor(on),
        settings(std::move(given)),
        clock(time),
        guard(shared_guard),
        metrics(registry, settings.bot),
        log(base::logger::root().with("bot", settings.bot)),
        limiter(settings.limits, base::random_source::from_system()),
        http(on, {.origin = settings.api, .tls = settings.tls, .max_connections = settings.max_connections}),
        timer(on) {
    if (settings.guard_key.empty()) settings.guard_key = settings.bot;
  }

  static net::task<answer> run(std::shared_ptr<state> self, discord::request request,
                               std::shared_ptr<const write_permit> permit);
  static net::task<std::optional<answer>> attempt(std::shared_ptr<state> self, ticket id,
                                                  const discord::request& request,
                                                  std::shared_ptr<const write_permit> permit);

  std::optional<answer> conclude(ticket id, const discord::request& request,
                                 std::expected<net::http_response, net::http_failure> response);
  void tell_unauthorized();
  void pump();
  void arm();
  void leave(ticket id);
  std::optional<base::error> refusal(const discord::route& route) const;
  base::error failure(const discord::route& route, rest_error why, std::string detail = {}) const;
  void note_answer(const discord::route& route, const discord::limit_signal& signal);

  net::asio::any_io_executor executor;
  rest_client_settings settings;
  const base::clock& clock;
  discord::invalid_request_guard& guard;
  rest_metrics metrics;
  base::logger log;
  discord::rate_limiter limiter;
  net::http_client http;
  net::asio::steady_timer timer;
  std::map<ticket, std::shared_ptr<call>> calls;
  ticket last_ticket = 0;
  bool closed = false;
  bool told_unauthorized = false;
  unauthorized_handler on_unauthorized;
  write_gate gate;
};

// Hands out what the limiter has decided and sleeps until it may decide more.
void rest_client::state::pump() {
  if (closed) return;
  while (const auto step = limiter.next(clock.steady_now())) {
    const auto found = calls.find(step->ticket);
    if (found == calls.end()) continue;
    found->second->step = *step;
    found->second->decided.notify();
  }
  metrics.set_waiting(limiter.waiting());
  arm();
}

void rest_client::state::arm() {
  const auto wake = limiter.wake_at();
  if (!wake) {
    timer.cancel();
    return;
  }
  timer.expires_after(std::max(*wake - clock.steady_now(), base::steady_time::duration::zero()));
  timer.async_wait([weak = weak_from_this()](boost::system::error_code failed) {
    const auto self = weak.lock();
    if (self && !failed) self->pump();
  });
}

void rest_client::state::leave(ticket id) {
  limiter.cancel(id, clock.steady_now());
  calls.erase(id);
  pump();
}

base::error rest_client::state::failure(const discord::route& route, rest_error why,
                                        std::string detail) const {
  std::string context = fmt::format("{}: {}", settings.bot, discord::describe(route));
  if (!detail.empty()) context += ": " + detail;
  return base::error(why, std::move(context), fix_for(why));
}

// The invalid-request guard's word on a call; interactions always pass.
std::optional<base::error> rest_client::state::refusal(const discord::route& route) const {
  if (route.traits.interaction) return std::nullopt;
  const auto now = clock.steady_now();
  const auto until = guard.blocked_until(settings.guard_key, now);
  if (!until) return std::nullopt;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(*until - now).count();
  return base::error(
      rest_error::invalid_request_share,
      fmt::format("{}: {}: {} answers with 401, 403 or 429 in 10 minutes, this bot's share is {}",
                  settings.bot, discord::describe(route), guard.count(settings.guard_key, now),
                  guard.share()),
      fmt::format("It goes on in {} s. Look in the log for what Discord refuses, most often a missing "
                  "permission.",
                  seconds));
}

void rest_client::state::note_answer(const discord::route& route, const discord::limit_signal& signal) {
  if (signal.scope) {
    metrics.count_rate_limited(*signal.scope);
    log.warn("rate limited by Discord", base::field("route", route.name),
             base::field("scope", discord::name_of(*signal.scope)),
             base::field("wait_ms", signal.retry_after.value_or(std::chrono::milliseconds(0)).count()));
  }
  if (!signal.counts_as_invalid()) return;
  metrics.count_invalid();
  if (guard.add(settings.guard_key, clock.steady_now())) {
    log.error("share of invalid requests used up, calls are refused for a while",
              base::field("share", guard.share()));
  }
}

// One send, if nothing forbids it at the last moment. nullopt: the limiter will say more.
net::task<std::optional<rest_client::state::answer>> rest_client::state::attempt(
    std::shared_ptr<state> self, ticket id, const discord::request& request,
    std::shared_ptr<const write_permit> permit) {
  const discord::route& route = *request.route;
  if (self->gate && !route.traits.without_bot_token && !co_await self->gate(request.deadline)) {
    self->leave(id);
    const bool ended = self->closed || co_await net::is_cancelled();
    co_return std::unexpected(
        self->failure(route, ended ? rest_error::cancelled : rest_error::deadline_passed));
  }
  if (auto refused = self->refusal(route)) {
    self->leave(id);
    co_return std::unexpected(std::move(*refused));
  }
  if (permit && !permit->permits(fleet::boot_time(self->clock.since_boot()))) {
    self->leave(id);
    co_return std::unexpected(self->failure(route, rest_error::not_permitted_now));
  }
  const auto sent = self->clock.steady_now();
  auto response = co_await self->http.send(to_http(request, self->settings), request.deadline);
  self->metrics.count_request(route, response ? response->status : 0, self->clock.steady_now() - sent);
  const bool cancelled = co_await net::is_cancelled();
  if (self->closed || (!response && cancelled)) {
    self->leave(id);
    co_return std::unexpected(self->failure(route, rest_error::cancelled));
  }
  co_return self->conclude(id, request, std::move(response));
}

// Feeds the outcome of one send back. nullopt: the limiter will say more.
std::optional<rest_client::state::answer> rest_client::state::conclude(
    ticket id, const discord::request& request,
    std::expected<net::http_response, net::http_failure> response) {
  const discord::route& route = *request.route;
  const auto now = clock.steady_now();
  after_attempt after{};
  if (response) {
    const auto header = [&](std::string_view name) {
      return response->fields.find(name).value_or(std::string_view());
    };
    const auto signal = discord::read_limit_signal(response->status, header, response->body);
    note_answer(route, signal);
    after = limiter.on_response(id, signal, now);
  } else {
    after = limiter.on_transport_error(id, response.error().fate == net::request_fate::not_sent, now);
  }
  if (after == after_attempt::deliver) calls.erase(id);
  pump();
  tell_unauthorized();
  if (after == after_attempt::wait_again) return std::nullopt;
  if (!response) {
    const base::error& cause = response.error().error;
    const bool late = cause.code() == net::net_error::timed_out && now >= request.deadline;
    return std::unexpected(
        failure(route, late ? rest_error::deadline_passed : rest_error::connection_failed, cause.message()));
  }
  if (response->status < 200 || response->status > 299) {
    return std::unexpected(
        discord::error_of_response(route, response->status, response->body).within(settings.bot));
  }
  return rest_response{response->status, std::move(response->body)};
}

void rest_client::state::tell_unauthorized() {
  if (!limiter.stopped() || told_unauthorized) return;
  told_unauthorized = true;
  log.error("token refused by Discord, the bot's calls are stopped");
  if (on_unauthorized) on_unauthorized();
}

net::task<rest_client::state::answer> rest_client::state::run(std::shared_ptr<state> self,
                                                              discord::request request,
                                                              std::shared_ptr<const write_permit> permit) {
  co_await net::asio::this_coro::throw_if_cancelled(false);
  const discord::route& route = *request.route;
  if (self->closed) co_return std::unexpected(self->failure(route, rest_error::cancelled));
  if (auto refused = self->refusal(route)) co_return std::unexpected(std::move(*refused));
  if (request.deadline == base::steady_time::max()) {
    request.deadline = self->clock.steady_now() + self->settings.default_timeout;
  }
  const ticket id = ++self->last_ticket;
  const auto mine = std::make_shared<call>(self->executor);
  self->calls.emplace(id, mine);
  self->limiter.submit(id, discord::limits_of(request), self->clock.steady_now());
  self->pump();
  while (true) {
    const bool notified = co_await mine->decided.wait(net::no_deadline());
    if (self->closed || !notified) {
      self->leave(id);
      co_return std::unexpected(self->failure(route, rest_error::cancelled));
    }
    if (!mine->step) continue;
    const limiter_step step = *std::exchange(mine->step, std::nullopt);
    if (step.what == limiter_step::kind::fail) {
      self->calls.erase(id);
      std::string detail =
          step.wait.count() > 0 ? fmt::format("the wait is {} ms", step.wait.count()) : std::string();
      co_return std::unexpected(self->failure(route, step.why, std::move(detail)));
    }
    auto done = co_await attempt(self, id, request, permit);
    if (done) co_return std::move(*done);
  }
}

rest_client::rest_client(net::asio::any_io_executor executor, rest_client_settings settings,
                         base::metrics& metrics, const base::clock& clock,
                         discord::invalid_request_guard& guard)
    : state_(std::make_shared<state>(executor, std::move(settings), metrics, clock, guard)) {}

rest_client::~rest_client() {
  close();
}

net::task<base::result<rest_response>> rest_client::request(discord::request request,
                                                            std::shared_ptr<const write_permit> permit) {
  return state::run(state_, std::move(request), std::move(permit));
}

void rest_client::set_write_gate(write_gate gate) {
  state_->gate = std::move(gate);
}

void rest_client::set_on_unauthorized(unauthorized_handler handler) {
  state_->on_unauthorized = std::move(handler);
}

void rest_client::set_global_per_second(int requests) {
  state_->limiter.set_global_per_second(requests);
  state_->pump();
}

discord::known_limits rest_client::known_limits() const {
  return state_->limiter.known(state_->clock.steady_now(), most_windows_told);
}

void rest_client::adopt(const discord::known_limits& from) {
  state_->limiter.adopt(from, state_->clock.steady_now());
  state_->metrics.count_adopted(from.windows.size());
  state_->pump();
}

void rest_client::close() {
  if (state_->closed) return;
  state_->closed = true;
  state_->on_unauthorized = {};
  state_->timer.cancel();
  for (const auto& [ticket, waiting] : state_->calls) waiting->decided.notify();
  state_->http.close();
}

}  // namespace guildfleet::bot
