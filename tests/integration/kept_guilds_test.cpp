// What features keep of guilds: it is there before the first event, follows its settings, and moves with the
// right to act.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/hosted_fleet.hpp"
#include "settings/settings_desk.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace guildfleet::integration {
namespace {

constexpr base::text title{"Notebook", "メモ帳"};
constexpr settings::field fields[] = {settings::text_field("sign", 20, "-", title, title)};
constexpr settings::feature_schema schema{"notebook", title, fields};

// "note" keeps one more note; "?" is answered with how many this process has in memory, and the guild's sign.
class notebook final : public features::feature {
 public:
  explicit notebook(const features::shard_services& services) : services_(services) {}

  [[nodiscard]] bool wants_messages() const override { return true; }
  std::optional<net::task<>> on_message(const features::message_event& message) override {
    if (message.author_is_bot) return std::nullopt;
    if (message.content == "note") return keep(message.guild, message.id);
    if (message.content != "?") return std::nullopt;
    const auto found = kept_.find(message.guild);
    const page now = found == kept_.end() ? page{} : found->second;
    return say(message.sequence, message.channel,
               fmt::format("{} has {} {}", services_.bot.bot, now.notes, now.sign));
  }

  net::task<bool> on_guilds_gained(std::vector<discord::guild_id> guilds) override {
    const auto notes = co_await features::list_all(services_.records, {.guilds = guilds, .kind = "note"});
    if (!notes) co_return false;
    std::map<discord::guild_id, page> read;
    for (const discord::guild_id guild : guilds) {
      const auto set = co_await services_.settings.get(guild, "notebook");
      if (!set) co_return false;
      read[guild].sign = std::string(set->values.at("sign").as_string());
    }
    for (const store::record& each : *notes) ++read[each.key.guild].notes;
    for (auto& [guild, each] : read) kept_[guild] = std::move(each);
    co_return true;
  }
  void on_guild_lost(discord::guild_id guild) override { kept_.erase(guild); }

 private:
  struct page {
    int notes = 0;
    std::string sign = "-";
  };

  net::task<> keep(discord::guild_id guild, discord::message_id message) {
    const std::vector changes{
        store::record_change{{guild, "note", fmt::format("{}", message)}, 0, std::string("{}")}};
    const auto done = co_await services_.records.change(changes);
    EXPECT_TRUE(done && std::holds_alternative<std::vector<store::record>>(*done));
    ++kept_[guild].notes;
  }
  net::task<> say(std::uint64_t sequence, discord::channel_id channel, std::string content) {
    discord::message_body body;
    body.content = std::move(content);
    (void)co_await services_.effects.post({sequence, 1}, channel, body);
  }

  features::shard_services services_;
  std::map<discord::guild_id, page> kept_;
};

const features::feature_declaration note_taking{
    .name = "notebook",
    .exclusive = true,
    .keeps_guilds = true,
    .intents = discord::intent::guilds | discord::intent::guild_messages | discord::intent::message_content,
    .settings = &schema,
    .make = [](const features::shard_services& services) -> std::unique_ptr<features::feature> {
      return std::make_unique<notebook>(services);
    }};

class kept_guilds : public testing::Test {
 protected:
  [[nodiscard]] bot::bot_plan plan(const std::string& name, std::int32_t priority = 0) const {
    bot::bot_plan out =
        plan_of(name, discord.token_of(name), discord.api_url(), folder.path(), {&note_taking});
    out.sqlite_path = (folder / "shared.sqlite").string();
    out.settings.priority = priority;
    out.settings.claims = {.refresh = 200ms, .down_limit = 1'500ms, .settle = 300ms};
    return out;
  }
  static std::unique_ptr<hosted_fleet> run(std::vector<bot::bot_plan> bots) {
    auto fleet = host("one", std::move(bots));
    EXPECT_TRUE(fleet->ready());
    return fleet;
  }
  void say(const std::string& text) const { (void)discord.act("message", {{"content", text}}); }
  [[nodiscard]] bool is_said(const std::string& text) const {
    return std::ranges::any_of(discord.messages_of_first_channel(), [&](const json::value& each) {
      return text_of(each.as_object(), "content") == text;
    });
  }
  // Asked once, it says so.
  [[nodiscard]] bool answers(const std::string& text) const {
    say("?");
    return eventually(patience, [&] { return is_said(text); });
  }
  // Asked again and again, it comes to say so.
  [[nodiscard]] bool comes_to_answer(const std::string& text) const {
    return eventually(patience, [&] {
      say("?");
      return is_said(text);
    });
  }
  void set_sign(std::uint64_t version, std::optional<std::string> document) const {
    base::system_clock clock;
    base::random_source random = base::random_source::from_system();
    const auto store = store::open_sqlite_store({.path = folder / "shared.sqlite",
                                                 .node = store::make_node_identity("hand", random),
                                                 .boot_id = "boot"},
                                                clock);
    const std::array change{store::settings_change{
        {{}, discord::guild_id{std::stoull(discord.first_guild())}, "notebook"}, version, document}};
    ASSERT_TRUE(store && store->data->change_settings(change, {}));
  }

  base::scratch_folder folder;
  simulated_discord discord{{.bots = {"bot1", "bot2"}, .bucket_limits = false, .messages_kept = 2'000}};
};

TEST_F(kept_guilds, are_known_before_the_first_event_after_a_restart) {
  {
    const auto fleet = run({plan("bot1")});
    for (int i = 0; i < 3; ++i) say("note");
    ASSERT_TRUE(answers("bot1 has 3 -"));
  }
  const auto again = run({plan("bot1")});
  say("note");
  EXPECT_TRUE(answers("bot1 has 4 -"));
}

TEST_F(kept_guilds, are_known_to_the_events_that_came_while_nobody_ran) {
  {
    const auto fleet = run({plan("bot1")});
    say("note");
    ASSERT_TRUE(answers("bot1 has 1 -"));
  }
  say("note");
  say("?");
  const auto again = run({plan("bot1")});
  EXPECT_TRUE(eventually(patience, [&] { return is_said("bot1 has 2 -"); }));
}

TEST_F(kept_guilds, follow_their_settings_whoever_changes_them) {
  const auto fleet = run({plan("bot1")});
  ASSERT_TRUE(answers("bot1 has 0 -"));
  set_sign(0, R"({"sign":"A"})");
  EXPECT_TRUE(comes_to_answer("bot1 has 0 A"));
  set_sign(1, R"({"sign":"B"})");
  EXPECT_TRUE(comes_to_answer("bot1 has 0 B"));
  say("note");
  set_sign(2, std::nullopt);
  EXPECT_TRUE(comes_to_answer("bot1 has 1 -"));
}

TEST_F(kept_guilds, go_to_the_bot_that_takes_the_feature_over) {
  const auto fleet = run({plan("bot1", 5), plan("bot2", 1)});
  ASSERT_TRUE(comes_to_answer("bot1 has 0 -"));
  for (int i = 0; i < 3; ++i) say("note");
  ASSERT_TRUE(answers("bot1 has 3 -"));
  (void)discord.act("remove_bot", {{"guild", discord.first_guild()}, {"bot", "bot1"}});
  EXPECT_TRUE(comes_to_answer("bot2 has 3 -"));
  EXPECT_FALSE(is_said("bot2 has 0 -"));
  say("note");
  EXPECT_TRUE(answers("bot2 has 4 -"));
}

}  // namespace
}  // namespace guildfleet::integration
