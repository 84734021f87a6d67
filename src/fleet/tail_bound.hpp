// How surprising a count is, as upper bounds that hold for every sample size.
#pragma once

#include <cstdint>

namespace guildfleet::fleet {

// At most this likely are `hits` or more of `trials` when each hits with a chance of no more than `chance`:
// the bound of Chernoff and Hoeffding (1963), exp(-trials x KL(hits/trials || chance)). It never claims more
// than the exact binomial tail does, holds for draws without replacement too, and is exact when all trials
// hit. 1 where nothing surprises.
[[nodiscard]] double tail_bound(std::uint64_t hits, std::uint64_t trials, double chance);

// The same for a count of rare events of which no more than `expected` are.
[[nodiscard]] double poisson_tail_bound(std::uint64_t hits, double expected);

}  // namespace guildfleet::fleet
