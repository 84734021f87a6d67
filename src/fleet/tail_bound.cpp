#include "fleet/tail_bound.hpp"

#include <cmath>

namespace guildfleet::fleet {
namespace {

// a ln(a/b), and 0 for a = 0.
double information(double a, double b) {
  return a <= 0 ? 0 : a * std::log(a / b);
}

}  // namespace

double tail_bound(std::uint64_t hits, std::uint64_t trials, double chance) {
  const auto all = static_cast<double>(trials);
  const double part = trials == 0 ? 0 : static_cast<double>(hits) / all;
  if (part <= chance || chance >= 1) return 1;
  if (chance <= 0) return 0;
  return std::exp(-all * (information(part, chance) + information(1 - part, 1 - chance)));
}

double poisson_tail_bound(std::uint64_t hits, double expected) {
  const auto count = static_cast<double>(hits);
  if (count <= expected) return 1;
  if (expected <= 0) return 0;
  return std::exp(count - expected - information(count, expected));
}

}  // namespace guildfleet::fleet
