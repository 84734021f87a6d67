#include "api/v1/openapi.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <fmt/format.h>
#include <map>

#include "settings/json_schema.hpp"

namespace guildfleet::api::v1 {
namespace {

// With every route: no or a wrong token, too little scope, too many failures, no store.
constexpr int everywhere[] = {401, 403, 429, 503};

const std::map<int, std::string_view> meanings = {
    {304, "As it was: If-None-Match names this state"},
    {400, "Something in the request cannot be read"},
    {401, "No token, or one that is not valid"},
    {403, "The token's scope is too small"},
    {404, "There is no such bot, feature, change or token"},
    {409, "Somebody changed the same in between; nothing was saved"},
    {412, "Somebody changed it since: the answer holds the current state; nothing was saved"},
    {413, "The body is too large"},
    {415, "The body is no merge patch"},
    {422, "The settings are not valid: the answer names each field; nothing was saved"},
    {428, "If-Match is missing"},
    {429, "Too many wrong tokens came from this address"},
    {503, "The store is away; try again"}};

json::object reference(std::string_view name) {
  return {{"$ref", fmt::format("#/components/schemas/{}", name)}};
}

json::object typed(std::string_view type) {
  return {{"type", type}};
}

json::object object_of(json::object properties) {
  json::array required;
  for (const auto& [key, value] : properties) required.emplace_back(key);
  return {{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}};
}

json::object list_of(json::object items) {
  return {{"type", "array"}, {"items", std::move(items)}};
}

// The state's members; `required` are those that are always there.
json::object state_schema(json::object settings) {
  return {{"type", "object"},
          {"properties", json::object{{"feature", typed("string")},
                                      {"version", typed("integer")},
                                      {"settings", std::move(settings)},
                                      {"changed_by", typed("string")},
                                      {"changed_by_way", typed("string")},
                                      {"changed_at", {{"type", "string"}, {"format", "date-time"}}},
                                      {"changes", list_of(reference("Change"))},
                                      {"stale", typed("boolean")}}},
          {"required", {"feature", "version", "settings"}}};
}

json::object counts_schema() {
  const json::object text = typed("string");
  const json::object number = typed("integer");
  return object_of(
      {{"guilds", list_of(object_of({{"bot", text}, {"guilds", number}}))},
       {"overlaps", list_of(object_of({{"bots", list_of(text)}, {"guilds", number}}))},
       {"feature_uses", list_of(object_of({{"bot", text}, {"feature", text}, {"uses", number}}))},
       {"jobs",
        list_of(object_of(
            {{"bot", text}, {"waiting", number}, {"due", number}, {"leased", number}, {"dead", number}}))},
       {"config_changes", list_of(object_of({{"date", text}, {"changes", number}}))}});
}

json::object problem_schema() {
  return {{"type", "object"},
          {"properties", json::object{{"type", typed("string")},
                                      {"title", typed("string")},
                                      {"status", typed("integer")},
                                      {"detail", typed("string")},
                                      {"current", reference("State")},
                                      {"problems", list_of(reference("FieldProblem"))}}},
          {"required", {"type", "title", "status"}}};
}

json::object component_schemas(const settings::schema_catalogue& schemas) {
  const json::object text = typed("string");
  json::object out;
  json::array patches;
  for (const settings::feature_schema* each : schemas.all()) {
    const std::string name = fmt::format("settings.{}", each->feature);
    out[name] = settings::json_schema(*each, base::language::english);
    out["patch." + std::string(each->feature)] =
        settings::json_schema(*each, base::language::english, settings::schema_use::patch);
    patches.push_back(reference("patch." + std::string(each->feature)));
  }
  out["Patch"] = json::object{{"anyOf", std::move(patches)}};
  out["State"] = state_schema(typed("object"));
  out["Change"] = object_of({{"field", text}, {"before", json::object()}, {"after", json::object()}});
  out["FieldProblem"] = json::object{
      {"type", "object"},
      {"properties", json::object{{"feature", text}, {"field", text}, {"message", text}, {"fix", text}}},
      {"required", {"field", "message", "fix"}}};
  out["Problem"] = problem_schema();
  out["Audit"] = object_of({{"id", typed("integer")},
                            {"feature", text},
                            {"version", typed("integer")},
                            {"changed_by", text},
                            {"changed_by_way", text},
                            {"changed_at", text},
                            {"before", json::object()},
                            {"after", json::object()}});
  out["Counts"] = counts_schema();
  return out;
}

json::object schema_of(body_kind kind) {
  const json::object text = typed("string");
  switch (kind) {
    case body_kind::settings:
    case body_kind::changed:
      return reference("State");
    case body_kind::all_settings:
      return object_of({{"guild", text}, {"features", list_of(reference("State"))}});
    case body_kind::patch:
      return reference("Patch");
    case body_kind::history:
      return object_of({{"changes", list_of(reference("Audit"))}});
    case body_kind::undo:
      return object_of({{"change", typed("integer")}});
    case body_kind::transfer:
      return object_of(
          {{"format", text}, {"version", typed("integer")}, {"guild", text}, {"features", typed("object")}});
    case body_kind::import_outcome:
      return object_of(
          {{"applied", typed("boolean")},
           {"features", list_of(object_of({{"feature", text}, {"changes", list_of(reference("Change"))}}))}});
    case body_kind::bots:
      return object_of({{"bots", list_of(object_of({{"name", text}, {"features", list_of(text)}}))}});
    case body_kind::stats:
      return reference("Counts");
    case body_kind::tokens:
      return object_of({{"tokens", list_of(object_of({{"name", text},
                                                      {"scopes", list_of(text)},
                                                      {"created_at", text},
                                                      {"expires_at", json::object()}}))}});
    case body_kind::heap:
      return object_of({{"kind", text}, {"text", text}, {"hint", text}});
    case body_kind::openapi:
    case body_kind::none:
      return typed("object");
  }
  return typed("object");
}

json::object content(std::string_view type, json::object schema) {
  return {{type, json::object{{"schema", std::move(schema)}}}};
}

json::object parameter(std::string_view in, std::string_view name, std::string_view description,
                       bool required) {
  return {{"in", in},
          {"name", name},
          {"description", description},
          {"required", required},
          {"schema", typed("string")}};
}

json::array parameters_of(const api_route& route) {
  json::array out;
  for (std::size_t at = route.pattern.find('{'); at != std::string_view::npos;
       at = route.pattern.find('{', at + 1)) {
    const std::string_view name = route.pattern.substr(at + 1, route.pattern.find('}', at) - at - 1);
    out.push_back(parameter("path", name, name, true));
  }
  for (const query_parameter& each : route.query)
    out.push_back(parameter("query", each.name, each.description, false));
  if (route.if_match != api_route::condition::none) {
    out.push_back(parameter("header", "If-Match", "the ETag of the state that was seen, or *",
                            route.if_match == api_route::condition::needed));
  }
  return out;
}

json::object responses_of(const api_route& route) {
  json::object out;
  out["200"] =
      json::object{{"description", "Done"}, {"content", content("application/json", schema_of(route.gives))}};
  const auto add = [&](int status) {
    json::object answer{{"description", meanings.at(status)}};
    if (status >= 400) answer["content"] = content("application/problem+json", reference("Problem"));
    out[std::to_string(status)] = std::move(answer);
  };
  for (const int status : route.problems) add(status);
  if (route.scope) {
    for (const int status : everywhere) add(status);
  }
  return out;
}

json::object operation_of(const api_route& route) {
  json::object out{
      {"summary", route.summary}, {"parameters", parameters_of(route)}, {"responses", responses_of(route)}};
  if (route.takes != body_kind::none) {
    const std::string_view type =
        route.takes == body_kind::patch ? "application/merge-patch+json" : "application/json";
    out["requestBody"] = json::object{{"required", true}, {"content", content(type, schema_of(route.takes))}};
  }
  if (route.scope) {
    out["security"] = json::array{json::object{{"token", json::array{store::name_of(*route.scope)}}}};
  } else {
    out["security"] = json::array();
  }
  return out;
}

}  // namespace

json::object openapi_document(const settings::schema_catalogue& schemas) {
  json::object paths;
  for (const api_route& route : api_table()) {
    std::string method(route.method);
    std::ranges::transform(method, method.begin(), [](char c) { return static_cast<char>(c | 0x20); });
    if (!paths.contains(route.pattern)) paths[route.pattern] = json::object();
    paths[route.pattern].as_object()[method] = operation_of(route);
  }
  json::object token{{"type", "http"},
                     {"scheme", "bearer"},
                     {"description", "guildfleet token create NAME --scope read|config|admin"}};
  return {{"openapi", "3.1.0"},
          {"info", json::object{{"title", "guildfleet"}, {"version", "1"}}},
          {"paths", std::move(paths)},
          {"components", json::object{{"schemas", component_schemas(schemas)},
                                      {"securitySchemes", json::object{{"token", std::move(token)}}}}}};
}

}  // namespace guildfleet::api::v1
