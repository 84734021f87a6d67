// Settings and what came of changing them, as the API shows them.
#pragma once

#include "api/v1/call.hpp"
#include "settings/settings_desk.hpp"

namespace guildfleet::api::v1 {

[[nodiscard]] json::object settings_json(const settings::feature_schema& schema,
                                         const settings::current_settings& current);
[[nodiscard]] json::array changes_json(const std::vector<settings::field_change>& changes);
[[nodiscard]] json::array problems_json(const std::vector<settings::problem>& problems);
[[nodiscard]] json::object audit_json(const store::audit_row& row);

// 200 with the new state, 422 with what is wrong, 412 with the state that is there and who wrote it, or the
// error's status.
[[nodiscard]] net::http_response change_response(const settings::schema_catalogue& schemas,
                                                 const base::result<settings::change_result>& outcome);
[[nodiscard]] net::http_response conflict_response(const settings::feature_schema& schema,
                                                   const settings::current_settings& current, int status);

}  // namespace guildfleet::api::v1
