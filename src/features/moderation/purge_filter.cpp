#include "features/moderation/purge_filter.hpp"

#include <boost/json/parse.hpp>
#include <fmt/ranges.h>

#include "discord/rest/error.hpp"
#include "features/automod/message_scan.hpp"
#include "features/automod/text_folding.hpp"
#include "features/bulk_deletion.hpp"
#include "settings/typed_reading.hpp"

namespace guildfleet::features {
namespace {

namespace json = boost::json;

stored_message read(const json::object& from) {
  stored_message out{.id = settings::id<discord::message_id>(from, "id"),
                     .pinned = settings::flag(from, "pinned"),
                     .content = std::string(settings::words(from, "content"))};
  if (const json::value* author = from.if_contains("author"); author != nullptr && author->is_object()) {
    out.author = settings::id<discord::user_id>(author->get_object(), "id");
    out.by_bot = settings::flag(author->get_object(), "bot");
  }
  const json::value* files = from.if_contains("attachments");
  out.has_files = files != nullptr && files->is_array() && !files->get_array().empty();
  return out;
}

bool is_of_kind(purge_kind kind, const stored_message& message) {
  switch (kind) {
    case purge_kind::all:
      return true;
    case purge_kind::bots:
      return message.by_bot;
    case purge_kind::links:
      return !automod_rules::first_link(message.content, {}).empty();
    case purge_kind::invites:
      return !automod_rules::first_invite(automod_rules::folded(message.content), {}).empty();
    case purge_kind::files:
      break;
  }
  return message.has_files;
}

}  // namespace

base::result<std::vector<stored_message>> parse_messages(std::string_view text) {
  boost::system::error_code failed;
  const json::value parsed = json::parse({text.data(), text.size()}, failed);
  const json::array* all = failed ? nullptr : parsed.if_array();
  if (all == nullptr) return base::fail(discord::rest_error::malformed_response, "messages");
  std::vector<stored_message> out;
  for (const json::value& each : *all) {
    if (const json::object* one = each.if_object()) out.push_back(read(*one));
  }
  std::erase_if(out, [](const stored_message& each) { return each.id.empty(); });
  return out;
}

bool takes(const purge_filter& filter, const stored_message& message) {
  if (message.pinned || (!filter.author.empty() && filter.author != message.author)) return false;
  if (!is_of_kind(filter.kind, message)) return false;
  return filter.contains.empty() || automod_rules::folded(message.content).contains(filter.contains);
}

purge_plan plan_of(const std::vector<discord::message_id>& messages, base::wall_time now) {
  purge_plan out;
  for (const discord::message_id each : messages) {
    if (is_deleted_at_once(each, now))
      out.young.push_back(each);
    else if (out.old.size() < most_old_purged)
      out.old.push_back(each);
    else
      ++out.left_out;
  }
  return out;
}

std::string to_text(const std::vector<discord::message_id>& messages) {
  return fmt::format("{}", fmt::join(messages, " "));
}

std::vector<discord::message_id> messages_in(std::string_view text) {
  std::vector<discord::message_id> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (const auto id = discord::parse_id<discord::message_id>(text.substr(0, end))) out.push_back(*id);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace guildfleet::features
