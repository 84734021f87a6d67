// Files that bots and members upload: described as Discord does, and given out at /attachments/ on the
// simulator's own port, which stands in for Discord's CDN.
#pragma once

#include <boost/json/object.hpp>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sim/world/ids.hpp"

namespace guildfleet::sim {

struct world_state;

struct attached_file {
  std::string filename{};
  std::string content_type{};  // empty: application/octet-stream
  std::string content{};
};

// The latest files up to a number of bytes in all; older ones are forgotten.
class attachment_shelf final {
 public:
  void keep(id attachment, attached_file file);
  // Of "/attachments/{channel}/{attachment}/{filename}"; nullptr: never was, or forgotten.
  [[nodiscard]] const attached_file* find(std::string_view path) const;

  void set_origin(std::string origin) { origin_ = std::move(origin); }
  [[nodiscard]] const std::string& origin() const { return origin_; }

 private:
  std::unordered_map<id, attached_file> files_;
  std::deque<id> order_;
  std::size_t bytes_ = 0;
  std::string origin_ = "https://cdn.discordapp.com";
};

// Keeps the file and returns the attachment object.
[[nodiscard]] boost::json::object attach(world_state& state, id channel, attached_file file);

}  // namespace guildfleet::sim
