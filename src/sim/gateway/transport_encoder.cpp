#include "sim/gateway/transport_encoder.hpp"

#include <stdexcept>
#include <zlib.h>
#include <zstd.h>

#include "net/ws_codec.hpp"

namespace guildfleet::sim {
namespace {

using net::ws_encode;
using net::ws_opcode;

// Below this Discord's payload compression leaves messages as text; the exact figure is not documented.
constexpr std::size_t payload_compression_from = 512;

void corrupt(std::string& packed) {
  for (std::size_t at = packed.size() / 4; at < packed.size(); at += 3)
    packed[at] = static_cast<char>(~packed[at]);
}

}  // namespace

struct transport_encoder::deflater {
  deflater() {
    if (deflateInit(&stream, Z_BEST_SPEED) != Z_OK) throw std::runtime_error("zlib cannot start a stream");
  }
  ~deflater() { deflateEnd(&stream); }
  deflater(const deflater&) = delete;
  deflater& operator=(const deflater&) = delete;

  void pack(std::string& out, std::string_view in, int flush) {
    // zlib's interface takes a pointer to non-const and does not write through it.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream.avail_in = static_cast<uInt>(in.size());
    do {
      const std::size_t used = out.size();
      out.resize(used + std::max<std::size_t>(in.size() / 2, 256));
      stream.next_out = reinterpret_cast<Bytef*>(out.data() + used);
      stream.avail_out = static_cast<uInt>(out.size() - used);
      deflate(&stream, flush);
      out.resize(out.size() - stream.avail_out);
      // A full output buffer may mean that there is more; otherwise the flush is complete.
    } while (stream.avail_out == 0);
  }

  z_stream stream{};
};

struct transport_encoder::zstd_stream {
  zstd_stream() : context(ZSTD_createCCtx(), &ZSTD_freeCCtx) {
    if (!context) throw std::runtime_error("zstd cannot start a stream");
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, 1);
  }

  void pack(std::string& out, std::string_view in) const {
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    std::size_t left = 1;
    while (left != 0) {
      const std::size_t used = out.size();
      out.resize(used + std::max<std::size_t>(in.size() / 2, 256));
      ZSTD_outBuffer output{out.data() + used, out.size() - used, 0};
      left = ZSTD_compressStream2(context.get(), &output, &input, ZSTD_e_flush);
      if (ZSTD_isError(left) != 0) throw std::runtime_error("zstd cannot compress");
      out.resize(used + output.pos);
    }
  }

  std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context;
};

transport_encoder::transport_encoder(transport_compression mode, int split_every)
    : mode_(mode), split_every_(split_every) {
  if (mode == transport_compression::zlib_stream) deflater_ = std::make_unique<deflater>();
  if (mode == transport_compression::zstd_stream) zstd_ = std::make_unique<zstd_stream>();
}

transport_encoder::~transport_encoder() = default;

void transport_encoder::compress_payloads() {
  payloads_ = mode_ == transport_compression::none;
}

void transport_encoder::append(std::string& frames, std::string_view json) {
  if (mode_ == transport_compression::zlib_stream) return append_zlib(frames, json);
  if (mode_ == transport_compression::zstd_stream) return append_zstd(frames, json);
  if (payloads_ && json.size() >= payload_compression_from) {
    packed_.clear();
    deflater().pack(packed_, json, Z_FINISH);
    if (std::exchange(corrupt_, false)) corrupt(packed_);
    return ws_encode(frames, ws_opcode::binary, packed_);
  }
  if (std::exchange(corrupt_, false)) json = json.substr(0, json.size() / 2);
  ws_encode(frames, ws_opcode::text, json);
}

void transport_encoder::append_zlib(std::string& frames, std::string_view json) {
  packed_.clear();
  deflater_->pack(packed_, json, Z_SYNC_FLUSH);
  if (std::exchange(corrupt_, false)) {
    packed_.resize(packed_.size() - 4);  // the end marker stays whole, so that the client does look
    corrupt(packed_);
    packed_.append("\x00\x00\xff\xff", 4);
  }
  std::string_view rest = packed_;
  if (split_every_ > 0 && ++messages_ % split_every_ == 0) {
    for (int part = 0; part < 2 && rest.size() > 8; ++part) {
      ws_encode(frames, ws_opcode::binary, rest.substr(0, rest.size() / 3));
      rest.remove_prefix(rest.size() / 3);
    }
  }
  ws_encode(frames, ws_opcode::binary, rest);
}

void transport_encoder::append_zstd(std::string& frames, std::string_view json) {
  packed_.clear();
  zstd_->pack(packed_, json);
  if (std::exchange(corrupt_, false)) corrupt(packed_);
  ws_encode(frames, ws_opcode::binary, packed_);
}

void transport_encoder::append_garbage(std::string& frames) {
  ws_encode(frames, ws_opcode::text, "\x01 this is not JSON {{{");
}

}  // namespace guildfleet::sim
