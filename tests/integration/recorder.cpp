#include "integration/recorder.hpp"

#include <atomic>

#include "features/replies.hpp"
#include "net/async_event.hpp"

namespace guildfleet::integration {
namespace {

using features::interaction_call;

std::atomic<message_log*> current_log{nullptr};

std::atomic<std::uint64_t> echoed{0};

constexpr std::string_view echo_begin = "seen ";

bool is_echo(const features::message_event& message) {
  return message.author_is_bot && message.content.starts_with(echo_begin);
}

enum class flaw { none, throws, slow, leaks };
std::atomic<flaw> flaw_of_release{flaw::none};

net::task<> handle_slowly(std::string bot, handled_message what) {
  (void)co_await net::sleep_until(net::deadline_in(std::chrono::milliseconds(4)));
  what.bot = bot;
  current_log.load()->handled(what);
}

class recorder_feature final : public features::feature {
 public:
  explicit recorder_feature(const features::shard_services& services)
      : bot_(services.bot.bot), shard_(services.shard) {}

  [[nodiscard]] bool wants_messages() const override { return true; }
  std::optional<net::task<>> on_message(const features::message_event& message) override {
    if (is_echo(message)) return std::nullopt;
    const handled_message what{bot_, shard_, message.id.value, std::chrono::steady_clock::now()};
    if (message.id.value % 16 == 0) return handle_slowly(bot_, what);
    current_log.load()->handled(what);
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
  discord::shard_id shard_;
};

class echo_feature final : public features::feature {
 public:
  explicit echo_feature(const features::shard_services& services) : effects_(services.effects) {}

  [[nodiscard]] bool wants_messages() const override { return true; }
  std::optional<net::task<>> on_message(const features::message_event& message) override {
    const std::uint64_t each = echoed.load();
    if (is_echo(message) || each == 0 || message.id.value % each != 0) return std::nullopt;
    return post(message.sequence, message.channel, fmt::format("{}{}", echo_begin, message.id.value));
  }
  net::task<> on_command(interaction_call call) override {
    (void)co_await call.answers->reply(features::private_message("echo"));
  }

 private:
  net::task<> post(std::uint64_t sequence, discord::channel_id channel, std::string text) {
    discord::message_body body;
    body.content = std::move(text);
    bool more = true;
    while (more) {
      const auto posted = co_await effects_.post({sequence, 1}, channel, body);
      more = !posted && co_await net::sleep_until(net::deadline_in(std::chrono::milliseconds(100)));
    }
  }

  features::effect_port& effects_;
};

class flawed_feature final : public features::feature {
 public:
  explicit flawed_feature(const features::shard_services&) {}

  [[nodiscard]] bool wants_messages() const override { return true; }
  std::optional<net::task<>> on_message(const features::message_event& /*message*/) override {
    constexpr std::size_t leak = 16U << 10U;
    if (flaw_of_release == flaw::throws && ++seen_ % 50 == 0)
      throw std::runtime_error("a flaw of this release");
    if (flaw_of_release == flaw::leaks) leaked_.emplace_back(leak, 'x');
    return std::nullopt;
  }
  net::task<> on_command(interaction_call call) override {
    if (flaw_of_release == flaw::slow)
      (void)co_await net::sleep_until(net::deadline_in(std::chrono::milliseconds(1'200)));
    (void)co_await call.answers->reply(features::private_message("done"));
  }

 private:
  std::uint64_t seen_ = 0;
  std::vector<std::string> leaked_;
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

template <class Feature>
std::unique_ptr<features::feature> make_with(const features::shard_services& services) {
  return std::make_unique<Feature>(services);
}

}  // namespace

void record_messages_in(message_log* log) {
  current_log = log;
}

void echo_each(std::uint64_t each) {
  echoed = each;
}

const features::feature_declaration recorder{.name = "recorder",
                                             .intents = intents,
                                             .commands = [] { return std::vector{command("burst")}; },
                                             .make = make_with<recorder_feature>};

const features::feature_declaration echo{.name = "echo",
                                         .intents = intents,
                                         .commands = [] { return std::vector{command("echo")}; },
                                         .make = make_with<echo_feature>};

void choose_flaw(const std::string& named) {
  flaw_of_release = named == "throws"  ? flaw::throws
                    : named == "slow"  ? flaw::slow
                    : named == "leaks" ? flaw::leaks
                                       : flaw::none;
}

const features::feature_declaration flawed{.name = "flawed",
                                           .intents = intents,
                                           .commands = [] { return std::vector{command("work")}; },
                                           .make = make_with<flawed_feature>};

const features::feature_declaration nuisance{
    .name = "nuisance",
    .intents = intents,
    .commands = [] { return std::vector{command("slow"), command("broken")}; },
    .make = [](const features::shard_services&) -> std::unique_ptr<features::feature> {
      return std::make_unique<nuisance_feature>();
    }};

}  // namespace guildfleet::integration
