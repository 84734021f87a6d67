#include "features/probe/probe.hpp"

namespace guildfleet::features {
namespace {

class probe_feature final : public feature {
 public:
  explicit probe_feature(const shard_services& services)
      : messages_(services.metrics.counter_of("guildfleet_probe_messages_total",
                                              "Messages whose author, channel and content the probe has read",
                                              {{"bot", services.bot.bot}})),
        content_bytes_(services.metrics.counter_of("guildfleet_probe_content_bytes_total",
                                                   "Bytes of content that the probe has read",
                                                   {{"bot", services.bot.bot}})) {}

  [[nodiscard]] bool wants_messages() const override { return true; }

  std::optional<net::task<>> on_message(const message_event& message) override {
    if (message.author.empty() || message.channel.empty()) return std::nullopt;
    messages_.add();
    content_bytes_.add(static_cast<double>(message.content.size()));
    return std::nullopt;
  }

 private:
  base::counter messages_;
  base::counter content_bytes_;
};

}  // namespace

constexpr discord::intent_set probe_intents = discord::intent::guilds | discord::intent::guild_messages |
                                              discord::intent::guild_voice_states |
                                              discord::intent::guild_expressions;

namespace {

// Wants nothing: what receiving costs when nobody reads.
class idle_probe final : public feature {};

}  // namespace

const feature_declaration probe{.name = "probe",
                                .by_default = false,
                                .intents = probe_intents,
                                .permissions = discord::permission::view_channel,
                                .make = [](const shard_services& services) -> std::unique_ptr<feature> {
                                  return std::make_unique<probe_feature>(services);
                                }};

const feature_declaration probe_idle{
    .name = "probe-idle",
    .by_default = false,
    .intents = probe_intents,
    .permissions = discord::permission::view_channel,
    .make = [](const shard_services&) -> std::unique_ptr<feature> { return std::make_unique<idle_probe>(); }};

}  // namespace guildfleet::features
