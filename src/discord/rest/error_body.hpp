// Discord's error answers as text and code (protocol sheet 2.6).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "discord/rest/error.hpp"
#include "discord/rest/route.hpp"

namespace guildfleet::discord {

struct field_problem {
  std::string path;  // "embeds[0].title"; empty: the whole body
  std::string code;  // "BASE_TYPE_MAX_LENGTH"
  std::string message;
};

struct error_body {
  bool from_discord = false;  // false: HTML or another party's JSON
  int code = 0;               // Discord's JSON code; 0: general
  std::string message;
  std::vector<field_problem> problems;
};

// Never fails: what cannot be understood leaves `from_discord` false. At most 16 problems are kept.
[[nodiscard]] error_body parse_error_body(std::string_view body);

// The error of an answer outside 2xx. The text has method, route template, status, Discord's code, message
// and field problems; neither path nor token.
[[nodiscard]] base::error error_of_response(const route& route, int status, std::string_view body);

// Which value of the enum an answer gets: the JSON code when it is listed, otherwise the status' class.
[[nodiscard]] rest_error classify(int status, const error_body& body);

}  // namespace guildfleet::discord
