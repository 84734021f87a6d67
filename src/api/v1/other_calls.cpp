#include "api/v1/other_calls.hpp"

#include <algorithm>

#include "api/v1/config_json.hpp"
#include "api/v1/counts_json.hpp"
#include "api/v1/etag.hpp"
#include "api/v1/openapi.hpp"
#include "api/v1/problem.hpp"
#include "base/allocator.hpp"
#include "settings/transfer.hpp"

namespace guildfleet::api::v1 {
namespace {

json::array plan_json(const settings::import_plan& plan) {
  json::array out;
  for (const settings::planned_change& each : plan.changes)
    out.push_back({{"feature", each.feature}, {"changes", changes_json(each.changes)}});
  return out;
}

using feature_versions = std::vector<std::pair<std::string_view, std::uint64_t>>;

// Of every feature in the guild, as the store has them.
net::task<base::result<feature_versions>> versions_of(const api_call& call) {
  settings::settings_desk& desk = call.stores().settings;
  feature_versions out;
  for (const settings::feature_schema* schema : desk.schemas().all()) {
    const auto current = co_await desk.read(call.guild, std::string(schema->feature));
    if (!current) co_return std::unexpected(current.error());
    out.emplace_back(schema->feature, current->version);
  }
  co_return out;
}

net::http_response changed_meanwhile(const feature_versions& now) {
  auto refused =
      problem_response({412, "Somebody else was faster",
                        "The settings are not those that If-Match names; nothing was saved. Export "
                        "them again."});
  refused.fields.set("ETag", etag_of(now));
  return refused;
}

bool plan_is_of(const settings::import_plan& plan, const feature_versions& versions) {
  return std::ranges::all_of(plan.changes, [&](const settings::planned_change& change) {
    return std::ranges::find(versions, std::pair<std::string_view, std::uint64_t>(
                                           change.feature, change.expected_version)) != versions.end();
  });
}

net::http_response refused_import(const std::vector<settings::feature_problems>& found) {
  json::array problems;
  for (const settings::feature_problems& of : found) {
    for (json::value& each : problems_json(of.found)) {
      each.as_object()["feature"] = of.feature;
      problems.push_back(std::move(each));
    }
  }
  return problem_response({422, "The settings are not valid", "Nothing was saved."},
                          {{"problems", std::move(problems)}});
}

// Each store of the node once: bots may share one.
std::vector<const bot::bot_stores*> distinct_stores(const api_call& call) {
  std::vector<const bot::bot_stores*> out;
  for (const served_bot& each : *call.bots) {
    const bool known =
        std::ranges::any_of(out, [&](const auto* one) { return one->data == each.stores.data; });
    if (!known) out.push_back(&each.stores);
  }
  return out;
}

json::array scopes_json(std::uint8_t scopes) {
  json::array out;
  for (const auto scope : {store::token_scope::read, store::token_scope::config, store::token_scope::admin})
    if ((scopes & static_cast<std::uint8_t>(scope)) != 0) out.emplace_back(store::name_of(scope));
  return out;
}

json::object token_json(const store::token_row& token) {
  json::object out{{"name", token.name},
                   {"scopes", scopes_json(token.scopes)},
                   {"created_at", rfc3339(token.created_at)},
                   {"expires_at", nullptr}};
  if (token.expires_at) out["expires_at"] = rfc3339(*token.expires_at);
  return out;
}

}  // namespace

net::task<net::http_response> export_settings(api_call call) {
  const auto seen = co_await versions_of(call);
  if (!seen) co_return problem_of(seen.error());
  auto text = co_await settings::export_guild(call.stores().settings, call.guild);
  if (!text) co_return problem_of(text.error());
  auto response = net::http_response::json(200, std::move(*text));
  response.fields.set("Cache-Control", "no-store");
  response.fields.set("ETag", etag_of(*seen));
  response.fields.set("Content-Disposition",
                      fmt::format("attachment; filename=\"settings-{}.json\"", call.guild_text));
  co_return response;
}

net::task<net::http_response> import_settings(api_call call) {
  settings::settings_desk& desk = call.stores().settings;
  const auto versions = co_await versions_of(call);
  if (!versions) co_return problem_of(versions.error());
  const auto wanted = call.request.fields.find("If-Match");
  if (wanted && *wanted != "*" && *wanted != etag_of(*versions)) co_return changed_meanwhile(*versions);
  const auto check = co_await settings::plan_import(desk, call.guild, call.request.body);
  if (!check) co_return problem_of(check.error());
  if (const auto* wrong = std::get_if<std::vector<settings::feature_problems>>(&*check))
    co_return refused_import(*wrong);
  const auto& plan = std::get<settings::import_plan>(*check);
  if (wanted && !plan_is_of(plan, *versions)) co_return changed_meanwhile(*versions);
  json::object body{{"applied", false}, {"features", plan_json(plan)}};
  if (call.request.query_value("dry_run") == "true") co_return json_response(body);
  const auto outcome = co_await settings::apply_import(desk, plan, call.author(store::change_origin::import));
  if (!outcome || !std::holds_alternative<settings::changed>(*outcome)) {
    auto refused = change_response(desk.schemas(), outcome);
    if (refused.status != 412) co_return refused;
    refused.status = 409;  // there was no If-Match to fail
    co_return refused;
  }
  body["applied"] = true;
  co_return json_response(body);
}

net::task<net::http_response> get_bots(api_call call) {
  json::array bots;
  for (const served_bot& each : *call.bots) {
    json::array features;
    for (const auto* schema : each.stores.settings.schemas().all()) features.emplace_back(schema->feature);
    bots.push_back({{"name", each.name}, {"features", std::move(features)}});
  }
  co_return json_response(json::object{{"bots", std::move(bots)}});
}

net::task<net::http_response> get_stats(api_call call) {
  store::fleet_counts all;
  for (const bot::bot_stores* each : distinct_stores(call)) {
    auto counts = co_await each->data_threads.run(
        [data = each->data, environment = each->environment] { return data->read_counts(environment); });
    if (!counts) co_return problem_of(counts.error());
    add_counts(all, std::move(*counts));
  }
  co_return json_response(counts_json(all));
}

net::task<net::http_response> get_tokens(api_call call) {
  json::array tokens;
  for (const bot::bot_stores* each : distinct_stores(call)) {
    const auto rows = co_await each->data_threads.run([data = each->data] { return data->list_tokens(); });
    if (!rows) co_return problem_of(rows.error());
    for (const store::token_row& row : *rows) tokens.push_back(token_json(row));
  }
  co_return json_response(json::object{{"tokens", std::move(tokens)}});
}

net::task<net::http_response> revoke_token(api_call call) {
  bool found = false;
  for (const bot::bot_stores* each : distinct_stores(call)) {
    const auto revoked = co_await each->data_threads.run(
        [data = each->data, name = call.token] { return data->revoke_token(name); });
    if (!revoked) co_return problem_of(revoked.error());
    found |= *revoked;
  }
  if (!found) co_return problem_response({404, "No such token", "GET /api/v1/tokens lists the names."});
  co_return json_response(json::object{{"revoked", call.token}});
}

net::task<net::http_response> get_heap(api_call) {
  const auto report = base::report_heap();
  if (!report) co_return problem_of(report.error());
  co_return json_response(
      json::object{{"kind", base::name_of(report->kind)}, {"text", report->text}, {"hint", report->hint}});
}

net::task<net::http_response> get_openapi(api_call call) {
  const auto& schemas = call.bots->front().stores.settings.schemas();
  co_return json_response(openapi_document(schemas));
}

}  // namespace guildfleet::api::v1
