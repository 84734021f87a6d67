// Work that features put off for a moment. In memory, and bounded.
#pragma once

#include <map>
#include <tuple>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "features/moments.hpp"
#include "net/async_event.hpp"
#include "net/task_group.hpp"

namespace guildfleet::bot {

// All of it outlives the desk.
struct moment_parts {
  net::task_group& waiting;   // the loop runs as a member of it, from the first moment on
  net::task_group& handlers;  // and the work as members of this
  const base::clock& clock;
  base::counter failures;  // of handlers
  std::function<bool(discord::guild_id, std::size_t feature)> acts;
  base::logger log;
};

// One per shard, on its reactor.
class moment_desk final {
 public:
  moment_desk(net::asio::any_io_executor executor, moment_parts parts);

  bool after(std::size_t feature, std::chrono::milliseconds wait, discord::guild_id guild, std::string name,
             std::function<net::task<>()> work);
  [[nodiscard]] std::optional<std::chrono::milliseconds> due_in(std::size_t feature, discord::guild_id guild,
                                                                const std::string& name) const;
  void cancel(std::size_t feature, discord::guild_id guild, const std::string& name);
  // Begins now what is due within a second: nothing comes later here, and what events decided already does
  // not come again.
  void hurry();
  // The right to act is gone.
  void forget_all();

 private:
  using moment_key = std::tuple<std::size_t, discord::guild_id, std::string>;
  struct moment {
    moment_key key;
    std::function<net::task<>()> work;
  };
  using due_list = std::multimap<base::steady_time, moment>;

  net::task<> run();
  void begin_until(base::steady_time due);
  static net::task<> perform(std::function<net::task<>()> work, base::counter failures, base::logger log);

  moment_parts parts_;
  net::async_event changed_;
  due_list due_;
  std::map<moment_key, due_list::iterator> by_key_;
  bool running_ = false;
};

// A feature's part of it.
class moment_link final : public features::moment_port {
 public:
  moment_link(moment_desk& desk, std::size_t feature) : desk_(desk), feature_(feature) {}

  bool after(std::chrono::milliseconds wait, discord::guild_id guild, std::string name,
             std::function<net::task<>()> work) override {
    return desk_.after(feature_, wait, guild, std::move(name), std::move(work));
  }
  [[nodiscard]] std::optional<std::chrono::milliseconds> due_in(discord::guild_id guild,
                                                                const std::string& name) const override {
    return desk_.due_in(feature_, guild, name);
  }
  void cancel(discord::guild_id guild, const std::string& name) override {
    desk_.cancel(feature_, guild, name);
  }

 private:
  moment_desk& desk_;
  std::size_t feature_;
};

}  // namespace guildfleet::bot
