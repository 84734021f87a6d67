#include "integration/command_calls.hpp"

#include "discord/model/ids.hpp"
#include "integration/fleet_harness.hpp"

namespace guildfleet::integration {
namespace {

constexpr std::chrono::milliseconds pause = 200ms;
constexpr std::chrono::milliseconds answer_time = 3'000ms;
// Who has the shard during this time after the call had it in his hand to answer: before, the event may have
// been on its way to a node that ended; after, too little is left.
constexpr std::chrono::milliseconds from = 500ms;
constexpr std::chrono::milliseconds until = 2'200ms;

}  // namespace

command_calls::command_calls(sim_watch discord, std::uint64_t seed)
    : discord_(std::move(discord)), guilds_(discord_.guilds()), random_(seed), thread_([this] { run(); }) {}

command_calls::~command_calls() {
  stop();
}

void command_calls::run() {
  std::unique_lock lock(mutex_);
  while (!ends_.wait_for(lock, pause, [this] { return ending_; })) {
    const std::string& guild = guilds_[random_.below(guilds_.size())];
    const auto at = std::chrono::steady_clock::now();
    lock.unlock();
    const json::object sent = discord_.act("command", {{"bot", "bot1"}, {"guild", guild}, {"name", "echo"}});
    lock.lock();
    if (!sent.empty())
      calls_.push_back({text_of(sent, "id"), discord::parse_snowflake(guild).value_or(0), at});
  }
}

void command_calls::stop() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  ends_.notify_all();
  if (!thread_.joinable()) return;
  thread_.join();
  if (calls_.empty()) return;
  const std::string last = "interactions/" + calls_.back().interaction;
  (void)eventually(answer_time, [&] {
    const json::object status = discord_.get(last);
    return status.contains("answered") && status.at("answered").as_bool();
  });
}

command_tally command_calls::tally(const action_account& account, std::uint32_t shards) const {
  command_tally out;
  out.sent = calls_.size();
  for (const call& each : calls_) {
    const json::object status = discord_.get("interactions/" + each.interaction);
    const auto answers = status.empty() ? 0
                                        : (status.at("answered").as_bool() ? 1U : 0U) +
                                              status.at("followups").as_array().size();
    if (answers > 0) {
      ++out.answered;
      out.twice += answers - 1;
      continue;
    }
    const auto shard = static_cast<std::uint32_t>((each.guild >> 22U) % shards);
    const bool could = account.acted(shard, each.at + from, each.at + until);
    ++(could ? out.unanswered : out.late);
  }
  return out;
}

}  // namespace guildfleet::integration
