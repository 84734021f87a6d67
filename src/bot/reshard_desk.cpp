#include "bot/reshard_desk.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>

#include "net/on_reactor.hpp"

namespace guildfleet::bot {
namespace {

constexpr std::chrono::milliseconds turn{250};

net::task<bool> retired(std::shared_ptr<shard> member) {
  co_return member->retire();
}

bool has_stopped(const std::shared_ptr<shard>& member) {
  return member->gauges().state == shard_state::stopped;
}

}  // namespace

void reshard_desk::post(const std::shared_ptr<shard>& member, std::function<void(shard&)> word) {
  net::asio::post(member->executor(), [member, word = std::move(word)] { word(*member); });
}

reshard_desk::reshard_desk(net::asio::any_io_executor home, reshard_ports ports, reshard_desk_parts parts)
    : home_(home),
      ports_(std::move(ports)),
      parts_(std::move(parts)),
      news_(home),
      left_(parts_.metrics.gauge_of("guildfleet_fleet_reshard_guilds_left",
                                    "While the bot's number of shards changes: guilds of the old shards",
                                    {{"bot", parts_.bot.value}})) {}

void reshard_desk::take_up(reshard_order order) {
  net::asio::post(home_, [this, order = std::move(order)]() mutable {
    // What has ended is of no concern where it was never followed.
    if (fleet::has_ended(order.of.state) && order.id != id_) return;
    if (id_ != 0 && order.id != id_) {
      next_ = std::move(order);
      return;
    }
    const bool news = !order_ || order_->id != order.id || order_->of.state != order.of.state;
    order_ = std::move(order);
    if (news) news_.notify();
  });
}

std::optional<fleet::reshard_figures> reshard_desk::figures(std::uint64_t operation,
                                                            fleet::reshard_state state) const {
  const auto told = told_.get();
  if (!*told || (*told)->state != state || (*told)->figures.operation != operation) return std::nullopt;
  return (*told)->figures;
}

std::optional<std::uint32_t> reshard_desk::count_for(discord::guild_id guild, std::uint32_t otherwise) const {
  if (id_ == 0) return otherwise;
  if (paused_.contains(guild)) return std::nullopt;
  return old_ended_ || cut_.contains(guild) ? to_ : from_;
}

net::task<> reshard_desk::run() {
  co_await net::asio::this_coro::throw_if_cancelled(false);
  while (!stopping_ && !co_await net::is_cancelled()) {
    if (order_) co_await follow(*order_);
    const bool more = order_.has_value();
    if (!stopping_) (void)co_await news_.wait(more ? net::deadline_in(turn) : net::no_deadline());
  }
  forget();
  order_.reset();
  next_.reset();
  stopping_ = false;
}

bool reshard_desk::may_be_given_up() const {
  return !order_ || order_->of.state == fleet::reshard_state::connecting ||
         order_->of.state == fleet::reshard_state::aborting;
}

void reshard_desk::forget() {
  told_.set(std::nullopt);
  left_.set(0);
  id_ = 0;
  paused_.clear();
}

void reshard_desk::stop() {
  stopping_ = true;
  news_.notify();
}

net::task<> reshard_desk::follow(reshard_order order) {
  using fleet::reshard_state;
  if (order.of.state == reshard_state::gathering) co_return;
  if (!co_await know(order)) co_return;
  const fleet::reshard_duty duty = fleet::duty_of(order.of, order.now);
  switch (order.of.state) {
    case reshard_state::gathering:
      break;
    case reshard_state::connecting:
      begin_fresh();
      tell(order, 0);
      break;
    case reshard_state::cutting: {
      begin_fresh();
      const std::size_t left = co_await take_over(duty.guesses);
      tell(order, left);
      break;
    }
    case reshard_state::closing:
      co_await end_old(order);
      break;
    case reshard_state::aborting:
      co_await end_fresh(order);
      break;
    case reshard_state::done:
    case reshard_state::aborted:
      co_await finish(order);
      break;
  }
}

// False: the store does not tell which guilds went over, and without that nothing is right.
net::task<bool> reshard_desk::know(const reshard_order& order) {
  if (id_ == order.id) co_return true;
  auto cuts =
      co_await parts_.store_thread.run([store = parts_.store, id = order.id] { return store->cuts(id); });
  if (!cuts) {
    parts_.log.warn("which servers went over to the new shards is not told; asking again",
                    base::field("reason", cuts.error().message()));
    co_return false;
  }
  id_ = order.id;
  from_ = order.of.from;
  to_ = order.of.to;
  stored_cuts_ = std::move(*cuts);
  cut_.clear();
  for (const store::guild_cut_row& each : stored_cuts_) cut_.insert(each.guild);
  retired_.clear();
  fresh_begun_ = old_ended_ = false;
  schedule_ = fleet::cut_schedule();
  parts_.log.info("the bot changes its number of shards", base::field("from", from_), base::field("to", to_),
                  base::field("state", fleet::name_of(order.of.state)),
                  base::field("guilds_over", cut_.size()));
  co_return true;
}

void reshard_desk::begin_fresh() {
  if (!std::exchange(fresh_begun_, true)) {
    const shard_list old = ports_.members(from_);
    for (const auto& member : old) {
      guild_list gone = those_of(member->key().shard, guild_list(cut_.begin(), cut_.end()));
      post(member, [gone = std::move(gone)](shard& of) { of.begin_retiring(gone); });
    }
    if (ports_.members(to_).empty()) ports_.begin_set(to_, stored_cuts_, false);
  }
  tend_fresh();
}

void reshard_desk::tend_fresh() const {
  const bool old_whole = std::ranges::all_of(
      ports_.members(from_), [](const auto& member) { return member->gauges().whole.load(); });
  for (const auto& member : ports_.members(to_))
    post(member, [old_whole](shard& of) { of.tend_muted(old_whole); });
}

bool reshard_desk::all_whole() const {
  const auto whole = [](const auto& member) { return member->gauges().whole.load(); };
  const shard_list old = ports_.members(from_);
  const shard_list fresh = ports_.members(to_);
  return !old.empty() && !fresh.empty() && std::ranges::all_of(old, whole) &&
         std::ranges::all_of(fresh, whole);
}

void reshard_desk::tell(const reshard_order& order, std::size_t guilds_left) {
  fleet::reshard_figures figures{.operation = order.id};
  for (const auto& member : ports_.members(to_)) {
    figures.fresh_whole += member->gauges().whole ? 1U : 0U;
    figures.fresh_refused += has_stopped(member) ? 1U : 0U;
    figures.unsettled += member->gauges().unsettled ? 1U : 0U;
  }
  // A shard that is not there does not tell its guilds.
  if (order.of.state == fleet::reshard_state::cutting && !all_whole()) ++figures.unsettled;
  figures.guilds_left = static_cast<std::uint32_t>(guilds_left);
  left_.set(static_cast<double>(guilds_left));
  told_.set(told{order.of.state, figures});
}

net::task<> reshard_desk::end_old(const reshard_order& order) {
  const shard_list old = ports_.members(from_);
  if (old.empty()) {
    // This node began when the old set had ended.
    if (!std::exchange(fresh_begun_, true) && ports_.members(to_).empty())
      ports_.begin_set(to_, stored_cuts_, true);
    old_ended_ = true;
  } else if (!old_ended_ && co_await retire_old(order)) {
    old_ended_ = true;
    for (const auto& member : ports_.members(to_)) post(member, [](shard& of) { of.open_to_all(); });
    ports_.act_with(to_);
  }
  if (old_ended_ && !old.empty() && std::ranges::all_of(old, has_stopped)) ports_.forget_set(from_);
  tend_fresh();
  tell(order, 0);
}

// A guild may have joined since all had gone over. True: every old shard ends.
net::task<bool> reshard_desk::retire_old(const reshard_order& order) {
  const bool overdue = order.now - order.of.since > order.of.limits.cut;
  if (!overdue && co_await take_over(true) > 0) co_return false;
  bool all = true;
  for (const auto& member : ports_.members(from_)) {
    if (retired_.contains(member->key().shard)) continue;
    if (overdue) {
      parts_.log.warn("an old shard ends although not all of its servers went over",
                      base::field("shard", member->key().shard));
      post(member, [](shard& of) { of.discard(); });
    } else if (!co_await net::on_reactor(member->executor(), retired(member))) {
      all = false;
      continue;
    }
    retired_.insert(member->key().shard);
  }
  co_return all;
}

net::task<> reshard_desk::end_fresh(const reshard_order& order) {
  const shard_list fresh = ports_.members(to_);
  for (const auto& member : fresh) {
    if (retired_.insert(member->key().shard).second) post(member, [](shard& of) { of.discard(); });
  }
  if (!fresh.empty() && std::ranges::all_of(fresh, has_stopped)) ports_.forget_set(to_);
  if (ports_.members(to_).empty()) {
    for (const auto& member : ports_.members(from_)) post(member, [](shard& of) { of.be_the_only_one(); });
  }
  tell(order, 0);
  co_return;
}

net::task<> reshard_desk::finish(const reshard_order& order) {
  const bool done = order.of.state == fleet::reshard_state::done;
  if (done) {
    co_await end_old(order);
  } else {
    co_await end_fresh(order);
  }
  const shard_list rest = ports_.members(done ? from_ : to_);
  const shard_list stay = ports_.members(done ? to_ : from_);
  const bool settled =
      std::ranges::none_of(stay, [](const auto& member) { return member->gauges().unsettled.load(); });
  if (!rest.empty() || !settled) co_return;
  for (const auto& member : stay) post(member, [](shard& of) { of.be_the_only_one(); });
  parts_.log.info("the bot has its number of shards", base::field("shards", done ? to_ : from_),
                  base::field("state", fleet::name_of(order.of.state)));
  forget();
  order_ = std::exchange(next_, std::nullopt);
}

}  // namespace guildfleet::bot
