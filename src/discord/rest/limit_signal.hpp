// What an answer says about rate limits (protocol sheet 2.3).
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace guildfleet::discord {

enum class limit_scope { user, global, shared, cloudflare };
[[nodiscard]] std::string_view name_of(limit_scope scope);

struct limit_signal {
  int status = 0;
  std::string bucket_hash{};  // empty: the route showed no limit
  std::optional<int> limit{};
  std::optional<int> remaining{};
  std::optional<std::chrono::milliseconds> reset_after{};
  // On 429 only.
  std::optional<limit_scope> scope{};
  std::optional<std::chrono::milliseconds> retry_after{};  // max(body.retry_after, Retry-After)

  // Counts towards the ban for invalid requests: 401, 403, 429 unless shared (2.5).
  [[nodiscard]] bool counts_as_invalid() const;
};

// `header` looks a field up without regard to case and gives an empty view when it is absent.
using header_lookup = std::function<std::string_view(std::string_view name)>;
[[nodiscard]] limit_signal read_limit_signal(int status, const header_lookup& header, std::string_view body);

}  // namespace guildfleet::discord
