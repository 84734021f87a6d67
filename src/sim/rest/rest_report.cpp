#include "sim/rest/rest_report.hpp"

namespace guildfleet::sim {

boost::json::object rest_report::to_json() const {
  boost::json::object routes;
  for (const auto& [name, statuses] : by_route) {
    boost::json::object counts;
    for (const auto& [status, count] : statuses) counts[std::to_string(status)] = count;
    routes[name] = std::move(counts);
  }
  boost::json::object bots;
  for (const auto& [name, counts] : by_bot) {
    bots[name] = boost::json::object{
        {"requests", counts.requests}, {"while_limited", counts.while_limited}, {"invalid", counts.invalid}};
  }
  boost::json::array limited;
  for (const limited_request& each : first_limited) {
    limited.push_back(boost::json::object{
        {"at_ms", each.at.time_since_epoch().count()}, {"bot", each.bot}, {"route", each.route}});
  }
  return {{"requests", requests},
          {"by_route", std::move(routes)},
          {"while_limited", while_limited},
          {"first_limited", std::move(limited)},
          {"rate_limited", rate_limited},
          {"invalid", invalid},
          {"unauthorized", unauthorized},
          {"undocumented_agents", undocumented_agents},
          {"banned", banned},
          {"by_bot", std::move(bots)}};
}

}  // namespace guildfleet::sim
