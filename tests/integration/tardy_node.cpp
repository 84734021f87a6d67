#include "integration/tardy_node.hpp"

#include <atomic>
#include <boost/asio/signal_set.hpp>
#include <boost/json/parse.hpp>
#include <csignal>
#include <unistd.h>

#include "base/log.hpp"
#include "features/replies.hpp"
#include "integration/fleet_harness.hpp"
#include "integration/hosted_fleet.hpp"

namespace guildfleet::integration {
namespace {

constexpr std::string_view fleet_key = "the key of a test with tails";

void tell(const std::string& line) {
  const std::string whole = line + "\n";
  if (::write(STDOUT_FILENO, whole.data(), whole.size()) < 0) ::_exit(1);
}

std::atomic<bool> released{false};  // by SIGUSR1

// Posts "did TEXT" for each message of a member; for "hold TEXT" once it is released, for "job TEXT" by a job
// that waits for that too. So does the command.
class tardy_feature final : public features::feature {
 public:
  explicit tardy_feature(const features::shard_services& services)
      : effects_(services.effects), jobs_(services.jobs), clock_(services.clock) {}

  [[nodiscard]] bool wants_messages() const override { return true; }
  std::optional<net::task<>> on_message(const features::message_event& message) override {
    if (message.author_is_bot) return std::nullopt;
    if (constexpr std::string_view job = "job "; message.content.starts_with(job))
      return schedule(message.guild, message.channel, std::string(message.content.substr(job.size())));
    return handle(message.sequence, message.channel, std::string(message.content));
  }
  net::task<jobs::job_outcome> on_job(features::job_call call) override {
    tell("begins job " + call.what.payload);
    if (!co_await is_released()) {
      tell("is cut off from job " + call.what.payload);
      co_await net::asio::this_coro::reset_cancellation_state();
      (void)co_await net::sleep_until(net::deadline_in(300ms));  // as to finish what it began
      co_return jobs::job_failed{"cut off", false};
    }
    const auto channel = discord::parse_id<discord::channel_id>(call.what.what);
    const auto posted = co_await call.effects.post({0, 1}, channel.value(), did(call.what.payload));
    if (!posted) co_return jobs::job_failed{posted.error().message(), false};
    tell("did job " + call.what.payload);
    co_return jobs::job_done{};
  }
  net::task<> on_command(features::interaction_call call) override {
    tell("begins a command");
    (void)co_await is_released();
    const auto answered = co_await call.answers->reply(features::private_message("at last"));
    tell(answered ? "answered a command" : "failed at a command: " + answered.error().message());
  }

 private:
  // false: this handler is ended before that.
  static net::task<bool> is_released() {
    while (!released) {
      if (!co_await net::sleep_until(net::deadline_in(10ms))) co_return false;
    }
    co_return true;
  }
  static discord::message_body did(const std::string& text) {
    discord::message_body body;
    body.content = "did " + text;
    return body;
  }
  net::task<> schedule(discord::guild_id guild, discord::channel_id channel, std::string text) {
    features::timer timer;
    timer.key = text;
    timer.what = fmt::format("{}", channel);
    timer.guild = guild;
    timer.due = clock_.wall_now();
    timer.payload = std::move(text);
    if (const auto done = co_await jobs_.schedule(std::move(timer)); !done)
      tell("scheduled nothing: " + done.error().message());
  }
  net::task<> handle(std::uint64_t sequence, discord::channel_id channel, std::string content) {
    constexpr std::string_view hold = "hold ";
    const bool waits = content.starts_with(hold);
    const std::string text = waits ? content.substr(hold.size()) : content;
    tell("begins " + text);
    if (waits && !co_await is_released()) {
      tell("is cut off from " + text);
      co_return;
    }
    const auto posted = co_await effects_.post({sequence, 1}, channel, did(text));
    tell(posted ? "did " + text : "failed at " + text + ": " + posted.error().message());
  }

  features::effect_port& effects_;
  features::job_port& jobs_;
  const base::clock& clock_;
};

const features::feature_declaration tardy{
    .name = "tardy",
    .intents = discord::intent::guilds | discord::intent::guild_messages | discord::intent::message_content,
    .commands =
        [] {
          discord::command_definition wait;
          wait.name = "wait";
          wait.description = "A command for tests";
          return std::vector{std::move(wait)};
        },
    .make = [](const features::shard_services& services) -> std::unique_ptr<features::feature> {
      return std::make_unique<tardy_feature>(services);
    }};

}  // namespace

int run_tardy_node(const std::string& text) {
  std::signal(SIGUSR1, [](int) { released = true; });
  const json::value parsed = json::parse(text);
  const json::object& plan = parsed.as_object();
  base::configure_logging({.level = base::log_level::info, .node = text_of(plan, "name")});
  bot::fleet_settings settings;
  settings.node = text_of(plan, "name");
  if (plan.at("linked").as_bool())
    settings.peers = peer::peer_settings{
        .listen = "127.0.0.1", .host = "127.0.0.1", .fleet_key = base::secret(std::string(fleet_key))};
  settings.bots.push_back(
      plan_of("bot1", text_of(plan, "token"), text_of(plan, "api_url"), text_of(plan, "folder"), {&tardy}));
  settings.bots.back().settings.node = settings.node;
  net::asio::io_context context{1};
  net::asio::signal_set signals(context, SIGTERM);
  hosted_fleet fleet(std::move(settings));
  signals.async_wait([](const boost::system::error_code&, int) {});
  context.run();
  fleet.stop();
  return 0;
}

}  // namespace guildfleet::integration
