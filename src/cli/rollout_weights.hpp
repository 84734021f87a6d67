// guildfleet rollout weights: a rollout's share as weights in nginx's upstreams.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/config_input.hpp"
#include "cli/lease_places.hpp"
#include "ops/render/deployment.hpp"

namespace guildfleet::cli {

struct weights_request {
  config_options config;
  std::string folder;
  bool watch = false;  // until it is stopped; otherwise once
};

// Writes a file for each service into a folder, as the stores show its bot, and removes those that it wrote
// for services that are gone. One thread.
class weights_writer final {
 public:
  // All outlive it; `clock` is the system's.
  weights_writer(const ops::fleet_config& config, const ops::deployment& all, std::string folder,
                 const base::clock& clock)
      : config_(config), all_(all), folder_(std::move(folder)), clock_(clock) {}

  struct outcome {
    std::vector<std::string> written{};    // a line for each file that has changed or is gone
    std::optional<base::error> problem{};  // the first one: of a store, of the folder
  };
  // Looks once. A service whose store does not answer keeps the file that it has. Blocks.
  [[nodiscard]] outcome look();

 private:
  using pictures = std::map<const store::store*, base::result<store::fleet_picture>>;

  base::result<void> open();
  base::result<void> write(const ops::service& of, pictures& seen, std::vector<std::string>& written);
  void remove_left_overs(std::vector<std::string>& told) const;

  const ops::fleet_config& config_;
  const ops::deployment& all_;
  std::string folder_;
  const base::clock& clock_;
  std::vector<bot_place> places_;
};

// Once, or until SIGTERM or SIGINT: then a problem is told and waited for.
exit_code write_weights(const weights_request& request, const program_facts& facts, const terminal& to);

}  // namespace guildfleet::cli
