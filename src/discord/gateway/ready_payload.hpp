// What the session machine reads of Hello and READY.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "discord/model/ids.hpp"

namespace guildfleet::discord {

struct ready_payload {
  std::string session_id;
  std::string resume_url;
  user_id self;
  application_id application;
  std::uint32_t guilds = 0;
};

// `d` has 64 readable bytes behind it. nullopt when the session's id or resume address is missing.
[[nodiscard]] std::optional<ready_payload> read_ready(std::string_view d);

// nullopt when there is none, or none between 1 ms and 1 h.
[[nodiscard]] std::optional<std::chrono::milliseconds> read_hello_interval(std::string_view d);

}  // namespace guildfleet::discord
