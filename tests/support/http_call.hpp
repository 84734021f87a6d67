// HTTP for tests: one call, blocking.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "net/http_types.hpp"

namespace guildfleet::support {

struct http_call {
  std::string origin;  // http://127.0.0.1:3001
  std::string path = "/";
  std::string method = "GET";
  boost::json::object body{};  // sent when the method is POST
  std::chrono::milliseconds limit = std::chrono::seconds(10);
  std::vector<std::pair<std::string, std::string>> fields{};
  std::string text{};  // the body of another method, or of POST in place of `body`
};

// Status 0: no answer.
[[nodiscard]] net::http_response answer_to(const http_call& call);

// The answer's object; empty: none came, or it is something else.
[[nodiscard]] boost::json::object object_of(const net::http_response& answer);

}  // namespace guildfleet::support
