// A feature's timers in its bot's store.
#pragma once

#include <memory>
#include <string>

#include "features/jobs.hpp"
#include "jobs/job_runner.hpp"
#include "store/data_store.hpp"

namespace guildfleet::bot {

// How a feature's names stand in the store, where all features of a bot share one space of keys.
[[nodiscard]] std::string stored_job_key(std::string_view feature, std::string_view key);
[[nodiscard]] std::string stored_job_kind(std::string_view feature, std::string_view what);

// The other way: the timer as its feature knows it. Empty feature: it is no timer of a feature.
struct feature_timer {
  std::string feature;
  features::timer timer;
};
[[nodiscard]] feature_timer timer_of(const store::job_plan& plan);

// One per feature; `runner` lives on `home` and outlives it.
class job_link final : public features::job_port {
 public:
  job_link(net::asio::any_io_executor home, jobs::job_runner& runner, store::environment_name environment,
           store::bot_name bot, std::string feature)
      : home_(std::move(home)),
        runner_(runner),
        environment_(std::move(environment)),
        bot_(std::move(bot)),
        feature_(std::move(feature)) {}

  [[nodiscard]] net::task<base::result<store::schedule_outcome>> schedule(features::timer what,
                                                                          store::schedule_mode mode) override;
  [[nodiscard]] net::task<base::result<bool>> cancel(std::string key) override;

 private:
  net::asio::any_io_executor home_;
  jobs::job_runner& runner_;
  store::environment_name environment_;
  store::bot_name bot_;
  std::string feature_;
};

}  // namespace guildfleet::bot
