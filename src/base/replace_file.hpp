// A file that is there with its old text or with its new one, whatever happens.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

#include "base/result.hpp"

namespace guildfleet::base {

// Writes `text` to a second file beside `path`, down to the disk, and puts it in the place of the first one:
// who reads meanwhile sees one of the two. Of processes that write at once the last one wins. `mode`: such as
// 0644, whatever the umask is. Blocks. Errors: those of the system, with `path` and what to do; `path` is as
// it was then, and the second file is gone.
[[nodiscard]] result<void> replace_file(const std::string& path, std::string_view text, mode_t mode);

// nullopt: it cannot be read, as when it is not there. Blocks.
[[nodiscard]] std::optional<std::string> text_in_file(const std::string& path);

}  // namespace guildfleet::base
