// A Compose file as a list of services: both ways to write each thing read into one form. Variables stay as
// they are written, but for the parts that only make sense without them: there defaults are filled in.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/yaml_document.hpp"
#include "ops/check/finding.hpp"

namespace guildfleet::ops {

struct compose_variable {
  std::string name;
  std::optional<std::string> value;  // as written, may be a secret; nullopt: that of Compose's environment
  base::text_position at;            // in the Compose file
  std::string env_file;              // that it is from; empty: environment
};

struct compose_mount {
  std::string source;  // a volume's name or a path; empty: none
  std::string target;  // in the container
  bool is_volume = false;
  bool is_kept = true;  // false: tmpfs
  base::text_position at;
};

struct compose_port {
  std::string address;  // of this machine; empty: all
  std::string host;     // a port or a range; empty: chosen at the start
  std::string container;
  std::string protocol = "tcp";
  base::text_position at;

  [[nodiscard]] bool is_public() const;  // others than this machine may come
};

struct compose_secret {
  std::string name;
  std::string path;  // in the container
  base::text_position at;
};

struct compose_service {
  std::string name;
  base::text_position at;
  const base::yaml_node* node = nullptr;  // in compose_file::root
  std::string image;                      // defaults filled in; empty: none, or only a variable
  bool is_built = false;
  std::vector<compose_variable> variables;  // of environment first; no name twice
  std::vector<compose_mount> mounts;
  std::vector<compose_port> ports;
  std::vector<compose_secret> secrets;

  // The value of a key, nullptr when it is not there or empty; "deploy.resources.limits.memory" goes down.
  [[nodiscard]] const base::yaml_node* find(std::string_view path) const;
  // Defaults filled in; empty when it is not there or no plain text.
  [[nodiscard]] std::string text(std::string_view path) const;
  [[nodiscard]] base::text_position place_of(std::string_view path) const;  // else the service's
  [[nodiscard]] const compose_variable* variable(std::string_view name) const;
  [[nodiscard]] std::string value_of(std::string_view name) const;  // defaults filled in; empty: none

  // "postgres" of "docker.io/library/postgres:16-alpine".
  [[nodiscard]] std::string image_name() const;
  [[nodiscard]] std::string image_tag() const;  // empty: none; of a digest "@"
  [[nodiscard]] bool is_guildfleet() const;
  // The mount under which a path lies; nullptr: none.
  [[nodiscard]] const compose_mount* mount_of(std::string_view path) const;
};

struct compose_volume {
  std::string name;
  base::text_position at;
  std::string driver;
  std::string type;    // driver_opts.type
  std::string device;  // driver_opts.device, driver_opts.o
};

// Movable: what services point into moves along.
struct compose_file {
  base::yaml_node root;
  std::vector<compose_service> services;
  std::vector<compose_volume> volumes;

  compose_file() = default;
  compose_file(const compose_file&) = delete;
  compose_file& operator=(const compose_file&) = delete;
  compose_file(compose_file&&) = default;
  compose_file& operator=(compose_file&&) = default;
  ~compose_file() = default;
};

// `env_files`: texts of what env_file names, by the name as it is written. nullopt: problems tell why.
[[nodiscard]] std::optional<compose_file> read_compose(const source_text& file,
                                                       const std::map<std::string, std::string>& env_files,
                                                       base::problem_list& problems);

// The names that env_file has in the services of a file; none where the file cannot be read.
[[nodiscard]] std::vector<std::string> env_files_of(const source_text& file);

// "1m30s", "30s", "500ms"; nullopt: no such text.
[[nodiscard]] std::optional<std::chrono::milliseconds> compose_duration(std::string_view text);

}  // namespace guildfleet::ops
