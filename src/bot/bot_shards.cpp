// A bot's shards: one set, or two while their number is changed.
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/post.hpp>

#include "bot/bot_runtime.hpp"

namespace guildfleet::bot {
namespace {

discord::intent_set intents_of(const bot_settings& settings) {
  discord::intent_set intents;
  for (const features::feature_declaration* item : settings.features) intents |= item->intents;
  return intents;
}

}  // namespace

reshard_ports bot_runtime::ports_for_reshards() {
  return {[this](std::uint32_t count) { return members(count); },
          [this](std::uint32_t count, std::span<const store::guild_cut_row> cuts, bool open) {
            begin_set(count, cuts, open);
          },
          [this](std::uint32_t count) { act_with(count); },
          [this](std::uint32_t count) { forget_set(count); }};
}

void bot_runtime::begin_shards(const shard_start& start) {
  jobs_.ask_who_acts([this](discord::guild_id guild) { return reshards_.count_for(guild, acting_count_); });
  act_with(start.count);
  if (start.runs) {
    shard_list list = make_shards(start.count);
    // Before the first event: for guilds that went over it is the other set's.
    for (const auto& member : list) {
      if (start.reshard) member->begin_retiring(those_of(member->key().shard, start.cut));
    }
    add_set(std::move(list));
  }
  if (!start.reshard) return;
  reshards_.take_up(*start.reshard);
  parts_.stores.leases.look_at_operations();
}

shard_settings bot_runtime::settings_of(discord::shard_id id) const {
  shard_settings out;
  out.bot = settings_.name;
  out.tls = settings_.tls;
  out.wish = settings_.range ? lease_wish::any : lease_wish::share;
  out.claims = {parts_.stores.environment,  settings_.name,
                settings_.priority,         settings_.claims,
                !parts_.stores.data_shared, !parts_.stores.leases_shared};
  out.only_guilds = settings_.only_guilds;
  out.guild_data_kept = settings_.guild_data_kept;
  out.session.token = settings_.token;
  out.session.intents = intents_of(settings_);
  out.session.shard = id;
  out.session.gateway_url = gateway_url_;
  out.session.transport = settings_.transport;
  if (settings_.silent_after.count() > 0)
    out.session.silent_after = settings_.silent_after;
  else
    out.session.silent_needs_dispatches = 0;
  out.session.presence_json = settings_.presence_json;
  return out;
}

shard_reports bot_runtime::reports_of(discord::shard_id id) {
  const auto post_home = [this](auto work) { net::asio::post(home(), std::move(work)); };
  return {[this, post_home, id](const discord::act_session_started& started) {
            post_home([this, started, id] { on_ready(started, id); });
          },
          [this, post_home, id] {
            post_home([this, id] {
              first_shard_live_ |= id.index == 0;
              publish_when_ready();
            });
          },
          [this, post_home, id](const base::error& error) {
            post_home([this, error, id] { on_fatal(error, id); });
          },
          [this, post_home, id](shard_problem what, const std::string& text) {
            post_home([this, id, what, text] { set_problem(fmt::format("{} {}", id, name_of(what)), text); });
          },
          [this, post_home, id](bool held) { post_home([this, held, id] { on_hold(id, held); }); }};
}

// What Discord refuses a new set of shards is no reason for the old one to stop, until guilds have gone over.
void bot_runtime::on_fatal(const base::error& error, discord::shard_id shard) {
  if (shard.count == acting_count_ || !reshards_.may_be_given_up()) {
    fail(error);
    return;
  }
  log_.error("a new shard cannot run; the bot keeps its number of shards",
             base::field("shard", fmt::format("{}", shard)), base::field("reason", error.message()));
  set_problem(fmt::format("{} {}", shard, name_of(shard_problem::gateway)), error.message());
}

std::shared_ptr<shard> bot_runtime::make_shard(discord::shard_id id) {
  return std::make_shared<shard>(parts_.reactors[id.index % parts_.reactors.size()], settings_of(id),
                                 shard_parts{parts_.clock,
                                             parts_.metrics,
                                             parts_.stores.sessions,
                                             parts_.stores.session_thread,
                                             parts_.stores.leases,
                                             identifies_,
                                             rest_link(home(), rest_),
                                             facts_,
                                             parts_.settings,
                                             attachments_,
                                             home(),
                                             jobs_.runner(),
                                             parts_.stores.environment,
                                             parts_.stores.data,
                                             parts_.stores.data_threads,
                                             experiments_,
                                             settings_.features,
                                             parts_.stores.node,
                                             parts_.ask_owner,
                                             parts_.heirs,
                                             reports_of(id),
                                             log_.with("shard", fmt::format("{}", id))});
}

shard_list bot_runtime::make_shards(std::uint32_t count) {
  shard_list list;
  const shard_range range = settings_.range.value_or(shard_range{0, count});
  const std::uint32_t end = std::min(count, range.first + range.count);
  for (std::uint32_t index = range.first; index < end; ++index) list.push_back(make_shard({index, count}));
  return list;
}

void bot_runtime::add_set(shard_list added) {
  jobs_.add_shards(added);
  shard_list all = *shards_.get();
  all.insert(all.end(), added.begin(), added.end());
  shards_.set(std::move(all));
  for (const auto& member : added) tasks_.spawn("shard", run_shard(member));
}

void bot_runtime::begin_set(std::uint32_t count, std::span<const store::guild_cut_row> cuts, bool open) {
  if (stopping_) return;
  shard_list list = make_shards(count);
  for (const auto& member : list) {
    std::vector<store::guild_cut_row> own;
    for (const store::guild_cut_row& each : cuts) {
      if (each.shard == member->key()) own.push_back(each);
    }
    member->begin_muted(own, open);
  }
  if (open) act_with(count);
  add_set(std::move(list));
}

// Its shards have ended, and with them what they lacked.
void bot_runtime::forget_set(std::uint32_t count) {
  shard_list stay = *shards_.get();
  std::erase_if(stay, [count](const auto& member) { return member->key().shard.count == count; });
  for (const auto& member : members(count)) {
    for (const shard_problem what :
         {shard_problem::lease, shard_problem::ledger, shard_problem::gateway, shard_problem::identify})
      set_problem(fmt::format("{} {}", member->key().shard, name_of(what)), {});
  }
  jobs_.forget_shards(count);
  shards_held_.erase(count);
  shards_.set(std::move(stay));
}

void bot_runtime::act_with(std::uint32_t count) {
  acting_count_ = count;
  jobs_.act_with(count);
  // A node that holds none has next to no part of the requests.
  if (rate_) rate_->on_shards(static_cast<std::uint32_t>(std::max(shards_held_[count], 0)), count);
}

shard_list bot_runtime::members(std::uint32_t count) const {
  shard_list out;
  for (const auto& member : *shards_.get()) {
    if (member->key().shard.count == count) out.push_back(member);
  }
  return out;
}

net::task<> bot_runtime::run_shard(std::shared_ptr<shard> member) {
  // Without a cancellation slot: a signal must be emitted on the member's own thread; stop() is how it ends.
  co_await net::asio::co_spawn(
      member->executor(), member->run(),
      net::asio::bind_cancellation_slot(net::asio::cancellation_slot(), net::asio::use_awaitable));
}

}  // namespace guildfleet::bot
