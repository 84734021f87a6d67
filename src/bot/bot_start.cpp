// What a bot does before its shards run: it asks Discord, the store, and the other nodes.
#include <algorithm>

#include "bot/bot_runtime.hpp"
#include "fleet/reshard_json.hpp"
#include "fleet/reshard_record.hpp"

namespace guildfleet::bot {
namespace {

// Who takes over from a node that died amid a change is not to lose the time that a member waits for.
constexpr std::chrono::milliseconds other_count_again{500};

// The bot's last change of its number of shards, active or ended.
struct last_reshard {
  store::rollout_row row{};
  fleet::reshard of{};
};

struct start_answer {
  fleet::count_answer answer{};
  std::optional<reshard_order> order{};  // to go on with
  std::vector<discord::guild_id> cut{};  // guilds that went over
};

base::result<std::optional<last_reshard>> read_reshard(store::store& store, const store::bot_name& bot) {
  const auto rows = store.rollouts(bot, store::operations_kept);
  if (!rows) return std::unexpected(rows.error());
  const store::rollout_row* row = fleet::newest_reshard(*rows);
  if (row == nullptr) return std::nullopt;
  auto of = fleet::reshard_from_json(row->state);
  if (!of) return std::unexpected(std::move(of).error());
  return last_reshard{.row = *row, .of = std::move(*of)};
}

// The operation's home is this process from now on; false: another one was first.
base::result<bool> take_home(store::store& store, last_reshard& last, const store::node_identity& self,
                             base::wall_time now) {
  if (last.of.home == self) return true;
  const fleet::reshard_step step = fleet::move_home(last.of, self, now);
  const auto changed = store.change_rollout(fleet::change_of(last.row, step, self.name));
  if (!changed) return std::unexpected(changed.error());
  last.of = step.next;
  return changed->has_value();
}

base::result<start_answer> ask_store(store::store& store, const fleet::count_question& question) {
  using kind = fleet::count_answer::kind;
  auto seen = store.survey();
  if (!seen) return std::unexpected(std::move(seen).error());
  auto last = read_reshard(store, question.bot);
  if (!last) return std::unexpected(std::move(last).error());
  start_answer out{
      .answer = fleet::choose_count(*seen, question, *last ? std::optional((*last)->of) : std::nullopt)};
  if (out.answer.what != kind::reshard) return out;
  const base::wall_time now{std::chrono::milliseconds(seen->at_ms)};
  const auto taken = take_home(store, **last, question.self, now);
  if (!taken) return std::unexpected(taken.error());
  if (!*taken) return start_answer{{.what = kind::wait, .why = "another node goes on with the change"}};
  const auto cuts = store.cuts((*last)->row.id);
  if (!cuts) return std::unexpected(cuts.error());
  out.order = reshard_order{(*last)->row.id, (*last)->of, now};
  for (const store::guild_cut_row& each : *cuts) out.cut.push_back(each.guild);
  return out;
}

}  // namespace

net::task<base::result<gateway_info>> bot_runtime::ask_gateway() {
  const base::steady_time asked_at = parts_.clock.steady_now();
  auto answer = co_await rest_.request(discord::make_request(discord::routes::get_gateway_bot), nullptr);
  if (!answer) co_return std::unexpected(explain_gateway_failure(answer.error()));
  auto info = read_gateway_info(answer->body);
  if (info) info->asked_at = asked_at;
  co_return info;
}

net::task<base::result<fleet::session_start_limit>> bot_runtime::ask_limit() {
  auto info = co_await ask_gateway();
  if (!info) co_return std::unexpected(std::move(info).error());
  co_return info->limit;
}

net::task<std::optional<gateway_info>> bot_runtime::reach_discord() {
  base::backoff pauses;
  while (!stopping_) {
    auto info = co_await ask_gateway();
    if (info) {
      set_problem({}, {});
      co_return *info;
    }
    if (stopping_) break;
    set_problem({}, info.error().message());
    const auto pause = pauses.next(random_);
    log_.warn("Discord cannot be reached; trying again", base::field("reason", info.error().message()),
              base::field("again_in_ms", pause.count()));
    (void)co_await stop_wanted_.wait(net::deadline_in(pause));
  }
  co_return std::nullopt;
}

net::task<bool> bot_runtime::open_identifies(gateway_info info) {
  while (!stopping_) {
    const auto opened = co_await identifies_.open(info.limit, info.asked_at);
    if (opened) {
      set_problem({}, {});
      co_return true;
    }
    set_problem({}, opened.error().message());
    log_.error("identify log could not be read; nothing is identified before it can",
               base::field("reason", opened.error().message()));
    (void)co_await stop_wanted_.wait(net::deadline_in(std::chrono::seconds(5)));
  }
  co_return false;
}

// Two counts at once would serve every guild twice: their shards have nothing in common that a lease could
// guard. Who chooses freely does as the others do; who must not waits until they have ended.
net::task<std::optional<bot_runtime::shard_start>> bot_runtime::agree_on_shards(std::uint32_t recommended) {
  const fleet::count_question question{settings_.name, parts_.stores.node, settings_.shards, recommended};
  while (!stopping_) {
    const auto known = co_await parts_.stores.session_thread.run(
        [store = parts_.stores.sessions, question] { return ask_store(*store, question); });
    const std::string why = known ? known->answer.why : known.error().message();
    if (known && known->answer.what != fleet::count_answer::kind::wait) {
      set_problem({}, {});
      if (!known->answer.warning.empty()) log_.warn(known->answer.warning);
      if (known->order) co_return start_amid(*known->order, known->cut);
      note_other_count(known->answer.count, recommended);
      co_return shard_start{.count = known->answer.count};
    }
    if (*problem_.get() != why) log_.warn("bot waits", base::field("reason", why));
    set_problem({}, why);
    (void)co_await stop_wanted_.wait(net::deadline_in(other_count_again));
  }
  co_return std::nullopt;
}

void bot_runtime::note_other_count(std::uint32_t count, std::uint32_t recommended) const {
  if (count == settings_.shards.value_or(recommended)) return;
  log_.info("the bot has another number of shards than this node would choose; it is taken over",
            base::field("shards", count), base::field("recommended", recommended));
}

// An earlier process of this bot died while the number of shards was changed.
bot_runtime::shard_start bot_runtime::start_amid(reshard_order order, std::vector<discord::guild_id> cut) {
  const bool old_set = fleet::duty_of(order.of, order.now).old_set;
  return {.count = old_set ? order.of.from : order.of.to,
          .runs = old_set,
          .reshard = std::move(order),
          .cut = std::move(cut)};
}

}  // namespace guildfleet::bot
