#include "discord/gateway/envelope.hpp"

#include "discord/model/json_scratch.hpp"

namespace guildfleet::discord {
namespace {

static_assert(message_padding >= simdjson::SIMDJSON_PADDING);

// Reads the members of a compact JSON object from the front, as far as envelopes need it.
class head_scanner final {
 public:
  explicit head_scanner(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  [[nodiscard]] bool take(std::string_view wanted) {
    if (!std::string_view(at_, left()).starts_with(wanted)) return false;
    at_ += wanted.size();
    return true;
  }
  // Digits without a leading zero, at most 19 so that they fit.
  [[nodiscard]] std::optional<std::uint64_t> number() {
    constexpr int most_digits = 19;
    const char* const begin = at_;
    std::uint64_t value = 0;
    for (; at_ != end_ && *at_ >= '0' && *at_ <= '9'; ++at_) {
      if (at_ - begin == most_digits) return std::nullopt;
      value = value * 10 + static_cast<std::uint64_t>(*at_ - '0');
    }
    if (at_ == begin || (*begin == '0' && at_ - begin > 1)) return std::nullopt;
    return value;
  }
  // What Discord names events with, and the quote behind it.
  [[nodiscard]] std::optional<std::string_view> name() {
    const char* const begin = at_;
    while (at_ != end_ && ((*at_ >= 'A' && *at_ <= 'Z') || *at_ == '_' || (*at_ >= '0' && *at_ <= '9')))
      ++at_;
    if (at_ == end_ || *at_ != '"') return std::nullopt;
    return std::string_view(begin, static_cast<std::size_t>(at_++ - begin));
  }
  [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  [[nodiscard]] std::string_view rest() const { return {at_, left()}; }

 private:
  const char* at_;
  const char* end_;
};

enum member : unsigned { member_none = 0, member_t = 1, member_s = 2, member_op = 4, member_d = 8 };
constexpr unsigned members_of_head = member_t | member_s | member_op;

// One of t, s, op with its value; member_none when it is something else.
member scan_member(head_scanner& in, envelope& out) {
  if (in.take(R"("t":)")) {
    if (in.take("null")) return member_t;
    if (!in.take("\"")) return member_none;
    const auto name = in.name();
    if (!name) return member_none;
    out.t = *name;
    return member_t;
  }
  if (in.take(R"("s":)")) {
    if (in.take("null")) return member_s;
    out.s = in.number();
    return out.s ? member_s : member_none;
  }
  if (in.take(R"("op":)")) {
    constexpr std::uint64_t largest_op = 9999;
    const auto op = in.number();
    if (!op || *op > largest_op) return member_none;
    out.op = static_cast<int>(*op);
    return member_op;
  }
  return member_none;
}

std::unexpected<base::error> malformed(std::string_view what) {
  return base::fail(gateway_error::malformed_message, std::string(what));
}

using json_value = simdjson::ondemand::value;

bool read_sequence(json_value& value, envelope& out) {
  bool null = false;
  if (value.is_null().get(null) != simdjson::SUCCESS) return false;
  if (null) return true;
  std::uint64_t sequence = 0;
  if (value.get_uint64().get(sequence) != simdjson::SUCCESS) return false;
  out.s = sequence;
  return true;
}

// An escaped name is no name that Discord uses; it is passed on as it is written.
bool read_name(json_value& value, envelope& out) {
  bool null = false;
  if (value.is_null().get(null) != simdjson::SUCCESS) return false;
  if (null) return true;
  simdjson::ondemand::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS || type != simdjson::ondemand::json_type::string)
    return false;
  std::string_view token = value.raw_json_token();
  while (!token.empty() && token.back() != '"') token.remove_suffix(1);
  if (token.size() < 2) return false;
  out.t = token.substr(1, token.size() - 2);
  return true;
}

bool read_op(json_value& value, envelope& out) {
  std::int64_t op = 0;
  if (value.get_int64().get(op) != simdjson::SUCCESS || op < 0 || op > 9999) return false;
  out.op = static_cast<int>(op);
  return true;
}

bool read_payload(json_value& value, envelope& out) {
  return simdjson::to_json_string(value).get(out.d) == simdjson::SUCCESS;
}

member member_named(std::string_view key) {
  if (key == "t") return member_t;
  if (key == "s") return member_s;
  if (key == "op") return member_op;
  if (key == "d") return member_d;
  return member_none;
}

bool read_member(member which, json_value& value, envelope& out) {
  switch (which) {
    case member_t:
      return read_name(value, out);
    case member_s:
      return read_sequence(value, out);
    case member_op:
      return read_op(value, out);
    case member_d:
      return read_payload(value, out);
    case member_none:
      break;
  }
  return true;
}

}  // namespace

std::optional<envelope> scan_envelope(std::string_view message) noexcept {
  head_scanner in(message);
  envelope out;
  unsigned seen = member_none;
  if (!in.take("{")) return std::nullopt;
  while (seen != members_of_head) {
    const member found = scan_member(in, out);
    if (found == member_none || (seen & found) != 0 || !in.take(",")) return std::nullopt;
    seen |= found;
  }
  if (!in.take(R"("d":)") || in.left() < 2 || message.back() != '}') return std::nullopt;
  out.d = in.rest();
  out.d.remove_suffix(1);
  const char first = out.d.front();
  if (first == ' ' || first == '\t' || first == '\n' || first == '\r' || first == ',') return std::nullopt;
  return out;
}

base::result<envelope> parse_envelope(std::string_view message) {
  simdjson::ondemand::document document;
  if (read_json(message).get(document) != simdjson::SUCCESS) return malformed("not JSON");
  simdjson::ondemand::object object;
  if (document.get_object().get(object) != simdjson::SUCCESS) return malformed("not an object");
  envelope out;
  unsigned seen = member_none;
  for (auto item : object) {
    simdjson::ondemand::field field;
    std::string_view key;
    if (std::move(item).get(field) != simdjson::SUCCESS) return malformed("broken member");
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) return malformed("broken key");
    const member which = member_named(key);
    if ((seen & which) != 0) continue;  // of equal keys the first counts, as in the scan
    seen |= which;
    if (!read_member(which, field.value(), out)) return malformed("a member of the wrong type");
  }
  if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) return malformed("more than one value");
  if ((seen & member_op) == 0) return malformed("no op");
  return out;
}

base::result<envelope> read_envelope(std::string_view message) {
  if (const auto scanned = scan_envelope(message)) return *scanned;
  return parse_envelope(message);
}

std::string_view pad_message(std::string& message) {
  const std::size_t size = message.size();
  message.append(message_padding, '\0');
  return std::string_view(message).substr(0, size);
}

}  // namespace guildfleet::discord
