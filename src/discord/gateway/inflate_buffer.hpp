// Where a decompressed message grows.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "discord/gateway/envelope.hpp"

namespace guildfleet::discord {

// Doubles while a message needs it, and halves again when a run of messages needed much less.
class inflate_buffer final {
 public:
  explicit inflate_buffer(std::size_t limit) : limit_(limit) {}

  // A new message begins; views of the last one end.
  void begin_message();
  // Room for more bytes, at least one; empty when the message is at its limit.
  [[nodiscard]] std::span<char> room();
  void commit(std::size_t bytes) { size_ += bytes; }
  // Gives the memory back; views of the last message end.
  void release();

  // The message, with message_padding readable bytes behind it.
  [[nodiscard]] std::string_view message() const { return {bytes_.get(), size_}; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

 private:
  void reallocate(std::size_t capacity);

  std::size_t limit_;
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;  // without the padding
  std::size_t size_ = 0;
  int small_messages_ = 0;
};

}  // namespace guildfleet::discord
