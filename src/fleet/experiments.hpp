// Which variant of a feature a guild has: experiments give one to a share of the guilds or to a list of them.
// Nothing is stored: the same guild has the same variant on every node and after every restart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "discord/model/ids.hpp"

namespace guildfleet::fleet {

struct experiment {
  std::string name;  // also what its draw is salted with, so that experiments overlap independently
  std::string feature;
  std::string variant;
  std::optional<std::uint32_t> share_per_million;  // of all guilds; nullopt: `guilds` counts
  std::set<discord::guild_id> guilds;
  std::optional<base::wall_time> ends;  // off from then on

  [[nodiscard]] bool is_on(base::wall_time now) const { return !ends || now < *ends; }
};

// Whether a draw by `salt` gives the guild a place in the share. Who is in a share stays in every larger one;
// draws by different salts have nothing to do with one another.
[[nodiscard]] bool drawn(discord::guild_id guild, std::string_view salt, std::uint32_t share_per_million);

// Where a guild stands in one experiment.
enum class experiment_group {
  outside,  // it is over, or another experiment decides about this feature here
  control,  // the feature is as it always is
  treated,  // it has the variant, by this experiment
};

struct given_variant {
  std::string_view feature;
  std::string_view variant;
  bool operator==(const given_variant&) const = default;
};

// The experiments of one bot, in the order of the configuration. Immutable, so any thread may ask. A guild
// that is empty (a direct message) is in no experiment.
class experiment_list final {
 public:
  explicit experiment_list(std::vector<experiment> in_order = {}) : all_(std::move(in_order)) {}

  [[nodiscard]] const std::vector<experiment>& all() const { return all_; }

  // Empty: as it always is. Where several would give one the first counts. Valid as long as the list.
  [[nodiscard]] std::string_view variant_of(std::string_view feature, discord::guild_id guild,
                                            base::wall_time now) const;
  // Of every feature that has one there.
  [[nodiscard]] std::vector<given_variant> variants_in(discord::guild_id guild, base::wall_time now) const;
  // `place`: in all().
  [[nodiscard]] experiment_group group_of(std::size_t place, discord::guild_id guild,
                                          base::wall_time now) const;

 private:
  std::vector<experiment> all_;
};

}  // namespace guildfleet::fleet
