// A feature's records in its bot's store.
#pragma once

#include <memory>

#include "features/records.hpp"
#include "store/data_store.hpp"
#include "store/store_executor.hpp"

namespace guildfleet::bot {

// One per feature; `threads` outlives it.
class record_link final : public features::record_port {
 public:
  record_link(store::record_space space, std::shared_ptr<store::record_store> store,
              store::store_executor& threads)
      : space_(std::move(space)), store_(std::move(store)), threads_(threads) {}

  [[nodiscard]] net::task<base::result<store::record_outcome>> change(
      std::vector<store::record_change> changes) override;
  [[nodiscard]] net::task<base::result<std::optional<store::record>>> get(store::record_key key) override;
  [[nodiscard]] net::task<base::result<store::record_page>> list(store::record_query query) override;
  [[nodiscard]] net::task<base::result<std::uint64_t>> next_number(discord::guild_id guild,
                                                                   std::string counter) override;

 private:
  store::record_space space_;
  std::shared_ptr<store::record_store> store_;
  store::store_executor& threads_;
};

}  // namespace guildfleet::bot
