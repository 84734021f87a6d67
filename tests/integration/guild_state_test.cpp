// Guild state after a feed: what the bot kept of a thousand guilds, compared with what the simulator holds.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <gtest/gtest.h>
#include <mutex>

#include "integration/hosted_fleet.hpp"
#include "sim/simulator.hpp"

namespace guildfleet::integration {
namespace {

constexpr int guilds_in_feed = 1'000;
constexpr std::uint64_t messages_in_feed = 100'000;
constexpr std::string_view marker = "the feed is over";

constexpr auto wanted_intents = discord::intent::guilds | discord::intent::guild_messages |
                                discord::intent::guild_voice_states | discord::intent::guild_expressions |
                                discord::intent::message_content;

// One line per thing that guild state keeps, in the same words for both sides.
using lines = std::vector<std::string>;

lines sorted(lines all) {
  std::ranges::sort(all);
  return all;
}

lines kept_of(const discord::guild_record& guild) {
  lines out{fmt::format("guild {} {} owner {} members {}", guild.id, guild.name(), guild.owner,
                        guild.member_count)};
  for (const auto& channel : guild.channels()) {
    out.push_back(fmt::format("channel {} {} type {} in {} at {}", channel.id, guild.name_of(channel),
                              static_cast<int>(channel.type), channel.parent, channel.position));
    for (const auto& entry : guild.overwrites_of(channel)) {
      out.push_back(fmt::format("overwrite {} {} {} +{} -{}", channel.id, entry.is_member() ? 1 : 0,
                                entry.target(), entry.allow.bits(), entry.deny.bits()));
    }
  }
  for (const auto& role : guild.roles()) {
    out.push_back(fmt::format("role {} {} {} at {} managed {}", role.id, guild.name_of(role),
                              role.permissions.bits(), role.position, role.managed));
  }
  for (const auto& emoji : guild.emojis())
    out.push_back(fmt::format("emoji {} {} {}", emoji.id, guild.name_of(emoji), emoji.animated));
  for (const auto& voice : guild.voice_states())
    out.push_back(fmt::format("voice {} {}", voice.user, voice.channel));
  for (const auto role : guild.self.roles) out.push_back(fmt::format("own role {}", role));
  return sorted(std::move(out));
}

std::string id_in(const json::object& from, std::string_view key) {
  const std::string text = text_of(from, key);
  return text.empty() ? "0" : text;
}

void add_channels(lines& out, const json::array& channels) {
  for (const json::value& item : channels) {
    const json::object& channel = item.as_object();
    out.push_back(fmt::format("channel {} {} type {} in {} at {}", text_of(channel, "id"),
                              text_of(channel, "name"), number_of(channel, "type"),
                              id_in(channel, "parent_id"), number_of(channel, "position")));
    const json::value* overwrites = channel.if_contains("permission_overwrites");
    if (overwrites == nullptr) continue;
    for (const json::value& each : overwrites->as_array()) {
      const json::object& entry = each.as_object();
      out.push_back(fmt::format("overwrite {} {} {} +{} -{}", text_of(channel, "id"),
                                number_of(entry, "type"), text_of(entry, "id"), text_of(entry, "allow"),
                                text_of(entry, "deny")));
    }
  }
}

lines held_of(const json::object& guild, const std::string& bot_user) {
  lines out{fmt::format("guild {} {} owner {} members {}", text_of(guild, "id"), text_of(guild, "name"),
                        text_of(guild, "owner_id"), number_of(guild, "member_count"))};
  add_channels(out, guild.at("channels").as_array());
  add_channels(out, guild.at("threads").as_array());
  for (const json::value& item : guild.at("roles").as_array()) {
    const json::object& role = item.as_object();
    out.push_back(fmt::format("role {} {} {} at {} managed {}", text_of(role, "id"), text_of(role, "name"),
                              text_of(role, "permissions"), number_of(role, "position"),
                              role.at("managed").as_bool()));
  }
  for (const json::value& item : guild.at("emojis").as_array()) {
    const json::object& emoji = item.as_object();
    out.push_back(fmt::format("emoji {} {} {}", text_of(emoji, "id"), text_of(emoji, "name"),
                              emoji.at("animated").as_bool()));
  }
  for (const json::value& item : guild.at("voice_states").as_array()) {
    const json::object& voice = item.as_object();
    out.push_back(fmt::format("voice {} {}", text_of(voice, "user_id"), text_of(voice, "channel_id")));
  }
  for (const json::value& item : guild.at("members").as_array()) {
    const json::object& member = item.as_object();
    if (text_of(member.at("user").as_object(), "id") != bot_user) continue;
    for (const json::value& role : member.at("roles").as_array())
      out.push_back(fmt::format("own role {}", std::string_view(role.as_string())));
  }
  return sorted(std::move(out));
}

// What the feature below found when the feed's last message came.
struct reading {
  std::mutex mutex;
  std::map<std::uint64_t, lines> guilds;
  std::uint64_t messages = 0;
  bool complete = false;
};
reading* current_reading = nullptr;

class reader final : public features::feature {
 public:
  explicit reader(const features::shard_services& services) : guilds_(services.guilds) {}
  [[nodiscard]] bool wants_messages() const override { return true; }
  std::optional<net::task<>> on_message(const features::message_event& message) override {
    const std::lock_guard lock(current_reading->mutex);
    ++current_reading->messages;
    if (message.content != marker) return std::nullopt;
    for (const auto id : guilds_.guild_ids())
      current_reading->guilds[id.value] = kept_of(*guilds_.find_guild(id));
    current_reading->complete = true;
    return std::nullopt;
  }

 private:
  const discord::guild_state& guilds_;
};

const features::feature_declaration state_reader{
    .name = "state-reader",
    .intents = wanted_intents,
    .make = [](const features::shard_services& services) -> std::unique_ptr<features::feature> {
      return std::make_unique<reader>(services);
    }};

// A simulator whose world the test may ask on its reactor.
class open_simulator final {
 public:
  open_simulator() {
    on_loop([this] {
      sim::simulator_settings settings;
      settings.world.guilds = guilds_in_feed;
      settings.world.bot_specs.emplace_back().name = "bot1";
      // The feed is sent at once, and ACKs wait behind it for as long as a slow machine needs to read it.
      settings.gateway.heartbeat_interval = 600s;
      simulator_ = std::make_unique<sim::simulator>(loop_.executor(), clock_, std::move(settings));
      if (!simulator_->start()) ADD_FAILURE() << "the simulator does not start";
    });
  }
  ~open_simulator() {
    net::asio::co_spawn(loop_.executor(), simulator_->stop(), net::asio::use_future).get();
    on_loop([this] { simulator_.reset(); });
  }

  template <class F>
  void on_loop(F work) {
    std::promise<void> done;
    net::asio::post(loop_.executor(), [&] {
      work();
      done.set_value();
    });
    done.get_future().get();
  }
  [[nodiscard]] sim::simulator& get() { return *simulator_; }

 private:
  base::system_clock clock_;
  net::reactor loop_{"sim"};
  std::unique_ptr<sim::simulator> simulator_;
};

// Something in every part of the state, changed after the guilds were sent too.
void people_move(sim::simulator& discord) {
  const auto guilds = discord.owner().guilds();
  for (std::size_t i = 0; i < guilds.size(); i += 7) {
    const json::array summary = discord.owner().guild_summary();
    for (const json::value& channel : summary.at(i).at("channels").as_array()) {
      if (channel.at("type").to_number<int>() != 2) continue;
      const auto there = std::stoull(std::string(channel.at("id").as_string()));
      ASSERT_TRUE(discord.members().move_voice(guilds[i], 0, there));
      break;
    }
  }
}

TEST(guild_state, everything_kept_of_a_thousand_guilds_equals_what_discord_holds_after_the_feed) {
  reading found;
  current_reading = &found;
  base::scratch_folder folder;
  open_simulator discord;
  sim::bot_account account;
  std::string api;
  discord.on_loop([&] {
    account = discord.get().owner().bots().front();
    api = discord.get().api_url();
    people_move(discord.get());
  });
  bot::fleet_settings settings;
  settings.node = "node-a";
  settings.bots.push_back(plan_of("bot1", account.token, api, folder.path(), {&state_reader}));
  hosted_fleet fleet(std::move(settings));
  ASSERT_TRUE(fleet.ready());
  discord.on_loop([&] {
    sim::feed_order order;
    order.count = messages_in_feed;
    order.marker = marker;
    (void)discord.get().feeds().order(order);
  });
  ASSERT_TRUE(eventually(600s, [&] {
    const std::lock_guard lock(found.mutex);
    return found.complete;
  }));
  EXPECT_EQ(found.messages, messages_in_feed + 1);
  ASSERT_EQ(found.guilds.size(), static_cast<std::size_t>(guilds_in_feed));
  std::map<std::uint64_t, lines> held;
  discord.on_loop([&] {
    for (const auto guild : discord.get().owner().guilds())
      held[guild] =
          held_of(discord.get().owner().guild_create(guild, account.application, wanted_intents.bits()),
                  std::to_string(account.user));
  });
  std::map<std::string, std::size_t> kinds;
  for (const auto& [guild, wanted] : held) {
    ASSERT_EQ(found.guilds[guild], wanted);
    for (const std::string& line : wanted) ++kinds[line.substr(0, line.find(' '))];
  }
  for (const char* kind : {"guild", "channel", "overwrite", "role", "emoji", "voice", "own"})
    EXPECT_GT(kinds[kind], 100U) << kind;
  fleet.stop();
  current_reading = nullptr;
}

}  // namespace
}  // namespace guildfleet::integration
