// One interaction and what its bot may still do with it (protocol sheet 3.2). Decides only; replies are made
// in interactions.hpp.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "sim/ports.hpp"

namespace guildfleet::sim {

inline constexpr std::chrono::milliseconds interaction_answer_time{3'000};
inline constexpr std::chrono::milliseconds interaction_token_time{15 * 60'000};

enum class interaction_type { command = 2, component = 3, autocomplete = 4, modal_submit = 5 };

enum class callback_type {
  message = 4,
  deferred_message = 5,
  deferred_update = 6,
  update_message = 7,
  autocomplete_result = 8,
  modal = 9,
};

struct interaction_record {
  id interaction = 0;
  std::string token{};
  id application = 0;
  interaction_type type = interaction_type::command;
  id guild = 0;
  id channel = 0;
  id user = 0;
  std::string name{};              // of the command, or the custom id
  id source_message = 0;           // that holds the component
  std::string locale{};            // of the user
  boost::json::object metadata{};  // interaction_metadata of the replies
  base::steady_time created{};

  std::optional<callback_type> callback{};  // absent: not acknowledged
  bool ephemeral = false;
  bool original_deleted = false;
  bool deferral_open = false;    // type 5 sent, no content yet
  id original = 0;               // the reply, or the message that holds the component
  boost::json::object modal{};   // data of callback 9
  boost::json::array choices{};  // data of callback 8
  int edits = 0;
  std::vector<id> followups{};
  std::optional<std::chrono::milliseconds> acked_after{};
  std::optional<std::chrono::milliseconds> answered_after{};
};

enum class callback_verdict { allowed, unknown_interaction, already_acknowledged, wrong_type };

// May the first response be of this type now? 10062 after 3 s, 40060 after the first.
[[nodiscard]] callback_verdict judge_callback(const interaction_record& interaction, int type,
                                              base::steady_time now);

// Is the token still good for @original and follow-ups?
[[nodiscard]] bool token_alive(const interaction_record& interaction, base::steady_time now);

}  // namespace guildfleet::sim
