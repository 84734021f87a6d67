#include "sim/world/attachments.hpp"

#include <fmt/format.h>

#include "net/http_types.hpp"
#include "sim/world/state.hpp"

namespace guildfleet::sim {
namespace {

constexpr std::size_t bytes_kept = std::size_t{32} << 20U;

}  // namespace

void attachment_shelf::keep(id attachment, attached_file file) {
  bytes_ += file.content.size();
  files_.insert_or_assign(attachment, std::move(file));
  order_.push_back(attachment);
  while (bytes_ > bytes_kept && order_.size() > 1) {
    const auto oldest = files_.find(order_.front());
    bytes_ -= oldest->second.content.size();
    files_.erase(oldest);
    order_.pop_front();
  }
}

const attached_file* attachment_shelf::find(std::string_view path) const {
  const auto name = path.rfind('/');
  if (name == std::string_view::npos || name == 0) return nullptr;
  const auto number = path.rfind('/', name - 1);
  if (number == std::string_view::npos) return nullptr;
  const auto wanted = parse_id(path.substr(number + 1, name - number - 1));
  const auto found = wanted ? files_.find(*wanted) : files_.end();
  if (found == files_.end() || net::percent_encode(found->second.filename) != path.substr(name + 1)) {
    return nullptr;
  }
  return &found->second;
}

json::object attach(world_state& state, id channel, attached_file file) {
  if (file.content_type.empty()) file.content_type = "application/octet-stream";
  const id which = state.mint_id();
  const auto url = fmt::format("{}/attachments/{}/{}/{}", state.attachments.origin(), channel, which,
                               net::percent_encode(file.filename));
  json::object out{{"id", id_text(which)}, {"filename", file.filename}, {"size", file.content.size()},
                   {"url", url},           {"proxy_url", url},          {"content_type", file.content_type}};
  state.attachments.keep(which, std::move(file));
  return out;
}

}  // namespace guildfleet::sim
