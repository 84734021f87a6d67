#include "features/member_log/member_log.hpp"

#include <array>
#include <stdexcept>
#include <unordered_map>
#include <unordered_set>

#include "base/backoff.hpp"
#include "features/keep_trying.hpp"
#include "features/member_log/log_commands.hpp"
#include "features/member_log/member_log_texts.hpp"

namespace guildfleet::features {
namespace {

namespace texts = member_log_texts;
using discord::event_type;
using member_logs::entry;
using member_logs::entry_kind;
using member_logs::log_options;

constexpr std::string_view own_name = "member-log";
constexpr base::backoff_settings attempts_apart{.first = std::chrono::seconds(5)};
constexpr std::array events{event_type::guild_member_add, event_type::guild_member_remove};

class member_log_feature final : public feature {
 public:
  explicit member_log_feature(const shard_services& services)
      : services_(services), desk_(services), commands_(services, desk_) {}

  [[nodiscard]] std::span<const event_type> subscriptions() const override { return events; }

  std::optional<net::task<>> on_event(const raw_event& event) override {
    const auto found = logged_.find(event.guild);
    if (found == logged_.end()) return std::nullopt;
    const bool joins = event.type == event_type::guild_member_add;
    auto read = member_logs::read_entry(joins ? entry_kind::join : entry_kind::leave, event.data,
                                        services_.clock.wall_now());
    if (!read || read->user == services_.guilds.self()) return std::nullopt;
    read->sequence = event.sequence;
    if (const discord::guild_record* guild = services_.guilds.find_guild(event.guild))
      read->members = guild->member_count;
    return note(event.guild, std::move(*read), joins ? found->second.joins : found->second.leaves);
  }

  net::task<> on_command(interaction_call call) override { co_await commands_.on_command(std::move(call)); }
  net::task<> on_component(interaction_call call, discord::custom_id id) override {
    co_await commands_.on_form(std::move(call), std::move(id));
  }
  net::task<jobs::job_outcome> on_job(job_call call) override {
    co_return co_await desk_.on_job(std::move(call));
  }

  net::task<bool> on_guilds_gained(std::vector<discord::guild_id> guilds) override {
    std::unordered_map<discord::guild_id, log_options> read;
    std::set<discord::guild_id> with_invites;
    for (const discord::guild_id guild : guilds) {
      const auto set = co_await services_.settings.get(guild, std::string(own_name));
      if (!set) co_return false;
      log_options options = member_logs::options_of(set->values);
      if (options.is_on() && options.invites) with_invites.insert(guild);
      read.emplace(guild, std::move(options));
    }
    const bool taken_up = co_await desk_.take_up(std::move(guilds), std::move(with_invites));
    if (!taken_up) co_return false;
    for (auto& [guild, options] : read) {
      if (options.is_on()) {
        logged_[guild] = std::move(options);
      } else {
        logged_.erase(guild);
      }
    }
    co_return true;
  }
  void on_guild_lost(discord::guild_id guild) override {
    logged_.erase(guild);
    bursts_.erase(guild);
    pauses_.erase(guild);
  }

 private:
  // The right to log a guild's burst, which one has at a time.
  class ending final {
   public:
    ending(std::unordered_set<discord::guild_id>& all, discord::guild_id guild)
        : all_(all), guild_(guild), mine_(all.insert(guild).second) {}
    ~ending() {
      if (mine_) all_.erase(guild_);
    }
    ending(const ending&) = delete;
    ending& operator=(const ending&) = delete;
    [[nodiscard]] bool is_mine() const { return mine_; }

   private:
    std::unordered_set<discord::guild_id>& all_;
    discord::guild_id guild_;
    bool mine_;
  };

  net::task<> note(discord::guild_id guild, entry event, bool wanted) {
    std::string name = fmt::format("note {}", event.sequence);
    co_await keep_trying(services_.moments, guild, std::move(name),
                         [this, guild, event, wanted] { return try_to_note(guild, event, wanted); });
  }
  // False: the store failed.
  net::task<bool> try_to_note(discord::guild_id guild, entry event, bool wanted) {
    const auto noted = co_await desk_.note(guild, std::move(event), wanted);
    if (!noted) co_return false;
    if (*noted && wanted) co_await wait_for_more(guild);
    co_return true;
  }

  net::task<> wait_for_more(discord::guild_id guild) {
    const base::steady_time now = services_.clock.steady_now();
    const base::steady_time first = bursts_.try_emplace(guild, now).first->second;
    const bool waits = services_.moments.after(member_logs::wait_before_log(now, first), guild, "burst",
                                               [this, guild] { return end_burst(guild); });
    if (!waits) co_await leave_to_timer(guild);
  }

  net::task<> leave_to_timer(discord::guild_id guild) {
    if (!co_await desk_.schedule_burst(guild)) throw std::runtime_error("member-log: no timer for a burst");
  }

  // The next attempt is begun before this one may fail, in whichever way.
  net::task<> end_burst(discord::guild_id guild) {
    bursts_.erase(guild);
    const ending right(ending_, guild);
    if (!right.is_mine()) co_return co_await wait_for_more(guild);
    const auto pause = pauses_.try_emplace(guild, attempts_apart).first->second.next(random_);
    const bool comes_again =
        services_.moments.after(pause, guild, "again", [this, guild] { return end_burst(guild); });
    const bool logged = co_await desk_.log_burst(guild);
    if (!logged && !comes_again) co_await leave_to_timer(guild);
    if (!logged) co_return;
    services_.moments.cancel(guild, "again");
    pauses_.erase(guild);
  }

  shard_services services_;
  member_logs::log_desk desk_;
  member_logs::log_commands commands_;
  std::unordered_map<discord::guild_id, log_options> logged_;
  std::unordered_map<discord::guild_id, base::steady_time> bursts_;  // when their first event came
  std::unordered_set<discord::guild_id> ending_;
  std::unordered_map<discord::guild_id, base::backoff> pauses_;  // of those whose burst could not be logged
  base::random_source random_ = base::random_source::from_system();
};

}  // namespace

const feature_declaration member_log{
    .name = own_name,
    .by_default = false,
    .exclusive = true,
    .keeps_guilds = true,
    .intents = discord::intent::guilds | discord::intent::guild_members,
    .permissions = discord::permission_set(discord::permission::view_channel) |
                   discord::permission::send_messages | discord::permission::embed_links |
                   discord::permission::manage_guild,
    .component_permissions = discord::permission::manage_guild,
    .commands = member_logs::commands,
    .settings = &texts::schema,
    .make = [](const shard_services& services) -> std::unique_ptr<feature> {
      return std::make_unique<member_log_feature>(services);
    }};

}  // namespace guildfleet::features
