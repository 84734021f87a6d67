// Faults on demand, by name: of connections, of the gateway as a whole, of the world and of REST.
#pragma once

#include "sim/control/arguments.hpp"
#include "sim/gateway/gateway_hub.hpp"
#include "sim/rest/rest_api.hpp"

namespace guildfleet::sim {

class fault_desk final {
 public:
  // All outlive the desk.
  fault_desk(gateway_hub& hub, world& owner, rest_api& rest) : hub_(hub), world_(owner), rest_(rest) {}

  // {"kind": name, ...}; the reach of a connection's fault is `bot`, `shard`, `session`, or all. Answers what
  // it did; error: what is wrong.
  [[nodiscard]] std::expected<boost::json::object, std::string> inject(const arguments& args);

 private:
  using outcome = std::optional<std::expected<boost::json::object, std::string>>;
  [[nodiscard]] outcome connection_fault(const std::string& kind, const arguments& args);
  [[nodiscard]] outcome gateway_fault(const std::string& kind, const arguments& args);
  [[nodiscard]] outcome world_fault(const std::string& kind, const arguments& args);
  [[nodiscard]] outcome rest_fault_of(const std::string& kind, const arguments& args);
  void clear();

  gateway_hub& hub_;
  world& world_;
  rest_api& rest_;
};

// A bot by its name or application id; 0: none is called so, nullopt of an empty name: all.
[[nodiscard]] std::optional<id> find_bot_by_name(const world& owner, std::string_view name);

}  // namespace guildfleet::sim
