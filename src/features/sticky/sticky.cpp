#include "features/sticky/sticky.hpp"

#include <array>
#include <unordered_map>

#include "features/event_channel.hpp"
#include "features/sticky/reposter.hpp"
#include "features/sticky/sticky_commands.hpp"
#include "features/sticky/sticky_texts.hpp"

namespace guildfleet::features {
namespace {

using discord::channel_id;
using discord::guild_id;
using store::schedule_mode;

constexpr std::array deletions{discord::event_type::channel_delete, discord::event_type::thread_delete};
// A channel's timer that was begun is not brought forward, as it may have posted already; after this long it
// is thought lost.
constexpr std::chrono::minutes left_over_lasts{20};
constexpr std::chrono::minutes look_again{1};
// After the end of a timer's handler, whose timer is there still until then.
constexpr std::chrono::milliseconds until_finished{250};
// Discord does not let the bot post there: asked again after this long, or with the next message once its
// permissions there are others.
constexpr std::chrono::minutes refused_for{10};
constexpr std::chrono::minutes refused_at_least{1};

class sticky_feature final : public feature {
 public:
  explicit sticky_feature(const shard_services& services)
      : services_(services), reposter_(services), desk_(services) {}

  [[nodiscard]] std::span<const discord::event_type> subscriptions() const override { return deletions; }
  [[nodiscard]] bool wants_messages() const override { return true; }

  std::optional<net::task<>> on_message(const message_event& message) override {
    sticky_channel* channel = find(message.guild, message.channel);
    if (channel == nullptr || is_refused(message.guild, message.channel, *channel)) return std::nullopt;
    const auto step = channel->pace.on_message(message.id, message.author_is_bot,
                                               services_.clock.steady_now(), limits_of(message.guild));
    if (!step) return std::nullopt;
    post_in(message.guild, message.channel, step->wait);
    if (!step->begins) return std::nullopt;
    return begin(message.guild, message.channel);
  }

  std::optional<net::task<>> on_event(const raw_event& event) override;

  net::task<> on_command(interaction_call call) override { co_await desk_.on_command(std::move(call)); }
  net::task<> on_autocomplete(interaction_call call) override {
    co_await desk_.on_autocomplete(std::move(call));
  }
  net::task<> on_component(interaction_call call, discord::custom_id id) override {
    co_await desk_.on_form(std::move(call), std::move(id));
  }

  net::task<jobs::job_outcome> on_job(job_call call) override;
  net::task<bool> on_guilds_gained(std::vector<guild_id> guilds) override;
  void on_guild_lost(guild_id guild) override { kept_.erase(guild); }

 private:
  struct refusal {
    base::steady_time at;
    std::optional<discord::permission_set> held;  // by the bot, in the channel
  };
  struct sticky_channel {
    channel_pace pace;
    std::string wanted;  // digest of what it shall say; empty: nothing any more
    std::string stands;  // digest of what it says; empty: nothing stands there
    std::optional<refusal> refused;

    // Where nothing is wanted any more, a record is left.
    [[nodiscard]] bool is_settled() const { return !wanted.empty() && wanted == stands; }
  };
  struct sticky_guild {
    pace_limits limits;
    std::unordered_map<channel_id, sticky_channel> channels;
  };

  [[nodiscard]] sticky_channel* find(guild_id guild, channel_id channel) {
    const auto found = kept_.find(guild);
    if (found == kept_.end()) return nullptr;
    const auto at = found->second.channels.find(channel);
    return at == found->second.channels.end() ? nullptr : &at->second;
  }
  [[nodiscard]] pace_limits limits_of(guild_id guild) const {
    const auto found = kept_.find(guild);
    return found == kept_.end() ? pace_limits{} : found->second.limits;
  }

  [[nodiscard]] std::optional<discord::permission_set> held_in(guild_id guild, channel_id channel) const {
    return services_.guilds.permissions_of_self(guild, channel, services_.clock.wall_now());
  }
  // Archived threads and what was deleted are not.
  [[nodiscard]] bool is_seen(guild_id guild, channel_id channel) const {
    const discord::guild_record* record = services_.guilds.find_guild(guild);
    return record == nullptr || record->find_channel(channel) != nullptr;
  }
  [[nodiscard]] bool is_refused(guild_id guild, channel_id channel, const sticky_channel& state) const {
    if (!state.refused) return false;
    const auto ago = services_.clock.steady_now() - state.refused->at;
    return ago < refused_at_least || (ago < refused_for && held_in(guild, channel) == state.refused->held);
  }

  void post_in(guild_id guild, channel_id channel, std::chrono::milliseconds wait) {
    services_.moments.after(wait, guild, fmt::format("{}", channel),
                            [this, guild, channel] { return on_quiet(guild, channel); });
  }

  void renew_in(guild_id guild, channel_id channel, std::chrono::milliseconds wait) {
    services_.moments.after(wait, guild, fmt::format("renew {}", channel),
                            [this, guild, channel] { return renew(guild, channel); });
  }

  [[nodiscard]] net::task<> begin(guild_id guild, channel_id channel);
  [[nodiscard]] net::task<> on_quiet(guild_id guild, channel_id channel);
  [[nodiscard]] net::task<> renew(guild_id guild, channel_id channel);
  [[nodiscard]] net::task<base::result<store::schedule_outcome>> schedule(guild_id guild, channel_id channel,
                                                                          std::chrono::milliseconds wait,
                                                                          schedule_mode mode);
  void note(const job_call& call, channel_id channel, const repost_result& result);
  void go_on_below(guild_id guild, channel_id channel, discord::message_id newest);
  void put(guild_id guild, const boost::json::object& values, const std::vector<store::record>& posted);
  [[nodiscard]] std::vector<channel_id> to_renew(guild_id guild) const;

  shard_services services_;
  reposter reposter_;
  sticky_desk desk_;
  std::unordered_map<guild_id, sticky_guild> kept_;
};

std::optional<net::task<>> sticky_feature::on_event(const raw_event& event) {
  const auto found = kept_.find(event.guild);
  if (found == kept_.end()) return std::nullopt;
  const channel_id gone = channel_of_event(event.data);
  if (found->second.channels.erase(gone) == 0) return std::nullopt;
  services_.moments.cancel(event.guild, fmt::format("{}", gone));
  return reposter_.channel_gone(event.guild, gone);
}

net::task<base::result<store::schedule_outcome>> sticky_feature::schedule(guild_id guild, channel_id channel,
                                                                          std::chrono::milliseconds wait,
                                                                          schedule_mode mode) {
  const sticky_channel* state = find(guild, channel);
  const discord::message_id below = state == nullptr ? discord::message_id{} : state->pace.first_below();
  timer what{.key = fmt::format("{}", channel),
             .what = "repost",
             .guild = guild,
             .due = services_.clock.wall_now() + wait,
             .payload = fmt::format("{}", below)};
  co_return co_await services_.jobs.schedule(std::move(what), mode);
}

// The first message below the sticky one: from here on a timer sees to it that it is posted again, also when
// this process ends before the channel is quiet.
net::task<> sticky_feature::begin(guild_id guild, channel_id channel) {
  const auto longest = limits_of(guild).longest;
  const auto outcome = co_await schedule(guild, channel, longest, schedule_mode::keep);
  sticky_channel* state = find(guild, channel);
  if (state != nullptr && !outcome) state->pace.reset();  // the next message tries again
}

net::task<> sticky_feature::on_quiet(guild_id guild, channel_id channel) {
  const sticky_channel* state = find(guild, channel);
  if (state == nullptr || state->pace.first_below().empty()) co_return;
  const bool lost = services_.clock.steady_now() - state->pace.since() > left_over_lasts;
  const auto outcome = co_await schedule(guild, channel, std::chrono::milliseconds(0),
                                         lost ? schedule_mode::replace : schedule_mode::replace_unbegun);
  if (!outcome || *outcome == store::schedule_outcome::kept) post_in(guild, channel, look_again);
}

// What it shall say is another thing, or nothing any more.
net::task<> sticky_feature::renew(guild_id guild, channel_id channel) {
  const sticky_channel* state = find(guild, channel);
  if (state == nullptr || state->is_settled()) co_return;
  const auto outcome =
      co_await schedule(guild, channel, std::chrono::milliseconds(0), schedule_mode::replace_unbegun);
  // A timer of the channel runs, or waits after a failure: it may have read the settings before.
  if (!outcome || *outcome == store::schedule_outcome::kept) renew_in(guild, channel, limits_of(guild).delay);
}

net::task<jobs::job_outcome> sticky_feature::on_job(job_call call) {
  const auto channel = discord::parse_id<channel_id>(call.what.key).value_or(channel_id{});
  if (sticky_channel* state = find(call.what.guild, channel)) {
    state->pace.begin_posting();
  }
  const repost_result result = co_await reposter_.run(call);
  note(call, channel, result);
  co_return result.outcome;
}

void sticky_feature::note(const job_call& call, channel_id channel, const repost_result& result) {
  const guild_id guild = call.what.guild;
  const auto here = kept_.find(guild);
  if (here == kept_.end()) return;
  // It was removed while it was posted, and what stands there is to be taken away.
  const bool is_left = result.what == repost_result::kind::stands;
  sticky_channel* state = is_left ? &here->second.channels[channel] : find(guild, channel);
  if (state == nullptr) return;
  const discord::message_id newest = state->pace.end_posting(result.message);
  switch (result.what) {
    case repost_result::kind::stands:
      state->stands = result.digest;
      state->refused.reset();
      break;
    case repost_result::kind::gone:
      state->stands.clear();
      if (state->wanted.empty()) here->second.channels.erase(channel);
      return;
    case repost_result::kind::refused:
      state->refused = refusal{services_.clock.steady_now(), held_in(guild, channel)};
      state->pace.reset();
      if (!state->is_settled() && is_seen(guild, channel)) renew_in(guild, channel, refused_for);
      return;
    case repost_result::kind::failed:
      return;
  }
  // An attempt that went on with what was set before.
  if (!state->is_settled()) renew_in(guild, channel, limits_of(guild).delay);
  if (!newest.empty()) go_on_below(guild, channel, newest);
}

// Messages came while it was posted, and stand below it.
void sticky_feature::go_on_below(guild_id guild, channel_id channel, discord::message_id newest) {
  services_.moments.after(
      until_finished, guild, fmt::format("{}", channel), [this, guild, channel, newest]() -> net::task<> {
        sticky_channel* state = find(guild, channel);
        if (state == nullptr) co_return;
        const auto step =
            state->pace.on_message(newest, false, services_.clock.steady_now(), limits_of(guild));
        if (!step) co_return;
        post_in(guild, channel, step->wait);
        if (step->begins) co_await begin(guild, channel);
      });
}

net::task<bool> sticky_feature::on_guilds_gained(std::vector<guild_id> guilds) {
  std::unordered_map<guild_id, boost::json::object> values;
  for (const guild_id guild : guilds) {
    auto set = co_await services_.settings.get(guild, "sticky");
    if (!set) co_return false;
    values[guild] = std::move(set->values);
  }
  // Last: what is posted until now is in them, and what is posted from now on finds what is put here.
  const auto posted =
      co_await list_all(services_.records, {.guilds = guilds, .kind = std::string(posted_kind)});
  if (!posted) co_return false;
  std::unordered_map<guild_id, std::vector<store::record>> by_guild;
  for (const store::record& each : *posted) by_guild[each.key.guild].push_back(each);
  for (const guild_id guild : guilds) put(guild, values[guild], by_guild[guild]);
  for (const guild_id guild : guilds) {
    for (const channel_id each : to_renew(guild)) co_await renew(guild, each);
  }
  co_return true;
}

// What is known of messages below the sticky ones stays.
void sticky_feature::put(guild_id guild, const boost::json::object& values,
                         const std::vector<store::record>& posted) {
  sticky_guild& into = kept_[guild];
  into.limits = pace_in(values);
  auto before = std::exchange(into.channels, {});
  const auto carry = [&](channel_id channel) -> sticky_channel& {
    const auto [at, is_new] = into.channels.try_emplace(channel);
    if (is_new) at->second.pace = before[channel].pace;
    return at->second;
  };
  for (const sticky_message& each : stickies_in(values)) {
    sticky_channel& now = carry(each.channel);
    const sticky_channel& then = before[each.channel];
    now.wanted = digest_of(each);
    if (now.wanted == then.wanted) now.refused = then.refused;
  }
  for (const store::record& each : posted) {
    const auto channel = discord::parse_id<channel_id>(each.key.key);
    if (!channel) continue;
    const posted_sticky stands = read_posted(each.value);
    sticky_channel& now = carry(*channel);
    now.stands = stands.digest;
    now.pace.stands(stands.message);
  }
}

std::vector<channel_id> sticky_feature::to_renew(guild_id guild) const {
  std::vector<channel_id> out;
  const auto here = kept_.find(guild);
  if (here == kept_.end()) return out;
  for (const auto& [channel, state] : here->second.channels) {
    if (!state.is_settled() && (is_seen(guild, channel) || state.wanted.empty())) out.push_back(channel);
  }
  return out;
}

}  // namespace

const feature_declaration sticky{.name = "sticky",
                                 .by_default = false,
                                 .exclusive = true,
                                 .keeps_guilds = true,
                                 .intents = discord::intent::guilds | discord::intent::guild_messages,
                                 .permissions = discord::permission_set(discord::permission::view_channel) |
                                                discord::permission::send_messages |
                                                discord::permission::embed_links |
                                                discord::permission::read_message_history,
                                 .component_permissions = sticky_manager,
                                 .commands = sticky_commands,
                                 .settings = &sticky_texts::schema,
                                 .make = [](const shard_services& services) -> std::unique_ptr<feature> {
                                   return std::make_unique<sticky_feature>(services);
                                 }};

}  // namespace guildfleet::features
