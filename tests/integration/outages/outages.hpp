// What an outage of the database costs a bot: each fault is made, lasts for a while and ends, under traffic;
// the account says whether anything was lost and how long the recovery took.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "integration/fleet_harness.hpp"

namespace guildfleet::outages {

struct options {
  std::chrono::milliseconds down{3'000};
  std::string only;  // one fault by name; empty: all
};

// A way to lose the database.
struct fault {
  std::string name;
  std::function<void()> begin;
  std::function<void()> end;
};

// A database with its faults, for one bot.
class lab {
 public:
  virtual ~lab() = default;
  [[nodiscard]] virtual std::string url() const = 0;
  [[nodiscard]] virtual std::vector<fault> faults() = 0;
};
[[nodiscard]] std::unique_ptr<lab> make_single_server();
[[nodiscard]] std::unique_ptr<lab> make_full_disk();  // null: no file system can be mounted here
[[nodiscard]] std::unique_ptr<lab> make_pair_of_servers();

struct verdict {
  std::string fault;
  std::string leases;
  std::chrono::milliseconds save{0};    // from the end of the fault to a setting that is saved
  std::chrono::milliseconds events{0};  // and to the last event handled
  int sent = 0;                         // messages during the outage
  int handled = 0;
  int answers = 0;  // commands answered within three seconds during the outage
  int asked = 0;
  std::vector<std::string> complaints;  // empty: as it should be
};

// Runs the real program with its leases in the database ("shared") or beside it ("local").
[[nodiscard]] verdict run_fault(lab& database, const fault& fault, const std::string& leases,
                                std::chrono::milliseconds down);

}  // namespace guildfleet::outages
