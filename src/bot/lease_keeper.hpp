// Gets and renews the leases of one store for this node: one statement a renewal, however many shards.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "fleet/lease_time.hpp"
#include "net/async_event.hpp"
#include "net/io.hpp"
#include "store/store.hpp"
#include "store/store_executor.hpp"

namespace guildfleet::bot {

// A shard that wants its lease. The calls come on executor(), in the order of the store's answers.
class lease_holder {
 public:
  virtual ~lease_holder() = default;
  [[nodiscard]] virtual net::asio::any_io_executor executor() const = 0;
  // Acquired or renewed; usable until `until`.
  virtual void on_lease(std::uint64_t epoch, fleet::boot_time until) = 0;
  // Another node owns it now.
  virtual void on_lease_lost() = 0;
  // Not ours yet; `why` is for people.
  virtual void on_lease_refused(const std::string& why) = 0;
};

// Lives on one reactor. The store is used through the executor only.
class lease_keeper final {
 public:
  lease_keeper(net::asio::any_io_executor executor, std::shared_ptr<store::store> store,
               store::store_executor& store_thread, const base::clock& clock, fleet::lease_timing timing,
               base::logger log);

  // Keeps asking for this lease until it is released. Call on any thread.
  void want(store::lease_key key, std::weak_ptr<lease_holder> holder);
  // Gives the lease up at once, so that a successor need not wait for its end. Call on any reactor.
  net::task<> release(store::lease_key key);

  // Acquires and renews until cancelled.
  net::task<> run();

 private:
  struct entry {
    std::weak_ptr<lease_holder> holder;
    bool held = false;
    base::steady_time ask_at{};
  };

  net::task<> release_here(store::lease_key key);
  net::task<> acquire_due();
  net::task<> renew_due();
  void apply_renewal(const std::vector<store::lease_key>& asked, const std::vector<store::lease>& kept,
                     fleet::boot_time until);
  void apply_acquired(const store::lease_key& key, const base::result<store::acquire_outcome>& outcome,
                      fleet::boot_time asked_at);
  [[nodiscard]] std::vector<store::lease_key> held_keys() const;
  [[nodiscard]] base::steady_time next_due() const;
  [[nodiscard]] base::steady_time steady_at(fleet::boot_time time) const;
  template <class Call>
  void tell(const entry& whom, Call call) const;

  net::asio::any_io_executor executor_;
  std::shared_ptr<store::store> store_;
  store::store_executor& store_thread_;
  const base::clock& clock_;
  fleet::lease_timing timing_;
  base::logger log_;
  net::async_event changed_;
  std::map<store::lease_key, entry> entries_;
  fleet::boot_time renew_at_ = fleet::boot_time::max();
  int failures_ = 0;
};

}  // namespace guildfleet::bot
