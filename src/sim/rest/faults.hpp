// Faults that wait for a request they fit.
#pragma once

#include <vector>

#include "sim/rest/rest_api.hpp"

namespace guildfleet::sim {

struct fault_target {
  std::string_view method;
  std::string_view route;
  id application = 0;
};

// On the simulator's thread.
class fault_list final {
 public:
  void add(rest_fault fault, base::steady_time now);
  void clear() { active_.clear(); }
  // The faults for this request, at most one of each kind; counts them down.
  [[nodiscard]] std::vector<rest_fault> take(const fault_target& target, base::steady_time now);

 private:
  struct active_fault {
    rest_fault fault{};
    base::steady_time until{};
    bool timed = false;
    int left = 0;
  };
  std::vector<active_fault> active_;
};

}  // namespace guildfleet::sim
