#include "fleet/guest_line.hpp"

#include <algorithm>
#include <utility>

namespace guildfleet::fleet {

bool guest_line::admit(const store::node_identity& guest) {
  if (guest_) return false;
  guest_ = guest;
  ++epoch_;
  received_ = next_place_ - 1;
  granted_until_ = {};
  dismissed_ = false;
  quit_ = false;
  return true;
}

std::vector<std::uint64_t> guest_line::hear(const guest_word& word) {
  received_ = std::clamp(word.received, received_, next_place_ - 1);
  quit_ |= word.quits;
  std::vector<std::uint64_t> ended;
  while (!entries_.empty() && entries_.front().place <= received_) {
    const guest_entry& first = entries_.front();
    if (first.what == guest_entry::kind::event) {
      if (first.sequence > word.finished) break;
      ended.push_back(first.sequence);
      --events_;
    }
    bytes_ -= first.bytes.size();
    entries_.pop_front();
  }
  return ended;
}

std::chrono::milliseconds guest_line::grant(boot_time now, boot_time lease_until) {
  if (dismissed_ || quit_) return std::chrono::milliseconds(0);
  const boot_time until = std::min(now + limits_.grant, lease_until);
  granted_until_ = std::max(granted_until_, until);
  return std::max(until - now - limits_.margin, std::chrono::milliseconds(0));
}

std::vector<const guest_entry*> guest_line::unsent(std::size_t max_bytes) const {
  std::vector<const guest_entry*> out;
  auto next = std::ranges::upper_bound(entries_, received_, {}, &guest_entry::place);
  for (std::size_t bytes = 0; next != entries_.end(); ++next) {
    bytes += next->bytes.size();
    if (!out.empty() && bytes > max_bytes) break;
    out.push_back(&*next);
  }
  return out;
}

void guest_line::add_state(discord::guild_id guild, std::string state) {
  bytes_ += state.size();
  entries_.push_back({next_place_++, guest_entry::kind::guild, 0, guild, std::move(state)});
}

bool guest_line::add_event(std::uint64_t sequence, std::string_view message) {
  if (events_ >= limits_.max_events || bytes_ + message.size() > limits_.max_bytes) return false;
  bytes_ += message.size();
  ++events_;
  entries_.push_back({next_place_++, guest_entry::kind::event, sequence, {}, std::string(message)});
  return true;
}

std::vector<returned_event> guest_line::take_back() {
  std::vector<returned_event> events;
  for (guest_entry& each : entries_) {
    if (each.what == guest_entry::kind::event) events.push_back({each.sequence, std::move(each.bytes)});
  }
  entries_.clear();
  introduced_.clear();
  guest_.reset();
  events_ = 0;
  bytes_ = 0;
  return events;
}

}  // namespace guildfleet::fleet
