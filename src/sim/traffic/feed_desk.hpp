// Bulk feeds for measurements: once a session has READY and all its guilds, it gets N MESSAGE_CREATE as fast
// as its socket takes them, and a marker at the end. One reactor.
#pragma once

#include <functional>
#include <list>

#include "sim/gateway/gateway_hub.hpp"
#include "sim/world/world.hpp"

namespace guildfleet::sim {

struct feed_order {
  id application = 0;  // 0: the first session that is ready
  int shard = -1;      // -1: any
  std::uint64_t count = 100'000;
  std::size_t message_bytes = 1'200;
  std::uint64_t seed = 1;
  bool resumable = false;            // true: the events go through the session's replay buffer
  std::string marker = "feed done";  // content of the last message, which is not counted
};

struct feed_progress {
  feed_order order;
  std::uint64_t sent = 0;
  std::string session;  // empty: waits for a session
  bool finished = false;
  base::steady_time started{};
  base::steady_time ended{};
};

class feed_desk final {
 public:
  // Both outlive the desk; the desk becomes the hub's observer of loaded sessions.
  feed_desk(gateway_hub& hub, const world& owner);
  ~feed_desk();
  feed_desk(const feed_desk&) = delete;
  feed_desk& operator=(const feed_desk&) = delete;

  // Starts at once when such a session is ready, else with the next one that becomes so.
  std::shared_ptr<const feed_progress> order(feed_order order);
  // Called when a feed ends.
  void on_finished(std::function<void()> observer) { finished_ = std::move(observer); }
  [[nodiscard]] boost::json::array report() const;

 private:
  class source;
  void start_waiting(gateway_session& session);
  [[nodiscard]] bool start(const std::shared_ptr<feed_progress>& feed, gateway_session& session);

  gateway_hub& hub_;
  const world& world_;
  std::list<std::shared_ptr<feed_progress>> feeds_;
  std::function<void()> finished_;
};

}  // namespace guildfleet::sim
