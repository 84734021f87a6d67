// The link between the nodes of a fleet: HTTP over TLS, each node a server and a client. A node's address and
// certificate stand in the store; who calls proves that it knows the fleet's key. What it says, the store
// says too, a second later; only guests (guest_words.hpp) and tails (handover_words.hpp) need it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/secret.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "peer/guest_words.hpp"
#include "peer/handover_words.hpp"
#include "store/fleet_rows.hpp"

namespace guildfleet::peer {

struct peer_settings {
  std::string listen = "0.0.0.0";  // IP address
  std::string host;                // under which the others reach this node
  std::uint16_t port = 0;          // 0: the system chooses
  base::secret fleet_key;          // at least 16 bytes, the same on all nodes
};

// What comes from other nodes. On the link's reactor.
struct peer_events {
  std::function<void()> on_look;
  std::function<void(const store::lease_key&)> on_prepare;
  // guest_words' to_bytes(); empty: this node has no guest for that shard. May wait as long as the question
  // says.
  std::function<net::task<std::string>(guest_question)> on_guest{};
  std::function<std::string()> on_status{};  // JSON of the node's health
  // The shard's next owner is this node. False: it does not know the shard, and the other waits for its own.
  std::function<net::task<bool>(handover_note)> on_handover{};
  std::function<net::task<bool>(handover_word)> on_tail{};
};

// Lives on one reactor.
class peer_link final {
 public:
  peer_link(net::asio::any_io_executor executor, peer_settings settings, peer_events events,
            base::metrics& metrics, base::logger log);
  ~peer_link();

  // Makes this node's certificate and listens. Errors: tls_failed; the port is taken.
  [[nodiscard]] base::result<void> start();
  // For the node's row in the store; once started.
  [[nodiscard]] std::string address() const;
  [[nodiscard]] const std::string& certificate() const { return certificate_; }

  // Says it to a node, within half a second; false: it was not heard (counted, and told once for a node).
  [[nodiscard]] net::task<bool> say_look(store::node_row to);
  [[nodiscard]] net::task<bool> say_prepare(store::node_row to, store::lease_key shard);

  // The JSON of a node's health. Errors: net_error, why it did not answer within two seconds.
  [[nodiscard]] net::task<base::result<std::string>> ask_status(store::node_row of);
  // Asks the node that has a shard for the events of delegated guilds. nullopt: it did not answer, or wants
  // no guest.
  [[nodiscard]] net::task<std::optional<guest_answer>> ask_as_guest(store::node_row owner,
                                                                    guest_question question);

  // As say_look(). False: it was not heard, or the node's release does not know the word.
  [[nodiscard]] net::task<bool> say_handover(store::node_row to, handover_note note);
  [[nodiscard]] net::task<bool> say_tail(store::node_row to, handover_word word);

  net::task<> stop(net::deadline until);

 private:
  struct peer {
    std::shared_ptr<net::http_client> client;
    bool unheard = false;
  };

  [[nodiscard]] net::task<net::http_response> answer(net::http_request request);
  [[nodiscard]] net::task<net::http_response> answer_guest(std::string body);
  [[nodiscard]] net::task<net::http_response> answer_handover(std::string body);
  [[nodiscard]] net::task<net::http_response> answer_tail(std::string body);
  [[nodiscard]] net::task<bool> say(store::node_row to, std::string_view path, std::string body);
  [[nodiscard]] net::http_request request_to(std::string_view path, std::string body) const;
  // Null: it has no link.
  [[nodiscard]] std::shared_ptr<net::http_client> client_of(const store::node_row& node);

  net::asio::any_io_executor executor_;
  peer_settings settings_;
  peer_events events_;
  base::logger log_;
  base::counter said_;
  base::counter unheard_;
  base::counter heard_;
  base::secret proof_;
  std::string certificate_;
  std::unique_ptr<net::http_server> server_;
  std::map<std::uint64_t, peer> peers_;  // by incarnation
};

}  // namespace guildfleet::peer
