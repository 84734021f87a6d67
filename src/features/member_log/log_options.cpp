#include "features/member_log/log_options.hpp"

#include "base/fnv1a.hpp"
#include "discord/interactions/interaction_json.hpp"

namespace guildfleet::features::member_logs {

log_options options_of(const boost::json::object& values) {
  namespace reading = discord::reading;
  return {.channel = reading::id_at<discord::channel_id>(values, "channel"),
          .joins = reading::boolean_at(values, "joins"),
          .leaves = reading::boolean_at(values, "leaves"),
          .invites = reading::boolean_at(values, "invites"),
          .join_text = std::string(reading::text_at(values, "join_text")),
          .leave_text = std::string(reading::text_at(values, "leave_text")),
          .young_account = std::chrono::seconds(reading::integer_at(values, "young_account"))};
}

std::string mark_of(std::string_view join_text, std::string_view leave_text) {
  const std::uint64_t of_join = base::fnv1a(std::string(join_text) + '\0');
  return fmt::format("{:016x}", base::fnv1a(leave_text, of_join));
}

}  // namespace guildfleet::features::member_logs
