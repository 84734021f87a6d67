#include "ops/secret_setting.hpp"

#include <fmt/format.h>

#include "ops/secret_file.hpp"

namespace guildfleet::ops {

secret_setting read_secret_setting(section_reader& reader, std::string_view key,
                                   const base::variable_lookup& variables) {
  const std::string file_key = fmt::format("{}_file", key);
  auto direct = reader.context().runs_here ? reader.text(key) : reader.quiet_text(key);
  const auto file = reader.text(file_key);
  if (direct && file) {
    reader.error(file_key, fmt::format("{} and {} exclude each other", key, file_key), "keep one of them");
    return {};
  }
  if (!file) return {std::string(key), base::secret(std::move(direct).value_or(std::string()))};
  auto content = read_secret_file(*file);
  if (!content && !reader.context().runs_here) return {file_key, {}};
  if (!content) {
    reader.error(file_key, content.error().message, content.error().fix);
    return {};
  }
  if (const auto complaint = judge_secret_file_mode(*file, variables))
    reader.warn(file_key, complaint->message, complaint->fix);
  return {file_key, std::move(*content)};
}

}  // namespace guildfleet::ops
