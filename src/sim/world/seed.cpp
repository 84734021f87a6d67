#include "sim/world/seed.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <openssl/evp.h>

#include "sim/world/channels.hpp"
#include "sim/world/members.hpp"

namespace guildfleet::sim {

namespace {

using namespace std::chrono_literals;

constexpr std::array adjectives = {"Amber",  "Quiet", "Lucky",  "Northern",
                                   "Hidden", "Brave", "Silver", "Golden"};
constexpr std::array places = {"Harbor", "Tavern",  "Library", "Workshop",
                               "Garden", "Station", "Castle",  "Island"};
constexpr std::array people = {"mika", "haru", "nora", "leo", "yuki", "sam",
                               "aoi",  "finn", "rin",  "ada", "kai",  "emi"};
constexpr std::array topics = {"general", "introductions", "off-topic", "help",
                               "media",   "projects",      "events",    "ideas"};
constexpr std::array voices = {"Lounge", "Gaming", "Music", "Study"};

// Each kind has its own year, so that kinds never share an id; seeds are an hour apart.
constexpr auto year_of_bots = base::wall_time(1'609'459'200'000ms);    // 2021
constexpr auto year_of_users = base::wall_time(1'640'995'200'000ms);   // 2022
constexpr auto year_of_things = base::wall_time(1'672'531'200'000ms);  // 2023
constexpr auto year_of_guilds = base::wall_time(1'704'067'200'000ms);  // 2024
// Prime, so that guilds spread evenly over any number of shards.
constexpr auto between_guilds = 86'413ms;

class seeder final {
 public:
  explicit seeder(world_state& state)
      : state_(state),
        offset_(std::chrono::hours(state.settings.seed % 5000)),
        things_at_(year_of_things + offset_) {}

  void run() {
    const auto& wanted = state_.settings;
    const int bots = std::max(wanted.bots, static_cast<int>(wanted.bot_specs.size()));
    for (int i = 0; i < bots; ++i) add_bot(i);
    add_users();
    for (int i = 0; i < wanted.guilds; ++i) add_guild(i);
  }

 private:
  [[nodiscard]] id thing() { return things_.next(things_at_); }

  void add_bot(int index) {
    const auto& specs = state_.settings.bot_specs;
    const bot_spec spec =
        index < static_cast<int>(specs.size()) ? specs[static_cast<std::size_t>(index)] : bot_spec{};
    id application = spec.application;
    if (application == 0) application = application_of_token(spec.token).value_or(0);
    if (application == 0) application = id_at(year_of_bots + offset_ + std::chrono::minutes(index));
    bot_record bot;
    bot.account = {.application = application,
                   .user = application,
                   .token = spec.token.empty() ? make_token(state_, application) : spec.token,
                   .name = spec.name.empty() ? fmt::format("bot{}", index + 1) : spec.name,
                   .application_flags = spec.application_flags,
                   .max_concurrency = spec.max_concurrency,
                   .recommended_shards = spec.recommended_shards,
                   .session_start_total = spec.session_start_total};
    state_.tokens[bot.account.token] = application;
    state_.users[application] = {
        .user = application, .username = bot.account.name, .bot = true, .discriminator = "0001"};
    guilds_of_bot_.emplace_back(application, spec.guilds);
    state_.bots.emplace(application, std::move(bot));
  }

  void add_users() {
    const auto& wanted = state_.settings;
    const auto most = static_cast<std::size_t>(wanted.members) * static_cast<std::size_t>(wanted.guilds);
    const auto count = std::min(most, std::max<std::size_t>(static_cast<std::size_t>(wanted.members), 2000));
    for (std::size_t i = 0; i < count; ++i) {
      const id user = id_at(year_of_users + offset_ + std::chrono::seconds(i));
      const auto* const name = people[i % people.size()];
      state_.users[user] = {.user = user,
                            .username = fmt::format("{}{}", name, i),
                            .global_name = fmt::format("{} {}", name, i)};
      humans_.push_back(user);
    }
  }

  [[nodiscard]] bool bot_is_in(std::size_t bot, int guild) const {
    const auto& only = guilds_of_bot_[bot].second;
    if (only) return std::ranges::find(*only, guild) != only->end();
    return !state_.settings.spread || static_cast<std::size_t>(guild) % guilds_of_bot_.size() == bot;
  }

  void add_guild(int index) {
    guild_record guild;
    guild.guild = id_at(year_of_guilds + offset_ + index * between_guilds);
    add_roles(guild);
    add_members(guild, index);
    add_bots(guild, index);
    add_channels(guild);
    add_emojis(guild);
    set_fields(guild, index);
    state_.guild_order.push_back(guild.guild);
    const id which = guild.guild;
    state_.guilds.emplace(which, std::move(guild));
  }

  void add_roles(guild_record& guild) {
    auto everyone = new_role("@everyone", permission::everyone_default);
    everyone.role = guild.guild;
    guild.roles.emplace(guild.guild, std::move(everyone));
    const int bots = static_cast<int>(guilds_of_bot_.size());
    const int plain = std::max(state_.settings.roles - 1 - (state_.settings.spread ? 1 : bots), 0);
    for (int i = 0; i < plain; ++i) {
      const bool staff = i == plain - 1;
      auto role = new_role(
          staff ? "Staff" : fmt::format("Role {}", i + 1),
          staff ? permission::kick_members | permission::manage_messages | permission::manage_guild : 0);
      role.role = thing();
      role.position = i + 1;
      role.fields["color"] = static_cast<std::int64_t>(state_.random.below(0xFFFFFF));
      role.fields["colors"].as_object()["primary_color"] = role.fields["color"];
      role.fields["hoist"] = staff;
      if (staff) staff_role_ = role.role;
      guild.roles.emplace(role.role, std::move(role));
    }
  }

  void add_members(guild_record& guild, int index) {
    if (humans_.empty()) return;
    const auto members = static_cast<std::size_t>(std::max(state_.settings.members, 0));
    const auto first = static_cast<std::size_t>(index) * members;
    for (std::size_t i = 0; i < members; ++i) {
      const id user = humans_[(first + i) % humans_.size()];
      member_record member{.user = user, .joined_at = created_at(guild.guild)};
      const auto role = std::next(guild.roles.begin(),
                                  static_cast<std::ptrdiff_t>(state_.random.below(guild.roles.size())));
      if (role->first != guild.guild) member.roles.push_back(role->first);
      guild.members.emplace(user, std::move(member));
    }
    guild.owner = humans_[first % humans_.size()];
  }

  void add_bots(guild_record& guild, int index) {
    int position = static_cast<int>(guild.roles.size());
    for (std::size_t i = 0; i < guilds_of_bot_.size(); ++i) {
      if (!bot_is_in(i, index)) continue;
      const id application = guilds_of_bot_[i].first;
      auto role = new_role(state_.bots.at(application).account.name, state_.settings.bot_permissions);
      role.role = thing();
      role.position = position++;
      role.managed = true;
      role.fields["tags"] = json::object{{"bot_id", id_text(application)}};
      member_record member{.user = application, .roles = {role.role}, .joined_at = created_at(guild.guild)};
      guild.roles.emplace(role.role, std::move(role));
      guild.members.emplace(application, std::move(member));
      guild.bots.push_back(application);
    }
    std::ranges::sort(guild.bots);
    if (guild.owner == 0 && !guild.bots.empty()) guild.owner = guild.bots.front();
  }

  void add_channels(guild_record& guild) {
    id category = 0;
    int texts = 0;
    for (int i = 0; i < state_.settings.channels_per_guild; ++i) {
      channel_record channel;
      channel.channel = thing();
      channel.guild = guild.guild;
      channel.position = i;
      channel.parent = category;
      if (i % 10 == 0) {
        channel.type = channel_type::category;
        channel.parent = 0;
        channel.fields["name"] = i == 0 ? "Community" : "Staff";
        category = channel.channel;
      } else if (i % 5 == 4) {
        channel.type = channel_type::voice;
        channel.fields["name"] = voices[static_cast<std::size_t>(i / 5) % voices.size()];
      } else {
        const auto n = static_cast<std::size_t>(texts++);
        channel.fields["name"] = n < topics.size()
                                     ? std::string(topics[n])
                                     : fmt::format("{}-{}", topics[n % topics.size()], n / topics.size() + 1);
        channel.fields["topic"] = "Talk about anything here";
      }
      if (i >= 10 && staff_role_ != 0) {
        channel.overwrites = {{guild.guild, 0, 0, permission::view_channel},
                              {staff_role_, 0, permission::view_channel, 0}};
      }
      complete_channel_fields(channel);
      guild.channels.push_back(channel.channel);
      const id which = channel.channel;
      state_.channels.emplace(which, std::move(channel));
    }
  }

  void add_emojis(guild_record& guild) {
    for (int i = 0; i < state_.settings.emojis; ++i) {
      guild.emojis.push_back(json::object{{"id", id_text(thing())},
                                          {"name", fmt::format("emoji_{}", i + 1)},
                                          {"roles", json::array()},
                                          {"require_colons", true},
                                          {"managed", false},
                                          {"animated", i % 4 == 3},
                                          {"available", true}});
    }
  }

  void set_fields(guild_record& guild, int index) {
    const auto i = static_cast<std::size_t>(index);
    id system_channel = 0;
    for (const id which : guild.channels) {
      if (state_.channels.at(which).type == channel_type::text && system_channel == 0) system_channel = which;
    }
    guild.fields = {{"name", fmt::format("{} {} {}", adjectives[i % adjectives.size()],
                                         places[i / adjectives.size() % places.size()], index + 1)},
                    {"system_channel_id", id_or_null(system_channel)},
                    {"features", json::array()},
                    {"afk_timeout", 300},
                    {"system_channel_flags", 0},
                    {"widget_enabled", false},
                    {"verification_level", 1},
                    {"default_message_notifications", 1},
                    {"explicit_content_filter", 0},
                    {"mfa_level", 0},
                    {"max_presences", nullptr},
                    {"max_members", 25'000'000},
                    {"max_stage_video_channel_users", 50},
                    {"max_video_channel_users", 25},
                    {"premium_tier", 0},
                    {"premium_subscription_count", 0},
                    {"preferred_locale", "en-US"},
                    {"premium_progress_bar_enabled", false},
                    {"nsfw", false},
                    {"nsfw_level", 0}};
    for (const auto* key :
         {"icon", "description", "home_header", "splash", "discovery_splash", "banner", "application_id",
          "region", "afk_channel_id", "widget_channel_id", "vanity_url_code", "rules_channel_id",
          "safety_alerts_channel_id", "public_updates_channel_id", "incidents_data"}) {
      guild.fields[key] = nullptr;
    }
    guild.fields["region"] = "deprecated";
  }

  world_state& state_;
  std::chrono::hours offset_;
  base::wall_time things_at_;
  id_mint things_;
  std::vector<std::pair<id, std::optional<std::vector<int>>>> guilds_of_bot_;
  std::vector<id> humans_;
  id staff_role_ = 0;
};

}  // namespace

void seed_world(world_state& state) {
  seeder(state).run();
}

std::string make_token(world_state& state, id application) {
  const auto digits = id_text(application);
  std::string encoded(4 * ((digits.size() + 2) / 3) + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                      reinterpret_cast<const unsigned char*>(digits.data()), static_cast<int>(digits.size()));
  encoded.resize(static_cast<std::size_t>(length));
  while (encoded.ends_with('=')) encoded.pop_back();
  return fmt::format("{}.{}.{}", encoded, random_token(state, 6), random_token(state, 38));
}

std::optional<id> application_of_token(std::string_view token) {
  std::string encoded(token.substr(0, token.find('.')));
  if (encoded.empty() || encoded.size() > 64) return std::nullopt;
  const std::size_t padding = (4 - encoded.size() % 4) % 4;
  encoded.append(padding, '=');
  std::array<unsigned char, 64> decoded{};
  const int length = EVP_DecodeBlock(decoded.data(), reinterpret_cast<const unsigned char*>(encoded.data()),
                                     static_cast<int>(encoded.size()));
  if (length < static_cast<int>(padding)) return std::nullopt;
  return parse_id(
      {reinterpret_cast<const char*>(decoded.data()), static_cast<std::size_t>(length) - padding});
}

}  // namespace guildfleet::sim
