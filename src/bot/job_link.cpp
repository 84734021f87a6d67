#include "bot/job_link.hpp"

#include <fmt/format.h>

#include "net/on_reactor.hpp"

namespace guildfleet::bot {
namespace {

constexpr std::size_t max_key_bytes = 150;
constexpr std::size_t max_payload_bytes = 64U << 10U;

std::optional<base::error> refusal(const features::timer& what) {
  const auto refused = [&](std::string context, std::string fix) {
    return base::error(std::make_error_code(std::errc::invalid_argument), std::move(context), std::move(fix));
  };
  if (what.key.empty() || what.key.size() > max_key_bytes)
    return refused(fmt::format("a timer's key of {} bytes", what.key.size()),
                   fmt::format("A key has 1 to {} bytes.", max_key_bytes));
  if (what.payload.size() > max_payload_bytes)
    return refused(
        fmt::format("timer {}: a payload of {} bytes", what.key, what.payload.size()),
        fmt::format("A payload has at most {} bytes; keep what is large elsewhere.", max_payload_bytes));
  return std::nullopt;
}

}  // namespace

std::string stored_job_key(std::string_view feature, std::string_view key) {
  return fmt::format("{}/{}", feature, key);
}

std::string stored_job_kind(std::string_view feature, std::string_view what) {
  return fmt::format("{}/{}", feature, what);
}

feature_timer timer_of(const store::job_plan& plan) {
  const std::size_t slash = plan.kind.find('/');
  if (slash == std::string::npos || !plan.key.key.starts_with(plan.kind.substr(0, slash + 1))) return {};
  return {plan.kind.substr(0, slash),
          {plan.key.key.substr(slash + 1), plan.kind.substr(slash + 1), plan.guild, plan.due, plan.payload}};
}

net::task<base::result<store::schedule_outcome>> job_link::schedule(features::timer what,
                                                                    store::schedule_mode mode) {
  if (auto refused = refusal(what)) co_return std::unexpected(std::move(*refused));
  store::job_plan plan{{environment_, bot_, stored_job_key(feature_, what.key)},
                       stored_job_kind(feature_, what.what),
                       what.guild,
                       what.due,
                       std::move(what.payload)};
  co_return co_await net::on_reactor(home_, runner_.schedule(std::move(plan), mode));
}

net::task<base::result<bool>> job_link::cancel(std::string key) {
  store::job_key stored{environment_, bot_, stored_job_key(feature_, key)};
  co_return co_await net::on_reactor(home_, runner_.cancel(std::move(stored)));
}

}  // namespace guildfleet::bot
