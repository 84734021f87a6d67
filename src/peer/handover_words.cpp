#include "peer/handover_words.hpp"

#include <boost/json/value_to.hpp>

#include "base/json_text.hpp"
#include "peer/shard_words.hpp"

namespace guildfleet::peer {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

// Nobody means more than that, and what is added to a time must not leave its range.
constexpr std::uint64_t longest_ms = 24ULL * 60 * 60 * 1'000;

std::uint64_t number_of(const json::object& from, std::string_view key) {
  return json::value_to<std::uint64_t>(from.at(key));
}

milliseconds time_of(const json::object& from, std::string_view key) {
  return milliseconds(std::min(number_of(from, key), longest_ms));
}

int count_of(const json::object& from, std::string_view key) {
  return json::value_to<int>(from.at(key));
}

std::string text_of(const json::object& from, std::string_view key) {
  return json::value_to<std::string>(from.at(key));
}

void write_sequences(base::json_writer& out, std::string_view key,
                     const std::vector<std::uint64_t>& sequences) {
  out.key(key).begin_array();
  for (const std::uint64_t each : sequences) out.number(each);
  out.end_array();
}

void write_limits(base::json_writer& out, const discord::known_limits& limits) {
  out.key("limits").begin_object().key("windows").begin_array();
  for (const discord::known_window& each : limits.windows) {
    out.begin_object().key("hash").string(each.hash).key("major").string(each.major);
    out.key("limit").number(each.limit).key("left").number(each.left);
    out.key("resets_in_ms").number(std::int64_t{each.resets_in.count()});
    out.key("length_ms").number(std::int64_t{each.length.count()});
    out.key("blocked_for_ms").number(std::int64_t{each.blocked_for.count()}).end_object();
  }
  out.end_array().key("routes").begin_array();
  for (const discord::known_route& each : limits.routes)
    out.begin_object().key("route").string(each.route).key("hash").string(each.hash).end_object();
  out.end_array();
  out.key("all_blocked_for_ms").number(std::int64_t{limits.all_blocked_for.count()}).end_object();
}

discord::known_limits read_limits(const json::object& from) {
  discord::known_limits out;
  const json::object& limits = from.at("limits").as_object();
  for (const json::value& each : limits.at("windows").as_array()) {
    const json::object& window = each.as_object();
    out.windows.push_back({.hash = text_of(window, "hash"),
                           .major = text_of(window, "major"),
                           .limit = count_of(window, "limit"),
                           .left = count_of(window, "left"),
                           .resets_in = time_of(window, "resets_in_ms"),
                           .length = time_of(window, "length_ms"),
                           .blocked_for = time_of(window, "blocked_for_ms")});
  }
  for (const json::value& each : limits.at("routes").as_array())
    out.routes.push_back({text_of(each.as_object(), "route"), text_of(each.as_object(), "hash")});
  out.all_blocked_for = time_of(limits, "all_blocked_for_ms");
  return out;
}

std::vector<std::uint64_t> read_sequences(const json::object& from, std::string_view key) {
  return json::value_to<std::vector<std::uint64_t>>(from.at(key));
}

void read_tail(const json::object& from, fleet::tail_note& into) {
  into.epoch = number_of(from, "epoch");
  into.session_id = text_of(from, "session");
  into.highest = number_of(from, "highest");
  into.open = read_sequences(from, "open");
  for (const json::value& each : from.at("running").as_array()) {
    const json::object& event = each.as_object();
    into.running.push_back({number_of(event, "sequence"), {number_of(event, "guild")}});
  }
  into.permit = time_of(from, "permit_ms");
}

void read_tail(const json::object& from, fleet::tail_word& into) {
  into.epoch = number_of(from, "epoch");
  into.running = read_sequences(from, "running");
  into.cut_off = read_sequences(from, "cut_off");
}

template <class Words>
std::optional<Words> parse(std::string_view text) {
  return parse_about_shard<Words>(text, [](Words& out, const json::object& from) {
    read_tail(from, out.tail);
    out.limits = read_limits(from);
  });
}

}  // namespace

std::string to_json(const handover_note& note) {
  base::json_writer out;
  out.begin_object().key("shard").raw(to_json(note.shard));
  out.key("epoch").number(note.tail.epoch).key("session").string(note.tail.session_id);
  out.key("highest").number(note.tail.highest);
  write_sequences(out, "open", note.tail.open);
  out.key("running").begin_array();
  for (const fleet::tail_event& each : note.tail.running)
    out.begin_object()
        .key("sequence")
        .number(each.sequence)
        .key("guild")
        .number(each.guild.value)
        .end_object();
  out.end_array().key("permit_ms").number(std::int64_t{note.tail.permit.count()});
  write_limits(out, note.limits);
  out.end_object();
  return out.take();
}

std::string to_json(const handover_word& word) {
  base::json_writer out;
  out.begin_object().key("shard").raw(to_json(word.shard)).key("epoch").number(word.tail.epoch);
  write_sequences(out, "running", word.tail.running);
  write_sequences(out, "cut_off", word.tail.cut_off);
  write_limits(out, word.limits);
  out.end_object();
  return out.take();
}

std::optional<handover_note> parse_handover_note(std::string_view json) {
  return parse<handover_note>(json);
}

std::optional<handover_word> parse_handover_word(std::string_view json) {
  return parse<handover_word>(json);
}

}  // namespace guildfleet::peer
