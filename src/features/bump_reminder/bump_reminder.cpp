#include "features/bump_reminder/bump_reminder.hpp"

#include <array>
#include <functional>
#include <unordered_map>

#include "features/bump_reminder/bump_desk.hpp"
#include "features/bump_reminder/bump_reminder_texts.hpp"
#include "features/guild_preferences.hpp"
#include "features/guild_reports.hpp"
#include "features/keep_trying.hpp"

namespace guildfleet::features {
namespace {

using discord::guild_id;
using store::schedule_mode;

constexpr std::array updates{discord::event_type::message_update};
constexpr std::uint32_t confirmation = 1;  // the effect of a bump's event

class bump_reminder_feature final : public feature {
 public:
  explicit bump_reminder_feature(const shard_services& services)
      : services_(services),
        reporter_(services, "bump-reminder", bump_reminder_texts::feature_title),
        desk_(services) {}

  [[nodiscard]] std::span<const discord::event_type> subscriptions() const override { return updates; }
  [[nodiscard]] bool wants_messages() const override { return true; }

  std::optional<net::task<>> on_message(const message_event& message) override {
    if (!message.author_is_bot || !bump_service_of(message.author)) return std::nullopt;
    return look_at(message.guild, message.sequence, message.data);
  }

  // Dissoku's message comes empty, and gets its embed by an update.
  std::optional<net::task<>> on_event(const raw_event& event) override {
    if (!kept_.contains(event.guild)) return std::nullopt;
    const auto is_of = [&event](bump_service each) {
      return event.data.contains(fmt::format("{}", bot_of(each)));
    };
    if (!std::ranges::any_of(all_bump_services, is_of)) return std::nullopt;
    return look_at(event.guild, event.sequence, event.data);
  }

  net::task<> on_command(interaction_call call) override { co_await desk_.on_command(std::move(call)); }
  net::task<> on_component(interaction_call call, discord::custom_id id) override {
    co_await desk_.on_button(std::move(call), std::move(id));
  }

  net::task<jobs::job_outcome> on_job(job_call call) override;
  net::task<bool> on_guilds_gained(std::vector<guild_id> guilds) override;
  void on_guild_lost(guild_id guild) override { kept_.erase(guild); }

 private:
  [[nodiscard]] std::optional<net::task<>> look_at(guild_id guild, std::uint64_t sequence,
                                                   std::string_view data) {
    const auto found = kept_.find(guild);
    if (found == kept_.end() || !found->second.enabled) return std::nullopt;
    const auto done = read_bump(data);
    if (!done || !found->second.wants(done->service)) return std::nullopt;
    return on_bump(guild, sequence, *done);
  }

  [[nodiscard]] net::task<> on_bump(guild_id guild, std::uint64_t sequence, bump done);
  // False: the store failed, and it is to be called again.
  [[nodiscard]] net::task<bool> take(guild_id guild, std::uint64_t sequence, bump done);
  // The record as it is then; untouched when it is of another bump.
  [[nodiscard]] net::task<base::result<last_bump>> change(guild_id guild, bump_service service,
                                                          discord::message_id message,
                                                          std::function<void(last_bump&)> apply);
  [[nodiscard]] bool is_useless(const last_bump& what) const {
    return what.due + useful_for < services_.clock.wall_now();
  }
  [[nodiscard]] net::task<> confirm(guild_id guild, std::uint64_t sequence, bump_service service,
                                    last_bump last);
  [[nodiscard]] net::task<base::result<store::schedule_outcome>> schedule(guild_id guild,
                                                                          bump_service service,
                                                                          const last_bump& last);
  [[nodiscard]] net::task<jobs::job_outcome> remind(job_call call, bump_service service, last_bump last,
                                                    bump_settings set);
  [[nodiscard]] net::task<base::result<reminder_facts>> facts_of(guild_id guild, last_bump last,
                                                                 bump_settings set);
  // False: the store failed.
  [[nodiscard]] net::task<bool> follow(store::record record);

  shard_services services_;
  guild_reporter reporter_;
  bump_desk desk_;
  std::unordered_map<guild_id, bump_settings> kept_;
};

net::task<> bump_reminder_feature::on_bump(guild_id guild, std::uint64_t sequence, bump done) {
  co_await keep_trying(services_.moments, guild, fmt::format("bump {}", name_of(done.service)),
                       [this, guild, sequence, done] { return take(guild, sequence, done); });
}

// The record says which bump counts; the timer only wakes. Written first: a crash in between brings the event
// again.
net::task<bool> bump_reminder_feature::take(guild_id guild, std::uint64_t sequence, bump done) {
  const auto kept = kept_.find(guild);
  if (kept == kept_.end()) co_return true;
  const last_bump fresh{.message = done.message,
                        .channel = done.channel,
                        .by = done.by,
                        .due = done.message.created_at() + kept->second.wait,
                        .owner = services_.bot.bot,
                        .confirmed = !kept->second.confirm};
  if (is_useless(fresh)) co_return true;
  const auto before = std::make_shared<last_bump>();
  const auto record = co_await edit_record(
      services_.records, key_of_bump(guild, done.service),
      [fresh, before](const std::optional<store::record>& now) -> std::optional<record_edit> {
        *before = now ? read_last_bump(now->value) : last_bump{.reminded = true};
        if (fresh.message <= before->message) return std::nullopt;
        return record_edit{.value = to_record(fresh)};
      });
  if (!record) co_return false;
  const last_bump last = *record ? read_last_bump((*record)->value) : last_bump{};
  if (last.message != done.message) co_return true;  // a newer bump is known
  if (!last.reminded && !co_await schedule(guild, done.service, last)) co_return false;
  if (!before->reminded && before->message != last.message)
    (void)co_await services_.jobs.cancel(timer_key(guild, done.service, before->message));
  if (!last.confirmed) co_await confirm(guild, sequence, done.service, last);
  co_return true;
}

net::task<> bump_reminder_feature::confirm(guild_id guild, std::uint64_t sequence, bump_service service,
                                           last_bump last) {
  const auto server = co_await preferences_of(services_.settings, services_.guilds, guild);
  const auto posted = co_await services_.effects.post({sequence, confirmation}, last.channel,
                                                      confirmation_of(service, last, server.posts));
  if (!posted) co_await reporter_.report_error(posted.error(), {.guild = guild, .channel = last.channel});
  if (posted || cause_of(posted.error()))
    (void)co_await change(guild, service, last.message, [](last_bump& now) { now.confirmed = true; });
}

net::task<base::result<last_bump>> bump_reminder_feature::change(guild_id guild, bump_service service,
                                                                 discord::message_id message,
                                                                 std::function<void(last_bump&)> apply) {
  const auto record = co_await edit_record(
      services_.records, key_of_bump(guild, service),
      [message, apply](const std::optional<store::record>& now) -> std::optional<record_edit> {
        const last_bump before = now ? read_last_bump(now->value) : last_bump{};
        last_bump after = before;
        if (before.message == message) apply(after);
        if (after == before) return std::nullopt;
        return record_edit{.value = to_record(after)};
      });
  if (!record) co_return std::unexpected(record.error());
  co_return *record ? read_last_bump((*record)->value) : last_bump{};
}

net::task<base::result<store::schedule_outcome>> bump_reminder_feature::schedule(guild_id guild,
                                                                                 bump_service service,
                                                                                 const last_bump& last) {
  timer what{.key = timer_key(guild, service, last.message),
             .what = std::string(name_of(service)),
             .guild = guild,
             .due = last.due,
             .payload = fmt::format("{}", last.message)};
  co_return co_await services_.jobs.schedule(std::move(what), schedule_mode::keep);
}

net::task<jobs::job_outcome> bump_reminder_feature::on_job(job_call call) {
  const auto service = bump_service_named(call.what.what);
  if (!service) co_return jobs::job_done{};
  const auto values = co_await services_.settings.get(call.what.guild, "bump-reminder");
  if (!values) co_return jobs::job_failed{values.error().message()};
  const auto record = co_await services_.records.get(key_of_bump(call.what.guild, *service));
  if (!record) co_return jobs::job_failed{record.error().message()};
  if (!*record) co_return jobs::job_done{};
  const last_bump last = read_last_bump((*record)->value);
  const bool is_of_this =
      fmt::format("{}", last.message) == call.what.payload && last.owner == services_.bot.bot;
  const bump_settings set = bump_settings_in(values->values);
  if (!is_of_this || last.reminded || !set.wants(*service)) co_return jobs::job_done{};
  co_return co_await remind(call, *service, last, set);
}

net::task<jobs::job_outcome> bump_reminder_feature::remind(job_call call, bump_service service,
                                                           last_bump last, bump_settings set) {
  const guild_id guild = call.what.guild;
  if (!is_useless(last)) {
    if (!last.tried) {
      auto facts = co_await facts_of(guild, last, set);
      if (!facts) co_return jobs::job_failed{facts.error().message()};
      const auto noted = co_await change(guild, service, last.message,
                                         [facts = *std::move(facts)](last_bump& now) { now.tried = facts; });
      if (!noted) co_return jobs::job_failed{noted.error().message()};
      if (noted->message != last.message) co_return jobs::job_done{};
      last = *noted;
    }
    const discord::channel_id channel = last.tried->channel;
    const auto posted = co_await call.effects.post({}, channel, reminder_of(service, *last.tried));
    // What the server's managers can mend is told to them; trying again would not help.
    if (!posted && !cause_of(posted.error())) co_return jobs::job_failed{posted.error().message()};
    if (!posted) co_await reporter_.report_error(posted.error(), {.guild = guild, .channel = channel});
  }
  const auto noted =
      co_await change(guild, service, last.message, [](last_bump& now) { now.reminded = true; });
  if (!noted) co_return jobs::job_failed{noted.error().message()};
  co_return jobs::job_done{};
}

// An import may name @everyone.
net::task<base::result<reminder_facts>> bump_reminder_feature::facts_of(guild_id guild, last_bump last,
                                                                        bump_settings set) {
  const auto members = co_await services_.records.get(key_of_members(guild));
  if (!members) co_return std::unexpected(members.error());
  const auto server = co_await preferences_of(services_.settings, services_.guilds, guild);
  const discord::guild_record* const known = services_.guilds.find_guild(guild);
  if (!set.role.empty() && known != nullptr && known->find_role(set.role) == nullptr) {
    (void)co_await reporter_.report({.guild = guild, .cause = failure_cause::role_gone, .role = set.role});
    set.role = {};
  }
  co_return reminder_facts{
      .channel = set.channel.empty() ? last.channel : set.channel,
      .role = set.role.value == guild.value ? discord::role_id{} : set.role,
      .members = *members ? read_members((*members)->value) : std::vector<discord::user_id>{},
      .in = server.posts};
}

// Settings may have been changed by anybody, and another bot may have acted before.
net::task<bool> bump_reminder_feature::on_guilds_gained(std::vector<guild_id> guilds) {
  const auto bumps = co_await list_all(services_.records, {.guilds = guilds, .kind = std::string(bump_kind)});
  if (!bumps) co_return false;
  for (const guild_id guild : guilds) {
    const auto values = co_await services_.settings.get(guild, "bump-reminder");
    if (!values) co_return false;
    kept_[guild] = bump_settings_in(values->values);
  }
  for (const store::record& each : *bumps) {
    if (!co_await follow(each)) co_return false;
  }
  co_return true;
}

// A reminder that is planned: its timer is taken away when nobody wants it any more, and made when somebody
// wants it again or when another bot's timer was to remind.
net::task<bool> bump_reminder_feature::follow(store::record record) {
  const guild_id guild = record.key.guild;
  const auto service = bump_service_named(record.key.key);
  last_bump last = read_last_bump(record.value);
  const auto kept = kept_.find(guild);
  if (!service || last.reminded || kept == kept_.end()) co_return true;
  if (!kept->second.wants(*service)) {
    const auto cancelled = co_await services_.jobs.cancel(timer_key(guild, *service, last.message));
    co_return cancelled.has_value();
  }
  const bool is_own = last.owner == services_.bot.bot;
  if (is_own && is_useless(last)) co_return true;
  if (!is_own) {
    const auto taken = co_await change(guild, *service, last.message,
                                       [bot = services_.bot.bot](last_bump& now) { now.owner = bot; });
    if (!taken) co_return false;
    if (taken->message != last.message || taken->reminded) co_return true;
    last = *taken;
  }
  const auto scheduled = co_await schedule(guild, *service, last);
  co_return scheduled.has_value();
}

}  // namespace

const feature_declaration bump_reminder{
    .name = "bump-reminder",
    .by_default = false,
    .exclusive = true,
    .keeps_guilds = true,
    .intents = discord::intent::guilds | discord::intent::guild_messages | discord::intent::message_content,
    .permissions = discord::permission_set(discord::permission::view_channel) |
                   discord::permission::send_messages | discord::permission::read_message_history,
    .commands = bump_commands,
    .settings = &bump_reminder_texts::schema,
    .make = [](const shard_services& services) -> std::unique_ptr<feature> {
      return std::make_unique<bump_reminder_feature>(services);
    }};

}  // namespace guildfleet::features
