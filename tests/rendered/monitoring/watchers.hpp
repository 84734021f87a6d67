// Prometheus and Alertmanager as Debian has them, on loopback, with what guildfleet renders.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "base/scratch_folder.hpp"
#include "support/child_process.hpp"

namespace guildfleet::rendered {

namespace json = boost::json;

// Runs the program; throws with what it said when it fails.
void must_run(const base::scratch_folder& folder, const std::vector<std::string>& command);

// prometheus.yml in `folder`, made fit for this machine: `targets` in place of the containers, no look-ups of
// names, a scrape and an evaluation each second, alerts to this port.
void adapt_prometheus(const std::filesystem::path& file, const std::vector<std::string>& targets,
                      std::uint16_t alertmanager);

// One of them; ends with this object.
class watcher final {
 public:
  // `command` runs in `folder` and answers at `port`, under `prefix` ("/api/v1").
  watcher(const base::scratch_folder& folder, std::vector<std::string> command, std::uint16_t port,
          std::string prefix);

  // Waits until it answers.
  [[nodiscard]] bool starts();
  // The answer to GET prefix + path; null: none, or another status than 200.
  [[nodiscard]] json::value ask(const std::string& path) const;
  [[nodiscard]] bool post(const std::string& path, const json::value& what) const;
  [[nodiscard]] std::string log() const { return process_.err(); }

 private:
  std::string origin_;
  std::string prefix_;
  support::child_process process_;
};

// A text as a part of a query of a URL.
[[nodiscard]] std::string url_encoded(std::string_view text);

}  // namespace guildfleet::rendered
