// What platforms ask for machines: a dated list with the source of each price (data/platforms.yaml, or a file
// of the same shape). A price is never better than its date.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/problem.hpp"

namespace guildfleet::ops {

enum class price_age { fresh, old, undated };
[[nodiscard]] std::string_view name_of(price_age value);

inline constexpr std::chrono::days price_is_old_after{180};

struct price_source {
  std::string currency{};                        // "EUR"
  std::optional<std::chrono::sys_days> as_of{};  // as the source says; nullopt: it does not
  std::string url{};
  std::string note{};

  [[nodiscard]] price_age age(base::wall_time now) const;
};

// A machine, or a container, of a fixed size.
struct price_plan {
  std::string name{};
  double vcpu = 1;
  std::uint32_t memory_mib = 0;
  double price = 0;  // a month
  price_source source{};
};

// What is used is paid.
struct usage_price {
  double memory_gb = 0;  // a GB for a month
  double vcpu = 0;       // a core for a month
  double least = 0;      // a month
  price_source source{};
};

enum class platform_kind {
  machines,    // virtual machines: all nodes of a machine share it with its operating system
  containers,  // each node pays for itself
};

struct platform {
  std::string name{};
  platform_kind kind = platform_kind::machines;
  std::string url{};                // of its prices
  std::string note{};               // empty: none
  std::vector<price_plan> plans{};  // empty, and no usage: no price with a source is known
  std::optional<usage_price> usage{};
};

struct price_list {
  std::vector<platform> platforms{};
};

// `source`: the file's name. Everything wrong with it is added to `problems`; nullopt when one of them is an
// error.
[[nodiscard]] std::optional<price_list> parse_price_list(std::string_view yaml, std::string_view source,
                                                         base::problem_list& problems);

// data/platforms.yaml as it was when this program was built.
[[nodiscard]] std::string_view built_in_prices();

}  // namespace guildfleet::ops
