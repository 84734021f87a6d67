#include "features/ticket/ticket.hpp"

#include <array>
#include <set>

#include "discord/rest/endpoints.hpp"
#include "features/answers.hpp"
#include "features/event_channel.hpp"
#include "features/keep_trying.hpp"
#include "features/permission_checks.hpp"
#include "features/ticket/ticket_commands.hpp"
#include "features/ticket/ticket_desk.hpp"
#include "features/ticket/ticket_opening.hpp"
#include "features/ticket/ticket_setup.hpp"
#include "features/ticket/ticket_texts.hpp"

namespace guildfleet::features {
namespace {

namespace texts = ticket_texts;

constexpr std::array subscribed{discord::event_type::channel_delete};
constexpr std::chrono::hours look_again_after{1};  // while the bot may not delete

class ticket_feature final : public feature {
 public:
  explicit ticket_feature(const shard_services& services)
      : office_(services), opening_(office_), desk_(office_), setup_(office_) {}

  [[nodiscard]] std::span<const discord::event_type> subscriptions() const override { return subscribed; }

  net::task<> on_command(interaction_call call) override {
    const std::string path = call.what->command()->path;
    if (call.what->guild.empty()) {
      co_await say(call, std::string(texts::server_only.in(call.user_language())));
    } else if (path.starts_with("ticket-setup ")) {
      co_await setup_.on_command(std::move(call));
    } else {
      co_await desk_.act(std::move(call), path.substr(path.find(' ') + 1));
    }
  }

  net::task<> on_component(interaction_call call, discord::custom_id id) override {
    const discord::guild_id guild = call.what->guild;
    if (id.action == "open") {
      co_await opening_.ask(std::move(call));
    } else if (id.action == "subject") {
      co_await opening_.open(std::move(call));
      servers_.insert(guild);
    } else if (id.action.starts_with("sure-")) {
      co_await desk_.on_flow(std::move(call), std::move(id));
    } else {
      co_await desk_.act(std::move(call), std::move(id.action));
    }
  }

  std::optional<net::task<>> on_event(const raw_event& event) override {
    if (!servers_.contains(event.guild)) return std::nullopt;
    const discord::channel_id channel = channel_of_event(event.data);
    if (channel.empty()) return std::nullopt;
    return notice(event.guild, channel, event.sequence);
  }

  net::task<jobs::job_outcome> on_job(job_call call) override {
    if (call.what.what == "look") return look(std::move(call));
    if (call.what.what == "settle") return opening_.settle(std::move(call));
    return delete_when_due(std::move(call));
  }

  net::task<bool> on_guilds_gained(std::vector<discord::guild_id> guilds) override {
    const auto all = co_await office_.tickets().all(guilds);
    if (!all) co_return false;
    std::map<discord::guild_id, ticket_settings> set;
    for (const discord::guild_id each : guilds) {
      auto found = co_await office_.settings_of(each);
      if (!found) co_return false;
      set[each] = std::move(*found);
      servers_.insert(each);
    }
    for (const ticket_store::of_guild& each : *all) {
      if (!co_await mend(each.guild, each.ticket, set[each.guild])) co_return false;
    }
    co_return true;
  }
  void on_guild_lost(discord::guild_id guild) override { servers_.erase(guild); }

 private:
  // What a crash, an outage or another setting left to do. False: it could not be written down.
  net::task<bool> mend(discord::guild_id guild, ticket_record of, ticket_settings settings) {
    const shard_services& services = office_.services();
    if (of.state == ticket_state::opening) co_return co_await opening_.settle_left(guild, of);
    if (of.state == ticket_state::closed) {
      if (!co_await office_.set_timer(guild, of, settings.delete_after)) co_return false;
    }
    const discord::guild_record* const server = services.guilds.find_guild(guild);
    const bool missing = server != nullptr && server->available && !of.channel.empty() &&
                         server->find_channel(of.channel) == nullptr;
    const base::wall_time now = services.clock.wall_now();
    // The countdown of a closed ticket has the same key, and may have days left.
    if (of.state == ticket_state::deleting) co_return co_await office_.remove_at(guild, of.number, now);
    if (!missing) co_return true;
    timer what{.key = fmt::format("look.{}.{}", guild, of.number),
               .what = "look",
               .guild = guild,
               .due = now,
               .payload = fmt::format("{}", of.number)};
    co_return (co_await services.jobs.schedule(std::move(what))).has_value();
  }

  // A channel was deleted. Its ticket's place is free again as soon as the store can be written.
  net::task<> notice(discord::guild_id guild, discord::channel_id channel, std::uint64_t sequence) {
    co_await keep_trying(office_.services().moments, guild, fmt::format("gone {}", channel),
                         [this, guild, channel, sequence, again = false]() mutable {
                           return is_noticed(guild, channel, sequence, std::exchange(again, true));
                         });
  }

  // One that is being deleted is the bot's own doing, or was noticed in part before.
  net::task<bool> is_noticed(discord::guild_id guild, discord::channel_id channel, std::uint64_t sequence,
                             bool again) {
    const auto found = co_await office_.tickets().in_channel(guild, channel);
    if (!found) co_return false;
    if (!*found || ((*found)->state == ticket_state::deleting && !again)) co_return true;
    const auto done = co_await office_.forget(office_.services().effects, {sequence, 1}, guild, **found);
    co_return done.has_value();
  }

  [[nodiscard]] net::task<base::result<std::optional<ticket_record>>> ticket_of(const job_call& call) {
    return office_.tickets().get(call.what.guild, discord::parse_snowflake(call.what.payload).value_or(0));
  }

  net::task<jobs::job_outcome> look(job_call call) {
    const auto found = co_await ticket_of(call);
    if (!found) co_return jobs::job_failed{found.error().message()};
    if (!*found) co_return jobs::job_done{};
    const auto looked = co_await call.effects.call(discord::endpoints::get_channel((*found)->channel));
    if (looked) co_return jobs::job_done{};
    if (looked.error().code() != discord::rest_error::unknown_channel)
      co_return jobs::job_failed{looked.error().message()};
    const auto done = co_await office_.forget(call.effects, {0, 1}, call.what.guild, **found);
    if (!done) co_return jobs::job_failed{done.error().message()};
    co_return jobs::job_done{};
  }

  // Goes by what is kept and set now: a timer that was left over deletes nothing.
  net::task<jobs::job_outcome> delete_when_due(job_call call) {
    const discord::guild_id guild = call.what.guild;
    const base::wall_time now = office_.services().clock.wall_now();
    const auto found = co_await ticket_of(call);
    const auto settings = co_await office_.settings_of(guild);
    if (!found) co_return jobs::job_failed{found.error().message()};
    if (!settings) co_return jobs::job_failed{"the settings cannot be read"};
    if (!*found) co_return jobs::job_done{};
    if ((*found)->state != ticket_state::deleting) {
      const auto due = deletion_of(**found, settings->delete_after);
      if (!due) co_return jobs::job_done{};
      if (*due > now) co_return jobs::job_again{*due};
    }
    const auto done = co_await office_.remove(call.effects, {0, 1}, guild, (*found)->number);
    if (done) co_return jobs::job_done{};
    co_await office_.reporter().report_error(done.error(), {.guild = guild, .channel = (*found)->channel});
    if (cause_of(done.error()) == failure_cause::lacks_permission)
      co_return jobs::job_again{now + look_again_after};
    co_return jobs::job_failed{done.error().message()};
  }

  ticket_office office_;
  ticket_opening opening_;
  ticket_desk desk_;
  ticket_setup setup_;
  std::set<discord::guild_id> servers_;  // that may have tickets
};

constexpr discord::permission_set needed =
    to_send_embeds | discord::permission::attach_files | discord::permission::read_message_history |
    discord::permission::manage_channels | discord::permission::manage_roles;

}  // namespace

const feature_declaration ticket{.name = "ticket",
                                 .by_default = false,
                                 .keeps_guilds = true,
                                 .records = record_scope::bot,
                                 .intents = discord::intent::guilds | discord::intent::message_content,
                                 .permissions = needed,
                                 .commands = ticket_commands,
                                 .settings = &texts::schema,
                                 .make = [](const shard_services& services) -> std::unique_ptr<feature> {
                                   return std::make_unique<ticket_feature>(services);
                                 }};

}  // namespace guildfleet::features
