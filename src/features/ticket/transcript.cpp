#include "features/ticket/transcript.hpp"

#include <boost/json/parse.hpp>
#include <ranges>

namespace guildfleet::features {
namespace {

namespace json = boost::json;

std::string_view text_in(const json::value& of, std::string_view name) {
  const json::object* all = of.if_object();
  const json::value* at = all == nullptr ? nullptr : all->if_contains(name);
  return at != nullptr && at->is_string() ? std::string_view(at->get_string()) : std::string_view();
}

const json::array* list_in(const json::value& of, std::string_view name) {
  const json::object* all = of.if_object();
  const json::value* at = all == nullptr ? nullptr : all->if_contains(name);
  return at == nullptr ? nullptr : at->if_array();
}

std::string author_of(const json::value& message) {
  const json::object* all = message.if_object();
  const json::value* author = all == nullptr ? nullptr : all->if_contains("author");
  if (author == nullptr) return "?";
  const std::string_view shown = text_in(*author, "global_name");
  return fmt::format("{} ({})", shown.empty() ? text_in(*author, "username") : shown, text_in(*author, "id"));
}

// "2026-11-28T17:00:00.123000+00:00" to "2026-11-28 17:00:00".
std::string time_of(const json::value& message) {
  std::string out(text_in(message, "timestamp").substr(0, 19));
  if (out.size() == 19) out[10] = ' ';
  return out;
}

std::string entry_of(const json::value& message) {
  std::string out =
      fmt::format("[{}] {}: {}\n", time_of(message), author_of(message), text_in(message, "content"));
  const auto add = [&out](std::string_view what, std::string_view text) {
    if (!text.empty()) out += fmt::format("    {}{}\n", what, text);
  };
  if (const json::array* embeds = list_in(message, "embeds")) {
    for (const json::value& each : *embeds) {
      add("| ", text_in(each, "title"));
      add("| ", text_in(each, "description"));
    }
  }
  if (const json::array* files = list_in(message, "attachments")) {
    for (const json::value& each : *files)
      add("+ ", fmt::format("{} {}", text_in(each, "filename"), text_in(each, "url")));
  }
  return out;
}

// As Discord keeps a message's text.
std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  return first == std::string_view::npos ? std::string_view()
                                         : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace

std::optional<transcript_page> read_messages(std::string_view text) {
  boost::system::error_code failed;
  const json::value parsed = json::parse(text, failed);
  const json::array* all = failed ? nullptr : parsed.if_array();
  if (all == nullptr) return std::nullopt;
  transcript_page out;
  for (const json::value& each : *all) {
    const auto id = discord::parse_id<discord::message_id>(text_in(each, "id"));
    if (!id) return std::nullopt;
    out.oldest = *id;
    out.entries.push_back(entry_of(each));
  }
  return out;
}

std::optional<std::string> find_message(std::string_view text, discord::user_id author,
                                        std::string_view content) {
  boost::system::error_code failed;
  const json::value parsed = json::parse(text, failed);
  const json::array* all = failed ? nullptr : parsed.if_array();
  if (all == nullptr) return std::nullopt;
  const std::string wanted = fmt::format("{}", author);
  const std::string_view sent = trimmed(content);
  for (const json::value& each : *all) {
    const json::object* one = each.if_object();
    const json::value* by = one == nullptr ? nullptr : one->if_contains("author");
    if (by != nullptr && text_in(*by, "id") == wanted && text_in(each, "content") == sent)
      return std::string(text_in(each, "id"));
  }
  return std::nullopt;
}

bool transcript::add(transcript_page page) {
  for (std::string& each : page.entries) {
    full_ =
        full_ || entries_.size() >= most_transcript_messages || bytes_ + each.size() > most_transcript_bytes;
    if (full_) return false;
    bytes_ += each.size();
    entries_.push_back(std::move(each));
  }
  return true;
}

std::string transcript::text(std::string_view heading, std::string_view left_out) const {
  std::string out = fmt::format("{}\n\n", heading);
  if (full_) out += fmt::format("{}\n", left_out);
  for (const std::string& each : entries_ | std::views::reverse) out += each;
  return out;
}

}  // namespace guildfleet::features
