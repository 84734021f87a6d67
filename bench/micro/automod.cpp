// What automod's decision about one message costs.
#include <benchmark/benchmark.h>
#include <stdexcept>

#include "features/automod/automod_texts.hpp"
#include "features/automod/decider.hpp"
#include "settings/defaults.hpp"

namespace guildfleet::features::automod_rules {
namespace {

// All rules, and this many words.
rule_set all_rules_with(std::int64_t words) {
  settings::json::object values = settings::with_defaults(automod_texts::schema, {});
  for (const rule each : all_rules) values[std::string(name_of(each)) + "_action"] = "delete";
  settings::json::array list;
  for (std::int64_t i = 0; i < words; ++i) list.emplace_back("word" + std::to_string(i * 7919));
  values["words"] = std::move(list);
  return rules_of(values);
}

void decide(benchmark::State& state, std::string_view piece, std::size_t bytes) {
  const rule_set rules = all_rules_with(state.range(0));
  decider judge;
  std::string content;
  while (content.size() < bytes) content += piece;
  std::uint64_t number = 0;
  for (auto _ : state) {
    ++number;
    content[0] = static_cast<char>('a' + number % 26);  // not the same text again and again
    // 1,000 messages a second of 5,000 members: nobody floods.
    const seen_message message{.guild = {1},
                               .author = {1 + number % 5'000},
                               .channel = {1 + number % 1'000},
                               .id = {number << 22U},
                               .content = content};
    if (judge.decide(rules, message)) throw std::logic_error("a message was found wrong");
  }
}

void automod_short(benchmark::State& state) {
  decide(state, "hello, how are you all today? ", 60);
}
BENCHMARK(automod_short)->Arg(0)->Arg(50)->Arg(300);
void automod_long(benchmark::State& state) {
  decide(state, "hello, how are you all today? ", 2'000);
}
BENCHMARK(automod_long)->Arg(300);
void automod_japanese(benchmark::State& state) {
  decide(state, "aこんにちは、今日もよろしくお願いします。", 2'000);
}
BENCHMARK(automod_japanese)->Arg(300);

}  // namespace
}  // namespace guildfleet::features::automod_rules
