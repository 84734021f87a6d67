// Variants of a feature: other ways to do what it does, tried out by experiments of the configuration.
#pragma once

#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "features/text.hpp"
#include "fleet/experiments.hpp"

namespace guildfleet::features {

// What a feature declares. The way it always is has no declaration; reports call it "control".
struct variant_declaration {
  std::string_view name;  // as bot names
  text what;              // a sentence for members and operators, at most 100 characters
};

// What one feature may know of experiments. Cheap to copy; its list and clock outlive it.
class variant_source final {
 public:
  variant_source(const fleet::experiment_list& experiments, std::string_view feature,
                 const base::clock& clock)
      : experiments_(&experiments), feature_(feature), clock_(&clock) {}

  // The variant that the feature has in this guild just now; empty: as it always is. To be asked when
  // something is handled, and once: an experiment may end in between.
  [[nodiscard]] std::string_view of(discord::guild_id guild) const {
    return experiments_->variant_of(feature_, guild, clock_->wall_now());
  }
  // Of all features of the bot.
  [[nodiscard]] std::vector<fleet::given_variant> all_in(discord::guild_id guild) const {
    return experiments_->variants_in(guild, clock_->wall_now());
  }

 private:
  const fleet::experiment_list* experiments_;
  std::string_view feature_;
  const base::clock* clock_;
};

}  // namespace guildfleet::features
