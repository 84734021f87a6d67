#include "bot/fleet_runtime.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <set>

#include "bot/egress_ledger.hpp"
#include "fleet/reshard_record.hpp"
#include "fleet/rollout_json.hpp"
#include "net/on_reactor.hpp"

namespace guildfleet::bot {
namespace {

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host == "[::1]" || host.starts_with("127.");
}

std::vector<const settings::feature_schema*> schemas_of(const fleet_settings& fleet) {
  std::set<const settings::feature_schema*> found;
  for (const bot_plan& plan : fleet.bots) {
    for (const features::feature_declaration* feature : plan.settings.features) {
      if (feature->settings != nullptr) found.insert(feature->settings);
    }
  }
  return {found.begin(), found.end()};
}

}  // namespace

fleet_runtime::fleet_runtime(net::asio::any_io_executor control, fleet_settings settings,
                             const base::clock& clock, base::metrics& metrics)
    : control_(control),
      settings_(std::move(settings)),
      clock_(clock),
      metrics_(metrics),
      log_(base::logger::root()),
      started_(clock.steady_now()),
      schemas_(schemas_of(settings_)),
      stores_(control, stores_settings(), clock, metrics, schemas_),
      bot_tasks_(control),
      lease_tasks_(control) {
  guard_.set_bots(static_cast<int>(settings_.bots.size()));
}

fleet_runtime::~fleet_runtime() {
  stores_.stop_threads();
  for (const auto& loop : reactors_) loop->stop();
}

fleet_stores_settings fleet_runtime::stores_settings() {
  const fleet_settings& fleet = settings_;
  base::random_source random = base::random_source::from_system();
  fleet_stores_settings settings{.node = store::make_node_identity(fleet.node, random),
                                 .leases = fleet.leases,
                                 .environment = fleet.environment,
                                 .database = fleet.database,
                                 .cache = fleet.cache};
  settings.about.release = fleet.release;
  settings.about.weight = fleet.weight;
  settings.moves_per_minute = fleet.moves_per_minute;
  settings.figures = [this](const store::bot_name& name) { return figures_of(name); };
  settings.newest_rollout = [this](store::bot_name name) { return newest_rollout(std::move(name)); };
  settings.reshards = words_of_reshards();
  if (fleet.peers) {
    settings.words.say_look = [this](store::node_row to) {
      lease_tasks_.spawn("peer word", [](peer::peer_link& link, store::node_row node) -> net::task<> {
        (void)co_await link.say_look(std::move(node));
      }(*peers_, std::move(to)));
    };
    settings.words.say_prepare = [this](store::node_row to, store::lease_key shard) {
      lease_tasks_.spawn(
          "peer word", [](peer::peer_link& link, store::node_row node, store::lease_key key) -> net::task<> {
            (void)co_await link.say_prepare(std::move(node), std::move(key));
          }(*peers_, std::move(to), std::move(shard)));
    };
  }
  // Who looks at the server's connections sees whose they are.
  settings.database.application_name = fleet.bots.size() == 1 ? fleet.bots.front().settings.name.value
                                                              : fmt::format("{}@{}", fleet.fleet, fleet.node);
  return settings;
}

reshard_words fleet_runtime::words_of_reshards() {
  return {[this](const store::bot_name& name, reshard_order order) {
            if (bot_runtime* bot = bot_named(name)) bot->take_up(std::move(order));
          },
          [this](const store::bot_name& name, std::uint64_t operation, fleet::reshard_state state) {
            bot_runtime* bot = bot_named(name);
            return bot == nullptr ? std::nullopt : bot->reshard_figures(operation, state);
          },
          [this](const store::bot_name& name, std::uint32_t count) {
            if (bot_runtime* bot = bot_named(name)) bot->step_aside(count);
          }};
}

base::result<void> fleet_runtime::open_peer_link() {
  if (!settings_.peers) return {};
  peer::peer_events events{[this] { stores_.look_at_leases(); },
                           [this](const store::lease_key& shard) { stores_.prepare(shard); },
                           [this](peer::guest_question question) { return serve_guest(std::move(question)); },
                           peers_health_,
                           [this](peer::handover_note note) { return hear_note(std::move(note)); },
                           [this](peer::handover_word word) { return hear_word(std::move(word)); }};
  peers_ = std::make_unique<peer::peer_link>(control_, *settings_.peers, std::move(events), metrics_, log_);
  if (auto started = peers_->start(); !started) return started;
  stores_.advertise(peers_->address(), peers_->certificate());
  return {};
}

bot_runtime* fleet_runtime::bot_named(const store::bot_name& name) {
  const auto found =
      std::ranges::find(settings_.bots, name, [](const bot_plan& plan) { return plan.settings.name; });
  if (found == settings_.bots.end() || bots_.empty()) return nullptr;
  return bots_[static_cast<std::size_t>(found - settings_.bots.begin())].get();
}

net::task<std::string> fleet_runtime::serve_guest(peer::guest_question question) {
  bot_runtime* bot = bot_named(question.shard.bot);
  if (bot == nullptr) co_return std::string();
  co_return co_await bot->serve_guest(std::move(question));
}

net::task<bool> fleet_runtime::hear_note(peer::handover_note note) {
  bot_runtime* bot = bot_named(note.shard.bot);
  co_return bot != nullptr&& co_await bot->hear_note(std::move(note));
}

net::task<bool> fleet_runtime::hear_word(peer::handover_word word) {
  bot_runtime* bot = bot_named(word.shard.bot);
  co_return bot != nullptr&& co_await bot->hear_word(std::move(word));
}

handover_link fleet_runtime::heirs() {
  if (!peers_) return {};
  return {[this](store::node_row to, peer::handover_note note) {
            return net::on_reactor(control_, peers_->say_handover(std::move(to), std::move(note)));
          },
          [this](store::node_row to, peer::handover_word word) {
            return net::on_reactor(control_, peers_->say_tail(std::move(to), std::move(word)));
          }};
}

// A bot of another node is looked for beside the first of this one's: there is one database, or none.
net::task<std::optional<fleet::rollout>> fleet_runtime::newest_rollout(store::bot_name name) {
  auto plan =
      std::ranges::find(settings_.bots, name, [](const bot_plan& each) { return each.settings.name; });
  if (plan == settings_.bots.end()) plan = settings_.bots.begin();
  const bot_stores stores = stores_.of(plan->sqlite_path);
  const auto rows = co_await stores.session_thread.run(
      [store = stores.sessions, name] { return store->rollouts(name, store::operations_kept); });
  const store::rollout_row* row = rows ? fleet::newest_rollout(*rows) : nullptr;
  if (row == nullptr) co_return std::nullopt;
  auto newest = fleet::rollout_from_json(row->state);
  if (!newest) co_return std::nullopt;
  co_return std::move(*newest);
}

std::optional<fleet::release_figures> fleet_runtime::figures_of(const store::bot_name& name) {
  bot_runtime* bot = bot_named(name);
  return bot == nullptr ? std::nullopt : std::optional(bot->figures());
}

std::vector<base::error> fleet_runtime::open_stores() {
  std::vector<base::error> errors;
  if (auto linked = open_peer_link(); !linked) errors.push_back(std::move(linked).error());
  for (const bot_plan& plan : settings_.bots) {
    auto opened = stores_.open(plan.sqlite_path);
    if (opened) continue;
    const std::string message = opened.error().message();
    const bool told =
        std::ranges::any_of(errors, [&](const auto& each) { return each.message() == message; });
    if (!told) errors.push_back(std::move(opened).error());
  }
  if (errors.empty()) {
    open_egress_ledger();
    make_bots();
  }
  stores_opened_ = errors.empty();
  return errors;
}

// A stand-in for Discord on this machine bans nobody; it gets a ledger when one is asked for.
void fleet_runtime::open_egress_ledger() {
  if (settings_.bots.empty()) return;
  const net::url& api = settings_.bots.front().settings.api;
  if (settings_.egress.empty() && (!api.secure() || is_loopback(api.host))) return;
  const std::string folder =
      settings_.egress_folder.empty() ? default_egress_folder() : settings_.egress_folder;
  const std::string name =
      fmt::format("{}@{}", settings_.egress.empty() ? "host" : settings_.egress, api.host);
  auto ledger = egress_ledger::open(folder, name, clock_);
  if (!ledger) {
    log_.warn("invalid requests are counted in this process only",
              base::field("reason", ledger.error().message()));
    return;
  }
  for (const bot_plan& plan : settings_.bots) (*ledger)->enter(plan.settings.token.fingerprint());
  guard_.share_with(std::move(*ledger));
}

void fleet_runtime::make_bots() {
  for (unsigned i = 0; i < std::max(1U, settings_.threads); ++i) {
    reactors_.push_back(std::make_unique<net::reactor>(fmt::format("loop-{}", i)));
  }
  ask_as_guest ask_owner;
  if (peers_) {
    ask_owner = [this](store::node_row owner, peer::guest_question question) {
      return net::on_reactor(control_, peers_->ask_as_guest(std::move(owner), std::move(question)));
    };
  }
  std::size_t first = 0;
  for (const bot_plan& plan : settings_.bots) {
    const bot_stores stores = stores_.of(plan.sqlite_path);
    std::vector<net::asio::any_io_executor> loops;
    for (std::size_t i = 0; i < reactors_.size(); ++i) {
      loops.push_back(reactors_[(first + i) % reactors_.size()]->executor());
    }
    ++first;
    bots_.push_back(std::make_unique<bot_runtime>(
        plan.settings,
        bot_parts{clock_, metrics_, guard_, stores, settings_link(control_, stores.settings, stores.changes),
                  ask_owner, heirs(), std::move(loops)}));
  }
}

net::task<> fleet_runtime::run() {
  stores_.run(lease_tasks_);
  for (const auto& item : bots_) bot_tasks_.spawn("bot", run_bot(*item));
  if (stopping_) stop();
  bot_tasks_.close();
  co_await bot_tasks_.join();
  lease_tasks_.close();
  lease_tasks_.cancel();
  co_await lease_tasks_.join();
  if (peers_) co_await peers_->stop(net::deadline_in(std::chrono::seconds(1)));
  stores_.close();
}

net::task<> fleet_runtime::run_bot(bot_runtime& bot) {
  // Without a cancellation slot: a signal must be emitted on the bot's own thread; stop() is how it ends.
  co_await net::asio::co_spawn(
      bot.home(), bot.run(),
      net::asio::bind_cancellation_slot(net::asio::cancellation_slot(), net::asio::use_awaitable));
}

std::vector<std::pair<std::string, bot_stores>> fleet_runtime::stores_of_bots() {
  std::vector<std::pair<std::string, bot_stores>> out;
  for (const bot_plan& plan : settings_.bots)
    out.emplace_back(plan.settings.name.value, stores_.of(plan.sqlite_path));
  return out;
}

void fleet_runtime::stop() {
  stopping_ = true;
  stores_.drain();
  for (const auto& item : bots_) item->stop();
}

memory_parts fleet_runtime::memory() const {
  memory_parts out{.settings_cache = stores_.settings_cache_bytes()};
  for (const auto& item : bots_) item->add_memory(out);
  return out;
}

fleet_snapshot fleet_runtime::snapshot() const {
  fleet_snapshot out;
  out.fleet = settings_.fleet;
  out.node = settings_.node;
  out.release = settings_.release;
  const base::steady_time now = clock_.steady_now();
  out.uptime = std::chrono::duration_cast<std::chrono::milliseconds>(now - started_);
  out.store_opened = stores_opened_;
  out.stopping = stopping_;
  for (std::size_t i = 0; i < reactors_.size(); ++i) {
    out.loops.push_back({fmt::format("loop-{}", i), reactors_[i]->last_turn_age()});
  }
  for (const auto& item : bots_) out.bots.push_back(item->health(now));
  return out;
}

}  // namespace guildfleet::bot
