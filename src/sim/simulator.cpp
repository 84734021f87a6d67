#include "sim/simulator.hpp"

#include <fstream>

#include "net/http_server.hpp"
#include "net/throwaway_ca.hpp"
#include "sim/gateway/gateway_link.hpp"
#include "sim/world/state.hpp"

namespace guildfleet::sim {
namespace {

constexpr std::chrono::milliseconds stop_limit(2'000);
constexpr std::chrono::milliseconds late_event_pause(50);
constexpr std::size_t largest_upload = 26U << 20U;

// The world behind the gateway's narrow port.
class world_requests final : public request_port {
 public:
  explicit world_requests(world& owner) : world_(owner) {}
  std::vector<boost::json::object> members(const guild_members_request& request) const override {
    if (request.by_ids && request.user_ids.empty()) return {};
    return world_.members(request.guild, {request.query, request.user_ids, request.limit});
  }
  boost::json::object presence(id guild, id user) const override { return world_.presence(guild, user); }
  boost::json::array channel_info(id guild) const override { return world_.channel_info(guild); }
  void set_voice_state(id application, const voice_state_request& request) override {
    world_.set_bot_voice_state(application,
                               {request.guild, request.channel, request.self_mute, request.self_deaf});
  }
  void set_presence(id application, const presence_request& request) override {
    world_.set_bot_presence(application, request.status, request.activities);
  }

 private:
  world& world_;
};

bool has_no_port(std::string_view url) {
  return url.empty() || url.ends_with(":0");
}

}  // namespace

struct simulator::impl {
  impl(net::asio::any_io_executor on, const base::clock& time, simulator_settings from)
      : executor(on),
        settings(std::move(from)),
        owner(time, settings.world),
        requests(owner),
        hub(time, owner, requests, settings.gateway, settings.world.seed),
        rest(time, owner, settings.rest, &hub),
        members(owner),
        feeds(hub, owner),
        traffic(hub, owner),
        faults(hub, owner, rest),
        control(on, {owner, members, hub, rest, feeds, traffic, faults, [this] { ask_to_stop(); }}),
        group(on) {
    owner.connect(&hub);
  }
  ~impl() { owner.connect(nullptr); }

  base::result<net::tls_context> make_tls();
  base::result<void> start();
  net::task<net::http_response> on_request(net::http_request request);
  [[nodiscard]] net::http_response attachment(const net::http_request& request) const;
  net::task<> on_upgrade(net::http_request request, std::unique_ptr<net::ws_connection> socket);
  static net::task<> publish_late(impl& self, std::vector<world_event> events);
  std::optional<net::http_response> check_upgrade(const net::http_request& request);
  [[nodiscard]] const std::string& reachable_at() const {
    return settings.host.empty() ? settings.address : settings.host;
  }
  [[nodiscard]] std::string url(std::string_view scheme) const;
  void ask_to_stop() {
    if (shutdown) shutdown();
  }

  net::asio::any_io_executor executor;
  simulator_settings settings;
  world owner;
  world_requests requests;
  gateway_hub hub;
  rest_api rest;
  member_actions members;
  feed_desk feeds;
  traffic_generator traffic;
  fault_desk faults;
  control_api control;
  net::task_group group;
  std::unique_ptr<net::http_server> server;
  std::string ca_pem;
  std::uint64_t connections = 0;
  std::function<void()> shutdown;
};

base::result<net::tls_context> simulator::impl::make_tls() {
  if (!settings.tls) return net::tls_context();
  auto authority = net::make_throwaway_ca({"localhost", "127.0.0.1", reachable_at()});
  if (!authority) return std::unexpected(authority.error());
  ca_pem = authority->ca_pem;
  if (!settings.ca_file.empty()) {
    std::ofstream file(settings.ca_file, std::ios::trunc);
    file << ca_pem;
    file.flush();
    if (!file)
      return base::fail(std::make_error_code(std::errc::permission_denied), settings.ca_file,
                        "Choose a file that can be written for the simulator's authority.");
  }
  return net::make_server_tls(authority->certificate_pem, authority->key_pem);
}

base::result<void> simulator::impl::start() {
  auto tls = make_tls();
  if (!tls) return std::unexpected(tls.error());
  net::http_server_settings http;
  http.address = settings.address;
  http.port = settings.port;
  http.tls = *tls;
  http.max_connections = settings.max_connections;
  http.max_body_bytes = largest_upload;
  http.websocket_limits = {.max_message_bytes = 64U << 10U, .read_chunk_bytes = 16U << 10U};
  server = std::make_unique<net::http_server>(
      executor, std::move(http), [this](net::http_request request) { return on_request(std::move(request)); },
      [this](const net::http_request& request) { return check_upgrade(request); },
      [this](net::http_request request, std::unique_ptr<net::ws_connection> socket) {
        return on_upgrade(std::move(request), std::move(socket));
      });
  if (auto started = server->start(); !started) return started;
  const std::string gateway = url("ws");
  if (has_no_port(settings.gateway.resume_url)) hub.settings().resume_url = gateway;
  if (has_no_port(settings.rest.gateway_url)) rest.set_gateway_url(gateway);
  owner.state().attachments.set_origin(url("http"));
  traffic.set(settings.traffic);
  group.spawn("sim traffic", traffic_generator::run(traffic));
  return {};
}

std::string simulator::impl::url(std::string_view scheme) const {
  return fmt::format("{}{}://{}:{}", scheme, settings.tls ? "s" : "", reachable_at(), server->port());
}

net::task<net::http_response> simulator::impl::on_request(net::http_request request) {
  const std::string_view path = request.path();
  if (path.starts_with("/_sim/")) co_return co_await control.handle(std::move(request));
  if (path.starts_with("/attachments/")) co_return attachment(request);
  if (!path.starts_with("/api")) co_return net::http_response::text(404, "Nothing is here.\n");
  rest_outcome outcome = rest.handle(request);
  if (outcome.delay.count() > 0) (void)co_await net::sleep_until(net::deadline_in(outcome.delay));
  if (!outcome.late_events.empty())
    group.spawn("sim late events", publish_late(*this, std::move(outcome.late_events)));
  if (outcome.reset_connection) co_return net::http_response{0, {}, {}};
  co_return std::move(outcome.response);
}

net::http_response simulator::impl::attachment(const net::http_request& request) const {
  const auto* const file = owner.state().attachments.find(request.path());
  if (file == nullptr) return net::http_response::text(404, "This content is no longer available.\n");
  net::http_response response{200, {}, file->content};
  response.fields.set("Content-Type", file->content_type);
  return response;
}

// The response goes out first: this waits longer than writing it takes.
net::task<> simulator::impl::publish_late(impl& self, std::vector<world_event> events) {
  if (co_await net::sleep_until(net::deadline_in(late_event_pause)))
    self.rest.publish_late(std::move(events));
}

std::optional<net::http_response> simulator::impl::check_upgrade(const net::http_request& request) {
  if (hub.armed().refuse_connections > 0) {
    --hub.armed().refuse_connections;
    return net::http_response::text(503, "The gateway is not available.\n");
  }
  if (request.path() != "/") return net::http_response::text(404, "The gateway is at /.\n");
  return std::nullopt;
}

net::task<> simulator::impl::on_upgrade(net::http_request request,
                                        std::unique_ptr<net::ws_connection> socket) {
  // Without `v` the API's default version counts, which is 6 (protocol sheet 1.2).
  connect_query query{request.query_value("v").value_or("6"),
                      request.query_value("encoding").value_or("json"),
                      request.query_value("compress").value_or("")};
  auto link =
      std::make_shared<gateway_link>(executor, hub, std::move(socket), std::move(query), ++connections);
  co_await gateway_link::serve(std::move(link), group);
}

simulator::simulator(net::asio::any_io_executor executor, const base::clock& clock,
                     simulator_settings settings)
    : impl_(std::make_shared<impl>(executor, clock, std::move(settings))) {}

simulator::~simulator() = default;

base::result<void> simulator::start() {
  return impl_->start();
}

std::uint16_t simulator::port() const {
  return impl_->server->port();
}

std::string simulator::api_url() const {
  return impl_->url("http") + "/api";
}

std::string simulator::gateway_url() const {
  return impl_->url("ws");
}

const std::string& simulator::ca_pem() const {
  return impl_->ca_pem;
}

void simulator::on_shutdown(std::function<void()> observer) {
  impl_->shutdown = std::move(observer);
}

net::task<> simulator::stop() {
  impl_->traffic.set({});
  co_await impl_->server->stop(net::deadline_in(stop_limit));
  impl_->group.close();
  impl_->group.cancel();
  co_await impl_->group.join();
}

world& simulator::owner() {
  return impl_->owner;
}
member_actions& simulator::members() {
  return impl_->members;
}
gateway_hub& simulator::hub() {
  return impl_->hub;
}
rest_api& simulator::rest() {
  return impl_->rest;
}
fault_desk& simulator::faults() {
  return impl_->faults;
}
feed_desk& simulator::feeds() {
  return impl_->feeds;
}
traffic_generator& simulator::traffic() {
  return impl_->traffic;
}

}  // namespace guildfleet::sim
