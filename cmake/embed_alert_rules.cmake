# Writes alert_files.cpp, which holds the alert rules as texts:
#   cmake -DOUTPUT=alert_files.cpp "-DFILES=a.yml;b.yml" -P embed_alert_rules.cmake
set(entries "")
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME)
  file(READ ${file} text)
  string(APPEND entries "      {\"${name}\", R\"=====(${text})=====\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Written by cmake/embed_alert_rules.cmake from docs/alerts/.
#include \"ops/render/alert_files.hpp\"

namespace guildfleet::ops {

std::vector<alert_file> alert_rule_files() {
  return {
${entries}  };
}

}  // namespace guildfleet::ops
")
