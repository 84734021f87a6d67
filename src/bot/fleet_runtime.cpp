#include "bot/fleet_runtime.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <set>

#include "bot/egress_ledger.hpp"
#include "store/sqlite/sqlite_store.hpp"

namespace guildfleet::bot {
namespace {

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host == "[::1]" || host.starts_with("127.");
}

// A queue for every shard's writes at once.
constexpr std::size_t store_queue_depth = 100'000;

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
      store_thread_(store_queue_depth),
      bot_tasks_(control),
      lease_tasks_(control) {
  guard_.set_bots(static_cast<int>(settings_.bots.size()));
}

fleet_runtime::~fleet_runtime() {
  store_thread_.stop();
  for (const auto& loop : reactors_) loop->stop();
}

std::vector<base::error> fleet_runtime::open_stores() {
  std::vector<base::error> errors;
  base::random_source random = base::random_source::from_system();
  const store::node_identity node = store::make_node_identity(settings_.node, random);
  for (const bot_plan& plan : settings_.bots) {
    if (find_store(plan.sqlite_path) != nullptr) continue;
    store::sqlite_settings file;
    file.path = plan.sqlite_path;
    file.node = node;
    auto opened = store::open_sqlite_store(std::move(file), clock_);
    if (!opened) {
      errors.push_back(std::move(opened).error());
      continue;
    }
    auto item = std::make_unique<opened_store>();
    item->path = plan.sqlite_path;
    item->store = std::move(opened->sessions);
    item->leases =
        std::make_unique<lease_keeper>(control_, item->store, store_thread_, clock_, settings_.leases, log_);
    make_settings(*item, std::move(opened->data));
    stores_.push_back(std::move(item));
  }
  if (errors.empty()) {
    open_egress_ledger();
    make_bots();
  }
  stores_opened_ = errors.empty();
  return errors;
}

// Another process may write to the same file: a second node, or the command line.
void fleet_runtime::make_settings(opened_store& of, std::shared_ptr<store::settings_store> store) {
  of.settings = std::make_unique<settings::settings_desk>(
      control_, settings::desk_parts{store,
                                     store_thread_,
                                     nullptr,
                                     schemas_,
                                     {},
                                     settings::make_settings_metrics(metrics_),
                                     base::random_source::from_system(),
                                     log_});
  of.changes = std::make_unique<settings::change_feed>(
      control_, settings::feed_settings{.check_every = settings::check_without_notes},
      settings::feed_parts{store, store_thread_, metrics_, log_});
  of.changes->follow({[desk = of.settings.get()](const store::changed_settings& change) {
                        desk->note(change.key, change.version);
                      },
                      [desk = of.settings.get()] { desk->note_gap(); }});
}

fleet_runtime::opened_store* fleet_runtime::find_store(const std::string& path) {
  const auto found = std::ranges::find_if(stores_, [&](const auto& item) { return item->path == path; });
  return found == stores_.end() ? nullptr : found->get();
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
  std::size_t first = 0;
  for (const bot_plan& plan : settings_.bots) {
    opened_store& file = *find_store(plan.sqlite_path);
    std::vector<net::asio::any_io_executor> loops;
    for (std::size_t i = 0; i < reactors_.size(); ++i) {
      loops.push_back(reactors_[(first + i) % reactors_.size()]->executor());
    }
    ++first;
    bots_.push_back(std::make_unique<bot_runtime>(
        plan.settings, bot_parts{clock_, metrics_, guard_, file.store, store_thread_, *file.leases,
                                 settings_link(control_, *file.settings, *file.changes), std::move(loops)}));
  }
}

net::task<> fleet_runtime::run() {
  for (const auto& item : stores_) {
    lease_tasks_.spawn("leases", item->leases->run());
    lease_tasks_.spawn("changes of settings", item->changes->run());
  }
  for (const auto& item : bots_) bot_tasks_.spawn("bot", run_bot(*item));
  if (stopping_) stop();
  bot_tasks_.close();
  co_await bot_tasks_.join();
  lease_tasks_.close();
  lease_tasks_.cancel();
  co_await lease_tasks_.join();
}

net::task<> fleet_runtime::run_bot(bot_runtime& bot) {
  // Without a cancellation slot: a signal must be emitted on the bot's own thread; stop() is how it ends.
  co_await net::asio::co_spawn(
      bot.home(), bot.run(),
      net::asio::bind_cancellation_slot(net::asio::cancellation_slot(), net::asio::use_awaitable));
}

void fleet_runtime::stop() {
  stopping_ = true;
  for (const auto& item : bots_) item->stop();
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
