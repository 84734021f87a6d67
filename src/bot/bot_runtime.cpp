#include "bot/bot_runtime.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/post.hpp>

#include "bot/command_publisher.hpp"
#include "discord/rest/endpoints.hpp"
#include "net/on_reactor.hpp"

namespace guildfleet::bot {
namespace {

features::bot_facts facts_of(const bot_settings& settings, base::steady_time started) {
  features::bot_facts facts{settings.name.value, settings.node, settings.release, started, {}};
  for (const features::feature_declaration* item : settings.features) {
    if (item->commands == nullptr) continue;
    for (auto& command : item->commands()) facts.commands.push_back(std::move(command));
  }
  return facts;
}

rest_client_settings rest_settings_of(const bot_settings& settings) {
  rest_client_settings rest;
  rest.bot = settings.name.value;
  rest.guard_key = settings.token.fingerprint();  // two independent bots may have one name
  rest.token = settings.token;
  rest.api = settings.api;
  rest.tls = settings.tls;
  rest.version = settings.release;
  return rest;
}

std::vector<std::string_view> feature_names_of(const bot_settings& settings) {
  std::vector<std::string_view> names;
  for (const features::feature_declaration* item : settings.features) names.push_back(item->name);
  return names;
}

void post_stop(const std::shared_ptr<shard>& member) {
  net::asio::post(member->executor(), [member] { member->stop(); });
}

void add_sizes(const std::vector<group_sizes>& of_shard, std::vector<experiment_health>& all) {
  for (std::size_t i = 0; i < std::min(of_shard.size(), all.size()); ++i) {
    all[i].treated.guilds += of_shard[i].treated;
    all[i].control.guilds += of_shard[i].control;
  }
}

}  // namespace

bot_runtime::bot_runtime(bot_settings settings, bot_parts parts)
    : settings_(std::move(settings)),
      parts_(std::move(parts)),
      log_(base::logger::root().with("bot", settings_.name.value)),
      facts_(facts_of(settings_, parts_.clock.steady_now())),
      experiments_(settings_.experiments, feature_names_of(settings_), settings_.name.value, parts_.metrics,
                   parts_.clock),
      random_(base::random_source::from_system()),
      attachments_(settings_.api, settings_.tls),
      rest_(home(), rest_settings_of(settings_), parts_.metrics, parts_.clock, parts_.guard),
      counts_(parts_.metrics, settings_.name.value, parts_.clock),
      identifies_(
          home(), settings_.name,
          identify_desk_parts{parts_.stores.sessions, parts_.stores.session_thread, parts_.clock,
                              parts_.metrics},
          settings_.identifies, [this] { return ask_limit(); }, log_),
      jobs_(home(), settings_.name, parts_.stores.environment, settings_.node, settings_.jobs,
            jobs::job_parts{parts_.clock, parts_.metrics, parts_.stores.data, parts_.stores.data_threads,
                            log_}),
      reshards_(home(), ports_for_reshards(),
                reshard_desk_parts{settings_.name, parts_.stores.sessions, parts_.stores.session_thread,
                                   parts_.clock, parts_.metrics, log_}),
      tasks_(home()),
      desk_tasks_(home()),
      job_tasks_(home()),
      background_(home()),
      stop_wanted_(home()) {
  rest_.set_on_unauthorized([this] {
    fail(base::error(
        discord::gateway_error::authentication_failed, settings_.name.value,
        "Discord refused the token (401). Copy the current one from the developer portal (Bot, Reset "
        "Token) into this bot's configuration."));
  });
  share_rate();
  follow_settings();
}

bot_runtime::~bot_runtime() = default;

net::task<> bot_runtime::run() {
  const auto info = co_await reach_discord();
  if (info && co_await open_identifies(*info)) co_await serve(*info);
  tasks_.close();
  co_await tasks_.join();
  desk_tasks_.close();
  desk_tasks_.cancel();
  co_await desk_tasks_.join();
  background_.close();
  background_.cancel();
  co_await background_.join();
  if (rate_) rate_->close();
  rest_.close();
}

net::task<> bot_runtime::serve(gateway_info info) {
  gateway_url_ = info.url;
  bool begun = false;
  while (const auto start = co_await agree_on_shards(info.shards)) {
    if (!begun)
      log_.info("bot starts", base::field("shards", start->count),
                base::field("identifies_left", info.limit.remaining));
    else
      log_.info("bot serves again", base::field("shards", start->count));
    begin_shards(*start);
    desk_tasks_.spawn("number of shards", reshards_.run());
    if (!std::exchange(begun, true)) {
      background_.spawn("identify queue", identifies_.run());
      background_.spawn("introduction", introduce());
      job_tasks_.spawn("jobs", jobs_.run());
    }
    while (!stopping_ && !aside_) (void)co_await stop_wanted_.wait(net::no_deadline());
    if (stopping_) break;
    co_await leave_shards();
  }
  reshards_.stop();
  // While the shards may still act: what runs gets some seconds.
  jobs_.stop();
  job_tasks_.close();
  co_await job_tasks_.join();
  for (const auto& member : *shards_.get()) post_stop(member);
}

// It holds none of their leases any more, or is about to lose them.
net::task<> bot_runtime::leave_shards() {
  log_.info("this node leaves the bot to others, which change its number of shards",
            base::field("shards", acting_count_));
  reshards_.stop();
  desk_tasks_.close();
  co_await desk_tasks_.join();
  desk_tasks_.reopen();
  for (const auto& member : *shards_.get()) post_stop(member);
  tasks_.close();
  co_await tasks_.join();
  tasks_.reopen();
  std::set<std::uint32_t> counts;
  for (const auto& member : *shards_.get()) counts.insert(member->key().shard.count);
  for (const std::uint32_t count : counts) forget_set(count);
  first_shard_live_ = aside_ = false;
}

void bot_runtime::take_up(reshard_order order) {
  if (order.of.home == parts_.stores.node) return reshards_.take_up(std::move(order));
  if (!fleet::keeps_others_out(order.of)) return;
  step_aside(order.of.from);
  step_aside(order.of.to);
}

void bot_runtime::step_aside(std::uint32_t count) {
  net::asio::post(home(), [this, count] {
    if (members(count).empty()) return;
    aside_ = true;
    stop_wanted_.notify();
  });
}

net::task<std::string> bot_runtime::serve_guest(peer::guest_question question) {
  const std::shared_ptr<shard> member = shard_of(question.shard);
  if (!member) co_return std::string();
  co_return co_await net::on_reactor(member->executor(), member->serve_guest(std::move(question)));
}

fleet::release_figures bot_runtime::figures() {
  shards_now now;
  for (const auto& member : *shards_.get()) {
    now.held += member->gauges().held ? 1 : 0;
    now.visits += member->gauges().visits ? 1 : 0;
  }
  return counts_.read(now);
}

void bot_runtime::stop() {
  net::asio::post(home(), [this] { stop_here(); });
}

void bot_runtime::stop_here() {
  stopping_ = true;
  stop_wanted_.notify();
  // Before there are shards nothing is under way but the question for the gateway.
  if (!shards_.get()->empty()) return;
  if (rate_) rate_->close();
  rest_.close();
}

void bot_runtime::fail(const base::error& error) {
  if (stopped_for_good_.exchange(true)) return;
  problem_.set(error.message());
  log_.error("bot stopped for good", base::field("reason", error.message()));
  stop_here();
}

void bot_runtime::on_ready(const discord::act_session_started& started, discord::shard_id shard) {
  application_ = started.application.value;
  if (settings_.application && *settings_.application != started.application) {
    log_.warn("the configured app id is not this bot's; Discord's is used",
              base::field("configured", *settings_.application), base::field("discord", started.application));
  }
  first_shard_live_ |= shard.index == 0;
  publish_when_ready();
}

// Who the bot is: after a RESUME no READY tells it.
net::task<> bot_runtime::introduce() {
  base::backoff pauses({std::chrono::seconds(5), std::chrono::minutes(10), 2.0});
  while (true) {
    const auto answer = co_await rest_.request(discord::endpoints::get_application(), nullptr);
    const auto known = answer ? read_application(answer->body) : std::unexpected(answer.error());
    if (known) {
      application_ = known->id.value;
      user_name_.set(known->user_name);
      publish_when_ready();
      co_return;
    }
    log_.warn("Discord does not tell who the bot is; asking again",
              base::field("reason", known.error().message()));
    if (!co_await net::sleep_until(net::deadline_in(pauses.next(random_)))) co_return;
  }
}

void bot_runtime::publish_when_ready() {
  const discord::application_id application{application_};
  const auto members = shards_.get();
  if (published_ || !first_shard_live_ || application.empty() || members->empty()) return;
  published_ = true;
  background_.spawn("command registration", publish(application, members->front()->permit()));
}

net::task<> bot_runtime::publish(discord::application_id application,
                                 std::shared_ptr<const write_permit> permit) {
  base::backoff pauses({std::chrono::seconds(10), std::chrono::minutes(10), 2.0});
  while (!stopping_) {
    const auto done = co_await publish_commands(
        rest_link(home(), rest_), {application, settings_.command_guild}, facts_.commands, permit, log_);
    if (done) co_return;
    log_.warn("commands could not be registered; the bot runs on",
              base::field("reason", done.error().message()));
    if (!co_await net::sleep_until(net::deadline_in(pauses.next(random_)))) co_return;
  }
}

// One node alone has the whole limit.
void bot_runtime::share_rate() {
  if (!parts_.stores.leases_shared) return;
  reserve_requests reserve;
  if (store::request_share* share = parts_.stores.requests; share != nullptr) {
    reserve = [share, there = parts_.stores.control](store::bot_name bot, std::uint32_t wanted) {
      return net::on_reactor(there, share->reserve(std::move(bot), wanted));
    };
  }
  rate_.emplace(
      home(), settings_.name, shared_rate_settings{}, std::move(reserve),
      [this](int limit) { rest_.set_global_per_second(limit); }, log_);
  rest_.set_write_gate([this](base::steady_time deadline) { return rate_->pass(deadline); });
}

void bot_runtime::on_hold(discord::shard_id shard, bool held) {
  int& now_held = shards_held_[shard.count];
  now_held += held ? 1 : -1;
  if (rate_ && shard.count == acting_count_)
    rate_->on_shards(static_cast<std::uint32_t>(std::max(now_held, 0)), shard.count);
  jobs_.on_hold(shard, held);
}

void bot_runtime::follow_settings() {
  const auto keeps = [](const features::feature_declaration* each) { return each->keeps_guilds; };
  if (!std::ranges::any_of(settings_.features, keeps)) return;
  settings::change_feed& feed = parts_.stores.changes;
  feed.follow({[this](const store::changed_settings& change) {
                 for (const auto& member : *shards_.get()) {
                   const discord::shard_id at = member->key().shard;
                   if (discord::shard_of(change.key.guild, at.count) != at) continue;
                   net::asio::post(member->executor(), [member, key = change.key] {
                     member->note_settings(key.guild, key.feature);
                   });
                 }
               },
               [this] {
                 for (const auto& member : *shards_.get())
                   net::asio::post(member->executor(), [member] { member->note_all_settings(); });
               }});
  net::asio::post(parts_.stores.control, [&feed] { feed.activate(); });
}

void bot_runtime::set_problem(const std::string& source, const std::string& text) {
  if (text.empty()) {
    if (problems_.erase(source) == 0) return;
  } else {
    problems_[source] = text;
  }
  // Why it stopped stays what is told.
  if (!stopped_for_good_) problem_.set(problems_.empty() ? std::string() : problems_.begin()->second);
}

bot_health bot_runtime::health(base::steady_time now) const {
  bot_health out;
  out.name = settings_.name.value;
  if (const std::uint64_t application = application_; application != 0) {
    out.application = discord::application_id{application};
  } else {
    out.application = settings_.application;
  }
  out.user_name = *user_name_.get();
  out.problem = *problem_.get();
  out.stopped = stopped_for_good_;
  out.experiments = experiments_.health();
  for (const auto& member : *shards_.get()) {
    out.shards.push_back(member->gauges().health(now));
    if (out.shards.back().muted) continue;
    add_sizes(*member->gauges().experiment_groups.get(), out.experiments);
  }
  return out;
}

void bot_runtime::add_memory(memory_parts& to) const {
  for (const auto& member : *shards_.get()) {
    const shard_gauges& gauges = member->gauges();
    to.guilds += gauges.role == set_role::muted ? 0 : gauges.guilds.load();
    to.guild_state += gauges.state_bytes;
    to.queued_events += gauges.queued_bytes;
    to.ledger += gauges.ledger_bytes;
  }
}

}  // namespace guildfleet::bot
