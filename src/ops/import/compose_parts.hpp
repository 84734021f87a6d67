// The parts of import_compose.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ops/check/compose_checks.hpp"
#include "ops/import/fleet_draft.hpp"

namespace guildfleet::ops {

// A service that became a bot.
struct imported_bot {
  const compose_service* service = nullptr;
  std::string name;
};

// How fleet.yaml refers to a secret of a service: a key and a value such as token: ${BOT1_TOKEN} or
// token_file: ./secrets/bot1. Where the value stands in the Compose file or in another file, `draft.left`
// tells to move it.
struct secret_reference {
  std::string key;
  std::string value;
};
[[nodiscard]] secret_reference refer_to_secret(const compose_file& file, const compose_service& service,
                                               const compose_variable& variable, std::string_view key,
                                               const std::string& new_variable, fleet_draft& draft);

// What one service says of a setting that the whole fleet has once.
class common_settings final {
 public:
  void add(const std::string& path, const std::string& service, std::string value);
  // What all that say something agree on; what they differ in is told.
  void put_into(fleet_draft& draft) const;

 private:
  struct said {
    std::string service;
    std::string value;
  };
  std::map<std::string, std::vector<said>> all_;
};

// store.sqlite and store.database_url of all bots together.
void import_stores(const compose_file& file, const std::vector<imported_bot>& bots, fleet_draft& draft);

// deploy: image, nodes, limits, time to stop, servers beside the bots.
void import_deploy(const std::vector<imported_bot>& bots, fleet_draft& draft);

// What is left of the file: keys of services, services that are no bots.
void tell_the_rest(const compose_file& file, const std::vector<imported_bot>& bots, fleet_draft& draft);

}  // namespace guildfleet::ops
