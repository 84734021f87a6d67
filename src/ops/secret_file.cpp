#include "ops/secret_file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

#include "ops/mount_origin.hpp"

namespace guildfleet::ops {
namespace {

constexpr std::size_t max_secret_bytes = 64U << 10U;

file_complaint unreadable(const std::string& path, int reason) {
  std::string message = fmt::format("cannot read {}: {}", path, std::strerror(reason));
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0)
    return {std::move(message), "check the path, and that the secret is mounted"};
  message += fmt::format("; it belongs to uid {} with mode {:04o}, this process runs as uid {}", found.st_uid,
                         found.st_mode & 07777U, ::getuid());
  return {std::move(message), fmt::format("give it to uid {}: {}", ::getuid(), how_to_own(path))};
}

bool lies_under(const std::filesystem::path& file, const std::filesystem::path& folder) {
  if (folder.empty()) return false;
  const auto relative = file.lexically_normal().lexically_relative(folder.lexically_normal());
  return !relative.empty() && *relative.begin() != "..";
}

// Kubernetes mounts a secret as links into a folder named ..data.
bool is_kubernetes_mount(const std::filesystem::path& file) {
  std::error_code ignored;
  return std::filesystem::exists(file.parent_path() / "..data", ignored);
}

}  // namespace

std::expected<base::secret, file_complaint> read_secret_file(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return std::unexpected(file_complaint{fmt::format("{} is a folder", path), "name the file inside of it"});
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::unexpected(unreadable(path, errno));
  std::string text(max_secret_bytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > max_secret_bytes) {
    return std::unexpected(
        file_complaint{fmt::format("{} is larger than 64 KiB", path), "is it the right file?"});
  }
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  if (text.empty())
    return std::unexpected(file_complaint{fmt::format("{} is empty", path), "put the secret into it"});
  return base::secret(std::move(text));
}

std::optional<file_complaint> judge_secret_file_mode(const std::string& path,
                                                     const base::variable_lookup& variables) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0 || (found.st_mode & S_IROTH) == 0) return std::nullopt;
  std::error_code ignored;
  const auto absolute = std::filesystem::absolute(path, ignored);
  if (lies_under(absolute, "/run/secrets") || lies_under(absolute, "/var/run/secrets")) return std::nullopt;
  if (lies_under(absolute, variables("CREDENTIALS_DIRECTORY").value_or(""))) return std::nullopt;
  if (is_kubernetes_mount(absolute)) return std::nullopt;
  return file_complaint{
      fmt::format("everybody on this machine can read {} (mode {:04o})", path, found.st_mode & 07777U),
      fmt::format("chmod 600 {}", path)};
}

}  // namespace guildfleet::ops
