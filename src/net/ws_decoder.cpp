#include <algorithm>
#include <cstring>
#include <simdjson.h>
#include <utility>

#include "net/ws_codec.hpp"
#include "net/ws_mask.hpp"

namespace guildfleet::net {
namespace {

// What an idle connection holds.
constexpr std::size_t smallest_capacity = 4096;
// Reads in a row that used less than an eighth of the buffer before it is halved.
constexpr unsigned small_reads_before_shrinking = 16;

std::unexpected<ws_violation> violation(std::string_view what, std::uint16_t code = ws_close_protocol_error) {
  return std::unexpected(ws_violation{code, what});
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8U | static_cast<unsigned char>(byte);
  return value;
}

bool is_control(ws_opcode opcode) {
  return static_cast<unsigned>(opcode) >= 8;
}

bool is_known(unsigned opcode) {
  return opcode <= 2 || (opcode >= 8 && opcode <= 10);
}

bool valid_text(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

}  // namespace

ws_decoder::ws_decoder(ws_role role, ws_limits limits)
    : role_(role), limits_(limits), target_capacity_(smallest_capacity) {
  limits_.read_chunk_bytes = std::max(limits_.read_chunk_bytes, smallest_capacity);
}

void ws_decoder::move_to(std::size_t capacity) {
  auto larger = std::make_unique_for_overwrite<char[]>(capacity + padding);
  if (unread() > 0) std::memcpy(larger.get(), buffer_.get() + begin_, unread());
  end_ = unread();
  begin_ = 0;
  buffer_ = std::move(larger);
  capacity_ = capacity;
}

std::span<char> ws_decoder::prepare() {
  assembled_.clear();
  if (begin_ == end_) begin_ = end_ = 0;
  // A frame that is larger than the buffer makes it double until it fits, as its bytes really arrive.
  const bool full = unread() >= capacity_;
  const std::size_t grown = wanted_ > unread() ? std::min(wanted_, 2 * capacity_) : 2 * capacity_;
  const std::size_t needed = full ? std::max(target_capacity_, grown) : target_capacity_;
  const bool oversized = capacity_ > target_capacity_ && std::max(unread() + 1, wanted_) <= target_capacity_;
  if (buffer_ == nullptr || needed > capacity_ || oversized) {
    move_to(std::max(needed, unread() + 1));
  } else if (begin_ > 0 && (capacity_ - end_ < capacity_ / 2 || begin_ + wanted_ > capacity_)) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, unread());
    end_ = unread();
    begin_ = 0;
  }
  offered_ = capacity_ - end_;
  return {buffer_.get() + end_, offered_};
}

void ws_decoder::commit(std::size_t count) {
  end_ += count;
  if (count == offered_) {
    small_reads_ = 0;
    target_capacity_ = std::min(2 * target_capacity_, limits_.read_chunk_bytes);
  } else if (count >= target_capacity_ / 8) {
    small_reads_ = 0;
  } else if (++small_reads_ >= small_reads_before_shrinking) {
    small_reads_ = 0;
    target_capacity_ = std::max(target_capacity_ / 2, smallest_capacity);
  }
}

auto ws_decoder::next() -> outcome<ws_event> {
  while (!ended_) {
    const auto header = read_header();
    if (!header) {
      ended_ = true;
      return std::unexpected(header.error());
    }
    if (!*header) return std::nullopt;
    const frame_header& frame = **header;
    wanted_ = frame.size + frame.payload_size;
    if (unread() < wanted_) return std::nullopt;
    char* const payload = buffer_.get() + begin_ + frame.size;
    if (frame.masked) apply_mask(payload, frame.payload_size, frame.mask);
    begin_ += std::exchange(wanted_, 0);
    auto event = take_frame(frame, {payload, frame.payload_size});
    if (!event) ended_ = true;
    if (!event || *event) return event;
  }
  return std::nullopt;
}

// nullopt: the header is not here yet. Violations are told as early as the first byte shows them.
auto ws_decoder::read_header() const -> outcome<frame_header> {
  if (unread() < 2) return std::nullopt;
  const char* const bytes = buffer_.get() + begin_;
  const auto first = static_cast<unsigned char>(bytes[0]);
  const auto second = static_cast<unsigned char>(bytes[1]);
  if ((first & 0x70U) != 0) return violation("a reserved bit is set");
  if (!is_known(first & 0x0FU)) return violation("a reserved opcode is used");
  frame_header header;
  header.opcode = static_cast<ws_opcode>(first & 0x0FU);
  header.final_fragment = (first & 0x80U) != 0;
  header.masked = (second & 0x80U) != 0;
  const unsigned short_size = second & 0x7FU;
  const unsigned size_bytes = short_size == 127 ? 8 : short_size == 126 ? 2 : 0;
  if (is_control(header.opcode) && size_bytes != 0)
    return violation("a control frame is longer than 125 bytes");
  header.size = 2 + size_bytes + (header.masked ? 4U : 0U);
  if (unread() < header.size) return std::nullopt;
  const std::uint64_t size = size_bytes == 0 ? short_size : big_endian({bytes + 2, size_bytes});
  if (size_bytes == 8 && (size >> 63U) != 0) return violation("a length has its highest bit set");
  if ((size_bytes == 2 && size < 126) || (size_bytes == 8 && size <= 0xFFFF)) {
    return violation("a length is not encoded in the shortest way");
  }
  header.payload_size = size;
  if (header.masked) header.mask = static_cast<std::uint32_t>(big_endian({bytes + 2 + size_bytes, 4}));
  if (const auto checked = check_header(header); !checked) return std::unexpected(checked.error());
  return header;
}

std::expected<void, ws_violation> ws_decoder::check_header(const frame_header& header) const {
  if (header.masked && role_ == ws_role::client) return violation("a frame from the server is masked");
  if (!header.masked && role_ == ws_role::server) return violation("a frame from the client is not masked");
  if (is_control(header.opcode)) {
    if (!header.final_fragment) return violation("a control frame is fragmented");
    return {};
  }
  const bool continues = header.opcode == ws_opcode::continuation;
  if (continues && !fragmented_kind_) return violation("a continuation without a beginning");
  if (!continues && fragmented_kind_) return violation("a new message inside a fragmented one");
  if (header.payload_size > limits_.max_message_bytes ||
      fragments_.size() > limits_.max_message_bytes - header.payload_size) {
    return violation("a message is over the limit", ws_close_too_large);
  }
  return {};
}

auto ws_decoder::take_frame(const frame_header& header, std::string_view payload) -> outcome<ws_event> {
  if (header.opcode == ws_opcode::close) return take_close(payload);
  if (is_control(header.opcode)) return ws_event{header.opcode, payload, 0};
  if (!header.final_fragment || fragmented_kind_) return take_fragment(header, payload);
  if (header.opcode == ws_opcode::text && !valid_text(payload)) {
    return violation("a text message is not UTF-8", ws_close_invalid_payload);
  }
  return ws_event{header.opcode, payload, 0};
}

auto ws_decoder::take_fragment(const frame_header& header, std::string_view payload) -> outcome<ws_event> {
  if (!fragmented_kind_) fragmented_kind_ = header.opcode;
  fragments_ += payload;
  if (!header.final_fragment) return std::nullopt;
  const ws_opcode kind = *std::exchange(fragmented_kind_, std::nullopt);
  const std::size_t size = fragments_.size();
  fragments_.append(padding, '\0');
  assembled_.push_back(std::exchange(fragments_, {}));
  const std::string_view message = std::string_view(assembled_.back()).substr(0, size);
  if (kind == ws_opcode::text && !valid_text(message)) {
    return violation("a text message is not UTF-8", ws_close_invalid_payload);
  }
  return ws_event{kind, message, 0};
}

auto ws_decoder::take_close(std::string_view payload) -> outcome<ws_event> {
  ended_ = true;
  if (payload.empty()) return ws_event{ws_opcode::close, {}, 0};
  if (payload.size() == 1) return violation("a close frame has half a code");
  const auto code = static_cast<std::uint16_t>(big_endian(payload.substr(0, 2)));
  if (!ws_close_code_valid(code)) return violation("a close frame has a code that may not be sent");
  payload.remove_prefix(2);
  if (!valid_text(payload)) return violation("the reason of a close is not UTF-8", ws_close_invalid_payload);
  return ws_event{ws_opcode::close, payload, code};
}

std::size_t ws_decoder::memory() const {
  std::size_t bytes = buffer_ == nullptr ? 0 : capacity_ + padding;
  if (!fragments_.empty()) bytes += fragments_.capacity();
  for (const std::string& message : assembled_) bytes += message.capacity();
  return bytes;
}

}  // namespace guildfleet::net
