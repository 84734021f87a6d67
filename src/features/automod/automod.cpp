#include "features/automod/automod.hpp"

#include <array>

#include "discord/model/json_fields.hpp"
#include "discord/model/timestamp.hpp"
#include "features/automod/automod_texts.hpp"
#include "features/automod/enforcer.hpp"
#include "features/automod/settings_command.hpp"
#include "features/permission_checks.hpp"

namespace guildfleet::features {
namespace {

namespace texts = automod_texts;
using automod_rules::rule_set;
using discord::event_type;

constexpr int plain_message = 0;  // protocol sheet: message types
constexpr int reply_message = 19;
constexpr std::chrono::minutes edits_come_within{10};  // also those that come again after a restart

// Of a message that somebody changed.
struct edited_message {
  automod_rules::seen_message seen;
  bool by_member = true;
};

edited_message edited_of(const raw_event& event) {
  edited_message out{.seen = {.guild = event.guild, .author = {}, .channel = {}, .id = {}, .content = {}}};
  (void)discord::for_each_root_field(event.data, [&out](std::string_view key, discord::json_value value) {
    if (key == "id") out.seen.id.value = discord::read_snowflake(value);
    if (key == "channel_id") out.seen.channel.value = discord::read_snowflake(value);
    if (key == "content") out.seen.content = discord::read_text(value);
    if (key == "edited_timestamp") out.seen.edited_at = discord::parse_timestamp(discord::read_text(value));
    if (key == "webhook_id") out.by_member = false;
    if (key != "author") return;
    (void)discord::for_each_field(value, [&out](std::string_view name, discord::json_value of_author) {
      if (name == "id") out.seen.author.value = discord::read_snowflake(of_author);
      if (name == "bot" && discord::read_flag(of_author)) out.by_member = false;
    });
  });
  return out;
}

// nullopt: it does not say who the member is, as edits may.
std::optional<std::vector<discord::role_id>> roles_of(std::string_view message) {
  std::optional<std::vector<discord::role_id>> out;
  (void)discord::for_each_root_field(message, [&out](std::string_view key, discord::json_value value) {
    if (key != "member") return;
    out.emplace();
    (void)discord::for_each_field(value, [&out](std::string_view name, discord::json_value of_member) {
      if (name != "roles") return;
      (void)discord::for_each_element(
          of_member, [&out](discord::json_value role) { out->push_back({discord::read_snowflake(role)}); });
    });
  });
  return out;
}

class automod_feature final : public feature {
 public:
  explicit automod_feature(const shard_services& services)
      : services_(services),
        enforcer_(services),
        command_(services, [this](discord::guild_id guild, const settings::json::object& values) {
          take(guild, values);
        }) {}

  [[nodiscard]] bool wants_messages() const override { return true; }
  [[nodiscard]] std::span<const event_type> subscriptions() const override {
    static constexpr std::array all{event_type::message_update};
    return all;
  }

  std::optional<net::task<>> on_message(const message_event& message) override {
    const bool by_member = !message.author_is_bot && !message.from_webhook;
    if (!by_member || (message.type != plain_message && message.type != reply_message)) return std::nullopt;
    look_at({.guild = message.guild,
             .author = message.author,
             .channel = message.channel,
             .id = message.id,
             .content = message.content},
            message.sequence, message.data);
    return std::nullopt;
  }

  std::optional<net::task<>> on_event(const raw_event& event) override {
    if (!rules_.contains(event.guild)) return std::nullopt;
    const edited_message message = edited_of(event);
    // Discord tells of a pin or of a link's preview as of an edit; then the last edit is old, or there is
    // none.
    const bool is_edit =
        message.seen.edited_at && *message.seen.edited_at > services_.clock.wall_now() - edits_come_within;
    if (is_edit && message.by_member && !message.seen.author.empty() && !message.seen.content.empty())
      look_at(message.seen, event.sequence, event.data);
    return std::nullopt;
  }

  net::task<> on_command(interaction_call call) override { co_await command_.run(std::move(call)); }
  net::task<> on_autocomplete(interaction_call call) override { co_await command_.suggest(std::move(call)); }

  net::task<bool> on_guilds_gained(std::vector<discord::guild_id> guilds) override {
    for (const discord::guild_id guild : guilds) {
      const auto current = co_await services_.settings.get(guild, "automod");
      if (!current) co_return false;
      take(guild, current->values);
    }
    co_return true;
  }

  void on_guild_lost(discord::guild_id guild) override {
    if (rules_.erase(guild) == 0) return;
    decider_.forget(guild);
    enforcer_.forget(guild);
  }

 private:
  void take(discord::guild_id guild, const settings::json::object& values) {
    auto rules = std::make_shared<const rule_set>(automod_rules::rules_of(values));
    if (rules->does_anything())
      rules_[guild] = std::move(rules);
    else
      on_guild_lost(guild);
  }

  // Who is exempt is asked last, as few messages break a rule.
  void look_at(const automod_rules::seen_message& message, std::uint64_t sequence, std::string_view data) {
    const auto found = rules_.find(message.guild);
    if (found == rules_.end() || is_exempt(*found->second, message)) return;
    auto judged = decider_.decide(*found->second, message);
    if (!judged) return;
    auto roles = roles_of(data);
    if (!roles || found->second->exempts(*roles) || may_moderate(message, *roles)) return;
    enforcer_.add(message.guild, {.rules = found->second,
                                  .judged = std::move(*judged),
                                  .member = message.author,
                                  .roles = *std::move(roles),
                                  .channel = message.channel,
                                  .at = message.edited_at.value_or(message.id.created_at()),
                                  .sequence = sequence});
  }

  // Of a thread also by its channel, and of both by the category.
  [[nodiscard]] bool is_exempt(const rule_set& rules, const automod_rules::seen_message& message) const {
    if (rules.exempt_channels.empty()) return false;
    const discord::guild_record* const guild = services_.guilds.find_guild(message.guild);
    discord::channel_id at = message.channel;
    for (int level = 0; level < 3 && !at.empty(); ++level) {
      if (rules.exempts(at)) return true;
      const auto* const channel = guild == nullptr ? nullptr : guild->find_channel(at);
      at = channel == nullptr ? discord::channel_id{} : channel->parent;
    }
    return false;
  }

  [[nodiscard]] bool may_moderate(const automod_rules::seen_message& message,
                                  std::span<const discord::role_id> roles) const {
    const discord::guild_record* const guild = services_.guilds.find_guild(message.guild);
    if (guild == nullptr) return false;
    const auto held = guild->permissions_of({.user = message.author, .roles = roles, .timed_out_until = {}},
                                            message.channel, services_.clock.wall_now());
    return held && held->has(discord::permission::manage_messages);
  }

  shard_services services_;
  std::unordered_map<discord::guild_id, std::shared_ptr<const rule_set>> rules_;
  automod_rules::decider decider_;
  automod_enforcer enforcer_;
  automod_command command_;
};

}  // namespace

const feature_declaration automod{
    .name = "automod",
    .by_default = false,
    .exclusive = true,
    .keeps_guilds = true,
    .intents = discord::intent::guilds | discord::intent::guild_messages | discord::intent::message_content,
    .permissions = to_send | discord::permission::manage_messages | discord::permission::moderate_members,
    .commands = automod_commands,
    .settings = &texts::schema,
    .make = [](const shard_services& services) -> std::unique_ptr<feature> {
      return std::make_unique<automod_feature>(services);
    }};

}  // namespace guildfleet::features
