#include "ops/doctor/diagnosis_json.hpp"

#include <boost/json/array.hpp>
#include <cmath>
#include <cstdint>

namespace guildfleet::ops::doctor {

namespace json = boost::json;

namespace {
// Bytes have no fractions, and 3.3E7 is read by fewer programs.
std::int64_t whole(double bytes) {
  return std::llround(bytes);
}
}  // namespace

json::object diagnosis_json(const diagnosis& of) {
  json::array findings;
  for (const finding& each : of.findings)
    findings.push_back({{"id", id_of(each.what)},
                        {"section", name_of(section_of(each.what))},
                        {"check", title_of(each.what)},
                        {"severity", name_of(each.how)},
                        {"subject", each.subject},
                        {"seen", each.seen},
                        {"meaning", each.meaning},
                        {"todo", each.todo}});
  json::array not_asked;
  for (const unasked& each : of.not_asked)
    not_asked.push_back({{"section", name_of(each.where)}, {"what", each.what}, {"why", each.why}});
  return {{"summary",
           {{"errors", of.count(grade::error)},
            {"warnings", of.count(grade::warning)},
            {"notes", of.count(grade::note)},
            {"fine", of.count(grade::fine)}}},
          {"findings", std::move(findings)},
          {"not_asked", std::move(not_asked)}};
}

json::object memory_json(const memory_series& of) {
  json::array parts;
  for (const part_growth& each : growth_of(of)) {
    json::object one{{"part", each.part},          {"bytes", whole(each.now)},   {"bytes_per_guild", nullptr},
                     {"growth_per_hour", nullptr}, {"growth_at_least", nullptr}, {"judged", each.judged}};
    if (each.per_guild) one["bytes_per_guild"] = whole(*each.per_guild);
    if (each.judged) {
      one["growth_per_hour"] = whole(each.per_hour);
      one["growth_at_least"] = whole(each.at_least);
    }
    parts.push_back(std::move(one));
  }
  return {{"node", of.node},
          {"uptime", of.uptime.count()},
          {"samples", of.rows.size()},
          {"parts", std::move(parts)}};
}

}  // namespace guildfleet::ops::doctor
