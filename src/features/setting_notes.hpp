// What is odd about settings that are valid all the same: channels and roles that are not of this server or
// cannot be used, placeholders that nothing is filled in for. The fields of the schemas say what is expected.
#pragma once

#include <span>
#include <string>

#include "discord/model/guild_state.hpp"
#include "features/text.hpp"
#include "settings/difference.hpp"

namespace guildfleet::features {

// Where settings are to be used.
struct settings_place {
  const discord::guild_state& guilds;
  discord::guild_id guild;
  base::wall_time now;
};

// A line for each oddity of what `changes` lead to; empty: none. Of a guild that is not there nothing is
// known to be odd but texts.
[[nodiscard]] std::string setting_notes(const settings::feature_schema& schema,
                                        std::span<const settings::field_change> changes,
                                        const settings_place& place, language in);

// Of placeholders in a text that its field does not have; empty: there are none.
[[nodiscard]] std::string placeholders_note(const settings::field& what, std::string_view written,
                                            language in);

}  // namespace guildfleet::features
