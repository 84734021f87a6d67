// Steady traffic in all guilds: a rate of events per second, a mix of types, the same for the same seed. One
// reactor.
#pragma once

#include <boost/json/object.hpp>
#include <map>

#include "net/io.hpp"
#include "sim/gateway/gateway_hub.hpp"
#include "sim/world/world.hpp"

namespace guildfleet::sim {

struct traffic_settings {
  double events_per_second = 0;  // 0: stopped
  std::uint64_t seed = 1;
  std::size_t message_bytes = 1'200;
};

class traffic_generator final {
 public:
  // Both outlive the generator.
  traffic_generator(gateway_hub& hub, const world& owner) : hub_(hub), world_(owner), random_(1) {}

  // Takes effect at the next step; makes the texts anew.
  void set(traffic_settings settings);
  [[nodiscard]] bool running() const { return settings_.events_per_second > 0 && !templates_.empty(); }
  // Publishes what is due at `now` since the last step; at most a tenth of a second's worth, so that a pause
  // does not end in a flood.
  void step(base::steady_time now);
  // Steps every 10 ms while it is running, until cancelled.
  [[nodiscard]] static net::task<> run(traffic_generator& generator);
  // {running, events_per_second, made, delivered, by_type}
  [[nodiscard]] boost::json::object report() const;

 private:
  [[nodiscard]] id next_id();

  gateway_hub& hub_;
  const world& world_;
  base::random_source random_;
  traffic_settings settings_;
  std::vector<prepared_event> templates_;
  base::steady_time last_step_{};
  double owed_ = 0;  // events due, with the fraction that is left over
  id ids_ = 0;       // made
  std::uint64_t made_ = 0;
  std::uint64_t delivered_ = 0;
  std::map<std::string, std::uint64_t> by_type_;
};

}  // namespace guildfleet::sim
