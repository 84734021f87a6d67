// GD307, of a server and of a file.
#pragma once

#include <string>

#include "ops/doctor/notebook.hpp"

namespace guildfleet::ops::doctor {

void judge_schema(const std::string& place, const answer<store::schema_look>& of, notebook& notes);

}  // namespace guildfleet::ops::doctor
