#include "features/moderation/moderation.hpp"

#include <array>

#include "discord/model/json_fields.hpp"
#include "features/answers.hpp"
#include "features/common_texts.hpp"
#include "features/moderation/case_command.hpp"
#include "features/moderation/duration_text.hpp"
#include "features/moderation/moderation_commands.hpp"
#include "features/moderation/moderation_texts.hpp"
#include "features/moderation/purge_desk.hpp"
#include "features/permission_checks.hpp"
#include "settings/show.hpp"

namespace guildfleet::features {
namespace {

namespace texts = moderation_texts;
using discord::event_type;
using discord::permission;

constexpr std::string_view usual_durations[] = {"10m", "1h", "12h", "1d", "7d", "28d"};

discord::user_id user_of(std::string_view event) {
  discord::user_id out;
  (void)discord::for_each_root_field(event, [&out](std::string_view key, discord::json_value value) {
    if (key != "user") return;
    (void)discord::for_each_field(value, [&out](std::string_view name, discord::json_value field) {
      if (name == "id") out.value = discord::read_snowflake(field);
    });
  });
  return out;
}

class moderation_feature final : public feature {
 public:
  explicit moderation_feature(const shard_services& services)
      : services_(services),
        book_(services.records, services.bot.bot),
        log_(services),
        sanctions_(services, book_, log_),
        purges_(moderation, services, book_, log_),
        cases_(services, book_) {}

  [[nodiscard]] std::span<const event_type> subscriptions() const override {
    static constexpr std::array all{event_type::guild_ban_remove};
    return all;
  }

  std::optional<net::task<>> on_event(const raw_event& event) override {
    const discord::user_id user = user_of(event.data);
    if (user.empty()) return std::nullopt;
    return sanctions_.on_unbanned(event.guild, user);
  }

  net::task<bool> on_guilds_gained(std::vector<discord::guild_id> guilds) override {
    return sanctions_.take_over_bans(std::move(guilds));
  }

  net::task<> on_command(interaction_call call) override {
    const std::string path = call.what->command()->path;
    if (call.what->guild.empty()) {
      co_await say(call, std::string(common_texts::server_only.in(call.user_language())));
    } else if (const auto what = action_of(path)) {
      co_await sanction_with(call, *what);
    } else if (path == "purge") {
      co_await purges_.preview(call);
    } else if (path.starts_with("case ")) {
      co_await cases_.run(call);
    } else if (path == "moderation log") {
      co_await set_log(call);
    } else if (path == "moderation notify") {
      const bool enabled = call.what->command()->boolean("enabled").value_or(true);
      co_await save(call, "notify_members", boost::json::value(enabled));
    }
  }

  net::task<> on_component(interaction_call call, discord::custom_id id) override {
    co_await purges_.on_component(std::move(call), std::move(id));
  }

  net::task<> on_autocomplete(interaction_call call) override {
    const auto* const typed = call.what->command()->focused();
    if (typed == nullptr) co_return;
    if (typed->name == "number")
      co_await cases_.suggest(std::move(call));
    else
      co_await suggest_durations(std::move(call));
  }

  net::task<jobs::job_outcome> on_job(job_call call) override {
    if (call.what.what == "ban") co_return co_await sanctions_.end_ban(std::move(call));
    if (call.what.what == "purge") co_return co_await purges_.delete_old(std::move(call));
    co_return jobs::job_failed{"no timer of this name", true};
  }

 private:
  net::task<> sanction_with(interaction_call call, mod_action what) {
    auto wanted = sanction_of(what, *call.what->command());
    if (const auto* wrong = std::get_if<const text*>(&wanted))
      co_await say(call, std::string((*wrong)->in(call.user_language())));
    else
      co_await sanctions_.carry_out(call, std::get<sanction>(std::move(wanted)));
  }

  // What is typed, as it is understood, and the usual ones.
  net::task<> suggest_durations(interaction_call call) {
    const auto* const typed = std::get_if<std::string>(&call.what->command()->focused()->value);
    std::vector<discord::choice> choices;
    const auto add = [&](std::string_view written) {
      const auto length = parse_duration(written);
      if (length && *length <= longest_duration)
        choices.push_back(
            {settings::show_duration(length->count(), call.user_language()), std::string(written)});
    };
    if (typed != nullptr) add(*typed);
    for (const std::string_view each : usual_durations) add(each);
    (void)co_await call.answers->suggest(std::move(choices));
  }

  net::task<> set_log(interaction_call call) {
    const auto chosen = call.what->command()->id_of("channel");
    const discord::channel_id channel{chosen.value_or(0)};
    const auto obstacle = chosen ? obstacle_to_send(services_.guilds, call.what->guild, channel,
                                                    services_.clock.wall_now(), to_send_embeds)
                                 : std::nullopt;
    if (obstacle)
      co_await say(call, told(*obstacle, channel, call.user_language()));
    else
      co_await save(call, "log_channel",
                    chosen ? boost::json::value(std::to_string(*chosen)) : boost::json::value());
  }

  // null: as it is by default.
  net::task<> save(interaction_call call, std::string field, boost::json::value value) {
    const auto outcome = co_await services_.settings.edit(
        call.what->guild, "moderation", author_of(call, store::change_origin::command),
        [field, value](boost::json::object values) -> base::result<boost::json::object> {
          if (value.is_null())
            values.erase(field);
          else
            values[field] = value;
          return values;
        });
    co_await say(call,
                 told(outcome, services_.settings.schemas(), texts::schema.feature, call.user_language()));
  }

  shard_services services_;
  case_book book_;
  mod_log log_;
  sanction_desk sanctions_;
  purge_desk purges_;
  case_command cases_;
};

}  // namespace

const feature_declaration moderation{
    .name = "moderation",
    .by_default = false,
    .exclusive = true,
    .keeps_guilds = true,
    .intents = discord::intent::guilds | discord::intent::guild_moderation,
    .permissions = to_send_embeds | permission::kick_members | permission::ban_members |
                   permission::manage_messages | permission::read_message_history |
                   permission::moderate_members,
    .component_permissions = discord::permission_set(permission::manage_messages),
    .commands = moderation_commands,
    .settings = &texts::schema,
    .make = [](const shard_services& services) -> std::unique_ptr<feature> {
      return std::make_unique<moderation_feature>(services);
    }};

}  // namespace guildfleet::features
