#include "discord/gateway/zlib_inflater.hpp"

#include <limits>
#include <new>
#include <zlib.h>

#include "discord/gateway/inflate_buffer.hpp"

namespace guildfleet::discord {
namespace {

constexpr std::string_view sync_marker("\x00\x00\xff\xff", 4);

class zlib_inflater final : public inflater {
 public:
  explicit zlib_inflater(inflate_limits limits) : buffer_(limits.max_message_bytes) {
    if (inflateInit(&stream_) != Z_OK) throw std::bad_alloc();
  }
  ~zlib_inflater() override { inflateEnd(&stream_); }
  zlib_inflater(const zlib_inflater&) = delete;
  zlib_inflater& operator=(const zlib_inflater&) = delete;

  base::result<std::optional<std::string_view>> feed(std::string_view ws_message) override {
    if (message_ended_) {
      buffer_.begin_message();
      message_ended_ = false;
    }
    if (auto read = inflate_all(ws_message); !read) return std::unexpected(std::move(read.error()));
    if (!ends_with_marker(ws_message)) return std::nullopt;
    message_ended_ = true;
    return buffer_.message();
  }

  void reset() override {
    inflateReset(&stream_);
    buffer_.begin_message();
    message_ended_ = false;
    tail_size_ = 0;
  }

  void rest() override {
    if (message_ended_) buffer_.release();
  }

  [[nodiscard]] std::size_t buffer_bytes() const override { return buffer_.capacity(); }

 private:
  // Inflates as the pieces come, so that a message in many frames is not collected first.
  base::result<void> inflate_all(std::string_view input) {
    constexpr auto most = std::numeric_limits<uInt>::max();
    if (input.size() > most) return base::fail(gateway_error::message_too_large);
    // zlib takes a non-const pointer and does not write through it.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    stream_.avail_in = static_cast<uInt>(input.size());
    for (;;) {
      const std::span<char> room = buffer_.room();
      if (room.empty()) return at_limit();
      stream_.next_out = reinterpret_cast<Bytef*>(room.data());
      stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(room.size(), most));
      const uInt offered = stream_.avail_out;
      const int code = inflate(&stream_, Z_SYNC_FLUSH);
      buffer_.commit(offered - stream_.avail_out);
      if (code == Z_BUF_ERROR && stream_.avail_in == 0) return {};
      if (code != Z_OK) return base::fail(gateway_error::corrupt_compression, "zlib-stream");
      if (stream_.avail_in == 0 && stream_.avail_out != 0) return {};
    }
  }

  // A message of exactly the limit is fine when nothing more comes.
  base::result<void> at_limit() {
    Bytef extra = 0;
    stream_.next_out = &extra;
    stream_.avail_out = 1;
    const int code = inflate(&stream_, Z_SYNC_FLUSH);
    if (stream_.avail_out == 0) return base::fail(gateway_error::message_too_large, "zlib-stream");
    if (code != Z_OK && code != Z_BUF_ERROR)
      return base::fail(gateway_error::corrupt_compression, "zlib-stream");
    return {};
  }

  // The marker itself may be cut by a frame boundary.
  bool ends_with_marker(std::string_view frame) {
    for (const char byte : frame.substr(frame.size() - std::min(frame.size(), sync_marker.size()))) {
      if (tail_size_ == sync_marker.size()) {
        for (std::size_t i = 1; i < tail_size_; ++i) tail_[i - 1] = tail_[i];
        --tail_size_;
      }
      tail_[tail_size_++] = byte;
    }
    if (std::string_view(tail_, tail_size_) != sync_marker) return false;
    tail_size_ = 0;
    return true;
  }

  z_stream stream_{};
  inflate_buffer buffer_;
  bool message_ended_ = true;
  char tail_[4] = {};
  std::size_t tail_size_ = 0;
};

}  // namespace

std::unique_ptr<inflater> make_zlib_inflater(inflate_limits limits) {
  return std::make_unique<zlib_inflater>(limits);
}

}  // namespace guildfleet::discord
