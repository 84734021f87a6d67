// One reader per section of the configuration: each fills its struct and reports all that is wrong with it.
// Both fleet.yaml and the environment (as a tree of the same shape) go through these.
#pragma once

#include "ops/fleet_config.hpp"
#include "ops/section_reader.hpp"

namespace guildfleet::ops {

// The whole tree. Reported problems stand in `context.problems`; the answer is only good when none is an
// error.
[[nodiscard]] fleet_config read_fleet(const base::yaml_node& root, const config_surroundings& surroundings,
                                      reader_context& context);

// One entry of bots[].
[[nodiscard]] bot_section read_bot(section_reader& reader, const config_surroundings& surroundings,
                                   const store_section& store, bool real_discord);

void read_store(section_reader& reader, const base::variable_lookup& variables, store_section& store);
void read_redis(section_reader& reader, const base::variable_lookup& variables, const std::string& fleet,
                redis_section& redis);

// As log.level has them.
[[nodiscard]] const std::vector<std::pair<std::string_view, base::log_level>>& log_level_names();

// experiments[], once the bots are known.
void read_experiments(section_reader& reader, const config_surroundings& surroundings, fleet_config& config);

// "10%", "0.5%", with at most four decimals; in parts per million.
[[nodiscard]] std::optional<std::uint32_t> parse_share(std::string_view text);

// "2026-12-31"
[[nodiscard]] std::optional<std::chrono::sys_days> parse_day(std::string_view text);

// What two bots of one fleet must not have in common.
void check_bots_together(const fleet_config& config, reader_context& context);

// `^[a-z0-9][a-z0-9_-]{0,31}$`
[[nodiscard]] bool is_bot_name(std::string_view text);

// The application id that the first part of a token encodes; nullopt when the token has another form.
[[nodiscard]] std::optional<discord::application_id> application_of_token(const base::secret& token);

}  // namespace guildfleet::ops
