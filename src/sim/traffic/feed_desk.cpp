#include "sim/traffic/feed_desk.hpp"

#include "sim/gateway/protocol.hpp"
#include "sim/traffic/templates.hpp"

namespace guildfleet::sim {
namespace {

// Discord's snowflakes count milliseconds since 2015.
constexpr std::int64_t discord_epoch_ms = 1'420'070'400'000;

id first_message_id(const base::clock& clock) {
  const std::int64_t now = clock.wall_now().time_since_epoch().count();
  return static_cast<id>(now - discord_epoch_ms) << 22U;
}

}  // namespace

class feed_desk::source final : public dispatch_source {
 public:
  source(feed_desk& desk, std::shared_ptr<feed_progress> feed, std::vector<event_body> bodies,
         std::optional<event_body> marker, id first_id)
      : desk_(desk),
        feed_(std::move(feed)),
        bodies_(std::move(bodies)),
        marker_(std::move(marker)),
        next_id_(first_id) {}

  std::optional<event_body> next() override {
    if (feed_->sent < feed_->order.count) {
      event_body body = bodies_[feed_->sent % bodies_.size()];
      body.patched_id = next_id_++;
      ++feed_->sent;
      return body;
    }
    if (auto marker = std::exchange(marker_, std::nullopt)) return marker;
    feed_->finished = true;
    feed_->ended = desk_.hub_.clock().steady_now();
    if (desk_.finished_) desk_.finished_();
    return std::nullopt;
  }
  bool keeps_replay() const override { return feed_->order.resumable; }

 private:
  feed_desk& desk_;
  std::shared_ptr<feed_progress> feed_;
  std::vector<event_body> bodies_;
  std::optional<event_body> marker_;
  id next_id_;
};

feed_desk::feed_desk(gateway_hub& hub, const world& owner) : hub_(hub), world_(owner) {
  hub_.on_session_loaded([this](gateway_session& session) { start_waiting(session); });
}

feed_desk::~feed_desk() {
  hub_.on_session_loaded({});
  for (gateway_session* session : hub_.find_sessions(0, -1, {})) session->source.reset();
}

std::shared_ptr<const feed_progress> feed_desk::order(feed_order order) {
  auto feed = std::make_shared<feed_progress>();
  feed->order = std::move(order);
  feeds_.push_back(feed);
  for (gateway_session* session : hub_.find_sessions(feed->order.application, feed->order.shard, {}))
    if (session->connection != nullptr && session->loaded() && !session->source && start(feed, *session))
      break;
  return feed;
}

void feed_desk::start_waiting(gateway_session& session) {
  for (const auto& feed : feeds_) {
    const feed_order& order = feed->order;
    if (!feed->session.empty() || (order.application != 0 && order.application != session.application) ||
        (order.shard >= 0 && order.shard != session.shard))
      continue;
    if (start(feed, session)) return;
  }
}

bool feed_desk::start(const std::shared_ptr<feed_progress>& feed, gateway_session& session) {
  std::vector<id> guilds(session.guilds.begin(), session.guilds.end());
  std::ranges::sort(guilds);
  base::random_source random(feed->order.seed);
  const auto templates = make_templates(
      world_, guilds, {.message_bytes = feed->order.message_bytes, .messages_only = true}, random);
  std::vector<event_body> bodies;
  for (const prepared_event& event : templates)
    if (const event_body* body = body_for(event, session.user, session.intents)) bodies.push_back(*body);
  if (bodies.empty()) return false;
  const id first_id = first_message_id(hub_.clock());
  std::optional<event_body> marker;
  if (!feed->order.marker.empty())
    marker = make_marker(world_, guilds, feed->order.marker, first_id + feed->order.count);
  feed->session = session.name;
  feed->started = hub_.clock().steady_now();
  session.source = std::make_shared<source>(*this, feed, std::move(bodies), std::move(marker), first_id);
  if (session.connection != nullptr) session.connection->output().wake();
  return true;
}

boost::json::array feed_desk::report() const {
  boost::json::array out;
  for (const auto& feed : feeds_) {
    const std::chrono::duration<double> took = feed->ended - feed->started;
    out.push_back(boost::json::object{{"count", feed->order.count},
                                      {"sent", feed->sent},
                                      {"session_id", feed->session},
                                      {"finished", feed->finished},
                                      {"seconds", feed->finished ? took.count() : 0.0}});
  }
  return out;
}

}  // namespace guildfleet::sim
