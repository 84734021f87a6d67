#include "discord/gateway/inflate_buffer.hpp"

#include <algorithm>
#include <cstring>

namespace guildfleet::discord {
namespace {

constexpr std::size_t smallest = std::size_t{4} << 10U;
constexpr int small_messages_to_shrink = 32;

}  // namespace

void inflate_buffer::begin_message() {
  small_messages_ = size_ < capacity_ / 4 ? small_messages_ + 1 : 0;
  size_ = 0;
  if (small_messages_ < small_messages_to_shrink || capacity_ <= smallest) return;
  small_messages_ = 0;
  reallocate(std::max(capacity_ / 2, smallest));
}

void inflate_buffer::release() {
  bytes_.reset();
  capacity_ = 0;
  size_ = 0;
  small_messages_ = 0;
}

std::span<char> inflate_buffer::room() {
  if (size_ == capacity_) {
    if (capacity_ >= limit_) return {};
    reallocate(std::min(std::max(capacity_ * 2, smallest), limit_));
  }
  return {bytes_.get() + size_, capacity_ - size_};
}

void inflate_buffer::reallocate(std::size_t capacity) {
  auto grown = std::make_unique_for_overwrite<char[]>(capacity + message_padding);
  if (size_ != 0) std::memcpy(grown.get(), bytes_.get(), size_);
  std::memset(grown.get() + capacity, 0, message_padding);
  bytes_ = std::move(grown);
  capacity_ = capacity;
}

}  // namespace guildfleet::discord
