#include "bot/use_counter.hpp"

#include "net/async_event.hpp"

namespace guildfleet::bot {
namespace {

constexpr std::chrono::milliseconds write_every{60'000};

}  // namespace

void use_counter::add(std::string_view feature) {
  const auto found = uses_.find(feature);
  if (found != uses_.end())
    ++found->second;
  else
    uses_.emplace(feature, 1);
}

net::task<> use_counter::run() {
  while (co_await net::sleep_until(net::deadline_in(write_every))) co_await flush();
}

net::task<> use_counter::flush() {
  if (uses_.empty()) co_return;
  std::vector<store::feature_use> rows;
  for (const auto& [feature, uses] : std::exchange(uses_, {})) rows.push_back({bot_, feature, uses});
  const auto written = co_await threads_.run(
      [store = store_, environment = environment_, rows] { return store->add_uses(environment, rows); });
  if (written) co_return;
  for (const store::feature_use& row : rows) uses_[row.feature] += row.uses;
  log_.debug("uses of features are not written yet", base::field("reason", written.error().message()));
}

}  // namespace guildfleet::bot
