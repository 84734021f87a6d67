#include "api/v1/problem.hpp"

#include <boost/json/serialize.hpp>

#include "settings/error.hpp"
#include "store/error.hpp"

namespace guildfleet::api::v1 {
namespace {

using settings::settings_error;
using store::store_error;

struct known_problem {
  std::error_code code;
  int status;
  std::string_view title;
};

const known_problem known[] = {
    {settings_error::malformed, 400, "The body is no JSON"},
    {settings_error::not_an_object, 400, "The body is no JSON object"},
    {settings_error::duplicate_key, 400, "The body names a key twice"},
    {settings_error::wrong_format, 400, "The body is no export of settings"},
    {settings_error::too_large, 413, "Too large"},
    {settings_error::too_deep, 413, "Nested too deeply"},
    {settings_error::too_many_values, 413, "Too many values"},
    {settings_error::unknown_feature, 404, "No such feature"},
    {settings_error::no_such_change, 404, "No such change"},
    {settings_error::changed_since, 409, "Changed since"},
    {settings_error::contended, 503, "Others change the same settings"},
    {store_error::outcome_unknown, 503, "Whether it was saved is not known; read again"},
};

}  // namespace

net::http_response problem_response(problem_text text, json::object more) {
  json::object document{{"type", "about:blank"}, {"title", text.title}, {"status", text.status}};
  if (!text.detail.empty()) document["detail"] = text.detail;
  for (const auto& [key, value] : more) document[key] = value;
  auto response = net::http_response::json(text.status, json::serialize(document));
  response.fields.set("Content-Type", "application/problem+json");
  if (text.status == 503) response.fields.set("Retry-After", "2");
  return response;
}

net::http_response problem_of(const base::error& error) {
  for (const known_problem& each : known) {
    if (each.code == error.code()) return problem_response({each.status, each.title, error.message()});
  }
  const bool of_store = error.code().category() == make_error_code(store_error::failed).category();
  if (of_store) return problem_response({503, "The store does not answer as it should", error.message()});
  return problem_response({500, "Failed", error.message()});
}

}  // namespace guildfleet::api::v1
