// A bot that operations are tried on: real nodes (fleet_node.hpp) that share it, the program's own
// subcommands, and the simulator's account.
#pragma once

#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "integration/action_account.hpp"
#include "integration/action_log.hpp"
#include "integration/fleet_node.hpp"
#include "integration/guild_members.hpp"
#include "integration/sim_watch.hpp"

namespace guildfleet::integration {

class operated_bot : public testing::Test, protected guild_members {
 protected:
  struct running {
    std::unique_ptr<support::child_process> process;
    std::unique_ptr<action_reader> reader;
  };

  // `operation`: the subcommand. The program that uses this is a node itself, with --node PLAN.
  operated_bot(std::string operation, std::uint32_t count, const discord_plan& plan);

  // The plan of a node that may be changed before it starts.
  [[nodiscard]] node_plan plan_of_node(const std::string& name, const std::string& release) const;
  void start(const node_plan& plan);
  void start(const std::string& name, const std::string& release, const std::string& flaw = "");
  void stop(const std::string& name);
  void kill(const std::string& name);
  // How many messages this node has handled.
  [[nodiscard]] std::ptrdiff_t handled_by(const std::string& node) const;
  [[nodiscard]] bool logs(const std::string& name, std::string_view text);
  [[nodiscard]] bool connected(std::uint32_t count) const;
  [[nodiscard]] bool connected() const { return connected(shards); }
  void traffic(double rate) const { (void)discord.act("traffic", {{"rate", rate}, {"bytes", 300}}); }
  // Every message was handled, by somebody.
  void expect_all_handled();
  // The same, once each, and so many identifies were used for it.
  void expect_nothing_lost(std::uint64_t identifies);

  // guildfleet OPERATION WORDS; its exit code.
  std::optional<int> command(std::vector<std::string> words, std::chrono::milliseconds limit = 120s);
  // guildfleet WORDS.
  std::optional<int> program(std::vector<std::string> words, std::chrono::milliseconds limit = 120s);
  // Of the only bot's newest operation.
  json::object status();
  [[nodiscard]] bool reaches(const std::string& state);

  std::string operation;
  std::uint32_t shards;
  std::string database;  // URL; empty: a SQLite file
  base::scratch_folder folder;
  action_account account;
  const sim_watch watch;
  std::map<std::string, running> nodes;
  std::string told;  // by the last command
  int commands = 0;
};

}  // namespace guildfleet::integration
