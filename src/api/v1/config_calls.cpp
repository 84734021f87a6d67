#include "api/v1/config_calls.hpp"

#include <charconv>

#include "api/v1/config_json.hpp"
#include "api/v1/etag.hpp"
#include "api/v1/problem.hpp"

namespace guildfleet::api::v1 {
namespace {

constexpr std::uint32_t most_history = 200;
constexpr std::uint32_t usual_history = 50;

net::http_response no_feature(const api_call& call) {
  std::string names;
  for (const auto* each : call.stores().settings.schemas().all())
    names += (names.empty() ? "" : ", ") + std::string(each->feature);
  return problem_response({404, "No such feature", fmt::format("There are: {}.", names)});
}

// From a header or, where `If-Match: *` stands, from what is there.
struct precondition {
  std::optional<net::http_response> refused;
  wanted_version wanted;
};
precondition precondition_of(const api_call& call) {
  const auto given = call.request.fields.find("If-Match");
  if (!given) {
    return {
        problem_response({428, "If-Match is missing",
                          "Send the ETag of the state that you have seen, so that nobody's change is lost; "
                          "\"*\" takes whatever is there."}),
        {}};
  }
  const auto wanted = parse_if_match(*given);
  if (!wanted)
    return {
        problem_response({400, "If-Match is no ETag of this API", "It is one strong tag, such as \"5\"."}),
        {}};
  return {std::nullopt, *wanted};
}

std::uint64_t number_of(const std::optional<std::string>& text, std::uint64_t fallback) {
  std::uint64_t value = 0;
  if (!text) return fallback;
  const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), value);
  return failed == std::errc() && end == text->data() + text->size() ? value : fallback;
}

// The values that are there, when they are of the version that is wanted.
struct found_state {
  std::optional<net::http_response> refused;
  settings::current_settings current;
};
net::task<found_state> state_for(const api_call& call, const settings::feature_schema& schema,
                                 wanted_version wanted) {
  auto current = co_await call.stores().settings.read(call.guild, call.feature);
  if (!current) co_return found_state{problem_of(current.error()), {}};
  const auto* exact = std::get_if<std::uint64_t>(&wanted);
  if (exact != nullptr && *exact != current->version)
    co_return found_state{conflict_response(schema, *current, 412), {}};
  co_return found_state{std::nullopt, std::move(*current)};
}

bool is_merge_patch(const api_call& call) {
  const std::string_view type = call.request.fields.find("Content-Type").value_or("");
  const std::string_view name = type.substr(0, type.find(';'));
  return name == "application/merge-patch+json" || name == "application/json";
}

net::task<net::http_response> change_to(api_call call, std::uint64_t version, json::object values) {
  settings::settings_desk& desk = call.stores().settings;
  const auto outcome =
      co_await desk.put_if(call.guild, call.feature, version, call.author(), std::move(values));
  co_return change_response(desk.schemas(), outcome);
}

}  // namespace

net::task<net::http_response> get_all_settings(api_call call) {
  settings::settings_desk& desk = call.stores().settings;
  json::array features;
  std::vector<std::pair<std::string_view, std::uint64_t>> versions;
  for (const settings::feature_schema* schema : desk.schemas().all()) {
    const auto current = co_await desk.get(call.guild, std::string(schema->feature));
    if (!current) co_return problem_of(current.error());
    versions.emplace_back(schema->feature, current->version);
    features.push_back(settings_json(*schema, *current));
  }
  const std::string etag = etag_of(versions);
  net::http_response response =
      json_response(json::object{{"guild", call.guild_text}, {"features", features}});
  if (none_match_names(call.request.fields.find("If-None-Match").value_or(""), etag)) {
    response.status = 304;
    response.body.clear();
  }
  response.fields.set("ETag", etag);
  co_return response;
}

net::task<net::http_response> get_settings(api_call call) {
  settings::settings_desk& desk = call.stores().settings;
  const settings::feature_schema* schema = desk.schemas().find(call.feature);
  if (schema == nullptr) co_return no_feature(call);
  const auto current = co_await desk.get(call.guild, call.feature);
  if (!current) co_return problem_of(current.error());
  const std::string etag = etag_of(current->version);
  net::http_response response = json_response(settings_json(*schema, *current));
  if (none_match_names(call.request.fields.find("If-None-Match").value_or(""), etag)) {
    response.status = 304;
    response.body.clear();
  }
  response.fields.set("ETag", etag);
  co_return response;
}

net::task<net::http_response> patch_settings(api_call call) {
  const settings::feature_schema* schema = call.stores().settings.schemas().find(call.feature);
  if (schema == nullptr) co_return no_feature(call);
  if (!is_merge_patch(call)) {
    auto refused =
        problem_response({415, "Not a merge patch", "Send application/merge-patch+json (RFC 7396)."});
    refused.fields.set("Accept-Patch", "application/merge-patch+json");
    co_return refused;
  }
  const precondition before = precondition_of(call);
  if (before.refused) co_return *before.refused;
  auto patch = settings::parse_document(call.request.body);
  if (!patch) co_return problem_of(patch.error());
  auto state = co_await state_for(call, *schema, before.wanted);
  if (state.refused) co_return *std::move(state.refused);
  json::value merged = settings::merge_patch(std::move(state.current.values), *patch);
  co_return co_await change_to(std::move(call), state.current.version, std::move(merged.as_object()));
}

net::task<net::http_response> reset_settings(api_call call) {
  const settings::feature_schema* schema = call.stores().settings.schemas().find(call.feature);
  if (schema == nullptr) co_return no_feature(call);
  const precondition before = precondition_of(call);
  if (before.refused) co_return *before.refused;
  auto state = co_await state_for(call, *schema, before.wanted);
  if (state.refused) co_return *std::move(state.refused);
  co_return co_await change_to(std::move(call), state.current.version, {});
}

net::task<net::http_response> get_history(api_call call) {
  store::audit_filter filter;
  filter.guild = call.guild;
  filter.feature = call.request.query_value("feature").value_or("");
  filter.before_id = number_of(call.request.query_value("before"), 0);
  filter.limit = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(
      number_of(call.request.query_value("limit"), usual_history), 1, most_history));
  const auto rows = co_await call.stores().settings.history(std::move(filter));
  if (!rows) co_return problem_of(rows.error());
  json::array changes;
  for (const store::audit_row& row : *rows) changes.push_back(audit_json(row));
  co_return json_response(json::object{{"changes", std::move(changes)}});
}

net::task<net::http_response> undo_change(api_call call) {
  const auto body = settings::parse_document(call.request.body);
  if (!body) co_return problem_of(body.error());
  const json::value* number = body->if_contains("change");
  boost::system::error_code wrong;
  const auto id = number == nullptr ? 0 : number->to_number<std::uint64_t>(wrong);
  if (number == nullptr || wrong) {
    co_return problem_response({422, "Which change?", "Send {\"change\": 12}, a number of the history."},
                               {{"problems", json::array()}});
  }
  const auto outcome =
      co_await call.stores().settings.undo(call.guild, id, call.author(store::change_origin::undo));
  co_return change_response(call.stores().settings.schemas(), outcome);
}

}  // namespace guildfleet::api::v1
