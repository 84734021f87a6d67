// Answers to interactions: bodies for POST .../callback (protocol sheet 3.2).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "discord/rest/message_body.hpp"

namespace guildfleet::discord {

enum class callback_type : int {
  message = 4,
  defer_message = 5,
  defer_update = 6,
  update_message = 7,
  autocomplete = 8,
  modal = 9,
};

struct choice {
  std::string name{};
  std::variant<std::string, std::int64_t, double> value{};
  std::map<std::string, std::string, std::less<>> names{};  // by locale; of commands' choices alone
};

namespace callback {
// Errors: rest_error::invalid_request, as the body's own.
[[nodiscard]] base::result<std::string> reply(const message_body& message);
[[nodiscard]] std::string defer_reply();  // what follows is seen by the user alone
[[nodiscard]] std::string defer_update();
[[nodiscard]] base::result<std::string> update(const message_edit& edit);
// More than 25 choices are cut.
[[nodiscard]] std::string autocomplete(const std::vector<choice>& choices);
[[nodiscard]] base::result<std::string> show(const modal& form);
}  // namespace callback

}  // namespace guildfleet::discord
