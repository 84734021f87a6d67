#include "discord/gateway/inflater.hpp"

#include "discord/gateway/zlib_inflater.hpp"
#include "discord/gateway/zstd_inflater.hpp"

namespace guildfleet::discord {
namespace {

class plain_inflater final : public inflater {
 public:
  explicit plain_inflater(inflate_limits limits) : limits_(limits) {}

  base::result<std::optional<std::string_view>> feed(std::string_view ws_message) override {
    if (ws_message.size() > limits_.max_message_bytes) return base::fail(gateway_error::message_too_large);
    return ws_message;
  }
  void reset() override {}
  void rest() override {}
  [[nodiscard]] std::size_t buffer_bytes() const override { return 0; }

 private:
  inflate_limits limits_;
};

}  // namespace

std::string_view query_value_of(compression kind) {
  switch (kind) {
    case compression::none:
      return {};
    case compression::zlib_stream:
      return "zlib-stream";
    case compression::zstd_stream:
      return "zstd-stream";
  }
  return {};
}

std::unique_ptr<inflater> make_inflater(compression kind, inflate_limits limits) {
  switch (kind) {
    case compression::zlib_stream:
      return make_zlib_inflater(limits);
    case compression::zstd_stream:
      return make_zstd_inflater(limits);
    case compression::none:
      break;
  }
  return std::make_unique<plain_inflater>(limits);
}

}  // namespace guildfleet::discord
