#include "bot/interaction_desk.hpp"

#include "features/permission_names.hpp"
#include "features/replies.hpp"
#include "fleet/release_samples.hpp"

namespace guildfleet::bot {
namespace {

using features::text;

constexpr text not_available{"This is not available right now. Please try again in a moment.",
                             "現在ご利用いただけません。しばらくしてからもう一度お試しください。"};
constexpr text failed{"Something went wrong on our side. It has been logged.",
                      "処理中に問題が発生しました。内容は記録されています。"};
constexpr features::text not_served{"This bot does not serve this server.",
                                    "このボットはこのサーバーでは利用できません。"};
constexpr text unknown_command{
    "This command does not exist any more. Discord may need a minute to forget it.",
    "このコマンドは現在存在しません。反映に少し時間がかかることがあります。"};
constexpr text not_permitted{"You need this permission in this server: {permissions}.",
                             "この操作には次の権限が必要です: {permissions}"};
constexpr text old_component{
    "This belongs to an older version of the bot. Use its command again, or ask "
    "who runs the server to post it anew.",
    "これは以前のバージョンのボットのものです。コマンドを使い直すか、サーバーの"
    "管理者に再投稿を依頼してください。"};

std::string_view first_word(std::string_view path) {
  return path.substr(0, path.find(' '));
}

// An empty set in the definition stands for administrators.
discord::permission_set needed_permissions(const discord::command_definition& command) {
  const auto& wanted = command.default_member_permissions;
  if (!wanted) return {};
  return wanted->empty() ? discord::permission_set(discord::permission::administrator) : *wanted;
}

bool is_autocomplete(const discord::interaction& what) {
  return what.type == discord::interaction_type::autocomplete;
}

discord::permission_set lacks(const discord::interaction& what, discord::permission_set needed) {
  const bool may_do_all =
      what.guild.empty() || what.member_permissions.has(discord::permission::administrator);
  return may_do_all ? discord::permission_set() : needed.without(what.member_permissions);
}

}  // namespace

interaction_metrics make_interaction_metrics(base::metrics& metrics, const std::string& bot) {
  const base::metric_labels labels{{"bot", bot}};
  return {
      metrics.counter_of("guildfleet_bot_interactions_total", "Interactions handled", labels),
      metrics.counter_of("guildfleet_bot_interactions_failed_total",
                         "Interactions whose handler failed or whose answer did not reach Discord", labels),
      metrics.histogram_of("guildfleet_bot_interaction_seconds",
                           "Time from an interaction's arrival to the end of its handler", labels,
                           fleet::duration_histogram::bounds_in_seconds()),
      metrics.histogram_of("guildfleet_bot_interaction_first_answer_seconds",
                           "Time from an interaction's arrival until Discord had its first answer", labels,
                           {0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 2.25, 2.5, 2.75, 3})};
}

interaction_desk::interaction_desk(net::asio::any_io_executor executor,
                                   const std::vector<desk_entry>& entries, rest_link rest,
                                   fleet::watermark& progress, net::task_group& tasks,
                                   const base::clock& clock, interaction_metrics metrics, base::logger log,
                                   interaction_rules rules)
    : executor_(std::move(executor)),
      rest_(std::move(rest)),
      progress_(progress),
      tasks_(tasks),
      clock_(clock),
      metrics_(metrics),
      log_(std::move(log)),
      rules_(std::move(rules)) {
  for (std::size_t place = 0; place < entries.size(); ++place) {
    const desk_entry& entry = entries[place];
    by_feature_.emplace(
        std::string(entry.declaration->name),
        route{entry.declaration, entry.instance, entry.declaration->component_permissions, place});
    if (entry.declaration->commands == nullptr) continue;
    for (const auto& command : entry.declaration->commands()) {
      by_command_.emplace(command.name,
                          route{entry.declaration, entry.instance, needed_permissions(command), place});
    }
  }
}

std::shared_ptr<const discord::interaction> interaction_desk::read(std::string_view data) {
  auto parsed = discord::parse_interaction(data);
  if (!parsed) {
    log_.error("interaction could not be read", base::field("reason", parsed.error().message()));
    metrics_.failed.add();
    return nullptr;
  }
  return std::make_shared<const discord::interaction>(std::move(*parsed));
}

void interaction_desk::handle(std::uint64_t sequence, std::string_view data, base::steady_time arrived,
                              std::optional<std::chrono::nanoseconds> gateway_latency, bool again) {
  auto what = read(data);
  if (!what) {
    progress_.finish(sequence);
    return;
  }
  metrics_.handled.add();
  auto answers = make_answers(what, arrived);
  running_[sequence] = what->guild;
  tasks_.spawn("interaction",
               run(sequence, {what, answers, arrived, gateway_latency, sequence}, answers, again));
  tasks_.spawn("interaction deferral", keep_deferred(answers));
}

void interaction_desk::refuse_for_now(std::string_view data, base::steady_time arrived) {
  const auto what = read(data);
  if (!what || is_autocomplete(*what)) return;
  tasks_.spawn("interaction refusal", answer_briefly(make_answers(what, arrived), not_available));
}

net::task<> interaction_desk::run(std::uint64_t sequence, features::interaction_call call,
                                  std::shared_ptr<live_answers> answers, bool again) {
  co_await serve(call, answers, again);
  progress_.finish(sequence);
  running_.erase(sequence);
  if (rules_.on_end) rules_.on_end(sequence);
}

net::task<> interaction_desk::serve(features::interaction_call call, std::shared_ptr<live_answers> answers,
                                    bool again) {
  bool threw = false;
  bool is_over = false;
  begun_feature begun;
  try {
    if (rules_.leave_alone) co_await rules_.leave_alone(call.what->guild);
    is_over = again && co_await answers->is_over();
    if (!is_over) co_await run_handler(call, begun);
  } catch (const std::exception& thrown) {
    threw = true;
    log_.error("interaction handler failed", base::field("what", thrown.what()));
  }
  answers->handler_done();
  if (is_over) co_return;
  const bool left = co_await see_to_an_answer(call, answers, threw);
  if (threw || left) metrics_.failed.add();
  note_end(begun, call.what->guild, threw || left, call.arrived);
}

net::task<bool> interaction_desk::see_to_an_answer(features::interaction_call call,
                                                   std::shared_ptr<live_answers> answers, bool threw) {
  if (is_autocomplete(*call.what)) {
    if (!answers->answered()) (void)co_await answers->suggest({});
    co_return false;
  }
  const bool only_deferred = answers->deferred();
  const bool left = !answers->answered() || only_deferred;
  if (left && !threw)
    log_.warn("interaction was left without an answer", base::field("interaction", call.what->id));
  // One that nothing was said to may be unknown to Discord by now.
  if (threw || only_deferred) co_await answer_briefly(answers, threw ? failed : not_available);
  co_return left;
}

net::task<> interaction_desk::begin(const route& target, features::interaction_call& call,
                                    begun_feature& begun) {
  const discord::guild_id guild = call.what->guild;
  const bool asks = target.declaration->exclusive || target.declaration->keeps_guilds;
  if (asks && !guild.empty() && rules_.acts) call.acts_there = co_await rules_.acts(guild, target.place);
  begun = target.place;
  if (rules_.on_use) rules_.on_use(target.declaration->name);
  if (rules_.experiments != nullptr) rules_.experiments->add_use(target.place, guild);
}

void interaction_desk::note_end(begun_feature begun, discord::guild_id guild, bool went_wrong,
                                base::steady_time arrived) {
  const std::chrono::duration<double> took = clock_.steady_now() - arrived;
  metrics_.answer_time.observe(took.count());
  if (!begun || rules_.experiments == nullptr) return;
  rules_.experiments->add_answer(*begun, guild, took);
  if (went_wrong) rules_.experiments->add_failure(*begun, guild);
}

// Nothing is said while somebody types: where the command may not be used it says so itself.
net::task<> interaction_desk::run_autocomplete(features::interaction_call call) {
  const auto target = by_command_.find(first_word(call.what->command()->path));
  const bool served = call.what->guild.empty() || !rules_.serves || rules_.serves(call.what->guild);
  if (served && target != by_command_.end() && lacks(*call.what, target->second.needed).empty())
    co_await target->second.instance->on_autocomplete(call);
  else
    (void)co_await call.answers->suggest({});
}

net::task<> interaction_desk::run_handler(features::interaction_call call, begun_feature& begun) {
  if (is_autocomplete(*call.what) && call.what->command() != nullptr) {
    co_await run_autocomplete(std::move(call));
    co_return;
  }
  if (rules_.serves && !call.what->guild.empty() && !rules_.serves(call.what->guild)) {
    (void)co_await call.answers->reply(
        features::private_message(std::string(not_served.in(call.user_language()))));
    co_return;
  }
  if (const discord::command_data* command = call.what->command()) {
    const auto target = by_command_.find(first_word(command->path));
    if (target == by_command_.end()) {
      (void)co_await call.answers->reply(
          features::private_message(std::string(unknown_command.in(call.user_language()))));
      co_return;
    }
    if (!co_await admit(call, target->second.needed)) co_return;
    co_await begin(target->second, call, begun);
    co_await target->second.instance->on_command(call);
    co_return;
  }
  if (const auto* component = call.what->component())
    co_await run_component(call, component->custom_id, begun);
  if (const auto* form = call.what->modal_answer()) co_await run_component(call, form->custom_id, begun);
}

net::task<> interaction_desk::run_component(features::interaction_call call, std::string_view custom_id,
                                            begun_feature& begun) {
  auto id = discord::parse_custom_id(custom_id);
  const auto target = id ? by_feature_.find(id->feature) : by_feature_.end();
  if (target == by_feature_.end() || discord::age_of(*id, target->second.declaration->component_version) !=
                                         discord::custom_id_age::current) {
    (void)co_await call.answers->reply(
        features::private_message(std::string(old_component.in(call.user_language()))));
    co_return;
  }
  if (!co_await admit(call, target->second.needed)) co_return;
  co_await begin(target->second, call, begun);
  co_await target->second.instance->on_component(call, std::move(*id));
}

net::task<bool> interaction_desk::admit(features::interaction_call call, discord::permission_set needed) {
  const discord::permission_set missing = lacks(*call.what, needed);
  if (missing.empty()) co_return true;
  const std::string names = features::names_of(missing, call.user_language());
  (void)co_await call.answers->reply(
      features::private_message(not_permitted.format(call.user_language(), fmt::arg("permissions", names))));
  co_return false;
}

net::task<> interaction_desk::keep_deferred(std::shared_ptr<live_answers> answers) {
  (void)co_await answers->defer_when_due();
}

net::task<> interaction_desk::answer_briefly(std::shared_ptr<live_answers> answers, features::text what) {
  (void)co_await answers->reply(features::private_message(std::string(what.in(answers->user_language()))));
}

// Whoever gives an answer need not look whether it arrived: that is counted and told here.
std::shared_ptr<live_answers> interaction_desk::make_answers(std::shared_ptr<const discord::interaction> what,
                                                             base::steady_time arrived) {
  return std::make_shared<live_answers>(
      executor_, std::move(what), arrived, rest_, rules_.permit, clock_,
      answer_reports{
          [this](std::chrono::duration<double> took) { metrics_.first_answer.observe(took.count()); },
          [this](const base::error& why) {
            metrics_.failed.add();
            log_.warn("answer did not reach Discord", base::field("reason", why.message()));
          }});
}

}  // namespace guildfleet::bot
