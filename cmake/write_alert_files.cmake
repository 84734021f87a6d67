# Writes a C++ source with the texts of some files:  cmake -D OUT=file.cpp -D FILES=a.yml,b.yml -P write_alert_files.cmake
string(REPLACE "," ";" files "${FILES}")
set(entries "")
foreach(file IN LISTS files)
  get_filename_component(name "${file}" NAME_WE)
  file(READ "${file}" text)
  string(APPEND entries "    alert_file{\"${name}\", R\"alerts(${text})alerts\"},\n")
endforeach()
file(WRITE "${OUT}" "#include \"ops/render/alert_files.hpp\"

#include <array>

namespace guildfleet::ops {

std::span<const alert_file> alert_rule_files() {
  static constexpr auto files = std::to_array<alert_file>({
${entries}  });
  return files;
}

}  // namespace guildfleet::ops
")
