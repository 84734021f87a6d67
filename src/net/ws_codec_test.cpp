#include "net/ws_codec.hpp"

#include <algorithm>
#include <cstring>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guildfleet::net {
namespace {

using namespace std::string_literals;

struct seen {
  ws_opcode kind;
  std::string payload;
  std::uint16_t close_code;
  friend bool operator==(const seen&, const seen&) = default;
};

struct trace {
  std::vector<seen> events;
  std::uint16_t violation = 0;
  friend bool operator==(const trace&, const trace&) = default;
};

void drain(ws_decoder& decoder, trace& into) {
  while (true) {
    const auto event = decoder.next();
    if (!event) into.violation = event.error().close_code;
    if (!event || !*event) return;
    into.events.push_back({(*event)->kind, std::string((*event)->payload), (*event)->close_code});
  }
}

void feed(ws_decoder& decoder, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto room = decoder.prepare();
    const std::size_t count = bytes.copy(room.data(), room.size());
    decoder.commit(count);
    bytes.remove_prefix(count);
  }
}

trace decode(ws_role role, std::string_view bytes, std::size_t chunk = std::string_view::npos,
             ws_limits limits = {}) {
  ws_decoder decoder(role, limits);
  trace result;
  while (!bytes.empty() && result.violation == 0) {
    const auto room = decoder.prepare();
    const std::size_t count = bytes.copy(room.data(), std::min(room.size(), chunk));
    decoder.commit(count);
    bytes.remove_prefix(count);
    drain(decoder, result);
  }
  return result;
}

std::string frame(ws_opcode opcode, std::string_view payload, bool final_fragment = true) {
  std::string out;
  ws_encode(out, opcode, payload, std::nullopt, final_fragment);
  return out;
}

std::string masked(ws_opcode opcode, std::string_view payload, bool final_fragment = true) {
  std::string out;
  ws_encode(out, opcode, payload, 0x37FA213DU, final_fragment);
  return out;
}

// The examples of RFC 6455 section 5.7.
TEST(ws_codec, encodes_the_examples_of_the_rfc) {
  EXPECT_EQ(frame(ws_opcode::text, "Hello"), "\x81\x05Hello");
  EXPECT_EQ(masked(ws_opcode::text, "Hello"), "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"s);
  EXPECT_EQ(frame(ws_opcode::text, "Hel", false) + frame(ws_opcode::continuation, "lo"),
            "\x01\x03Hel\x80\x02lo");
  EXPECT_EQ(frame(ws_opcode::binary, std::string(256, 'x')).substr(0, 4), "\x82\x7E\x01\x00"s);
  EXPECT_EQ(frame(ws_opcode::binary, std::string(65536, 'x')).substr(0, 10), "\x82\x7F\0\0\0\0\0\x01\0\0"s);
}

TEST(ws_codec, accept_of_the_rfc_example) {
  EXPECT_EQ(ws_accept_of("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(ws_codec, control_payloads_are_cut_to_125_bytes) {
  EXPECT_EQ(frame(ws_opcode::ping, std::string(200, 'p')).size(), 127U);
}

TEST(ws_codec, close_reason_is_cut_at_a_code_point) {
  const std::string payload = ws_close_payload(1000, std::string(122, 'a') + "\xC3\xA9");
  EXPECT_EQ(payload, "\x03\xE8" + std::string(122, 'a'));
}

TEST(ws_codec, close_codes_that_may_stand_in_a_frame) {
  const auto valid = [](int code) { return ws_close_code_valid(static_cast<std::uint16_t>(code)); };
  for (const int code : {1000, 1003, 1007, 1014, 3000, 4000, 4999}) EXPECT_TRUE(valid(code)) << code;
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65535})
    EXPECT_FALSE(valid(code)) << code;
}

TEST(ws_codec, sizes_around_every_length_encoding_come_back) {
  for (const std::size_t size : {0UL, 1UL, 125UL, 126UL, 127UL, 65535UL, 65536UL, 300000UL}) {
    const std::string payload(size, 'z');
    const trace expected{{{ws_opcode::binary, payload, 0}}, 0};
    EXPECT_EQ(decode(ws_role::client, frame(ws_opcode::binary, payload)), expected) << size;
    EXPECT_EQ(decode(ws_role::server, masked(ws_opcode::binary, payload)), expected) << size;
  }
}

struct violation_case {
  std::string name;
  ws_role role;
  std::string bytes;
  std::uint16_t close_code;
};

class ws_violations : public testing::TestWithParam<violation_case> {};

TEST_P(ws_violations, end_the_connection_with_the_right_code) {
  const violation_case& given = GetParam();
  for (const std::size_t chunk : {std::size_t{1}, std::size_t{3}, given.bytes.size()}) {
    const trace result = decode(given.role, given.bytes, chunk, {.max_message_bytes = 1000});
    EXPECT_EQ(result.violation, given.close_code) << chunk;
  }
}

INSTANTIATE_TEST_SUITE_P(
    ws_codec, ws_violations,
    testing::Values(
        violation_case{"reserved_bit_1", ws_role::client, "\xC1\x00"s, 1002},
        violation_case{"reserved_bit_2", ws_role::client, "\xA1\x00"s, 1002},
        violation_case{"reserved_bit_3", ws_role::client, "\x91\x00"s, 1002},
        violation_case{"reserved_data_opcode", ws_role::client, "\x83\x00"s, 1002},
        violation_case{"reserved_control_opcode", ws_role::client, "\x8B\x00"s, 1002},
        violation_case{"masked_from_server", ws_role::client, masked(ws_opcode::text, "a"), 1002},
        violation_case{"unmasked_from_client", ws_role::server, frame(ws_opcode::text, "a"), 1002},
        violation_case{"fragmented_control", ws_role::client, frame(ws_opcode::ping, "a", false), 1002},
        violation_case{"long_control", ws_role::client, "\x89\x7E\x00\x7E"s + std::string(126, 'p'), 1002},
        violation_case{"long_close", ws_role::client, "\x88\x7E\x00\x7E"s + std::string(126, 'p'), 1002},
        violation_case{"lone_continuation", ws_role::client, frame(ws_opcode::continuation, "a"), 1002},
        violation_case{"text_inside_fragmented", ws_role::client,
                       frame(ws_opcode::text, "a", false) + frame(ws_opcode::text, "b"), 1002},
        violation_case{"16_bit_length_not_minimal", ws_role::client,
                       "\x82\x7E\x00\x7D"s + std::string(125, 'x'), 1002},
        violation_case{"64_bit_length_not_minimal", ws_role::client, "\x82\x7F\0\0\0\0\0\0\xFF\xFF"s, 1002},
        violation_case{"64_bit_length_high_bit", ws_role::client, "\x82\x7F\x80\0\0\0\0\0\0\0"s, 1002},
        violation_case{"too_large", ws_role::client, "\x82\x7E\x03\xE9"s, 1009},
        violation_case{"huge", ws_role::client, "\x82\x7F\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s, 1009},
        violation_case{"fragments_too_large_together", ws_role::client,
                       frame(ws_opcode::text, std::string(600, 'a'), false) +
                           frame(ws_opcode::continuation, std::string(401, 'a')),
                       1009},
        violation_case{"close_with_half_a_code", ws_role::client, frame(ws_opcode::close, "\x03"), 1002},
        violation_case{"close_with_1005", ws_role::client, frame(ws_opcode::close, "\x03\xED"), 1002},
        violation_case{"close_reason_not_utf8", ws_role::client, frame(ws_opcode::close, "\x03\xE8\xFF"),
                       1007},
        violation_case{"text_not_utf8", ws_role::client, frame(ws_opcode::text, "a\xC0\xAF"), 1007},
        violation_case{"text_surrogate", ws_role::client, frame(ws_opcode::text, "\xED\xA0\x80"), 1007},
        violation_case{"text_ends_inside_a_code_point", ws_role::client, frame(ws_opcode::text, "\xE3\x81"),
                       1007},
        violation_case{"fragments_not_utf8", ws_role::client,
                       frame(ws_opcode::text, "\xE3\x81", false) + frame(ws_opcode::continuation, "a"),
                       1007}),
    [](const auto& given) { return given.param.name; });

TEST(ws_codec, a_limit_is_reached_but_not_passed) {
  const std::string payload(1000, 'x');
  const std::string fragments = frame(ws_opcode::text, std::string(600, 'x'), false) +
                                frame(ws_opcode::continuation, std::string(400, 'x'));
  const trace expected{{{ws_opcode::text, payload, 0}}, 0};
  EXPECT_EQ(decode(ws_role::client, frame(ws_opcode::text, payload), 7, {.max_message_bytes = 1000}),
            expected);
  EXPECT_EQ(decode(ws_role::client, fragments, 7, {.max_message_bytes = 1000}), expected);
}

struct stream_of_frames {
  std::string bytes;
  trace expected;
};

// Everything at once: fragments cut inside a code point, control frames between them, empty messages, a
// close.
stream_of_frames busy_stream(std::string (*encode)(ws_opcode, std::string_view, bool)) {
  stream_of_frames stream;
  const std::string japanese = "\xE3\x81\x93\xE3\x82\x93\xE3\x81\xAB\xE3\x81\xA1\xE3\x81\xAF";
  stream.bytes =
      encode(ws_opcode::text, "first", true) + encode(ws_opcode::text, japanese.substr(0, 4), false) +
      encode(ws_opcode::ping, "in between", true) +
      encode(ws_opcode::continuation, japanese.substr(4, 3), false) + encode(ws_opcode::pong, "", true) +
      encode(ws_opcode::continuation, japanese.substr(7), true) +
      encode(ws_opcode::binary, std::string(300, '\xFF'), true) + encode(ws_opcode::text, "", true) +
      encode(ws_opcode::binary, "", false) + encode(ws_opcode::continuation, "", true) +
      encode(ws_opcode::close, ws_close_payload(4004, "bad token"), true);
  stream.expected.events = {{ws_opcode::text, "first", 0},
                            {ws_opcode::ping, "in between", 0},
                            {ws_opcode::pong, "", 0},
                            {ws_opcode::text, japanese, 0},
                            {ws_opcode::binary, std::string(300, '\xFF'), 0},
                            {ws_opcode::text, "", 0},
                            {ws_opcode::binary, "", 0},
                            {ws_opcode::close, "bad token", 4004}};
  return stream;
}

TEST(ws_codec, every_chunk_size_gives_the_same_events) {
  for (const ws_role role : {ws_role::client, ws_role::server}) {
    const stream_of_frames stream = busy_stream(role == ws_role::client ? frame : masked);
    for (std::size_t chunk = 1; chunk <= stream.bytes.size(); ++chunk) {
      EXPECT_EQ(decode(role, stream.bytes, chunk), stream.expected) << chunk;
    }
  }
}

TEST(ws_codec, every_split_position_gives_the_same_events) {
  const stream_of_frames stream = busy_stream(masked);
  for (std::size_t split = 0; split <= stream.bytes.size(); ++split) {
    ws_decoder decoder(ws_role::server, {});
    trace result;
    feed(decoder, std::string_view(stream.bytes).substr(0, split));
    drain(decoder, result);
    feed(decoder, std::string_view(stream.bytes).substr(split));
    drain(decoder, result);
    EXPECT_EQ(result, stream.expected) << split;
  }
}

TEST(ws_codec, views_stay_valid_until_prepare) {
  ws_decoder decoder(ws_role::client, {});
  feed(decoder, frame(ws_opcode::text, "one", false) + frame(ws_opcode::continuation, "-1") +
                    frame(ws_opcode::text, "two") + frame(ws_opcode::text, "three", false) +
                    frame(ws_opcode::continuation, "-3"));
  std::vector<std::string_view> views;
  while (true) {
    const auto event = decoder.next();
    ASSERT_TRUE(event);
    if (!*event) break;
    views.push_back((*event)->payload);
  }
  EXPECT_THAT(views, testing::ElementsAre("one-1", "two", "three-3"));
}

// AddressSanitizer proves the reads; the sum keeps them.
TEST(ws_codec, padding_behind_every_payload_may_be_read) {
  ws_decoder decoder(ws_role::client, {});
  unsigned sum = 0;
  for (const std::string& bytes :
       {frame(ws_opcode::text, std::string(4094, 'a')), frame(ws_opcode::binary, std::string(200000, 'b')),
        frame(ws_opcode::text, "x", false) + frame(ws_opcode::continuation, "y")}) {
    feed(decoder, bytes);
    while (true) {
      const auto event = decoder.next();
      ASSERT_TRUE(event);
      if (!*event) break;
      const char* const end = (*event)->payload.data() + (*event)->payload.size();
      for (std::size_t i = 0; i < ws_decoder::padding; ++i) sum += static_cast<unsigned char>(end[i]);
    }
  }
  EXPECT_GE(sum, 0U);
}

TEST(ws_codec, an_idle_decoder_is_small_and_a_huge_message_is_not_kept) {
  ws_decoder decoder(ws_role::client, {});
  EXPECT_EQ(decoder.memory(), 0U);
  (void)decoder.prepare();
  EXPECT_LE(decoder.memory(), 4096U + ws_decoder::padding);
  trace result;
  feed(decoder, frame(ws_opcode::binary, std::string(10U << 20U, 'x')));
  drain(decoder, result);
  ASSERT_EQ(result.events.size(), 1U);
  (void)decoder.prepare();
  EXPECT_LE(decoder.memory(), ws_limits().read_chunk_bytes + ws_decoder::padding);
  for (int i = 0; i < 200; ++i) {
    feed(decoder, frame(ws_opcode::text, "{}"));
    drain(decoder, result);
  }
  (void)decoder.prepare();
  EXPECT_LE(decoder.memory(), 4096U + ws_decoder::padding);
}

// A length is only a claim: memory follows what really arrived.
TEST(ws_codec, an_announced_length_alone_takes_no_memory) {
  ws_decoder decoder(ws_role::client, {});
  trace result;
  feed(decoder, "\x82\x7F\0\0\0\0\x03\0\0\0"s + std::string(5000, 'x'));
  drain(decoder, result);
  (void)decoder.prepare();
  EXPECT_LE(decoder.memory(), 64U << 10U);
}

TEST(ws_codec, nothing_follows_a_close) {
  const trace expected{{{ws_opcode::close, "", 0}}, 0};
  EXPECT_EQ(decode(ws_role::client, frame(ws_opcode::close, "") + frame(ws_opcode::text, "late")), expected);
}

}  // namespace
}  // namespace guildfleet::net
