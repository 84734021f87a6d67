// The way of an event nobody wants: the envelope scan, and the session machine's step.
#include <benchmark/benchmark.h>
#include <stdexcept>

#include "discord/gateway/envelope.hpp"
#include "discord/gateway/session_script.hpp"

namespace guildfleet::discord {
namespace {

// A MESSAGE_CREATE of this many bytes, and the padding behind it.
std::string message_of(std::size_t bytes) {
  std::string text = R"({"t":"MESSAGE_CREATE","s":4711,"op":0,"d":{"channel_id":"5","content":")";
  text.append(bytes - text.size() - 3, 'x');
  text += R"("}})";
  text.append(message_padding, '\0');
  return text;
}

std::string_view without_padding(const std::string& padded) {
  return std::string_view(padded).substr(0, padded.size() - message_padding);
}

void envelope_scan(benchmark::State& state) {
  const std::string padded = message_of(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(scan_envelope(without_padding(padded)));
}
BENCHMARK(envelope_scan)->Arg(300)->Arg(1200)->Arg(100'000);

// What a message of another layout costs.
void envelope_parse(benchmark::State& state) {
  const std::string padded = message_of(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(parse_envelope(without_padding(padded)));
}
BENCHMARK(envelope_parse)->Arg(300)->Arg(1200)->Arg(100'000);

void session_step(benchmark::State& state) {
  const std::string padded = message_of(1200);
  session_script script;
  script.go_live();
  envelope message = scan_envelope(without_padding(padded)).value();
  std::uint64_t sequence = 1;
  for (auto _ : state) {
    message.s = ++sequence;
    if (script.machine.on_message(message, script.now()) != session_machine::verdict::dispatch)
      throw std::logic_error("the event was not taken");
  }
}
BENCHMARK(session_step);

}  // namespace
}  // namespace guildfleet::discord
