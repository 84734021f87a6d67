#include "peer/guest_words.hpp"

#include <boost/json/value_to.hpp>
#include <charconv>
#include <fmt/format.h>

#include "base/json_text.hpp"
#include "peer/shard_words.hpp"

namespace guildfleet::peer {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds longest_wait{5'000};
constexpr std::int64_t longest_grant_ms = 60'000;

// Numbers and bytes from the front of a text; once something is missing all else is.
class reader {
 public:
  explicit reader(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t number(char end) {
    std::uint64_t value = 0;
    const auto [stop, problem] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    const auto length = static_cast<std::size_t>(stop - rest_.data());
    if (problem != std::errc() || length >= rest_.size() || rest_[length] != end) return fail();
    rest_.remove_prefix(length + 1);
    return value;
  }
  std::string_view bytes(std::uint64_t count) {
    if (count > rest_.size()) {
      (void)fail();
      return {};
    }
    const std::string_view out = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return out;
  }
  char character() {
    const std::string_view one = bytes(1);
    return one.empty() ? '\0' : one.front();
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  std::uint64_t fail() {
    failed_ = true;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool failed_ = false;
};

std::uint64_t number_of(const json::object& from, std::string_view key) {
  return json::value_to<std::uint64_t>(from.at(key));
}

}  // namespace

std::string to_json(const guest_question& question) {
  base::json_writer out;
  out.begin_object().key("shard").raw(to_json(question.shard));
  out.key("node").string(question.guest.name).key("incarnation").number(question.guest.incarnation);
  out.key("release").string(question.release).key("epoch").number(question.epoch);
  out.key("received").number(question.word.received).key("finished").number(question.word.finished);
  out.key("quits").boolean(question.word.quits);
  out.key("wait_ms").number(std::int64_t{question.wait.count()}).end_object();
  return out.take();
}

std::optional<guest_question> parse_guest_question(std::string_view text) {
  return parse_about_shard<guest_question>(text, [](guest_question& out, const json::object& from) {
    out.guest = {json::value_to<std::string>(from.at("node")), number_of(from, "incarnation")};
    out.release = json::value_to<std::string>(from.at("release"));
    out.epoch = number_of(from, "epoch");
    out.word = {number_of(from, "received"), number_of(from, "finished"), from.at("quits").as_bool()};
    out.wait = std::min(longest_wait, std::chrono::milliseconds(number_of(from, "wait_ms")));
  });
}

std::string to_bytes(std::uint64_t epoch, std::chrono::milliseconds grant, const std::string& session_id,
                     const std::vector<const fleet::guest_entry*>& entries) {
  std::string out = fmt::format("{} {} {} {}", epoch, grant.count(), session_id.size(), session_id);
  for (const fleet::guest_entry* each : entries) {
    const bool event = each->what == fleet::guest_entry::kind::event;
    out += fmt::format("{}{} {} {} ", event ? 'e' : 'g', each->place,
                       event ? each->sequence : each->guild.value, each->bytes.size());
    out += each->bytes;
  }
  return out;
}

std::optional<guest_answer> parse_guest_answer(std::string_view bytes) {
  reader from(bytes);
  guest_answer out;
  out.epoch = from.number(' ');
  const std::uint64_t grant = from.number(' ');
  if (grant > longest_grant_ms) return std::nullopt;
  out.grant = std::chrono::milliseconds(grant);
  out.session_id = from.bytes(from.number(' '));
  while (!from.at_end()) {
    const char kind = from.character();
    if (kind != 'e' && kind != 'g') return std::nullopt;
    fleet::guest_entry entry{.place = from.number(' ')};
    const std::uint64_t number = from.number(' ');
    if (kind == 'e') {
      entry.sequence = number;
    } else {
      entry.what = fleet::guest_entry::kind::guild;
      entry.guild = {number};
    }
    entry.bytes = from.bytes(from.number(' '));
    if (from.failed()) return std::nullopt;
    out.entries.push_back(std::move(entry));
  }
  if (from.failed()) return std::nullopt;
  return out;
}

}  // namespace guildfleet::peer
