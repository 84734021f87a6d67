// Where a file of this container lies on its host.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace guildfleet::ops {

// `mounts` is what /proc/self/mountinfo says (proc(5)). The path on the host of `path` (absolute, normal),
// when it is or lies below something that was mounted by itself: a secret's file, a volume. It is the path on
// the host's file system that holds it, which on nearly every host is mounted at /. Empty: not mounted by
// itself, or of a file system that has no path there (tmpfs).
[[nodiscard]] std::optional<std::string> path_on_host(std::string_view path, std::string_view mounts);

// The same for the container that this process runs in; empty when it runs in none.
[[nodiscard]] std::optional<std::string> path_on_host(std::string_view path);

// The command that makes the user of this process the owner of `path`, for whoever may do that: on this
// machine, or on the host of the container that this is.
[[nodiscard]] std::string how_to_own(const std::string& path);

}  // namespace guildfleet::ops
