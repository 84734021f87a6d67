// Durable timers as features use them: each runs once, whatever happens to the node.
// As a program of its own, with --node API_URL FOLDER TOKEN NAME [DATABASE_URL FIRST COUNT], it is such a
// node.
#include <SQLiteCpp/Database.h>
#include <boost/asio/signal_set.hpp>
#include <boost/json/parse.hpp>
#include <csignal>
#include <gtest/gtest.h>

#include "base/log.hpp"
#include "integration/hosted_fleet.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "support/postgres_server.hpp"
#include "support/redis_server.hpp"

namespace guildfleet::integration {
namespace {

// "timers N SECONDS" from a member schedules N timers that post "timer <number>" into the channel; every
// second one belongs to no guild. "cards N SECONDS": the same, with nothing but an embed.
class timekeeper final : public features::feature {
 public:
  explicit timekeeper(const features::shard_services& services)
      : jobs_(services.jobs), clock_(services.clock), guilds_(services.guilds) {}

  [[nodiscard]] bool wants_messages() const override { return true; }
  std::optional<net::task<>> on_message(const features::message_event& message) override {
    int count = 0;
    int seconds = 0;
    const std::string text(message.content);
    if (message.author_is_bot) return std::nullopt;
    const char* what = "post";
    if (std::sscanf(text.c_str(), "cards %d %d", &count, &seconds) == 2)
      what = "card";
    else if (std::sscanf(text.c_str(), "timers %d %d", &count, &seconds) != 2)
      return std::nullopt;
    return schedule(count, what, clock_.wall_now() + std::chrono::seconds(seconds), message.channel,
                    message.guild);
  }
  net::task<jobs::job_outcome> on_job(features::job_call call) override {
    if (call.what.what == "fails") co_return jobs::job_failed{"it always does", false};
    if (!call.what.guild.empty() && guilds_.find_guild(call.what.guild) == nullptr)
      co_return jobs::job_failed{"its guild is not known", true};
    discord::message_body body;
    const std::size_t space = call.what.payload.find(' ');
    (call.what.what == "card" ? body.embeds.emplace_back().description : body.content) =
        "timer " + call.what.payload.substr(space + 1);
    const auto channel = discord::parse_id<discord::channel_id>(call.what.payload.substr(0, space));
    const auto posted = co_await call.effects.post({0, 1}, channel.value(), body);
    if (!posted) co_return jobs::job_failed{posted.error().message(), false};
    co_return jobs::job_done{};
  }

 private:
  net::task<> schedule(int count, std::string what, base::wall_time due, discord::channel_id channel,
                       discord::guild_id guild) {
    for (int i = 0; i < count; ++i) {
      features::timer timer;
      timer.key = fmt::format("{}", i);
      timer.what = what;
      if (i % 2 == 0) timer.guild = guild;
      timer.due = due + std::chrono::milliseconds(i);
      timer.payload = fmt::format("{} {}", channel, i);
      if (const auto done = co_await jobs_.schedule(std::move(timer)); !done)
        base::logger::root().error("not scheduled", base::field("reason", done.error().message()));
    }
  }

  features::job_port& jobs_;
  const base::clock& clock_;
  const discord::guild_state& guilds_;
};

// Time of day is later than it is.
class clock_ahead final : public base::clock {
 public:
  explicit clock_ahead(std::chrono::minutes by) : by_(by) {}
  [[nodiscard]] base::steady_time steady_now() const override { return real_.steady_now(); }
  [[nodiscard]] base::wall_time wall_now() const override { return real_.wall_now() + by_; }
  [[nodiscard]] std::chrono::milliseconds since_boot() const override { return real_.since_boot(); }

 private:
  base::system_clock real_;
  std::chrono::minutes by_;
};
constexpr const char* minutes_ahead = "GUILDFLEET_TEST_MINUTES_AHEAD";

const features::feature_declaration timekeeping{
    .name = "timekeeping",
    .intents = discord::intent::guilds | discord::intent::guild_messages | discord::intent::message_content,
    .make = [](const features::shard_services& services) -> std::unique_ptr<features::feature> {
      return std::make_unique<timekeeper>(services);
    }};

int run_node(const std::vector<std::string>& arguments) {
  base::configure_logging({.level = base::log_level::info, .node = arguments.at(3)});
  bot::fleet_settings settings;
  settings.node = arguments.at(3);
  settings.bots.push_back(plan_of("bot1", arguments.at(2), arguments.at(0), arguments.at(1), {&timekeeping}));
  bot::bot_settings& bot = settings.bots.back().settings;
  bot.node = settings.node;
  bot.jobs.lease = 3s;
  bot.jobs.look_again = 1s;
  if (arguments.size() > 4) {
    settings.database.url = base::secret(arguments.at(4));
    bot.shards = 2;
    bot.range = bot::shard_range{static_cast<std::uint32_t>(std::stoul(arguments.at(5))), 1};
  }
  if (arguments.size() > 6) {
    settings.cache.emplace();
    settings.cache->redis.url = store::parse_redis_url(arguments.at(6)).value();
    settings.cache->prefix = "timers";
  }
  net::asio::io_context context{1};
  net::asio::signal_set signals(context, SIGTERM);
  signals.async_wait([](const boost::system::error_code&, int) {});
  const char* ahead = std::getenv(minutes_ahead);
  const clock_ahead clock(std::chrono::minutes(ahead == nullptr ? 0 : std::stoi(ahead)));
  hosted_fleet fleet(std::move(settings), &clock);
  context.run();
  fleet.stop();
  return 0;
}

// 10,000 in the long form.
unsigned long timers_of_long_test() {
  const char* given = std::getenv("GUILDFLEET_TIMERS");
  return given == nullptr ? 200 : std::stoul(given);
}

class timers : public testing::Test {
 protected:
  std::unique_ptr<support::child_process> start(const std::string& name, std::vector<std::string> more = {},
                                                std::map<std::string, std::string> environment = {}) {
    std::vector<std::string> command{std::filesystem::canonical("/proc/self/exe").string(),
                                     "--node",
                                     discord.api_url(),
                                     folder.path().string(),
                                     discord.token_of("bot1"),
                                     name};
    command.insert(command.end(), more.begin(), more.end());
    return std::make_unique<support::child_process>(
        support::child_settings{.command = std::move(command),
                                .environment = std::move(environment),
                                .folder = folder.path(),
                                .out = folder / (name + ".out"),
                                .err = folder / (name + ".err")});
  }
  [[nodiscard]] bool connected(std::size_t sessions) const {
    return eventually(patience, [&] {
      const auto all = discord.sessions_of("bot1");
      return static_cast<std::size_t>(std::ranges::count_if(all, [](const json::object& each) {
               return each.at("connected").as_bool() && each.at("loaded").as_bool();
             })) == sessions;
    });
  }
  void say(const std::string& text) const { (void)discord.act("message", {{"content", text}}); }
  // How often each of the timers was seen in the channel.
  [[nodiscard]] std::map<int, int> seen() const {
    std::map<int, int> out;
    for (const json::value& each : discord.messages_of_first_channel()) {
      int number = 0;
      const json::array& embeds = each.as_object().at("embeds").as_array();
      const std::string text = embeds.empty() ? text_of(each.as_object(), "content")
                                              : text_of(embeds.at(0).as_object(), "description");
      if (std::sscanf(text.c_str(), "timer %d", &number) == 1) ++out[number];
    }
    return out;
  }
  [[nodiscard]] bool all_seen(std::size_t count, std::chrono::milliseconds limit = 120s) const {
    return eventually(limit, [&] { return seen().size() == count; });
  }
  [[nodiscard]] std::unique_ptr<store::data_store> open_data() const {
    store::sqlite_settings at;
    at.path = (folder / "bot1.sqlite").string();
    at.node = {"test", 99};
    return std::move(store::open_sqlite_store(std::move(at), clock).value().data);
  }
  [[nodiscard]] std::size_t waiting() const { return open_data()->list_jobs({}).value().size(); }
  [[nodiscard]] std::int64_t repeated_posts() const {
    return number_of(discord.report().at("rest").as_object(), "deduplicated_nonces");
  }
  [[nodiscard]] std::int64_t refused_posts() const {
    const json::object report = discord.report();
    const json::object& routes = report.at("rest").as_object().at("by_route").as_object();
    return number_of(routes.at("POST /channels/{channel.id}/messages").as_object(), "500");
  }
  // A timer whose message Discord took while its answer never came, in a channel where much is written.
  std::unique_ptr<support::child_process> post_without_an_answer() {
    auto node = start("one");
    EXPECT_TRUE(connected(1)) << node->err();
    for (int i = 0; i < 130; ++i) say("so much to say");
    discord.fault({{"kind", "latency"}, {"delay", 60'000}, {"count", 1}, {"route", "/messages"}});
    say("timers 1 0");
    EXPECT_TRUE(all_seen(1)) << node->err();
    return node;
  }
  void kill_one_of_two(const std::string& redis_url = {});
  void expect_each_once() const {
    for (const auto& [number, times] : seen()) EXPECT_EQ(times, 1) << "timer " << number;
  }

  base::scratch_folder folder;
  base::system_clock clock;
  simulated_discord discord{{.bucket_limits = false, .messages_kept = 20'000}};
};

TEST_F(timers, run_once_each) {
  const auto node = start("one");
  ASSERT_TRUE(connected(1)) << node->err();
  say("timers 20 0");
  ASSERT_TRUE(all_seen(20)) << node->err();
  expect_each_once();
}

TEST_F(timers, that_came_due_while_the_node_was_away_run_when_it_is_back) {
  auto node = start("one");
  ASSERT_TRUE(connected(1)) << node->err();
  say("timers 10 3");
  ASSERT_TRUE(eventually(patience, [&] { return waiting() == 10; })) << node->err();
  node->signal(SIGTERM);
  ASSERT_EQ(node->wait(patience), 0);
  EXPECT_TRUE(seen().empty());
  node = start("one");
  ASSERT_TRUE(all_seen(10)) << node->err();
  expect_each_once();
}

TEST_F(timers, of_a_node_that_is_killed_are_each_seen_once) {
  auto node = start("one");
  ASSERT_TRUE(connected(1)) << node->err();
  say("timers 60 1");
  ASSERT_TRUE(eventually(patience, [&] { return seen().size() > 15; })) << node->err();
  node->signal(SIGKILL);
  ASSERT_EQ(node->wait(patience), -SIGKILL);
  node = start("one");
  ASSERT_TRUE(all_seen(60)) << node->err();
  expect_each_once();
}

TEST_F(timers, know_their_guild_though_the_store_has_forgotten_it) {
  auto node = start("one");
  ASSERT_TRUE(connected(1)) << node->err();
  say("timers 6 2");
  ASSERT_TRUE(eventually(patience, [&] { return waiting() == 6; })) << node->err();
  node->signal(SIGTERM);
  ASSERT_EQ(node->wait(patience), 0);
  SQLite::Database((folder / "bot1.sqlite").string(), SQLite::OPEN_READWRITE, 5'000)
      .exec("DELETE FROM guild_state");
  node = start("one");
  ASSERT_TRUE(all_seen(6, patience)) << node->err();
  expect_each_once();
}

// Long after Discord has forgotten the nonce, so that only looking at the channel can tell.
TEST_F(timers, cut_off_by_a_stop_find_what_they_had_posted_ten_minutes_later) {
  auto node = post_without_an_answer();
  node->signal(SIGTERM);
  ASSERT_EQ(node->wait(patience), 0) << node->err();
  node = start("one", {}, {{minutes_ahead, "10"}});
  ASSERT_TRUE(eventually(patience, [&] { return waiting() == 0; })) << node->err();
  expect_each_once();
  EXPECT_EQ(repeated_posts(), 0) << "it was found, not posted again";
}

// All have an embed and no text: the one that was posted is not taken for the one that was not.
TEST_F(timers, cut_off_before_they_had_posted_take_no_other_message_for_theirs) {
  auto node = start("one");
  ASSERT_TRUE(connected(1)) << node->err();
  say("cards 1 0");
  ASSERT_TRUE(all_seen(1)) << node->err();
  discord.fault(
      {{"kind", "server_error"}, {"method", "POST"}, {"route", "/messages"}, {"duration", 600'000}});
  say("cards 2 0");
  ASSERT_TRUE(eventually(patience, [&] { return refused_posts() >= 2; })) << node->err();
  node->signal(SIGTERM);
  ASSERT_EQ(node->wait(patience), 0) << node->err();
  discord.fault({{"kind", "clear"}});
  node = start("one", {}, {{minutes_ahead, "10"}});
  ASSERT_TRUE(eventually(patience, [&] { return waiting() == 0; })) << node->err();
  EXPECT_EQ(seen()[1], 1);
}

TEST_F(timers, cut_off_by_a_stop_post_again_under_the_same_nonce_right_after) {
  auto node = post_without_an_answer();
  node->signal(SIGTERM);
  ASSERT_EQ(node->wait(patience), 0) << node->err();
  node = start("one");
  ASSERT_TRUE(eventually(patience, [&] { return waiting() == 0; })) << node->err();
  expect_each_once();
  EXPECT_EQ(repeated_posts(), 1);
}

// A person tries it again after it has failed for good.
TEST_F(timers, that_were_dead_find_what_they_had_posted) {
  auto node = post_without_an_answer();
  node->signal(SIGKILL);
  ASSERT_EQ(node->wait(patience), -SIGKILL);
  auto data = open_data();
  const store::job_scope all{{}, {"bot1"}, 1, {0}};
  std::vector<store::claimed_job> claimed;
  ASSERT_TRUE(eventually(patience, [&] {
    auto due = data->claim_jobs(all, "test", 1, 60s);
    EXPECT_TRUE(due) << due.error().message();
    claimed = std::move(due).value_or(std::vector<store::claimed_job>{});
    return !claimed.empty();
  }));
  const store::job_key key = claimed.front().plan.key;
  const auto dead = data->bury_job(key, claimed.front().fence, "for a test");
  ASSERT_TRUE(dead) << dead.error().message();
  const auto revived = data->retry_job(key);
  ASSERT_TRUE(revived) << revived.error().message();
  data.reset();
  node = start("one", {}, {{minutes_ahead, "10"}});
  ASSERT_TRUE(eventually(patience, [&] { return waiting() == 0; })) << node->err();
  expect_each_once();
  EXPECT_EQ(repeated_posts(), 0) << "it was found, not posted again";
}

// The one that lives runs what belongs to no guild; what belongs to the guilds of the dead one's shard waits
// for its return.
void timers::kill_one_of_two(const std::string& redis_url) {
  support::postgres_server server;
  const auto place = [url = server.url(server.make_database()), redis_url](const std::string& shard) {
    std::vector<std::string> out{url, shard};
    if (!redis_url.empty()) out.push_back(redis_url);
    return out;
  };
  const auto survivor = start("one", place("0"));
  auto other = start("two", place("1"));
  ASSERT_TRUE(connected(2)) << survivor->err() << other->err();
  const auto count = static_cast<std::size_t>(timers_of_long_test());
  say(fmt::format("timers {} 1", count));
  ASSERT_TRUE(eventually(600s, [&] { return seen().size() > count / 4; })) << survivor->err() << other->err();
  other->signal(SIGKILL);
  ASSERT_EQ(other->wait(patience), -SIGKILL);
  const std::size_t before = seen().size();
  ASSERT_TRUE(eventually(patience, [&] { return seen().size() > before + 10; })) << "the survivor goes on";
  other = start("two", place("1"));
  ASSERT_TRUE(all_seen(count, 600s)) << survivor->err() << other->err();
  expect_each_once();
  EXPECT_EQ(number_of(discord.report().at("rest").as_object(), "while_limited"), 0);
}

TEST_F(timers, of_two_nodes_on_one_database_are_each_seen_once_though_one_is_killed) {
  kill_one_of_two();
}

TEST_F(timers, of_two_nodes_that_share_their_rate_in_redis_are_each_seen_once_though_one_is_killed) {
  support::redis_server redis;
  ASSERT_TRUE(redis.start());
  kill_one_of_two(redis.url());
}

}  // namespace
}  // namespace guildfleet::integration

int main(int count, char** values) {
  std::vector<std::string> arguments(values + 1, values + count);
  if (!arguments.empty() && arguments.front() == "--node") {
    arguments.erase(arguments.begin());
    return guildfleet::integration::run_node(arguments);
  }
  testing::InitGoogleTest(&count, values);
  return RUN_ALL_TESTS();
}
