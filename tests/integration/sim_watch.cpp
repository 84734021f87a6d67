#include "integration/sim_watch.hpp"

#include <boost/json/parse.hpp>

#include "discord/model/ids.hpp"
#include "integration/fleet_harness.hpp"

namespace guildfleet::integration {

json::object sim_watch::act(const std::string& what, json::object body) const {
  const auto answer = support::answer_to(
      {.origin = origin_, .path = "/_sim/" + what, .method = "POST", .body = std::move(body), .limit = 30s});
  return answer.status == 200 ? support::object_of(answer) : json::object();
}

json::object sim_watch::get(const std::string& what) const {
  return support::object_of(support::answer_to({.origin = origin_, .path = "/_sim/" + what}));
}

json::array sim_watch::list(const std::string& what) const {
  const auto answer = support::answer_to({.origin = origin_, .path = "/_sim/" + what});
  boost::system::error_code broken;
  const json::value parsed = json::parse(answer.body, broken);
  return !broken && parsed.is_array() ? parsed.as_array() : json::array();
}

std::uint64_t sim_watch::messages_made() const {
  const json::object report = get("report");
  const json::value* made = report.if_contains("traffic");
  if (made == nullptr) return 0;
  return static_cast<std::uint64_t>(number_of(made->at("by_type").as_object(), "MESSAGE_CREATE"));
}

std::size_t sim_watch::connected_shards() const {
  const json::object report = get("report");
  if (!report.contains("sessions")) return 0;
  return static_cast<std::size_t>(std::ranges::count_if(
      report.at("sessions").as_array(),
      [](const json::value& each) { return each.at("connected").as_bool() && each.at("loaded").as_bool(); }));
}

std::vector<std::string> sim_watch::guilds() const {
  std::vector<std::string> out;
  for (const json::value& guild : list("guilds")) out.push_back(text_of(guild.as_object(), "id"));
  return out;
}

std::map<std::uint64_t, int> sim_watch::echoes() const {
  constexpr std::string_view begin = "seen ";
  std::map<std::uint64_t, int> out;
  for (const json::value& guild : list("guilds")) {
    for (const json::value& channel : guild.at("channels").as_array()) {
      for (const json::value& message : list("messages?channel=" + text_of(channel.as_object(), "id"))) {
        const std::string text = text_of(message.as_object(), "content");
        if (!text.starts_with(begin)) continue;
        if (const auto id = discord::parse_snowflake(text.substr(begin.size()))) ++out[*id];
      }
    }
  }
  return out;
}

}  // namespace guildfleet::integration
