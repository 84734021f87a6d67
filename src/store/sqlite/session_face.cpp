#include <sqlite3.h>

#include "store/sqlite/sqlite_file.hpp"

namespace guildfleet::store {
namespace {

class session_face final : public store {
 public:
  explicit session_face(std::shared_ptr<sqlite_file> file) : file_(std::move(file)) {}

  base::result<acquire_outcome> acquire(const lease_key& key, std::chrono::milliseconds ttl) override {
    return file_->call([&](const auto& in) { return acquire_lease(in, key, ttl); });
  }
  base::result<std::vector<lease>> renew_all(std::span<const lease_key> keys,
                                             std::chrono::milliseconds ttl) override {
    return file_->call([&](const auto& in) { return renew_leases(in, keys, ttl); });
  }
  base::result<void> release(std::span<const lease_key> keys) override {
    return file_->call([&](const auto& in) { release_leases(in, keys); });
  }

  base::result<write_outcome> save(const lease_key& key, const session_row& row,
                                   std::span<const guild_change> guilds) override {
    return file_->call([&](const auto& in) { return save_session(in, key, row, guilds); });
  }
  base::result<std::optional<session_row>> load(const lease_key& key) override {
    return file_->call([&](const auto& in) { return load_session(in.database, key); });
  }
  base::result<write_outcome> forget(const lease_key& key, std::uint64_t epoch) override {
    session_row nothing;
    nothing.epoch = epoch;
    return save(key, nothing, {});
  }

  base::result<std::vector<guild_blob>> load_guilds(const lease_key& key) override {
    auto guilds = file_->call([&](const auto& in) { return load_guild_states(in.database, key); });
    // Read once at start; its pages need not stay in the cache.
    sqlite3_db_release_memory(file_->database().getHandle());
    return guilds;
  }

  base::result<std::chrono::milliseconds> claim_identify(const lease_key& key, std::uint32_t max_concurrency,
                                                         std::chrono::milliseconds spacing) override {
    return file_->call(
        [&](const auto& in) { return claim_identify_slot(in, key, max_concurrency, spacing); });
  }
  base::result<identify_history> identifies(const bot_name& bot) override {
    return file_->call([&](const auto& in) { return read_identifies(in, bot); });
  }

  base::result<announced_effect> announce(const effect_key& key) override {
    return file_->call([&](const auto& in) { return announce_effect(in, key); });
  }
  base::result<void> conclude(const effect_key& key, const std::string& outcome) override {
    return file_->call([&](const auto& in) { conclude_effect(in, key, outcome); });
  }

 private:
  std::shared_ptr<sqlite_file> file_;
};

}  // namespace

std::unique_ptr<store> make_session_face(std::shared_ptr<sqlite_file> file) {
  return std::make_unique<session_face>(std::move(file));
}

}  // namespace guildfleet::store
