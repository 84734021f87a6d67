#include "fleet/tail.hpp"

#include <algorithm>
#include <utility>

namespace guildfleet::fleet {
namespace {

bool has(const std::vector<std::uint64_t>& sequences, std::uint64_t wanted) {
  return std::ranges::find(sequences, wanted) != sequences.end();
}

}  // namespace

boot_time tail_end(boot_time now, boot_time term_end, const tail_limits& limits) {
  return std::max(now, std::min(now + limits.permit, term_end));
}

tail_permit::tail_permit(std::uint64_t epoch, std::vector<tail_event> running, boot_time until)
    : until_(until), word_{.epoch = epoch} {
  for (const tail_event& each : running) word_.running.push_back(each.sequence);
}

void tail_permit::ended(std::uint64_t sequence, boot_time now) {
  if (std::erase(word_.running, sequence) == 0) return;
  if (now >= until_) word_.cut_off.push_back(sequence);
  ++changes_;
}

void tail_permit::cut_off() {
  if (word_.running.empty()) return;
  word_.cut_off.insert(word_.cut_off.end(), word_.running.begin(), word_.running.end());
  word_.running.clear();
  ++changes_;
}

inherited_tail::inherited_tail(tail_note note, boot_time heard_at, const tail_limits& limits)
    : note_(std::move(note)), ends_at_(heard_at + note_.permit + limits.margin) {
  std::ranges::sort(note_.open);
}

void inherited_tail::enter_session(const std::string& session_id) {
  of_session_ = session_id == note_.session_id;
}

std::size_t inherited_tail::hear(const tail_word& word) {
  if (word.epoch != note_.epoch) return 0;
  std::size_t ended = 0;
  std::erase_if(note_.running, [&](const tail_event& each) {
    if (has(word.running, each.sequence)) return false;
    ++ended;
    if (!has(word.cut_off, each.sequence)) std::erase(note_.open, each.sequence);
    return true;
  });
  return ended;
}

std::size_t inherited_tail::lapse(boot_time now) {
  return now < ends_at_ ? 0 : std::exchange(note_.running, {}).size();
}

bool inherited_tail::holds(discord::guild_id guild) const {
  return std::ranges::find(note_.running, guild, &tail_event::guild) != note_.running.end();
}

bool inherited_tail::runs(std::uint64_t sequence) const {
  return of_session_ &&
         std::ranges::find(note_.running, sequence, &tail_event::sequence) != note_.running.end();
}

bool inherited_tail::was_done(std::uint64_t sequence) const {
  return of_session_ && sequence <= note_.highest && !std::ranges::binary_search(note_.open, sequence);
}

}  // namespace guildfleet::fleet
