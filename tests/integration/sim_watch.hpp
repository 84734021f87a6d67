// What the simulator has seen, read over its control API.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <map>
#include <string>
#include <vector>

namespace guildfleet::integration {

class sim_watch final {
 public:
  explicit sim_watch(std::string origin) : origin_(std::move(origin)) {}

  // Empty: it was refused, or there was no answer.
  boost::json::object act(const std::string& what, boost::json::object body) const;
  [[nodiscard]] boost::json::object get(const std::string& what) const;
  [[nodiscard]] boost::json::array list(const std::string& what) const;

  [[nodiscard]] std::uint64_t messages_made() const;  // of its traffic
  [[nodiscard]] std::size_t connected_shards() const;
  [[nodiscard]] std::vector<std::string> guilds() const;
  // How often "seen ID" stands in the channels, by id.
  [[nodiscard]] std::map<std::uint64_t, int> echoes() const;

 private:
  std::string origin_;
};

}  // namespace guildfleet::integration
