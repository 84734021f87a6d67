// Work of a moment later, kept in memory: what many events bring about once. It is gone with the process, the
// shard and the right to act; what must happen is a timer (jobs.hpp), also one that a moment schedules.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "discord/model/ids.hpp"
#include "net/io.hpp"

namespace guildfleet::features {

// One per feature and shard, on its reactor.
class moment_port {
 public:
  virtual ~moment_port() = default;

  // Runs `work` beside the guild's handlers once `wait` is over, if the feature still acts there then. One
  // for each guild and name: it takes the place of one that waits. False: 10,000 wait already.
  virtual bool after(std::chrono::milliseconds wait, discord::guild_id guild, std::string name,
                     std::function<net::task<>()> work) = 0;
  // How long until it runs; nullopt: none of this name waits.
  [[nodiscard]] virtual std::optional<std::chrono::milliseconds> due_in(discord::guild_id guild,
                                                                        const std::string& name) const = 0;
  virtual void cancel(discord::guild_id guild, const std::string& name) = 0;
};

}  // namespace guildfleet::features
