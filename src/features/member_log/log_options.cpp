#include "features/member_log/log_options.hpp"

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
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
  const auto take = [&hash](unsigned char byte) {
    hash ^= byte;
    hash *= 0x100000001b3ULL;
  };
  for (const char each : join_text) take(static_cast<unsigned char>(each));
  take(0);
  for (const char each : leave_text) take(static_cast<unsigned char>(each));
  return fmt::format("{:016x}", hash);
}

}  // namespace guildfleet::features::member_logs
