#include "discord/gateway/inflater.hpp"

#include <gtest/gtest.h>
#include <memory>
#include <zlib.h>
#include <zstd.h>

#include "discord/padded_json.hpp"
#include "discord/reference_vectors.hpp"

namespace guildfleet::discord {
namespace {

// The server's side: one context for all messages, flushed after each.
class zlib_packer final {
 public:
  zlib_packer() { deflateInit(&stream_, 6); }
  ~zlib_packer() { deflateEnd(&stream_); }
  zlib_packer(const zlib_packer&) = delete;
  zlib_packer& operator=(const zlib_packer&) = delete;
  std::string operator()(std::string_view text) {
    std::string out(deflateBound(&stream_, text.size()) + 64, '\0');
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream_.avail_in = static_cast<uInt>(text.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    deflate(&stream_, Z_SYNC_FLUSH);
    out.resize(out.size() - stream_.avail_out);
    return out;
  }

 private:
  z_stream stream_{};
};

class zstd_packer final {
 public:
  std::string operator()(std::string_view text) {
    std::string out(ZSTD_compressBound(text.size()) + 64, '\0');
    ZSTD_inBuffer input{text.data(), text.size(), 0};
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    ZSTD_compressStream2(context_.get(), &output, &input, ZSTD_e_flush);
    out.resize(output.pos);
    return out;
  }

 private:
  std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context_{ZSTD_createCCtx(), ZSTD_freeCCtx};
};

std::string noise(std::size_t size) {
  std::string text(size, '\0');
  std::uint32_t state = 7;
  for (char& byte : text) {
    state = state * 1'664'525U + 1'013'904'223U;
    byte = static_cast<char>('a' + (state >> 24U) % 26U);
  }
  return text;
}

template <class Packer>
compression kind_of();
template <>
compression kind_of<zlib_packer>() {
  return compression::zlib_stream;
}
template <>
compression kind_of<zstd_packer>() {
  return compression::zstd_stream;
}

template <class Packer>
class stream_inflater : public testing::Test {
 protected:
  Packer pack;
  std::unique_ptr<inflater> inflate =
      make_inflater(kind_of<Packer>(), {.max_message_bytes = std::size_t{1} << 20U});

  std::string unpacked(std::string_view frame) {
    const auto message = inflate->feed(frame);
    return message && *message ? std::string(**message) : "nothing";
  }
};
using packers = testing::Types<zlib_packer, zstd_packer>;
TYPED_TEST_SUITE(stream_inflater, packers);

TYPED_TEST(stream_inflater, reads_messages_of_all_sizes_with_one_context) {
  for (const std::size_t size : {1U, 100U, 4096U, 100'000U, 5U, 4095U, 1'000'000U, 2U}) {
    const std::string text = noise(size);
    EXPECT_EQ(this->unpacked(this->pack(text)), text) << size;
  }
}

// AddressSanitizer sees it when the bytes are not there.
TYPED_TEST(stream_inflater, leaves_readable_bytes_behind_a_message) {
  for (const std::size_t size : {1U, 4095U, 4096U, 8192U, 1U << 20U}) {
    const auto message = this->inflate->feed(this->pack(noise(size)));
    ASSERT_TRUE(message && *message);
    const std::string with_padding((*message)->data(), (*message)->size() + message_padding);
    EXPECT_EQ(with_padding.substr(0, size), noise(size));
  }
}

TYPED_TEST(stream_inflater, accepts_the_limit_and_refuses_one_more) {
  EXPECT_EQ(this->unpacked(this->pack(noise(1U << 20U))).size(), std::size_t{1} << 20U);
  const auto refused = this->inflate->feed(this->pack(noise((1U << 20U) + 1)));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), gateway_error::message_too_large);
}

TYPED_TEST(stream_inflater, refuses_a_bomb_without_unpacking_it) {
  const auto refused = this->inflate->feed(this->pack(std::string(50U << 20U, 'x')));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), gateway_error::message_too_large);
  EXPECT_LE(this->inflate->buffer_bytes(), std::size_t{1} << 20U);
}

TYPED_TEST(stream_inflater, calls_garbage_corrupt_and_works_again_after_reset) {
  const auto refused = this->inflate->feed("this is no compressed stream at all");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), gateway_error::corrupt_compression);
  this->inflate->reset();
  EXPECT_EQ(this->unpacked(this->pack("{}")), "{}");
}

TYPED_TEST(stream_inflater, gives_memory_back_after_a_large_message) {
  (void)this->unpacked(this->pack(noise(900'000)));
  EXPECT_GE(this->inflate->buffer_bytes(), 900'000U);
  for (int i = 0; i < 400; ++i) ASSERT_EQ(this->unpacked(this->pack("{\"op\":11}")), "{\"op\":11}");
  EXPECT_LE(this->inflate->buffer_bytes(), 4096U);
}

TYPED_TEST(stream_inflater, keeps_nothing_while_it_rests_and_goes_on_where_it_was) {
  (void)this->unpacked(this->pack(noise(5'000)));
  this->inflate->rest();
  EXPECT_EQ(this->inflate->buffer_bytes(), 0U);
  EXPECT_EQ(this->unpacked(this->pack("{\"op\":11}")), "{\"op\":11}");
}

TYPED_TEST(stream_inflater, survives_any_single_damaged_byte) {
  const std::string frame = this->pack(noise(300));
  for (std::size_t i = 0; i < frame.size(); ++i) {
    std::string damaged = frame;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
    this->inflate->reset();
    (void)this->inflate->feed(damaged);
  }
  this->inflate->reset();
  EXPECT_EQ(this->unpacked(frame), noise(300));
}

TEST(zlib_inflater, joins_frames_cut_anywhere_even_within_the_marker) {
  zlib_packer pack;
  const std::string first = pack(noise(200));
  const std::string second = pack("{}");
  for (std::size_t cut = 1; cut < first.size(); ++cut) {
    const auto inflate = make_inflater(compression::zlib_stream);
    const auto early = inflate->feed(std::string_view(first).substr(0, cut));
    ASSERT_TRUE(early.has_value()) << cut;
    EXPECT_FALSE(early->has_value()) << cut;
    const auto whole = inflate->feed(std::string_view(first).substr(cut));
    ASSERT_TRUE(whole && *whole) << cut;
    EXPECT_EQ(**whole, noise(200)) << cut;
    const auto next = inflate->feed(second);
    ASSERT_TRUE(next && *next);
    EXPECT_EQ(**next, "{}");
  }
}

TEST(plain_inflater, passes_messages_on) {
  const auto inflate = make_inflater(compression::none, {.max_message_bytes = 4});
  const padded_json text("{}");
  const auto message = inflate->feed(text);
  ASSERT_TRUE(message && *message);
  EXPECT_EQ((*message)->data(), std::string_view(text).data());
  EXPECT_FALSE(inflate->feed(padded_json("12345")).has_value());
}

std::string unhex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

TEST(inflater, reads_the_reference_vectors) {
  const auto vectors = reference_vectors();
  if (!vectors) GTEST_SKIP() << "no discord-vectors.json beside the project";
  for (const auto& [name, kind] : {std::pair("zlib_stream", compression::zlib_stream),
                                   std::pair("zstd_stream", compression::zstd_stream)}) {
    const auto inflate = make_inflater(kind);
    const auto& vector = vectors->at(name).as_object();
    const auto& frames = vector.at("frames_hex").as_array();
    for (std::size_t i = 0; i < frames.size(); ++i) {
      const auto message = inflate->feed(unhex(frames[i].as_string()));
      ASSERT_TRUE(message && *message) << name;
      EXPECT_EQ(**message, std::string_view(vector.at("messages").as_array()[i].as_string())) << name;
    }
  }
}

}  // namespace
}  // namespace guildfleet::discord
