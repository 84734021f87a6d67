// Secrets that lie in files: Docker and Kubernetes secrets, systemd credentials, plain files.
#pragma once

#include <expected>
#include <optional>
#include <string>

#include "base/secret.hpp"
#include "base/variables.hpp"

namespace guildfleet::ops {

// Why a file is of no use, as a message and what to do; neither holds any of its content.
struct file_complaint {
  std::string message;
  std::string fix;
};

// The whole file without its trailing line break. At most 64 KiB. Complaints about a file that cannot be read
// name the user ids and the mode.
[[nodiscard]] std::expected<base::secret, file_complaint> read_secret_file(const std::string& path);

// A complaint when everybody on this machine can read the file and no platform guards it: outside
// /run/secrets, a Kubernetes volume, and $CREDENTIALS_DIRECTORY.
[[nodiscard]] std::optional<file_complaint> judge_secret_file_mode(const std::string& path,
                                                                   const base::variable_lookup& variables);

}  // namespace guildfleet::ops
