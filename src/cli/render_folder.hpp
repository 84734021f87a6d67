// The folder that is rendered into: what is there, what would change, and the change itself.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "ops/render/rendered_file.hpp"

namespace guildfleet::cli {

enum class folder_act { write, change, remove };

struct folder_change {
  folder_act act = folder_act::write;
  std::string path;                           // below the folder
  std::string before;                         // the text that is there
  const ops::rendered_file* after = nullptr;  // nullptr: it is removed
};

struct folder_view {
  std::vector<folder_change> changes;
  std::vector<std::string> not_ours;  // sentences: what stands in the way that render has not written
  std::vector<std::string> notes;     // sentences: what stays as it is because it is somebody else's
};

// Compares; writes nothing. `rendered` outlives the answer. Left-overs, which render wrote once and would not
// write now, are found in the target's folders by their heads; folders named secrets are not looked into.
[[nodiscard]] folder_view look_at_folder(const std::filesystem::path& folder, const ops::rendering& rendered);

// Makes the folders that it needs. Errors: those of the system, with what to do.
[[nodiscard]] base::result<void> apply_change(const std::filesystem::path& folder,
                                              const ops::rendering& rendered, const folder_change& change);

}  // namespace guildfleet::cli
