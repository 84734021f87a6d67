#include "peer/peer_link.hpp"

#include <fmt/format.h>

#include "net/throwaway_ca.hpp"
#include "peer/peer_words.hpp"

namespace guildfleet::peer {
namespace {

constexpr std::chrono::milliseconds patience{500};
constexpr std::chrono::milliseconds guest_patience{2'000};
constexpr std::size_t most_peers = 1'000;
constexpr std::size_t most_connections = 64;  // a guest's question waits on one
// What makes it trusted is the row in the store, which ends with the node.
constexpr std::chrono::days certificate_life{10 * 365};
constexpr std::string_view scheme = "Bearer ";

}  // namespace

peer_link::peer_link(net::asio::any_io_executor executor, peer_settings settings, peer_events events,
                     base::metrics& metrics, base::logger log)
    : executor_(std::move(executor)),
      settings_(std::move(settings)),
      events_(std::move(events)),
      log_(std::move(log)),
      said_(metrics.counter_of("guildfleet_peer_said_total", "Words to other nodes that were heard", {})),
      unheard_(metrics.counter_of("guildfleet_peer_unheard_total",
                                  "Words to other nodes that did not arrive; the store tells them later",
                                  {})),
      heard_(metrics.counter_of("guildfleet_peer_heard_total", "Words of other nodes", {})),
      proof_(proof_of(settings_.fleet_key)) {}

peer_link::~peer_link() = default;

base::result<void> peer_link::start() {
  auto made = net::make_throwaway_ca({settings_.host}, certificate_life);
  if (!made) return std::unexpected(std::move(made).error());
  auto tls = net::make_server_tls(made->certificate_pem, made->key_pem);
  if (!tls) return std::unexpected(std::move(tls).error());
  certificate_ = std::move(made->ca_pem);
  net::http_server_settings http;
  http.address = settings_.listen;
  http.port = settings_.port;
  http.tls = std::move(*tls);
  http.max_body_bytes = 256U << 10U;  // a note of a hand-over with all buckets that it may name
  http.max_connections = 1'024;
  server_ = std::make_unique<net::http_server>(
      executor_, std::move(http), [this](net::http_request request) { return answer(std::move(request)); });
  return server_->start();
}

std::string peer_link::address() const {
  return fmt::format("{}:{}", settings_.host, server_->port());
}

net::task<net::http_response> peer_link::answer(net::http_request request) {
  const std::string_view shown = request.fields.find("Authorization").value_or("");
  if (!shown.starts_with(scheme) || base::secret(std::string(shown.substr(scheme.size()))) != proof_) {
    co_return net::http_response::text(401, "Another fleet's key.\n");
  }
  if (request.method != "POST") co_return net::http_response::text(405, "Only POST.\n");
  if (request.path() == look_path) {
    heard_.add();
    events_.on_look();
    co_return net::http_response{204, {}, {}};
  }
  if (request.path() == prepare_path) {
    const auto shard = parse_shard(request.body);
    if (!shard) co_return net::http_response::text(400, "No shard is named.\n");
    heard_.add();
    events_.on_prepare(*shard);
    co_return net::http_response{204, {}, {}};
  }
  if (request.path() == status_path && events_.on_status)
    co_return net::http_response::json(200, events_.on_status());
  if (request.path() == guest_path) co_return co_await answer_guest(std::move(request.body));
  if (request.path() == handover_path && events_.on_handover)
    co_return co_await answer_handover(std::move(request.body));
  if (request.path() == tail_path && events_.on_tail) co_return co_await answer_tail(std::move(request.body));
  co_return net::http_response::text(404, "A later release's word.\n");
}

net::task<net::http_response> peer_link::answer_handover(std::string body) {
  auto note = parse_handover_note(body);
  if (!note) co_return net::http_response::text(400, "No note of a hand-over.\n");
  const bool taken = co_await events_.on_handover(std::move(*note));
  if (!taken) co_return net::http_response::text(409, "This node does not know the shard.\n");
  heard_.add();
  co_return net::http_response{204, {}, {}};
}

net::task<net::http_response> peer_link::answer_tail(std::string body) {
  auto word = parse_handover_word(body);
  if (!word) co_return net::http_response::text(400, "No word about a hand-over.\n");
  const bool taken = co_await events_.on_tail(std::move(*word));
  if (!taken) co_return net::http_response::text(409, "This node does not know the shard.\n");
  heard_.add();
  co_return net::http_response{204, {}, {}};
}

net::task<net::http_response> peer_link::answer_guest(std::string body) {
  auto question = parse_guest_question(body);
  if (!question) co_return net::http_response::text(400, "No guest's question.\n");
  std::string bytes;
  if (events_.on_guest) bytes = co_await events_.on_guest(std::move(*question));
  if (bytes.empty()) co_return net::http_response::text(409, "No guest is wanted for this shard.\n");
  net::http_response out{200, {}, std::move(bytes)};
  out.fields.set("Content-Type", "application/octet-stream");
  co_return out;
}

net::task<bool> peer_link::say_look(store::node_row to) {
  return say(std::move(to), look_path, {});
}

net::task<bool> peer_link::say_prepare(store::node_row to, store::lease_key shard) {
  return say(std::move(to), prepare_path, to_json(shard));
}

net::task<bool> peer_link::say_handover(store::node_row to, handover_note note) {
  return say(std::move(to), handover_path, to_json(note));
}

net::task<bool> peer_link::say_tail(store::node_row to, handover_word word) {
  return say(std::move(to), tail_path, to_json(word));
}

net::task<bool> peer_link::say(store::node_row to, std::string_view path, std::string body) {
  const auto client = client_of(to);
  if (client == nullptr) co_return false;
  auto heard = co_await client->send(request_to(path, std::move(body)), net::deadline_in(patience));
  const bool fine = heard && heard->status == 204;
  (fine ? said_ : unheard_).add();
  // It has heard, but wants or knows something else: an earlier release's node, or one without the bot.
  if (heard && (heard->status == 404 || heard->status == 409)) co_return false;
  const auto found = peers_.find(to.identity.incarnation);
  if (found != peers_.end() && std::exchange(found->second.unheard, !fine) == fine && !fine) {
    log_.warn("a node does not hear this one; shards move more slowly between them",
              base::field("other", to.identity.name), base::field("address", to.report.address),
              base::field("reason", heard ? fmt::format("it answered {}", heard->status)
                                          : heard.error().error.message()));
  }
  co_return fine;
}

net::task<base::result<std::string>> peer_link::ask_status(store::node_row of) {
  const std::string& address = of.report.address;
  const auto client = client_of(of);
  if (client == nullptr)
    co_return base::fail(net::net_error::bad_url, address,
                         "The node tells no address and certificate of use: look at its node.advertise.");
  auto heard = co_await client->send(request_to(status_path, {}), net::deadline_in(guest_patience));
  if (!heard) {
    const base::error& why = heard.error().error;
    co_return base::fail(why.code(), fmt::format("{}: {}", address, why.context()), why.fix());
  }
  if (heard->status == 200) co_return std::move(heard->body);
  co_return base::fail(net::net_error::protocol_violation,
                       fmt::format("{} answers with status {}", address, heard->status),
                       heard->status == 401 ? "Its node.fleet_key is another one." : "");
}

net::task<std::optional<guest_answer>> peer_link::ask_as_guest(store::node_row owner,
                                                               guest_question question) {
  const auto client = client_of(owner);
  if (client == nullptr) co_return std::nullopt;
  const net::deadline until = net::deadline_in(question.wait + guest_patience);
  const auto heard = co_await client->send(request_to(guest_path, to_json(question)), until);
  if (!heard || heard->status != 200) co_return std::nullopt;
  co_return parse_guest_answer(heard->body);
}

net::http_request peer_link::request_to(std::string_view path, std::string body) const {
  net::http_request request;
  request.method = "POST";
  request.target = std::string(path);
  request.fields.set("Authorization", fmt::format("{}{}", scheme, proof_.reveal()));
  request.body = std::move(body);
  return request;
}

std::shared_ptr<net::http_client> peer_link::client_of(const store::node_row& node) {
  if (const auto known = peers_.find(node.identity.incarnation); known != peers_.end())
    return known->second.client;
  const auto url = net::parse_url("https://" + node.report.address);
  if (node.report.address.empty() || !url) return nullptr;
  auto tls = net::make_pinned_client_tls(node.report.certificate);
  if (!tls) return nullptr;
  if (peers_.size() >= most_peers) peers_.clear();
  net::http_client_settings http;
  http.origin = *url;
  http.tls = std::move(*tls);
  http.max_connections = most_connections;
  http.max_response_bytes = largest_guest_answer;
  peer& made = peers_[node.identity.incarnation];
  made.client = std::make_shared<net::http_client>(executor_, std::move(http));
  return made.client;
}

net::task<> peer_link::stop(net::deadline until) {
  for (auto& [incarnation, each] : peers_) each.client->close();
  if (server_) co_await server_->stop(until);
}

}  // namespace guildfleet::peer
