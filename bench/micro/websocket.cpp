// The WebSocket codec: messages as Discord sends them, and masked ones as a client does.
#include <algorithm>
#include <benchmark/benchmark.h>
#include <stdexcept>

#include "net/ws_codec.hpp"

namespace guildfleet::net {
namespace {

constexpr int messages = 64;

// As many messages as come with some reads from the socket.
void websocket_decode(benchmark::State& state) {
  std::string stream;
  for (int i = 0; i < messages; ++i)
    ws_encode(stream, ws_opcode::text, std::string(static_cast<std::size_t>(state.range(0)), 'x'));
  ws_decoder decoder(ws_role::client, {});
  for (auto _ : state) {
    int seen = 0;
    for (std::string_view rest = stream; !rest.empty();) {
      const std::span<char> room = decoder.prepare();
      const std::size_t count = std::min(room.size(), rest.size());
      std::copy_n(rest.begin(), count, room.begin());
      decoder.commit(count);
      rest.remove_prefix(count);
      for (auto event = decoder.next(); event && *event; event = decoder.next()) ++seen;
    }
    if (seen != messages) throw std::logic_error("a message is missing");
  }
  state.SetItemsProcessed(state.iterations() * messages);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(stream.size()));
}
BENCHMARK(websocket_decode)->Arg(100)->Arg(1200)->Arg(100'000);

void websocket_encode_masked(benchmark::State& state) {
  const std::string payload(static_cast<std::size_t>(state.range(0)), 'x');
  std::string out;
  for (auto _ : state) {
    out.clear();
    ws_encode(out, ws_opcode::text, payload, 0x12345678U);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(websocket_encode_masked)->Arg(100)->Arg(4096);

}  // namespace
}  // namespace guildfleet::net
