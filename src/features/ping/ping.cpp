#include "features/ping/ping.hpp"

#include <array>

#include "features/replies.hpp"

namespace guildfleet::features {
namespace {

constexpr text command_name{"ping", "応答速度"};
constexpr text command_description{"Is the bot there, and how quick is it?", "ボットの応答速度を確認します"};
constexpr text answer{"Pong! Gateway: {latency} ms.", "ポン！ゲートウェイ: {latency} ms"};
constexpr text answer_unmeasured{"Pong! The gateway's latency has not been measured yet.",
                                 "ポン！ゲートウェイの遅延はまだ計測されていません"};
constexpr text answer_quick{"Pong! I am quick today.", "ポン！とても快調です"};
constexpr text answer_usual{"Pong! I answer as quickly as usual.", "ポン！いつもどおりの速さです"};
constexpr text answer_slow{"Pong! I am slow at the moment; please be patient.",
                           "ポン！いまは少し反応が遅くなっています"};
constexpr std::chrono::milliseconds quick_below{100};
constexpr std::chrono::milliseconds slow_from{500};

constexpr std::string_view in_words = "words";
constexpr std::array variants{
    variant_declaration{in_words, text{"Tells in words how quick the bot is, without milliseconds",
                                       "応答速度をミリ秒ではなく言葉で伝えます"}}};

std::vector<discord::command_definition> commands() {
  return {localized_command(command_name, command_description)};
}

std::string told(std::chrono::nanoseconds latency, std::string_view variant, language user) {
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(latency);
  if (variant != in_words) return answer.format(user, fmt::arg("latency", millis.count()));
  const text& words = millis < quick_below ? answer_quick : millis < slow_from ? answer_usual : answer_slow;
  return std::string(words.in(user));
}

class ping_feature final : public feature {
 public:
  explicit ping_feature(const variant_source& source) : variants_(source) {}

  net::task<> on_command(interaction_call call) override {
    const language user = call.user_language();
    std::string content(answer_unmeasured.in(user));
    if (call.gateway_latency) content = told(*call.gateway_latency, variants_.of(call.what->guild), user);
    (void)co_await call.answers->reply(private_message(std::move(content)));
  }

 private:
  variant_source variants_;
};

}  // namespace

const feature_declaration ping{.name = "ping",
                               .intents = discord::intent::guilds,
                               .commands = commands,
                               .variants = variants,
                               .make = [](const shard_services& services) -> std::unique_ptr<feature> {
                                 return std::make_unique<ping_feature>(services.variants);
                               }};

}  // namespace guildfleet::features
