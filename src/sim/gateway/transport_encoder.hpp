// Turns gateway messages into WebSocket frames, compressed as the connection asked for (protocol sheet 1.13).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "sim/gateway/client_message.hpp"

namespace guildfleet::sim {

// One per connection: the compression context lives as long as the connection. Not thread-safe.
class transport_encoder final {
 public:
  // `split_every`: see gateway_settings::zlib_split_every.
  transport_encoder(transport_compression mode, int split_every);
  ~transport_encoder();

  // Appends one gateway message as one or more frames.
  void append(std::string& frames, std::string_view json);
  // From now on larger messages are zlib streams of their own; without effect on a compressed transport.
  void compress_payloads();
  // Damages the next message: a broken compressed block, or JSON that ends in the middle.
  void corrupt_next() { corrupt_ = true; }
  // A text frame with something else than JSON.
  static void append_garbage(std::string& frames);

 private:
  struct deflater;
  struct zstd_stream;
  void append_zlib(std::string& frames, std::string_view json);
  void append_zstd(std::string& frames, std::string_view json);

  transport_compression mode_;
  int split_every_;
  int messages_ = 0;
  bool payloads_ = false;
  bool corrupt_ = false;
  std::unique_ptr<deflater> deflater_;
  std::unique_ptr<zstd_stream> zstd_;
  std::string packed_;
};

}  // namespace guildfleet::sim
