#include "discord/gateway/zstd_inflater.hpp"

#include <new>
#include <zstd.h>

#include "discord/gateway/inflate_buffer.hpp"

namespace guildfleet::discord {
namespace {

// The window is the peer's choice; 64 MiB is far above what a server uses and still bounds the memory.
constexpr int largest_window_log = 26;

struct free_context {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

class zstd_inflater final : public inflater {
 public:
  explicit zstd_inflater(inflate_limits limits) : buffer_(limits.max_message_bytes) { reset(); }

  base::result<std::optional<std::string_view>> feed(std::string_view ws_message) override {
    buffer_.begin_message();
    if (!context_) make_context();
    ZSTD_inBuffer input{ws_message.data(), ws_message.size(), 0};
    for (;;) {
      const std::span<char> room = buffer_.room();
      if (room.empty()) return at_limit(input);
      ZSTD_outBuffer output{room.data(), room.size(), 0};
      const std::size_t code = ZSTD_decompressStream(context_.get(), &output, &input);
      if (ZSTD_isError(code) != 0) return base::fail(gateway_error::corrupt_compression, "zstd-stream");
      buffer_.commit(output.pos);
      // Output that was not filled means that all has been drained.
      if (input.pos == input.size && output.pos < output.size) return finished();
    }
  }

  // The context with its window goes too: an idle, unconnected bot keeps nothing.
  void reset() override {
    context_.reset();
    buffer_.begin_message();
  }

  void rest() override { buffer_.release(); }

  [[nodiscard]] std::size_t buffer_bytes() const override { return buffer_.capacity(); }

 private:
  void make_context() {
    context_.reset(ZSTD_createDCtx());
    if (!context_) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, largest_window_log);
  }

  base::result<std::optional<std::string_view>> finished() {
    if (buffer_.message().empty()) return std::nullopt;
    return buffer_.message();
  }

  // A message of exactly the limit is fine when nothing more comes.
  base::result<std::optional<std::string_view>> at_limit(ZSTD_inBuffer& input) {
    char extra = 0;
    ZSTD_outBuffer output{&extra, 1, 0};
    while (input.pos < input.size || output.pos == 0) {
      const std::size_t before = input.pos;
      const std::size_t code = ZSTD_decompressStream(context_.get(), &output, &input);
      if (ZSTD_isError(code) != 0) return base::fail(gateway_error::corrupt_compression, "zstd-stream");
      if (output.pos != 0) return base::fail(gateway_error::message_too_large, "zstd-stream");
      if (input.pos == before) break;
    }
    return finished();
  }

  std::unique_ptr<ZSTD_DCtx, free_context> context_;
  inflate_buffer buffer_;
};

}  // namespace

std::unique_ptr<inflater> make_zstd_inflater(inflate_limits limits) {
  return std::make_unique<zstd_inflater>(limits);
}

}  // namespace guildfleet::discord
