// What a server's managers are told in its error channel: once an hour for each cause, over restarts, in the
// server's language.
#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "discord/rest/endpoints.hpp"
#include "features/guild_reports.hpp"
#include "features/registry.hpp"
#include "integration/hosted_fleet.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace guildfleet::integration {
namespace {

using testing::HasSubstr;

// "post ID" posts into that channel, and reports what goes wrong; then it says "done".
class poster final : public features::feature {
 public:
  explicit poster(const features::shard_services& services)
      : effects_(services.effects), reports_(services, "poster", {"Poster", "投稿係"}) {}

  [[nodiscard]] bool wants_messages() const override { return true; }
  std::optional<net::task<>> on_message(const features::message_event& message) override {
    if (message.author_is_bot || !message.content.starts_with("post ")) return std::nullopt;
    const auto channel = discord::parse_id<discord::channel_id>(message.content.substr(5));
    return post(message.sequence, message.guild, message.channel, channel.value_or(discord::channel_id{}));
  }

 private:
  net::task<> post(std::uint64_t sequence, discord::guild_id guild, discord::channel_id from,
                   discord::channel_id to) {
    discord::message_body body;
    body.content = "posted";
    auto posted = co_await effects_.post({sequence, 1}, to, body);
    if (!posted) co_await reports_.report_error(std::move(posted).error(), {.guild = guild, .channel = to});
    body.content = fmt::format("done {}", sequence);
    (void)co_await effects_.post({sequence, 2}, from, body);
  }

  features::effect_port& effects_;
  features::guild_reporter reports_;
};

const features::feature_declaration posting{
    .name = "poster",
    .intents = discord::intent::guilds | discord::intent::guild_messages | discord::intent::message_content,
    .make = [](const features::shard_services& services) -> std::unique_ptr<features::feature> {
      return std::make_unique<poster>(services);
    }};

class reports : public testing::Test {
 protected:
  reports() {
    const auto listed = support::answer_to(
        {.origin = fmt::format("http://127.0.0.1:{}", discord.port()), .path = "/_sim/guilds"});
    const json::value guilds = json::parse(listed.body);
    for (const json::value& each : guilds.at(0).at("channels").as_array()) {
      if (number_of(each.as_object(), "type") == 0) channels.push_back(text_of(each.as_object(), "id"));
    }
    start();
  }
  void start() {
    fleet.reset();
    bot::fleet_settings settings;
    settings.node = "one";
    settings.bots.push_back(plan_of("bot1", discord.token_of("bot1"), discord.api_url(), folder.path(),
                                    {&posting, features::find_feature("guild-config")}));
    fleet = std::make_unique<hosted_fleet>(std::move(settings));
    ASSERT_TRUE(fleet->ready());
  }
  // Before start(): nothing is known of it yet.
  void set(const std::string& document) const {
    base::system_clock clock;
    base::random_source random = base::random_source::from_system();
    const auto store = store::open_sqlite_store({.path = folder / "bot1.sqlite",
                                                 .node = store::make_node_identity("hand", random),
                                                 .boot_id = "boot"},
                                                clock);
    const std::array change{store::settings_change{
        {{}, discord::guild_id{std::stoull(discord.first_guild())}, "guild-config"}, 0, document}};
    ASSERT_TRUE(store && store->data->change_settings(change, {}));
  }
  [[nodiscard]] std::vector<std::string> messages_in(const std::string& channel) const {
    const auto answer = support::answer_to({.origin = fmt::format("http://127.0.0.1:{}", discord.port()),
                                            .path = "/_sim/messages?channel=" + channel});
    std::vector<std::string> out;
    for (const json::value& each : json::parse(answer.body).as_array())
      out.push_back(text_of(each.as_object(), "content"));
    return out;
  }
  // Has the bot post there, and waits until it has done what it does about it.
  void post(const std::string& channel) const {
    const auto done = [&] {
      return std::ranges::count_if(messages_in(channels[0]),
                                   [](const std::string& each) { return each.starts_with("done"); });
    };
    const auto before = done();
    (void)discord.act("message", {{"content", "post " + channel}, {"channel", channels[0]}});
    ASSERT_TRUE(eventually(patience, [&] { return done() > before; }));
  }
  [[nodiscard]] double counted(const std::string& outcome) const {
    const std::string all = fleet->metrics();
    const std::string name =
        fmt::format("guildfleet_bot_guild_reports_total{{bot=\"bot1\",outcome=\"{}\"}} ", outcome);
    const std::size_t at = all.find(name);
    return at == std::string::npos ? 0 : std::stod(all.substr(at + name.size()));
  }

  base::scratch_folder folder;
  simulated_discord discord;
  std::vector<std::string> channels;  // text channels of the first guild
  std::unique_ptr<hosted_fleet> fleet;
};

TEST_F(reports, are_told_once_for_each_cause_over_restarts) {
  set(fmt::format(R"({{"error_channel":"{}"}})", channels[1]));
  start();
  post("12345");
  post("12345");
  start();
  post("12345");
  const auto told = messages_in(channels[1]);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_THAT(told[0], HasSubstr("**Poster** cannot do its work here."));
  EXPECT_THAT(told[0], HasSubstr("was deleted"));
  EXPECT_THAT(told[0], HasSubstr("<#12345>"));
  EXPECT_EQ(counted("told_before"), 1);
  post("54321");
  EXPECT_EQ(messages_in(channels[1]).size(), 1U) << "however many channels it concerns";
}

TEST_F(reports, are_told_in_the_servers_language) {
  set(fmt::format(R"({{"error_channel":"{}","language":"ja"}})", channels[1]));
  start();
  post("12345");
  const auto told = messages_in(channels[1]);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_THAT(told[0], HasSubstr("**投稿係** が動作できません。"));
}

TEST_F(reports, are_counted_where_there_is_no_error_channel) {
  post("12345");
  EXPECT_EQ(counted("nowhere"), 1);
}

TEST_F(reports, fail_silently_where_the_error_channel_is_gone) {
  set(R"({"error_channel":"777"})");
  start();
  post("12345");
  EXPECT_EQ(counted("failed"), 1);
}

TEST(report_causes, are_those_that_the_servers_managers_can_mend) {
  using discord::rest_error;
  using features::failure_cause;
  const struct {
    rest_error code;
    std::optional<failure_cause> cause;
  } cases[] = {{rest_error::missing_permissions, failure_cause::lacks_permission},
               {rest_error::missing_access, failure_cause::lacks_permission},
               {rest_error::unknown_channel, failure_cause::channel_gone},
               {rest_error::unknown_role, failure_cause::role_gone},
               {rest_error::invalid_form_body, failure_cause::message_refused},
               {rest_error::maximum_channels, failure_cause::guild_full},
               {rest_error::two_factor_required, failure_cause::needs_two_factor},
               {rest_error::unknown_message, std::nullopt},
               {rest_error::rate_limited, std::nullopt},
               {rest_error::server_failed, std::nullopt},
               {rest_error::not_permitted_now, std::nullopt},
               {rest_error::cancelled, std::nullopt}};
  for (const auto& each : cases) EXPECT_EQ(features::cause_of(base::error(each.code)), each.cause);
}

}  // namespace
}  // namespace guildfleet::integration
