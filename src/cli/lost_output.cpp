#include "cli/lost_output.hpp"

#include <ostream>

namespace guildfleet::cli {

exit_code after_output(exit_code code, const terminal& to) {
  to.out.flush();
  if (to.out) return code;
  to.err << "guildfleet: not everything could be written to standard output; is its disk full?\n";
  return code == exit_code::fine ? exit_code::failed : code;
}

}  // namespace guildfleet::cli
