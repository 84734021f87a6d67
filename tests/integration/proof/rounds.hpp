// One round: a fault on one node, and what came of it.
#pragma once

#include <functional>
#include <optional>

#include "base/random.hpp"
#include "integration/proof/cluster.hpp"

namespace guildfleet::proof {

struct round_result {
  fault what = fault::drain;
  std::string node;
  base::steady_time begun;
  std::optional<base::steady_time> thawed;           // where it was frozen
  std::vector<std::chrono::milliseconds> takeovers;  // of each shard, where they are to be taken over
  std::vector<std::string> complaints;               // empty: as it should be
};

class rounds final {
 public:
  rounds(cluster& on, const options& wanted, base::random_source& random)
      : cluster_(on), wanted_(wanted), random_(random) {}

  // Comes back when the cluster is whole again.
  [[nodiscard]] round_result run(fault what);

 private:
  void make(fault what, int node);
  void kill(int node);
  void freeze(int node);
  void cut(int node, std::initializer_list<support::network_lab::side> from);
  void cut_from_discord(int node);
  void shift_clock(int node);
  void restart_store(int node);
  void drain(int node);

  [[nodiscard]] std::uint64_t messages_a_second() const;
  void let_handle(std::uint64_t messages);  // until so many more were handled
  void let_make(std::uint64_t messages);    // until Discord has so many more
  void let_renew(int node);                 // its leases, by its clock as it is now
  [[nodiscard]] int choose(fault what);
  void expect_takeover(int node, const std::vector<std::uint32_t>& shards);
  void expect(bool good, std::string_view what);

  cluster& cluster_;
  const options& wanted_;
  base::random_source& random_;
  round_result result_;
};

}  // namespace guildfleet::proof
