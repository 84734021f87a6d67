// Reads and changes settings: through a cache, by compare-and-set, with every conflict told.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/random.hpp"
#include "net/io.hpp"
#include "settings/defaults.hpp"
#include "settings/difference.hpp"
#include "settings/row_cache.hpp"
#include "settings/validate.hpp"
#include "store/data_store.hpp"
#include "store/settings_cache.hpp"
#include "store/store_executor.hpp"

namespace guildfleet::settings {

// A feature's settings in a guild, valid and with defaults.
struct current_settings {
  json::object values;
  std::uint64_t version = 0;  // 0: never set
  store::change_author author;
  base::wall_time changed_at{};
  bool stale = false;  // the store is away: as they were last known
  std::string_view feature{};
};

struct changed {
  current_settings now;
  std::vector<field_change> changes;  // none: it was so already, and nothing was written
};
using problems = std::vector<problem>;
// What came of an attempt to change; somebody else's change in between is a conflict.
using change_result = std::variant<changed, problems, store::settings_conflict>;

// From the settings to what they shall be; run again when somebody else was faster. Errors end the attempt.
using edit_function = std::function<base::result<json::object>(json::object values)>;

struct settings_metrics {
  base::counter hits;
  base::counter misses;
  base::counter stale_reads;
  base::counter written;
  base::counter conflicts;
  base::counter retries;
};
[[nodiscard]] settings_metrics make_settings_metrics(base::metrics& metrics);

// All of it outlives the desk.
struct desk_parts {
  std::shared_ptr<store::settings_store> store;
  store::store_executor& store_thread;
  store::settings_cache* shared = nullptr;  // of several processes; null: none
  const schema_catalogue& schemas;
  store::environment_name environment;
  settings_metrics metrics;
  base::random_source random;
  base::logger log;
  // Tells this process and others of a change that was written; the store's own way is beside it.
  std::function<void(store::changed_settings)> announce = {};
};

// Lives on one reactor. Errors beside those named: store_error; unknown_feature.
class settings_desk final {
 public:
  explicit settings_desk(net::asio::any_io_executor executor, desk_parts parts);

  // Answers from the cache while that is known to be current, and with what was last known while the store is
  // away.
  [[nodiscard]] net::task<base::result<current_settings>> get(discord::guild_id guild, std::string feature);
  // Reads the store, whatever the cache has.
  [[nodiscard]] net::task<base::result<current_settings>> read(discord::guild_id guild, std::string feature);

  // Reads, applies, validates, writes; again with the new state, a few times, when somebody was faster. Error
  // contended.
  [[nodiscard]] net::task<base::result<change_result>> edit(discord::guild_id guild, std::string feature,
                                                            store::change_author author, edit_function apply);
  // Writes `values` while the row has `expected_version`.
  [[nodiscard]] net::task<base::result<change_result>> put_if(discord::guild_id guild, std::string feature,
                                                              std::uint64_t expected_version,
                                                              store::change_author author,
                                                              json::object values);
  struct wanted_settings {
    std::string feature;
    std::uint64_t expected_version = 0;
    json::object values;
  };
  // All of them, or none when one has another version by now. The result tells of the first alone.
  [[nodiscard]] net::task<base::result<change_result>> put_all(discord::guild_id guild,
                                                               std::vector<wanted_settings> wanted,
                                                               store::change_author author);
  // Back to the defaults; nullopt: whatever the version is.
  [[nodiscard]] net::task<base::result<change_result>> reset(discord::guild_id guild, std::string feature,
                                                             std::optional<std::uint64_t> expected_version,
                                                             store::change_author author);

  [[nodiscard]] net::task<base::result<std::vector<store::audit_row>>> history(store::audit_filter filter);
  // Gives the fields of a change the values that they had before it. Errors: no_such_change; changed_since,
  // naming the field and who changed it.
  [[nodiscard]] net::task<base::result<change_result>> undo(discord::guild_id guild, std::uint64_t audit_id,
                                                            store::change_author author);

  // What a notification, or the regular check, tells.
  void note(const store::settings_key& key, std::uint64_t version) { cache_.note(key, version); }
  void note_gap() { cache_.note_gap(); }
  // Memory of the rows that are kept.
  [[nodiscard]] std::size_t cached_bytes() const { return cache_.bytes(); }
  [[nodiscard]] const schema_catalogue& schemas() const { return parts_.schemas; }
  [[nodiscard]] const store::environment_name& environment() const { return parts_.environment; }

 private:
  [[nodiscard]] net::task<base::result<store::settings_row>> read_row(store::settings_key key);
  [[nodiscard]] net::task<base::result<store::change_outcome>> write(
      std::vector<store::settings_change> changes, store::change_author author);
  net::task<> keep(const std::vector<store::settings_row>& written);
  [[nodiscard]] net::task<base::result<change_result>> try_change(const feature_schema& schema,
                                                                  store::settings_row row,
                                                                  std::uint64_t expected_version,
                                                                  store::change_author author,
                                                                  json::object wanted);
  [[nodiscard]] store::settings_key key_of(discord::guild_id guild, const std::string& feature) const;

  net::asio::any_io_executor executor_;
  desk_parts parts_;
  row_cache cache_;
};

// A row as this release understands it.
[[nodiscard]] base::result<current_settings> current_of(const feature_schema& schema,
                                                        const store::settings_row& row);

}  // namespace guildfleet::settings
