// How often the features of a bot are used, written down now and then.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/log.hpp"
#include "net/io.hpp"
#include "store/data_store.hpp"
#include "store/store_executor.hpp"

namespace guildfleet::bot {

// One per shard, on its reactor.
class use_counter final {
 public:
  use_counter(store::environment_name environment, store::bot_name bot,
              std::shared_ptr<store::count_store> store, store::store_executor& threads, base::logger log)
      : environment_(std::move(environment)),
        bot_(std::move(bot)),
        store_(std::move(store)),
        threads_(threads),
        log_(std::move(log)) {}

  void add(std::string_view feature);
  // Writes every minute until cancelled; nothing when there is nothing.
  net::task<> run();
  // What is left, as the shard ends.
  [[nodiscard]] net::task<> flush();

 private:
  store::environment_name environment_;
  store::bot_name bot_;
  std::shared_ptr<store::count_store> store_;
  store::store_executor& threads_;
  base::logger log_;
  std::map<std::string, std::uint64_t, std::less<>> uses_;
};

}  // namespace guildfleet::bot
