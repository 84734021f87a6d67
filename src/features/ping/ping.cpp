#include "features/ping/ping.hpp"

#include "features/replies.hpp"

namespace guildfleet::features {
namespace {

constexpr text command_name{"ping", "ping"};
constexpr text command_description{"Is the bot there, and how quick is it?", "ボットの応答速度を確認します"};
constexpr text answer{"Pong! Gateway: {latency} ms.", "ポン！ゲートウェイ: {latency} ms"};
constexpr text answer_unmeasured{"Pong! The gateway's latency has not been measured yet.",
                                 "ポン！ゲートウェイの遅延はまだ計測されていません"};

std::vector<discord::command_definition> commands() {
  return {localized_command(command_name, command_description)};
}

class ping_feature final : public feature {
 public:
  net::task<> on_command(interaction_call call) override {
    call.answers->prefer_private();
    const language user = call.user_language();
    std::string content(answer_unmeasured.in(user));
    if (call.gateway_latency) {
      const auto millis =
          std::chrono::duration_cast<std::chrono::milliseconds>(*call.gateway_latency).count();
      content = answer.format(user, fmt::arg("latency", millis));
    }
    (void)co_await call.answers->reply(private_message(std::move(content)));
  }
};

}  // namespace

const feature_declaration ping{.name = "ping",
                               .intents = discord::intent::guilds,
                               .commands = commands,
                               .make = [](const shard_services&) -> std::unique_ptr<feature> {
                                 return std::make_unique<ping_feature>();
                               }};

}  // namespace guildfleet::features
