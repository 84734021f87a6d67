#include "api/v1/config_json.hpp"

#include <fmt/format.h>

#include "api/v1/etag.hpp"
#include "api/v1/problem.hpp"

namespace guildfleet::api::v1 {
namespace {

json::value or_null(const std::optional<json::value>& value) {
  return value ? *value : json::value(nullptr);
}

json::value document_json(const std::optional<std::string>& document) {
  if (!document) return nullptr;
  auto parsed = settings::parse_document(*document);
  return parsed ? json::value(std::move(*parsed)) : json::value(nullptr);
}

}  // namespace

json::object settings_json(const settings::feature_schema& schema,
                           const settings::current_settings& current) {
  json::object out{{"feature", schema.feature}, {"version", current.version}, {"settings", current.values}};
  if (current.version > 0) {
    out["changed_by"] = current.author.who;
    out["changed_by_way"] = store::name_of(current.author.origin);
    out["changed_at"] = rfc3339(current.changed_at);
  }
  if (current.stale) out["stale"] = true;
  return out;
}

json::array changes_json(const std::vector<settings::field_change>& changes) {
  json::array out;
  for (const settings::field_change& each : changes)
    out.push_back({{"field", each.path}, {"before", or_null(each.before)}, {"after", or_null(each.after)}});
  return out;
}

json::array problems_json(const std::vector<settings::problem>& problems) {
  json::array out;
  for (const settings::problem& each : problems)
    out.push_back({{"field", each.path}, {"message", each.sentence.english}, {"fix", each.fix.english}});
  return out;
}

json::object audit_json(const store::audit_row& row) {
  return {{"id", row.id},
          {"feature", row.key.feature},
          {"version", row.version},
          {"changed_by", row.author.who},
          {"changed_by_way", store::name_of(row.author.origin)},
          {"changed_at", rfc3339(row.at)},
          {"before", document_json(row.before)},
          {"after", document_json(row.after)}};
}

net::http_response conflict_response(const settings::feature_schema& schema,
                                     const settings::current_settings& current, int status) {
  auto response = problem_response(
      {status, "Somebody else was faster",
       fmt::format(
           "{} changed {} at {}; nothing was saved. Look at the current state and send the change again "
           "with its ETag.",
           current.version == 0 ? "Nobody" : current.author.who, schema.feature,
           current.version == 0 ? "no time" : rfc3339(current.changed_at))},
      {{"current", settings_json(schema, current)}});
  response.fields.set("ETag", etag_of(current.version));
  return response;
}

net::http_response change_response(const settings::schema_catalogue& schemas,
                                   const base::result<settings::change_result>& outcome) {
  if (!outcome) return problem_of(outcome.error());
  if (const auto* wrong = std::get_if<settings::problems>(&*outcome)) {
    return problem_response({422, "The settings are not valid", "Nothing was saved."},
                            {{"problems", problems_json(*wrong)}});
  }
  if (const auto* conflict = std::get_if<store::settings_conflict>(&*outcome)) {
    const settings::feature_schema& schema = *schemas.find(conflict->current.key.feature);
    const auto current = settings::current_of(schema, conflict->current);
    return current ? conflict_response(schema, *current, 412) : problem_of(current.error());
  }
  const auto& done = std::get<settings::changed>(*outcome);
  json::object body = settings_json(*schemas.find(done.now.feature), done.now);
  body["changes"] = changes_json(done.changes);
  auto response = json_response(body);
  response.fields.set("ETag", etag_of(done.now.version));
  return response;
}

}  // namespace guildfleet::api::v1
