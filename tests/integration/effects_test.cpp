// Effects at Discord when a node dies between an effect and the ledger: they are not repeated.
// As a program of its own, with --node API_URL FOLDER TOKEN, it is that node.
#include <boost/asio/signal_set.hpp>
#include <boost/json/parse.hpp>
#include <csignal>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/log.hpp"
#include "discord/rest/endpoints.hpp"
#include "integration/hosted_fleet.hpp"

namespace guildfleet::integration {
namespace {

void tell(const std::string& line) {
  if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) ::_exit(1);
}

// Answers a message with a message and a new channel, and then waits until it is cut off, so that the ledger
// never passes the event.
class replier final : public features::feature {
 public:
  explicit replier(const features::shard_services& services) : effects_(services.effects) {}

  [[nodiscard]] bool wants_messages() const override { return true; }
  std::optional<net::task<>> on_message(const features::message_event& message) override {
    if (message.author_is_bot) return std::nullopt;
    return reply(message.sequence, message.channel, message.guild);
  }

 private:
  net::task<> reply(std::uint64_t sequence, discord::channel_id channel, discord::guild_id guild) {
    tell("begins\n");
    discord::message_body body;
    body.content = "seen";
    const auto posted = co_await effects_.post({sequence, 1}, channel, body);
    tell(posted ? fmt::format("posted {}\n", *posted) : posted.error().message() + "\n");
    discord::channel_body room;
    room.name = fmt::format("room-{}", sequence);
    const auto made = co_await effects_.make(
        {sequence, 2}, discord::endpoints::create_channel(guild, room).value(),
        [this, guild, name = fmt::format("room-{}", sequence)] { return find_channel(guild, name); });
    tell(made ? fmt::format("made {}\n", *made) : made.error().message() + "\n");
    while (co_await net::sleep_until(net::deadline_in(1h))) {
    }
  }

  net::task<base::result<std::optional<std::string>>> find_channel(discord::guild_id guild,
                                                                   std::string name) {
    const auto answer = co_await effects_.call(
        discord::make_request(discord::routes::get_guild_channels, {fmt::format("{}", guild)}));
    if (!answer) co_return std::unexpected(answer.error());
    const json::value channels = json::parse(*answer);
    for (const json::value& each : channels.as_array()) {
      if (text_of(each.as_object(), "name") == name) co_return text_of(each.as_object(), "id");
    }
    co_return std::nullopt;
  }

  features::effect_port& effects_;
};

const features::feature_declaration replies{
    .name = "replies",
    .intents = discord::intent::guilds | discord::intent::guild_messages,
    .make = [](const features::shard_services& services) -> std::unique_ptr<features::feature> {
      return std::make_unique<replier>(services);
    }};

int run_node(const std::string& api_url, const std::string& folder, const std::string& token) {
  base::configure_logging({.level = base::log_level::info, .node = "effects-node"});
  bot::fleet_settings settings;
  settings.node = "effects-node";
  settings.bots.push_back(plan_of("bot1", token, api_url, folder, {&replies}));
  net::asio::io_context context{1};
  net::asio::signal_set signals(context, SIGTERM);
  signals.async_wait([](const boost::system::error_code&, int) {});
  hosted_fleet fleet(std::move(settings));
  context.run();
  fleet.stop();
  return 0;
}

class effects : public testing::Test {
 protected:
  void start(const std::string& name) {
    process = std::make_unique<support::child_process>(support::child_settings{
        .command = {std::filesystem::canonical("/proc/self/exe").string(), "--node", discord.api_url(),
                    folder.path().string(), discord.token_of("bot1")},
        .environment = {},
        .folder = folder.path(),
        .out = folder / (name + ".out"),
        .err = folder / (name + ".err")});
  }
  [[nodiscard]] bool tells(const std::string& text) const {
    return process->writes(patience, [&] { return process->out().contains(text); });
  }
  void kill() {
    process->signal(SIGKILL);
    ASSERT_EQ(process->wait(patience), -SIGKILL);
  }
  // As the simulator counted them: requests that made something.
  [[nodiscard]] std::int64_t answers(const std::string& route, const std::string& status) const {
    const json::object report = discord.report();
    const json::object& routes = report.at("rest").as_object().at("by_route").as_object();
    const json::value* found = routes.if_contains(route);
    return found == nullptr ? 0 : number_of(found->as_object(), status);
  }
  [[nodiscard]] std::int64_t rest_count(const std::string& name) const {
    return number_of(discord.report().at("rest").as_object(), name);
  }
  [[nodiscard]] std::int64_t messages_made() const {
    return answers("POST /channels/{channel.id}/messages", "200") - rest_count("deduplicated_nonces");
  }
  [[nodiscard]] std::int64_t channels_made() const {
    return answers("POST /guilds/{guild.id}/channels", "201");
  }

  base::scratch_folder folder;
  simulated_discord discord;
  std::unique_ptr<support::child_process> process;
};

TEST_F(effects, that_are_known_to_be_done_are_not_repeated) {
  start("first");
  ASSERT_TRUE(eventually(patience, [&] { return discord.live_session_of("bot1").has_value(); }));
  discord.write_messages(1);
  ASSERT_TRUE(tells("made ")) << process->err();
  const std::string first = process->out();
  kill();
  start("second");
  ASSERT_TRUE(tells("made ")) << process->err();
  EXPECT_EQ(process->out(), first) << "the same message and the same channel";
  EXPECT_EQ(messages_made(), 1);
  EXPECT_EQ(channels_made(), 1);
  EXPECT_EQ(answers("POST /channels/{channel.id}/messages", "200"), 1) << "it was not even asked for";
}

TEST_F(effects, a_message_whose_answer_never_came_is_not_repeated) {
  discord.fault({{"kind", "latency"}, {"delay", 60'000}, {"count", 1}, {"route", "/messages"}});
  start("first");
  ASSERT_TRUE(eventually(patience, [&] { return discord.live_session_of("bot1").has_value(); }));
  discord.write_messages(1);
  ASSERT_TRUE(eventually(patience, [&] { return messages_made() == 1; })) << process->err();
  kill();
  start("second");
  ASSERT_TRUE(tells("made ")) << process->err();
  EXPECT_EQ(messages_made(), 1);
  EXPECT_EQ(rest_count("deduplicated_nonces"), 1);
  EXPECT_EQ(channels_made(), 1);
}

TEST_F(effects, a_channel_whose_answer_never_came_is_found) {
  discord.fault(
      {{"kind", "latency"}, {"delay", 60'000}, {"count", 1}, {"route", "/guilds"}, {"method", "POST"}});
  start("first");
  ASSERT_TRUE(eventually(patience, [&] { return discord.live_session_of("bot1").has_value(); }));
  discord.write_messages(1);
  ASSERT_TRUE(eventually(patience, [&] { return channels_made() == 1; })) << process->err();
  kill();
  start("second");
  ASSERT_TRUE(tells("made ")) << process->err();
  EXPECT_EQ(messages_made(), 1);
  EXPECT_EQ(channels_made(), 1);
}

}  // namespace
}  // namespace guildfleet::integration

int main(int count, char** values) {
  if (count == 5 && std::string_view(values[1]) == "--node")
    return guildfleet::integration::run_node(values[2], values[3], values[4]);
  testing::InitGoogleTest(&count, values);
  return RUN_ALL_TESTS();
}
