#include "features/time_out.hpp"

#include <boost/json/parse.hpp>

#include "discord/model/timestamp.hpp"
#include "settings/typed_reading.hpp"

namespace guildfleet::features {

std::optional<base::wall_time> timed_out_until(std::string_view member) {
  boost::system::error_code failed;
  const boost::json::value parsed = boost::json::parse({member.data(), member.size()}, failed);
  const boost::json::object* all = failed ? nullptr : parsed.if_object();
  if (all == nullptr) return std::nullopt;
  return discord::parse_timestamp(settings::words(*all, "communication_disabled_until"));
}

}  // namespace guildfleet::features
