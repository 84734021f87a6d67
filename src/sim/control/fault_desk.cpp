#include "sim/control/fault_desk.hpp"

#include "sim/gateway/protocol.hpp"

namespace guildfleet::sim {
namespace {

namespace json = boost::json;

// A port of this machine where nobody listens: port 9, "discard", is not served anywhere today.
constexpr std::string_view refusing_url = "ws://127.0.0.1:9";

using connection_action = void (*)(gateway_connection&, const arguments&, base::steady_time);

struct named_action {
  std::string_view name;
  connection_action act;
};

constexpr named_action actions[] = {
    {"reconnect",
     [](gateway_connection& to, const arguments&, base::steady_time now) { to.send_reconnect(now); }},
    {"invalid_session", [](gateway_connection& to, const arguments& args,
                           base::steady_time) { to.invalidate(args.flag("resumable")); }},
    {"close",
     [](gateway_connection& to, const arguments& args, base::steady_time) {
       const auto code = static_cast<std::uint16_t>(args.number("code", close_code::unknown_error));
       to.server_close(code, args.text("reason", close_reason(code)));
     }},
    {"drop", [](gateway_connection& to, const arguments&, base::steady_time) { to.server_drop(); }},
    {"half_open", [](gateway_connection& to, const arguments&, base::steady_time) { to.go_half_open(); }},
    {"stop_acks", [](gateway_connection& to, const arguments& args,
                     base::steady_time) { to.stop_acks(args.flag("on", true)); }},
    {"silent", [](gateway_connection& to, const arguments& args,
                  base::steady_time) { to.set_silent(args.flag("on", true)); }},
    {"trim_replay",
     [](gateway_connection& to, const arguments&, base::steady_time) {
       if (gateway_session* session = to.session())
         session->ring.forget_up_to(session->last_heartbeat_sequence);
     }},
    {"corrupt_message",
     [](gateway_connection& to, const arguments&, base::steady_time) {
       to.output().corrupt_next();
       to.send_unknown_event();
     }},
    {"garbage_frame",
     [](gateway_connection& to, const arguments&, base::steady_time) { to.output().send_garbage(); }},
    {"heartbeat_request",
     [](gateway_connection& to, const arguments&, base::steady_time) { to.request_heartbeat(); }},
    {"slow_network",
     [](gateway_connection& to, const arguments& args, base::steady_time) {
       to.output().throttle(
           static_cast<std::size_t>(std::max<std::int64_t>(0, args.number("bytes_per_second"))));
     }},
    {"unknown_event",
     [](gateway_connection& to, const arguments&, base::steady_time) { to.send_unknown_event(); }},
    {"duplicate",
     [](gateway_connection& to, const arguments& args, base::steady_time) {
       to.repeat_last(static_cast<std::size_t>(std::max<std::int64_t>(1, args.number("count", 1))));
     }},
};

json::object affected(std::size_t count) {
  return {{"affected", count}};
}

std::optional<second_session> parse_mode(const std::string& name) {
  if (name == "both") return second_session::both;
  if (name == "kick_first") return second_session::kick_first;
  if (name == "mute_second") return second_session::mute_second;
  return std::nullopt;
}

}  // namespace

std::optional<id> find_bot_by_name(const world& owner, std::string_view name) {
  if (name.empty()) return std::nullopt;
  for (const bot_account& bot : owner.bots())
    if (bot.name == name || std::to_string(bot.application) == name) return bot.application;
  return 0;
}

std::expected<json::object, std::string> fault_desk::inject(const arguments& args) {
  const std::string kind = args.text("kind");
  if (const auto bot = find_bot_by_name(world_, args.text("bot")); bot == id{0})
    return std::unexpected("no bot has this name or application id");
  if (kind == "clear") {
    clear();
    return json::object{{"cleared", true}};
  }
  if (auto done = connection_fault(kind, args)) return *done;
  if (auto done = gateway_fault(kind, args)) return *done;
  if (auto done = world_fault(kind, args)) return *done;
  if (auto done = rest_fault_of(kind, args)) return *done;
  return std::unexpected("unknown kind of fault; docs/simulator.md lists them");
}

fault_desk::outcome fault_desk::connection_fault(const std::string& kind, const arguments& args) {
  const auto* action = std::ranges::find(actions, std::string_view(kind), &named_action::name);
  if (action == std::end(actions)) return std::nullopt;
  const id bot = find_bot_by_name(world_, args.text("bot")).value_or(0);
  const auto reached =
      hub_.find_connections(bot, static_cast<int>(args.number("shard", -1)), args.text("session"));
  for (gateway_connection* connection : reached) action->act(*connection, args, hub_.clock().steady_now());
  return affected(reached.size());
}

fault_desk::outcome fault_desk::gateway_fault(const std::string& kind, const arguments& args) {
  armed_faults& armed = hub_.armed();
  const id bot = find_bot_by_name(world_, args.text("bot")).value_or(0);
  if (kind == "reconnect_before_hello") {
    armed.reconnect_before_hello = static_cast<int>(args.number("count", 1));
  } else if (kind == "refuse_connections") {
    armed.refuse_connections = static_cast<int>(args.number("count", 1));
  } else if (kind == "slow_ready") {
    armed.slow_ready = args.time("ms", std::chrono::seconds(5));
  } else if (kind == "uneven_delay") {
    armed.delay = {args.time("ms", std::chrono::milliseconds(500)), args.flag("keeps_order", true)};
  } else if (kind == "unknown_fields") {
    armed.unknown_fields = args.flag("on", true);
  } else if (kind == "resume_url") {
    const std::string url = args.text("url", refusing_url);
    armed.resume_url = url.empty() ? std::nullopt : std::optional(url);
  } else if (kind == "second_session") {
    const auto mode = parse_mode(args.text("mode", "both"));
    if (!mode) return std::unexpected("mode is both, kick_first or mute_second");
    hub_.settings().on_second_session = *mode;
  } else if (kind == "expire_sessions") {
    const auto sessions =
        hub_.find_sessions(bot, static_cast<int>(args.number("shard", -1)), args.text("session"));
    std::size_t expired = 0;
    for (gateway_session* session : sessions) {
      // A session in use goes with its connection, as when Discord's process behind it dies.
      if (session->connection != nullptr) session->connection->server_drop();
      hub_.end_session(*session);
      ++expired;
    }
    return affected(expired);
  } else if (kind == "reset_token") {
    if (bot == 0) return std::unexpected("reset_token needs a bot");
    hub_.reset_token(bot);
  } else {
    return std::nullopt;
  }
  return json::object{{"armed", true}};
}

fault_desk::outcome fault_desk::world_fault(const std::string& kind, const arguments& args) {
  if (kind == "date") {
    rest_.set_date_offset(std::chrono::milliseconds(args.number("ms")));
    return json::object{{"armed", true}};
  }
  if (kind == "application_flags") {
    const id bot = find_bot_by_name(world_, args.text("bot")).value_or(0);
    if (!world_.set_application_flags(bot, static_cast<std::uint64_t>(args.number("flags"))))
      return std::unexpected("application_flags needs a bot");
    return affected(1);
  }
  if (kind != "outage_begin" && kind != "outage_end") return std::nullopt;
  const id one = args.snowflake("guild");
  const std::vector<id> guilds = one == 0 ? world_.guilds() : std::vector<id>{one};
  std::size_t changed = 0;
  for (const id guild : guilds)
    if (kind == "outage_begin" ? world_.begin_outage(guild) : world_.end_outage(guild)) ++changed;
  return affected(changed);
}

fault_desk::outcome fault_desk::rest_fault_of(const std::string& kind, const arguments& args) {
  const auto parsed = parse_rest_fault_kind(kind);
  if (!parsed) return std::nullopt;
  rest_fault fault;
  fault.kind = *parsed;
  fault.duration = args.time("duration");
  fault.count = static_cast<int>(args.number("count", fault.duration.count() > 0 ? 0 : 1));
  fault.status = static_cast<int>(args.number("status", fault.status));
  fault.delay = args.time("delay", fault.delay);
  fault.method = args.text("method");
  fault.route_contains = args.text("route");
  fault.application = find_bot_by_name(world_, args.text("bot")).value_or(0);
  rest_.inject(fault);
  return json::object{{"armed", true}};
}

void fault_desk::clear() {
  hub_.armed() = {};
  hub_.settings().on_second_session = second_session::both;
  for (gateway_connection* connection : hub_.find_connections(0, -1, {})) {
    connection->stop_acks(false);
    connection->set_silent(false);
    connection->output().throttle(0);
  }
  rest_.clear_faults();
  rest_.set_date_offset({});
}

}  // namespace guildfleet::sim
