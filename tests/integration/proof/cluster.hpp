// What a proof runs on: a simulated Discord, a database with a witness, and nodes as processes, on hosts of
// their own where networks can be made.
#pragma once

#include <memory>

#include "base/scratch_folder.hpp"
#include "cli/simulator_host.hpp"
#include "integration/action_account.hpp"
#include "integration/lease_witness.hpp"
#include "integration/proof/proof.hpp"
#include "integration/sim_watch.hpp"
#include "support/child_process.hpp"
#include "support/network_lab.hpp"

namespace guildfleet::proof {

// Why the clock of a single process cannot be shifted here; empty: it can.
[[nodiscard]] std::string obstacle_to_clocks();

class cluster final {
 public:
  // Throws std::runtime_error when the simulator or the database does not start.
  cluster(const options& wanted, const abilities& here);

  [[nodiscard]] int nodes() const { return static_cast<int>(members_.size()); }
  [[nodiscard]] static std::string name_of(int node) { return fmt::format("node-{}", node + 1); }
  // The one whose clock can be shifted.
  [[nodiscard]] int shifting_node() const { return nodes() - 1; }

  void start(int node);
  void kill(int node);
  // SIGTERM; wait_for_end() then tells whether it ended with 0.
  void drain(int node) const;
  [[nodiscard]] bool wait_for_end(int node);
  [[nodiscard]] bool freeze(int node) const { return members_[index(node)].process->freeze(); }
  void thaw(int node) const;
  void cut(int node, support::network_lab::side from) const { networks_->cut(node + 1, from); }
  void mend(int node, support::network_lab::side from) const { networks_->mend(node + 1, from); }
  void shift_clock(std::chrono::seconds by) const;  // of shifting_node()

  // Every shard is connected, every node has some of them, and every message so far was handled.
  [[nodiscard]] bool settled(std::chrono::milliseconds limit) const;
  [[nodiscard]] std::uint64_t missing() const;
  // The last lines that a node logged.
  [[nodiscard]] std::string log_of(int node) const;

  [[nodiscard]] support::postgres_server& database() { return server_; }
  [[nodiscard]] const integration::lease_witness& witness() const { return *witness_; }
  [[nodiscard]] const integration::action_account& account() const { return account_; }
  [[nodiscard]] const integration::sim_watch& discord() const { return *watch_; }

  static constexpr std::uint64_t echo_each = 16;

 private:
  struct member {
    std::unique_ptr<support::child_process> process;
    std::unique_ptr<integration::action_reader> reader;
    int life = 0;  // processes so far
  };

  static std::size_t index(int node) { return static_cast<std::size_t>(node); }
  [[nodiscard]] std::filesystem::path file(int node, std::string_view kind) const;
  [[nodiscard]] std::string plan_of(int node) const;

  const options& wanted_;
  const abilities& here_;
  base::scratch_folder folder_;
  std::unique_ptr<support::network_lab> networks_;
  support::postgres_server server_;
  std::string database_;
  std::unique_ptr<integration::lease_witness> witness_;
  cli::simulator_host discord_;
  std::unique_ptr<integration::sim_watch> watch_;
  integration::action_account account_;
  std::vector<member> members_;
};

}  // namespace guildfleet::proof
