// Series that show how things are, not what happened: set from the node's snapshot at each scrape.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/metrics.hpp"
#include "bot/fleet_status.hpp"

namespace guildfleet::api {

// One thread. `metrics` must outlive it.
class status_metrics final {
 public:
  explicit status_metrics(base::metrics& metrics);

  void update(const bot::fleet_snapshot& snapshot, std::uint64_t resident_bytes);

 private:
  void update_bot(const bot::bot_health& bot);
  // Made at the first use and kept.
  base::gauge& series(const std::string& name, const std::string& help, const base::metric_labels& labels);

  base::metrics& metrics_;
  std::map<std::pair<std::string, base::metric_labels>, base::gauge> series_;
};

}  // namespace guildfleet::api
