// One queue for the identifies of a bot's shards: asks the gate, records in the store, then says go.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "base/log.hpp"
#include "fleet/identify_gate.hpp"
#include "net/async_event.hpp"
#include "net/io.hpp"
#include "store/store.hpp"
#include "store/store_executor.hpp"

namespace guildfleet::bot {

// A shard that waits for its turn. The calls come on executor().
class identify_asker {
 public:
  virtual ~identify_asker() = default;
  [[nodiscard]] virtual net::asio::any_io_executor executor() const = 0;
  // `ticket` is the one of ask(): an answer to a withdrawn question is told apart by it.
  virtual void on_identify_granted(std::uint64_t ticket) = 0;
  // Not now, and why; asked again by itself.
  virtual void on_identify_delayed(const std::string& why) = 0;
};

// Lives on the bot's reactor.
class identify_desk final {
 public:
  // Reads the limit from GET /gateway/bot.
  using limit_reader = std::function<net::task<base::result<fleet::session_start_limit>>()>;

  identify_desk(net::asio::any_io_executor executor, store::bot_name bot, std::shared_ptr<store::store> store,
                store::store_executor& store_thread, const base::clock& clock, limit_reader read_limit,
                base::logger log);

  // Before the first grant: what Discord and the store say.
  void open(const fleet::session_start_limit& limit, const store::identify_history& history);

  // Call on any thread.
  void ask(discord::shard_id shard, std::uint64_t ticket, std::weak_ptr<identify_asker> asker);
  void withdraw(discord::shard_id shard);

  // Answers until cancelled.
  net::task<> run();

  [[nodiscard]] std::uint32_t remaining() const;

 private:
  struct question {
    std::uint64_t ticket = 0;
    std::weak_ptr<identify_asker> asker;
    base::steady_time ask_at{};
  };

  net::task<> consider(discord::shard_id shard);
  net::task<> grant(discord::shard_id shard, fleet::identify_permit permit);
  net::task<> refused(discord::shard_id shard, fleet::identify_refusal refusal);
  [[nodiscard]] base::steady_time next_due() const;

  net::asio::any_io_executor executor_;
  store::bot_name bot_;
  std::shared_ptr<store::store> store_;
  store::store_executor& store_thread_;
  const base::clock& clock_;
  limit_reader read_limit_;
  base::logger log_;
  net::async_event changed_;
  std::unique_ptr<fleet::identify_gate> gate_;
  std::uint32_t max_concurrency_ = 1;
  std::map<discord::shard_id, question> questions_;
};

}  // namespace guildfleet::bot
