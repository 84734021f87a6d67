// Writes the steps of a bot's operation, a rollout or a reshard, into the store: each only where nobody else
// was first.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/log.hpp"
#include "net/io.hpp"
#include "store/store.hpp"
#include "store/store_executor.hpp"

namespace guildfleet::bot {

// One reactor. What it is made of outlives it.
class operation_writer final {
 public:
  // `what` names the operation in the log; `on_change`: a step was taken, and all nodes are to look soon.
  operation_writer(std::string what, std::shared_ptr<store::store> store, store::store_executor& store_thread,
                   std::function<void()> on_change, base::logger log);

  // `to`: for the log, where the operation leads. False: somebody else was first, or the store refused.
  [[nodiscard]] net::task<bool> write(store::bot_name bot, std::string to, store::rollout_change change);
  // What keeps it from going on; each reason once.
  void warn_once(const store::bot_name& bot, const std::string& why);

 private:
  std::string what_;
  std::shared_ptr<store::store> store_;
  store::store_executor& store_thread_;
  std::function<void()> on_change_;
  base::logger log_;
  std::map<store::bot_name, std::string> warned_;
};

}  // namespace guildfleet::bot
