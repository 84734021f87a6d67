// Errors of the API as RFC 9457 problem documents.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "base/result.hpp"
#include "net/http_types.hpp"

namespace guildfleet::api::v1 {

namespace json = boost::json;

struct problem_text {
  int status = 500;
  std::string_view title;  // of the kind of problem
  std::string detail{};    // of this one, with what to do
};

// `more`: members of the document beside type, title, status and detail.
[[nodiscard]] net::http_response problem_response(problem_text text, json::object more = {});

// What a failed call of a desk or store means to the caller: 404, 409, 413, 400, or 503 with Retry-After.
[[nodiscard]] net::http_response problem_of(const base::error& error);

}  // namespace guildfleet::api::v1
