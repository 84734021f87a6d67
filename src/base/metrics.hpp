// Numbers for Prometheus. Names follow guildfleet_<room>_<what>_<unit>; no label holds a guild, user or
// token.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace guildfleet::base {

using metric_labels = std::map<std::string, std::string>;

// Handles are cheap to copy, thread-safe, and valid as long as their registry. Look one up once and keep it:
// a look-up takes a lock.
class counter final {
 public:
  void add(double amount = 1.0) const;
  [[nodiscard]] double value() const;

 private:
  friend class metrics;
  explicit counter(void* handle) : handle_(handle) {}
  void* handle_;
};

class gauge final {
 public:
  void set(double value) const;
  void add(double amount) const;

 private:
  friend class metrics;
  explicit gauge(void* handle) : handle_(handle) {}
  void* handle_;
};

class histogram final {
 public:
  void observe(double value) const;
  // How many values fell into each of its ranges, those above the last bound at the end.
  [[nodiscard]] std::vector<std::uint64_t> counts() const;

 private:
  friend class metrics;
  explicit histogram(void* handle) : handle_(handle) {}
  void* handle_;
};

// The registry of a process. Thread-safe. The same name must be asked for with the same kind and help text.
class metrics final {
 public:
  metrics();
  ~metrics();
  metrics(const metrics&) = delete;
  metrics& operator=(const metrics&) = delete;

  [[nodiscard]] counter counter_of(const std::string& name, const std::string& help,
                                   const metric_labels& labels = {});
  [[nodiscard]] gauge gauge_of(const std::string& name, const std::string& help,
                               const metric_labels& labels = {});
  // `upper_bounds` in ascending order, in the metric's unit.
  [[nodiscard]] histogram histogram_of(const std::string& name, const std::string& help,
                                       const metric_labels& labels, const std::vector<double>& upper_bounds);

  // Prometheus text format, version 0.0.4.
  [[nodiscard]] std::string expose() const;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace guildfleet::base
