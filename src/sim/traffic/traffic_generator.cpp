#include "sim/traffic/traffic_generator.hpp"

#include "net/async_event.hpp"
#include "sim/traffic/templates.hpp"
#include "sim/world/ids.hpp"

namespace guildfleet::sim {
namespace {

constexpr std::chrono::milliseconds step_interval(10);
constexpr std::chrono::milliseconds idle_interval(100);
constexpr std::chrono::milliseconds most_per_step(100);

}  // namespace

void traffic_generator::set(traffic_settings settings) {
  settings_ = settings;
  random_ = base::random_source(settings.seed);
  templates_.clear();
  owed_ = 0;
  last_step_ = hub_.clock().steady_now();
  if (settings_.events_per_second > 0) {
    const std::vector<id> guilds = world_.guilds();
    templates_ = make_templates(world_, guilds, {.message_bytes = settings.message_bytes}, random_);
  }
}

void traffic_generator::step(base::steady_time now) {
  const std::chrono::duration<double> passed =
      std::min<base::steady_time::duration>(now - last_step_, most_per_step);
  last_step_ = now;
  if (!running()) return;
  owed_ += passed.count() * settings_.events_per_second;
  for (; owed_ >= 1; owed_ -= 1) {
    prepared_event& event = templates_[random_.below(templates_.size())];
    const id number = next_id();
    event.full.patched_id = number;
    if (event.blanked) event.blanked->patched_id = number;
    delivered_ += hub_.publish_prepared(event);
    ++made_;
    ++by_type_[event.full.text->type];
  }
}

// As Discord's: the time, and in the last bits a counter that goes round.
id traffic_generator::next_id() {
  constexpr id counter_bits = 0xfff;
  return id_at(hub_.clock().wall_now()) | (ids_++ & counter_bits);
}

net::task<> traffic_generator::run(traffic_generator& generator) {
  while (true) {
    const auto pause = generator.running() ? step_interval : idle_interval;
    if (!co_await net::sleep_until(net::deadline_in(pause))) co_return;
    generator.step(generator.hub_.clock().steady_now());
  }
}

boost::json::object traffic_generator::report() const {
  boost::json::object types;
  for (const auto& [type, count] : by_type_) types[type] = count;
  return {{"running", running()},
          {"events_per_second", settings_.events_per_second},
          {"made", made_},
          {"delivered", delivered_},
          {"by_type", std::move(types)}};
}

}  // namespace guildfleet::sim
