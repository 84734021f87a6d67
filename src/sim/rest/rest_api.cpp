#include "sim/rest/rest_api.hpp"

#include <boost/json/serialize.hpp>

#include "net/http_date.hpp"
#include "sim/rest/faults.hpp"
#include "sim/rest/gate.hpp"
#include "sim/rest/rest_report.hpp"
#include "sim/rest/router.hpp"

namespace guildfleet::sim {

namespace {

constexpr std::size_t most_limited_told = 20;

net::http_response to_response(const reply& answer) {
  if (!answer.body) return net::http_response{.status = answer.status, .fields = {}, .body = {}};
  return net::http_response::json(answer.status, json::serialize(*answer.body));
}

net::http_response html(int status, std::string_view title) {
  net::http_response out;
  out.status = status;
  out.fields.set("Content-Type", "text/html; charset=UTF-8");
  out.fields.set("Server", "cloudflare");
  out.body = "<!DOCTYPE html><html><head><title>" + std::string(title) + "</title></head><body><h1>" +
             std::string(title) + "</h1></body></html>";
  return out;
}

reply generic(int status, std::string_view text) {
  return failure(status, 0, std::to_string(status) + ": " + std::string(text));
}

// Discord documents "DiscordBot (url, version)", but lets in others too: Oceanic sends Node's bare "node".
// What it blocks for certain is a missing agent and Python's default.
bool documented_agent(std::string_view agent) {
  return agent.starts_with("DiscordBot (");
}

bool blocked_agent(std::string_view agent) {
  return agent.empty() || agent.starts_with("Python-urllib/");
}

// "/api/v10/gateway" -> "/gateway"; other versions are refused.
or_reply<std::string_view> route_path(std::string_view path) {
  if (!path.starts_with("/api")) return std::unexpected(generic(404, "Not Found"));
  path.remove_prefix(4);
  for (const std::string_view version : {"/v10", "/v9"}) {
    if (path.starts_with(version) && (path.size() == version.size() || path[version.size()] == '/')) {
      return path.substr(version.size());
    }
  }
  return std::unexpected(refuse(50041));
}

// 1 to 512 characters after decoding; `wrong` when longer.
std::optional<std::string> audit_reason(const net::http_request& request, bool& wrong) {
  const auto header = request.fields.find("X-Audit-Log-Reason");
  if (!header || header->empty()) return std::nullopt;
  const net::http_request carrier{.method = "GET",
                                  .target = "/?r=" + std::string(*header),
                                  .fields = {},
                                  .body = {},
                                  .remote_address = {}};
  auto decoded = carrier.query_value("r");
  wrong = decoded && text_length(*decoded) > 512;
  return decoded;
}

}  // namespace

struct rest_api::impl {
  impl(const base::clock& time, world& where, rest_settings wanted, const event_sink* listener)
      : clock(time),
        owner(where),
        settings(std::move(wanted)),
        sink(listener),
        invalid(settings.invalid_limit, settings.ban_time),
        gate(settings) {}

  // A request whose route is known and whose sender is identified.
  struct admitted {
    const net::http_request& request;
    route_match match;
    bot_record* bot = nullptr;
    gate_request gate;
    gate_verdict verdict;
  };

  [[nodiscard]] rest_outcome handle(const net::http_request& request);
  [[nodiscard]] or_reply<bot_record*> authenticate(const net::http_request& request, const route& found);
  [[nodiscard]] rest_outcome admit(admitted& in);
  // An answer that a fault gives in place of the route; nullopt: go on.
  [[nodiscard]] std::optional<rest_outcome> fail_on_purpose(admitted& in,
                                                            const std::vector<rest_fault>& active);
  [[nodiscard]] net::http_response limited(admitted& in, gate_verdict verdict);
  [[nodiscard]] net::http_response run(admitted& in);
  void count(const net::http_request& request, const route_match& match, const bot_record* bot,
             const net::http_response& response);
  void date(rest_outcome& out) const;

  const base::clock& clock;
  world& owner;
  rest_settings settings;
  const event_sink* sink;
  invalid_request_counter invalid;
  rate_gate gate;
  rest_memory memory;
  fault_list faults;
  rest_report report;
  std::chrono::milliseconds date_offset{0};
};

or_reply<bot_record*> rest_api::impl::authenticate(const net::http_request& request, const route& found) {
  if (found.kind != route_kind::bot) return nullptr;
  const auto header = request.fields.find("Authorization").value_or("");
  if (!header.starts_with("Bot ")) return std::unexpected(generic(401, "Unauthorized"));
  const auto* const account = owner.find_bot_by_token(header.substr(4));
  if (account == nullptr) return std::unexpected(generic(401, "Unauthorized"));
  return &owner.state().bots.at(account->application);
}

net::http_response rest_api::impl::limited(admitted& in, gate_verdict verdict) {
  if (verdict.while_limited) {
    ++report.while_limited;
    if (report.first_limited.size() < most_limited_told) {
      report.first_limited.push_back({clock.wall_now(), in.bot == nullptr ? "" : in.bot->account.name,
                                      fmt::format("{} {}", in.gate.method, in.gate.route)});
    }
    if (in.bot != nullptr) ++report.by_bot[in.bot->account.name].while_limited;
  }
  ++report.rate_limited;
  return too_many_requests(verdict);
}

std::optional<rest_outcome> rest_api::impl::fail_on_purpose(admitted& in,
                                                            const std::vector<rest_fault>& active) {
  for (const auto& fault : active) {
    const auto limit = [&](gate_verdict::scope scope) {
      gate.block(in.gate, scope, fault.delay, clock.steady_now());
      gate_verdict verdict = in.verdict;
      verdict.limited = scope;
      verdict.retry_after = fault.delay;
      verdict.while_limited = false;
      return rest_outcome{.response = limited(in, verdict)};
    };
    switch (fault.kind) {
      case rest_fault_kind::user_429:
        return limit(gate_verdict::scope::user);
      case rest_fault_kind::shared_429:
        return limit(gate_verdict::scope::shared);
      case rest_fault_kind::global_429:
        gate.give_back(in.gate);
        return limit(gate_verdict::scope::global);
      case rest_fault_kind::cloudflare_429: {
        gate.give_back(in.gate);
        rest_outcome out{.response = html(429, "Error 1015: You are being rate limited")};
        const auto wait = std::chrono::ceil<std::chrono::seconds>(fault.delay).count();
        out.response.fields.set("Retry-After", std::to_string(wait));
        return out;
      }
      case rest_fault_kind::server_error:
        return rest_outcome{.response = to_response(generic(fault.status, "Internal Server Error"))};
      case rest_fault_kind::html_error:
        return rest_outcome{.response = html(fault.status, std::to_string(fault.status) + " error")};
      case rest_fault_kind::reset:
        return rest_outcome{.response = {}, .reset_connection = true};
      case rest_fault_kind::latency:
      case rest_fault_kind::reset_after:
      case rest_fault_kind::events_late:
        break;
    }
  }
  return std::nullopt;
}

net::http_response rest_api::impl::run(admitted& in) {
  auto parsed = parse_body(in.request);
  if (!parsed) return to_response(parsed.error());
  if (in.match.found->needs_body && in.request.body.empty()) {
    form_errors errors;
    errors.add("", "BASE_TYPE_REQUIRED", "This field is required");
    return to_response(errors.to_reply());
  }
  bool reason_too_long = false;
  call c{.state = owner.state(), .memory = memory, .settings = settings, .sink = sink, .request = in.request};
  c.reason = audit_reason(in.request, reason_too_long);
  if (reason_too_long) {
    form_errors errors;
    errors.add("X-Audit-Log-Reason", "BASE_TYPE_MAX_LENGTH", "Must be 512 or fewer in length.");
    return to_response(errors.to_reply());
  }
  c.params = in.match.params;
  c.bot = in.bot;
  c.body = std::move(parsed->value);
  c.files = std::move(parsed->files);
  const auto answer = in.match.found->handle(c);
  if (!answer.retry_after) return to_response(answer);
  auto verdict = in.verdict;
  verdict.limited = answer.shared_limit ? gate_verdict::scope::shared : gate_verdict::scope::user;
  verdict.retry_after = *answer.retry_after;
  return limited(in, verdict);
}

rest_outcome rest_api::impl::admit(admitted& in) {
  const auto now = clock.steady_now();
  in.verdict = gate.pass(in.gate, clock.wall_now(), now);
  if (in.verdict.limited != gate_verdict::scope::none) return {.response = limited(in, in.verdict)};
  const auto active = faults.take(
      {in.request.method, in.match.found->path, in.bot == nullptr ? 0 : in.bot->account.application}, now);
  if (auto failed = fail_on_purpose(in, active)) return std::move(*failed);
  rest_outcome out;
  bool late = false;
  for (const auto& fault : active) {
    if (fault.kind == rest_fault_kind::latency) out.delay = fault.delay;
    if (fault.kind == rest_fault_kind::reset_after) out.reset_connection = true;
    late = late || fault.kind == rest_fault_kind::events_late;
  }
  if (late) owner.state().captured = &out.late_events;
  out.response = run(in);
  owner.state().captured = nullptr;
  for (const auto& [name, value] : in.verdict.headers.all()) out.response.fields.set(name, value);
  return out;
}

rest_outcome rest_api::impl::handle(const net::http_request& request) {
  ++report.requests;
  const auto banned = invalid.banned_for(request.remote_address, clock.steady_now());
  if (banned.count() > 0) {
    ++report.banned;
    rest_outcome out{.response = html(429, "Error 1015: You are being rate limited")};
    out.response.fields.set("Retry-After",
                            std::to_string(std::chrono::ceil<std::chrono::seconds>(banned).count()));
    date(out);
    return out;
  }
  const auto refused = [&](const reply& why) { return rest_outcome{.response = to_response(why)}; };
  const auto path = route_path(request.path());
  auto match = path ? find_route(request.method, *path) : route_match{};
  bot_record* bot = nullptr;
  rest_outcome out;
  const auto agent = request.fields.find("User-Agent").value_or("");
  if (!documented_agent(agent)) ++report.undocumented_agents;
  if (settings.check_user_agent && blocked_agent(agent)) {
    out = refused(failure(403, 40333, "internal network error"));
  } else if (!path) {
    out = refused(path.error());
  } else if (match.found == nullptr) {
    out = refused(match.path_known ? generic(405, "Method Not Allowed") : generic(404, "Not Found"));
  } else if (const auto sender = authenticate(request, *match.found); !sender) {
    ++report.unauthorized;
    out = refused(sender.error());
  } else {
    bot = *sender;
    admitted in{.request = request, .match = match, .bot = bot, .gate = {}, .verdict = {}};
    in.gate = {.method = request.method,
               .route = match.found->path,
               .major = match.major,
               .owner = bot == nullptr ? std::string_view(request.remote_address)
                                       : std::string_view(bot->account.token),
               .counts_globally = match.found->kind != route_kind::interaction};
    out = admit(in);
  }
  count(request, match, bot, out.response);
  date(out);
  return out;
}

void rest_api::impl::date(rest_outcome& out) const {
  const auto now = std::chrono::floor<std::chrono::seconds>(clock.wall_now() + date_offset);
  out.response.fields.set("Date", net::http_date(now));
}

void rest_api::impl::count(const net::http_request& request, const route_match& match, const bot_record* bot,
                           const net::http_response& response) {
  const auto name =
      request.method + " " + (match.found == nullptr ? "(unknown)" : std::string(match.found->path));
  ++report.by_route[name][response.status];
  auto* const counts = bot == nullptr ? nullptr : &report.by_bot[bot->account.name];
  if (counts != nullptr) ++counts->requests;
  const bool shared = response.fields.find("X-RateLimit-Scope") == "shared";
  const bool bad = response.status == 401 || response.status == 403 || (response.status == 429 && !shared);
  if (!bad) return;
  ++report.invalid;
  if (counts != nullptr) ++counts->invalid;
  invalid.count(request.remote_address, clock.steady_now());
}

rest_api::rest_api(const base::clock& clock, world& owner, rest_settings settings, const event_sink* sink)
    : impl_(std::make_unique<impl>(clock, owner, std::move(settings), sink)) {}

rest_api::~rest_api() = default;

rest_outcome rest_api::handle(const net::http_request& request) {
  return impl_->handle(request);
}

void rest_api::publish_late(std::vector<world_event> events) {
  for (auto& event : events) publish(impl_->owner.state(), std::move(event));
}

void rest_api::set_gateway_url(std::string url) {
  impl_->settings.gateway_url = std::move(url);
}

void rest_api::set_date_offset(std::chrono::milliseconds ahead) {
  impl_->date_offset = ahead;
}

void rest_api::inject(rest_fault fault) {
  impl_->faults.add(std::move(fault), impl_->clock.steady_now());
}

void rest_api::clear_faults() {
  impl_->faults.clear();
}

boost::json::object rest_api::report() const {
  auto out = impl_->report.to_json();
  out["duplicate_nonces"] = impl_->memory.duplicate_nonces;
  out["deduplicated_nonces"] = impl_->memory.deduplicated_nonces;
  return out;
}

void rest_api::reset_report() {
  impl_->report = {};
  impl_->memory.duplicate_nonces = 0;
  impl_->memory.deduplicated_nonces = 0;
}

}  // namespace guildfleet::sim
