#include "cli/doctor_memory.hpp"

#include <boost/json/serialize.hpp>
#include <ostream>

#include "cli/doctor_text.hpp"
#include "ops/doctor/diagnosis_json.hpp"
#include "ops/doctor/judgement.hpp"

namespace guildfleet::cli {

exit_code show_memory(const doctor_request& request, const terminal& to) {
  const auto series = look_at_memory(request.node);
  if (!series) {
    to.err << "guildfleet: " << shown(series.error().why) << '\n';
    return exit_code::failed;
  }
  ops::doctor::diagnosis judged;
  ops::doctor::judge_memory(series, judged);
  ops::doctor::sort_for_reading(judged);
  if (request.output == "json") {
    boost::json::object out = ops::doctor::memory_json(*series);
    out["diagnosis"] = ops::doctor::diagnosis_json(judged);
    to.out << boost::json::serialize(out) << '\n';
  } else {
    print_memory(*series, to);
    to.out << '\n';
    print_diagnosis(judged, to);
  }
  return judged.has_errors() ? exit_code::failed : exit_code::fine;
}

}  // namespace guildfleet::cli
