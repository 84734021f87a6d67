// Guild state: a guild of the gateway bench (20 channels, 15 roles, 50 members, 10 emojis) and small changes
// to it.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <functional>
#include <stdexcept>

#include "discord/gateway/envelope.hpp"
#include "discord/model/guild_state.hpp"

namespace guildfleet::discord {
namespace {

constexpr user_id self{1};

std::string list_of(int count, const std::function<std::string(int)>& item) {
  std::string out = "[";
  for (int i = 0; i < count; ++i) out += (i == 0 ? "" : ",") + item(i);
  return out + "]";
}

std::string padded(std::string text) {
  text.append(message_padding, '\0');
  return text;
}

std::string_view shown(const std::string& padded_text) {
  return std::string_view(padded_text).substr(0, padded_text.size() - message_padding);
}

std::string guild_create(int guild) {
  const auto channel = [&](int i) {
    return fmt::format(
        R"({{"id":"{}","type":0,"name":"channel-{}","position":{},"parent_id":null,"permission_overwrites":)"
        R"([{{"id":"{}","type":0,"allow":"1024","deny":"2048"}}]}})",
        guild * 1000 + i, i, i, guild);
  };
  const auto role = [&](int i) {
    return fmt::format(R"({{"id":"{}","name":"role {}","position":{},"permissions":"104324673"}})",
                       guild * 1000 + 100 + i, i, i);
  };
  const auto member = [&](int i) {
    return fmt::format(R"({{"user":{{"id":"{}","username":"member {}"}},"roles":["{}"],"nick":null}})", i + 1,
                       i, guild * 1000 + 100);
  };
  const auto emoji = [&](int i) {
    return fmt::format(R"({{"id":"{}","name":"emoji_{}","animated":false}})", guild * 1000 + 200 + i, i);
  };
  return padded(fmt::format(
      R"({{"id":"{}","name":"guild {}","owner_id":"2","channels":{},"roles":{},"members":{},"emojis":{},)"
      R"("threads":[],"voice_states":[]}})",
      guild, guild, list_of(20, channel), list_of(15, role), list_of(50, member), list_of(10, emoji)));
}

void apply(guild_state& to, event_type type, const std::string& text) {
  const auto done = to.apply(type, shown(text));
  if (!done || done->kind == effect_kind::unknown_guild) throw std::logic_error("the event was not taken");
}

void guild_create_apply(benchmark::State& state) {
  const std::string event = guild_create(7);
  for (auto _ : state) {
    guild_state guilds(self);
    apply(guilds, event_type::guild_create, event);
    benchmark::DoNotOptimize(guilds.guild_count());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(shown(event).size()));
}
BENCHMARK(guild_create_apply);

void channel_update_apply(benchmark::State& state) {
  guild_state guilds(self);
  apply(guilds, event_type::guild_create, guild_create(7));
  const std::string event = padded(
      R"({"id":"7001","guild_id":"7","type":0,"name":"renamed","position":1,"permission_overwrites":[]})");
  for (auto _ : state) apply(guilds, event_type::channel_update, event);
}
BENCHMARK(channel_update_apply);

// With what a changed guild costs the ledger.
void guild_serialize(benchmark::State& state) {
  guild_state guilds(self);
  apply(guilds, event_type::guild_create, guild_create(7));
  for (auto _ : state) benchmark::DoNotOptimize(guilds.serialize(guild_id{7}));
}
BENCHMARK(guild_serialize);

void permissions_in_a_channel(benchmark::State& state) {
  guild_state guilds(self);
  apply(guilds, event_type::guild_create, guild_create(7));
  for (auto _ : state)
    benchmark::DoNotOptimize(guilds.permissions_of_self(guild_id{7}, channel_id{7001}, base::wall_time{}));
}
BENCHMARK(permissions_in_a_channel);

}  // namespace
}  // namespace guildfleet::discord
