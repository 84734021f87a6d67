// Jobs in memory, for tests of who uses a job store.
#pragma once

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <optional>

#include "base/clock.hpp"
#include "store/data_store.hpp"
#include "store/error.hpp"

namespace guildfleet::jobs {

// Thread-safe.
class memory_job_store final : public store::job_store {
 public:
  explicit memory_job_store(const base::clock& clock) : clock_(clock) {}

  base::result<store::schedule_outcome> schedule(const store::job_plan& plan,
                                                 store::schedule_mode mode) override {
    const std::lock_guard lock(mutex_);
    const auto found = rows_.find(plan.key);
    const bool there = found != rows_.end();
    if (there && !found->second.dead) {
      if (mode == store::schedule_mode::keep || leased(found->second)) return store::schedule_outcome::kept;
      if (mode == store::schedule_mode::replace_unbegun && found->second.first_begun)
        return store::schedule_outcome::kept;
    }
    row fresh;
    fresh.plan = plan;
    rows_[plan.key] = fresh;
    return there ? store::schedule_outcome::replaced : store::schedule_outcome::scheduled;
  }

  base::result<std::vector<store::claimed_job>> claim_jobs(const store::job_scope& scope,
                                                           const std::string& node, std::uint32_t limit,
                                                           std::chrono::milliseconds lease) override {
    const std::lock_guard lock(mutex_);
    if (failing) return base::fail(store::store_error::unreachable, "memory");
    std::vector<row*> due;
    for (auto& [key, each] : rows_) {
      if (in_scope(each, scope) && !each.dead && !leased(each) && each.plan.due <= clock_.wall_now())
        due.push_back(&each);
    }
    std::ranges::sort(due, {}, [](const row* each) { return each->plan.due; });
    if (due.size() > limit) due.resize(limit);
    std::vector<store::claimed_job> out;
    for (row* each : due) {
      each->fence = ++last_fence_;
      each->leased_until = clock_.wall_now() + lease;
      each->node = node;
      const bool begun_before = each->first_begun.has_value();
      if (!begun_before) each->first_begun = clock_.wall_now();
      out.push_back({each->plan, each->fence, ++each->attempts, *each->first_begun, begun_before});
    }
    return out;
  }

  base::result<std::optional<std::chrono::milliseconds>> next_due(const store::job_scope& scope) override {
    const std::lock_guard lock(mutex_);
    std::optional<std::chrono::milliseconds> soonest;
    for (const auto& [key, each] : rows_) {
      if (!in_scope(each, scope) || each.dead) continue;
      const auto at = leased(each) ? each.leased_until : each.plan.due;
      const auto wait = std::max(std::chrono::milliseconds(0), at - clock_.wall_now());
      soonest = std::min(soonest.value_or(wait), wait);
    }
    return soonest;
  }

  base::result<bool> extend_job(const store::job_key& key, std::uint64_t fence,
                                std::chrono::milliseconds lease) override {
    return change(key, fence, [&](row& each) { each.leased_until = clock_.wall_now() + lease; });
  }
  base::result<bool> finish_job(const store::job_key& key, std::uint64_t fence) override {
    const auto ours = change(key, fence, [](row&) {});
    const std::lock_guard lock(mutex_);
    if (ours && *ours) rows_.erase(key);
    return ours;
  }
  base::result<bool> postpone_job(const store::job_key& key, std::uint64_t fence, base::wall_time due,
                                  const std::string& error) override {
    return change(key, fence, [&](row& each) {
      give_back(each, due, error);
      if (!error.empty()) return;
      each.attempts = 0;
      each.first_begun.reset();
    });
  }
  base::result<bool> put_back_job(const store::job_key& key, std::uint64_t fence, base::wall_time due,
                                  const std::string& why) override {
    return change(key, fence, [&](row& each) {
      give_back(each, due, why);
      --each.attempts;
    });
  }
  base::result<bool> bury_job(const store::job_key& key, std::uint64_t fence,
                              const std::string& error) override {
    return change(key, fence, [&](row& each) {
      each.dead = true;
      each.error = error;
      each.leased_until = {};
    });
  }

  base::result<std::vector<store::job_row>> list_jobs(const store::job_filter& /*filter*/) override {
    const std::lock_guard lock(mutex_);
    std::vector<store::job_row> out;
    for (const auto& [key, each] : rows_) {
      store::job_row shown;
      shown.plan = each.plan;
      shown.state = each.dead      ? store::job_state::dead
                    : leased(each) ? store::job_state::leased
                                   : store::job_state::waiting;
      shown.attempts = each.attempts;
      shown.last_error = each.error;
      out.push_back(std::move(shown));
    }
    return out;
  }
  base::result<bool> retry_job(const store::job_key& key) override {
    const std::lock_guard lock(mutex_);
    const auto found = rows_.find(key);
    if (found == rows_.end() || !found->second.dead) return false;
    found->second.dead = false;
    found->second.attempts = 0;
    found->second.plan.due = clock_.wall_now();
    return true;
  }
  base::result<bool> cancel_job(const store::job_key& key) override {
    const std::lock_guard lock(mutex_);
    const auto found = rows_.find(key);
    if (found == rows_.end() || leased(found->second)) return false;
    rows_.erase(found);
    return true;
  }

  // Another node claims what is leased: the present holder's fence is out of date.
  void steal(const store::job_key& key) {
    const std::lock_guard lock(mutex_);
    rows_.at(key).fence = ++last_fence_;
  }

  std::atomic<bool> failing{false};

 private:
  struct row {
    store::job_plan plan;
    std::uint64_t fence = 0;
    std::uint32_t attempts = 0;
    base::wall_time leased_until{};
    std::optional<base::wall_time> first_begun;
    std::string node;
    std::string error;
    bool dead = false;
  };

  [[nodiscard]] bool leased(const row& each) const { return each.leased_until > clock_.wall_now(); }
  [[nodiscard]] static bool in_scope(const row& each, const store::job_scope& scope) {
    if (each.plan.key.environment != scope.environment || each.plan.key.bot != scope.bot) return false;
    if (each.plan.guild.empty()) return true;
    return std::ranges::find(scope.shards, discord::shard_of(each.plan.guild, scope.shard_count).index) !=
           scope.shards.end();
  }
  static void give_back(row& each, base::wall_time due, const std::string& why) {
    each.plan.due = due;
    each.error = why;
    each.leased_until = {};
    each.fence = 0;
  }
  template <class Change>
  base::result<bool> change(const store::job_key& key, std::uint64_t fence, Change apply) {
    const std::lock_guard lock(mutex_);
    const auto found = rows_.find(key);
    if (found == rows_.end() || found->second.fence != fence) return false;
    apply(found->second);
    return true;
  }

  const base::clock& clock_;
  std::mutex mutex_;
  std::map<store::job_key, row> rows_;
  std::uint64_t last_fence_ = 0;
};

}  // namespace guildfleet::jobs
