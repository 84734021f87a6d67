#include "fleet/watermark.hpp"

#include <algorithm>

namespace guildfleet::fleet {

void watermark::restart(std::uint64_t sequence) {
  highest_ = sequence;
  first_ = 0;
  size_ = 0;
  frozen_ = false;
}

bool watermark::begin(std::uint64_t sequence, std::uint32_t parts) {
  if (parts == 0) return pass(sequence);
  if (sequence <= highest_) return false;
  if (size_ == ring_.size()) grow();
  at(size_) = {.sequence = sequence, .before = highest_, .open_parts = parts};
  ++size_;
  highest_ = sequence;
  return true;
}

std::size_t watermark::place_of(std::uint64_t sequence) const {
  std::size_t low = 0;
  std::size_t high = size_;
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (at(middle).sequence < sequence) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

bool watermark::is_open(std::uint64_t sequence) const {
  const std::size_t place = place_of(sequence);
  return place < size_ && at(place).sequence == sequence && at(place).open_parts > 0;
}

void watermark::finish(std::uint64_t sequence) {
  if (frozen_ || !is_open(sequence)) return;
  --at(place_of(sequence)).open_parts;
  while (size_ != 0 && at(0).open_parts == 0) {
    first_ = (first_ + 1) & (ring_.size() - 1);
    --size_;
  }
}

std::vector<std::uint64_t> watermark::unfinished() const {
  std::vector<std::uint64_t> out;
  for (std::size_t i = 0; i < size_; ++i) {
    if (at(i).open_parts != 0) out.push_back(at(i).sequence);
  }
  return out;
}

void watermark::grow() {
  std::vector<entry> larger(std::max<std::size_t>(16, ring_.size() * 2));
  for (std::size_t i = 0; i < size_; ++i) larger[i] = at(i);
  ring_ = std::move(larger);
  first_ = 0;
}

}  // namespace guildfleet::fleet
