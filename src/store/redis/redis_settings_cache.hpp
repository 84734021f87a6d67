// Settings rows in Redis.
#pragma once

#include "store/redis/redis_link.hpp"
#include "store/settings_cache.hpp"

namespace guildfleet::store {

struct redis_cache_settings {
  std::string prefix = "guildfleet";  // of every key: the fleet's name
  std::chrono::milliseconds patience{50};
  std::chrono::milliseconds keep_for{600'000};
};

// `link` and `metrics` outlive the cache.
class redis_settings_cache final : public settings_cache {
 public:
  redis_settings_cache(redis_link& link, redis_cache_settings settings, base::metrics& metrics);

  [[nodiscard]] net::task<std::optional<settings_row>> find(settings_key key,
                                                            std::uint64_t at_least) override;
  net::task<> keep(settings_row row) override;

 private:
  [[nodiscard]] std::string name_of_key(const settings_key& key) const;

  redis_link& link_;
  redis_cache_settings settings_;
  base::counter hits_;
  base::counter misses_;
  base::counter errors_;
};

}  // namespace guildfleet::store
