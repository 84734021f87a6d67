#include "integration/recorder.hpp"

#include <atomic>

#include "features/replies.hpp"
#include "net/async_event.hpp"

namespace guildfleet::integration {
namespace {

using features::interaction_call;

std::atomic<message_log*> current_log{nullptr};

net::task<> handle_slowly(std::string bot, std::uint64_t message) {
  (void)co_await net::sleep_until(net::deadline_in(std::chrono::milliseconds(4)));
  current_log.load()->handled(bot, message);
}

class recorder_feature final : public features::feature {
 public:
  explicit recorder_feature(const features::shard_services& services) : bot_(services.bot.bot) {}

  [[nodiscard]] bool wants_messages() const override { return true; }
  std::optional<net::task<>> on_message(const features::message_event& message) override {
    if (message.id.value % 16 == 0) return handle_slowly(bot_, message.id.value);
    current_log.load()->handled(bot_, message.id.value);
    return std::nullopt;
  }
  net::task<> on_command(interaction_call call) override {
    (void)co_await call.answers->reply(features::private_message("burst"));
    for (int i = 0; i < 6; ++i) {
      (void)co_await call.answers->follow_up(features::private_message(fmt::format("burst {}", i)));
    }
  }

 private:
  std::string bot_;
};

class nuisance_feature final : public features::feature {
 public:
  [[nodiscard]] bool wants_messages() const override { return true; }
  std::optional<net::task<>> on_message(const features::message_event& /*message*/) override {
    throw std::runtime_error("a feature that cannot read");
  }
  net::task<> on_command(interaction_call call) override {
    if (call.what->command()->path == "broken") throw std::runtime_error("a feature that cannot answer");
    (void)co_await net::sleep_until(net::deadline_in(std::chrono::milliseconds(3'400)));
    (void)co_await call.answers->reply(features::private_message("at last"));
  }
};

discord::command_definition command(std::string name) {
  discord::command_definition out;
  out.name = std::move(name);
  out.description = "A command for tests";
  return out;
}

constexpr auto intents = discord::intent::guilds | discord::intent::guild_messages;

}  // namespace

void record_messages_in(message_log* log) {
  current_log = log;
}

const features::feature_declaration recorder{
    .name = "recorder",
    .intents = intents,
    .commands = [] { return std::vector{command("burst")}; },
    .make = [](const features::shard_services& services) -> std::unique_ptr<features::feature> {
      return std::make_unique<recorder_feature>(services);
    }};

const features::feature_declaration nuisance{
    .name = "nuisance",
    .intents = intents,
    .commands = [] { return std::vector{command("slow"), command("broken")}; },
    .make = [](const features::shard_services&) -> std::unique_ptr<features::feature> {
      return std::make_unique<nuisance_feature>();
    }};

}  // namespace guildfleet::integration
