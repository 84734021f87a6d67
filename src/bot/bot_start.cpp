// What a bot does before its shards run: it asks Discord, the store, and the other nodes.
#include <algorithm>

#include "bot/bot_runtime.hpp"
#include "fleet/reshard_json.hpp"

namespace guildfleet::bot {
namespace {

constexpr std::chrono::seconds other_count_again{2};

constexpr std::uint32_t operations_looked_through = 100;

// The bot's last change of its number of shards, active or ended.
struct last_reshard {
  std::uint64_t id = 0;
  fleet::reshard of{};
  std::vector<discord::guild_id> cut{};  // guilds that went over
};

struct seen_bot {
  store::fleet_picture picture{};
  std::optional<last_reshard> reshard{};
};

base::result<seen_bot> look(store::store& store, const store::bot_name& bot) {
  seen_bot out;
  auto picture = store.survey();
  if (!picture) return std::unexpected(std::move(picture).error());
  out.picture = std::move(*picture);
  const auto rows = store.rollouts(bot, operations_looked_through);
  if (!rows) return std::unexpected(rows.error());
  const auto row =
      std::ranges::find_if(*rows, [](const auto& each) { return fleet::is_reshard(each.state); });
  if (row == rows->end()) return out;
  auto of = fleet::reshard_from_json(row->state);
  if (!of) return std::unexpected(std::move(of).error());
  const auto cuts = store.cuts(row->id);
  if (!cuts) return std::unexpected(cuts.error());
  out.reshard = last_reshard{.id = row->id, .of = std::move(*of)};
  for (const store::guild_cut_row& each : *cuts) out.reshard->cut.push_back(each.guild);
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
  using kind = fleet::count_answer::kind;
  const fleet::count_question question{settings_.name, parts_.stores.node, settings_.shards, recommended};
  while (!stopping_) {
    const auto seen = co_await parts_.stores.session_thread.run(
        [store = parts_.stores.sessions, bot = settings_.name] { return look(*store, bot); });
    std::string why = seen ? std::string() : seen.error().message();
    if (seen) {
      const fleet::count_answer answer = fleet::choose_count(
          seen->picture, question, seen->reshard ? std::optional(seen->reshard->of) : std::nullopt);
      if (answer.what != kind::wait) {
        set_problem({}, {});
        if (!answer.warning.empty()) log_.warn(answer.warning);
        if (answer.what == kind::run) {
          note_other_count(answer.count, recommended);
          co_return shard_start{.count = answer.count};
        }
        co_return start_amid({seen->reshard->id, *answer.operation,
                              base::wall_time(std::chrono::milliseconds(seen->picture.at_ms))},
                             seen->reshard->cut);
      }
      why = answer.why;
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
