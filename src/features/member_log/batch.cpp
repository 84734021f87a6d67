#include "features/member_log/batch.hpp"

#include <boost/json/serialize.hpp>

#include "base/json_text.hpp"
#include "discord/interactions/interaction_json.hpp"
#include "discord/rest/json_object.hpp"

namespace guildfleet::features::member_logs {

std::string to_json(bool alone, const used_invites& invites, std::span<const std::string_view> entries) {
  base::json_writer out;
  out.begin_object().key("alone").boolean(alone).key("invites").raw(to_json(invites));
  out.key("entries").begin_array();
  for (const std::string_view each : entries) out.raw(each);
  out.end_array().end_object();
  return out.take();
}

batch parse_batch(std::string_view text) {
  namespace reading = discord::reading;
  const auto root = discord::parse_object(text);
  if (!root) return {};
  batch out{.alone = reading::boolean_at(*root, "alone")};
  if (const auto* invites = reading::object_at(*root, "invites"))
    out.invites = parse_used(boost::json::serialize(*invites));
  if (const auto* entries = reading::array_at(*root, "entries")) {
    for (const boost::json::value& each : *entries) {
      if (auto read = parse_entry(boost::json::serialize(each))) out.entries.push_back(std::move(*read));
    }
  }
  return out;
}

std::vector<discord::message_body> messages_of(const batch& what, const log_options& options,
                                               log_words words) {
  if (!what.alone) return messages_of(what.entries, what.invites, options, words);
  std::vector<discord::message_body> out;
  out.reserve(what.entries.size());
  for (const entry& each : what.entries) out.push_back(message_of(each, what.invites, options, words));
  return out;
}

}  // namespace guildfleet::features::member_logs
