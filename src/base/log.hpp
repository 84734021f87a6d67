// Structured log lines: a fixed English sentence and fields. The only singleton of the program.
//
//   const base::logger log = base::logger::root().with("bot", "music");
//   log.info("shard ready", base::field("shard", 0), base::field("guilds", 12));
//
// Every line carries the node, and the fields its logger was made with. The sentence never holds a value, so
// that lines can be searched for. A base::secret cannot be a field: it does not compile.
#pragma once

#include <fmt/format.h>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace guildfleet::base {

enum class log_level { trace, debug, info, warn, error };
enum class log_format { text, json };

struct log_field {
  std::string key;
  std::string value;
  bool quoted = true;  // false for numbers and booleans in JSON
};

template <class T>
[[nodiscard]] log_field field(std::string_view key, const T& value) {
  return {std::string(key), fmt::format("{}", value), !std::is_arithmetic_v<T>};
}

// Receives finished lines; the default one writes to stderr. Called under the logger's lock.
using log_sink = void (*)(log_level level, std::string_view line, void* context);

struct log_settings {
  log_level level = log_level::info;
  log_format format = log_format::text;
  std::string node;         // on every line
  log_sink sink = nullptr;  // nullptr: stderr
  void* sink_context = nullptr;
};

// Call once before other threads start; tests may call it again.
void configure_logging(log_settings settings);

// Cheap to copy. Thread-safe.
class logger final {
 public:
  // A logger without fields of its own.
  [[nodiscard]] static logger root();

  template <class T>
  [[nodiscard]] logger with(std::string_view key, const T& value) const {
    return with_field(field(key, value));
  }

  [[nodiscard]] bool enabled(log_level level) const;

  template <class... Fields>
  void log(log_level level, std::string_view sentence, const Fields&... fields) const {
    if (enabled(level)) write(level, sentence, {fields...});
  }
  template <class... Fields>
  void debug(std::string_view sentence, const Fields&... fields) const {
    log(log_level::debug, sentence, fields...);
  }
  template <class... Fields>
  void info(std::string_view sentence, const Fields&... fields) const {
    log(log_level::info, sentence, fields...);
  }
  template <class... Fields>
  void warn(std::string_view sentence, const Fields&... fields) const {
    log(log_level::warn, sentence, fields...);
  }
  template <class... Fields>
  void error(std::string_view sentence, const Fields&... fields) const {
    log(log_level::error, sentence, fields...);
  }

 private:
  using field_list = std::vector<log_field>;
  explicit logger(std::shared_ptr<const field_list> fields) : fields_(std::move(fields)) {}
  [[nodiscard]] logger with_field(log_field added) const;
  void write(log_level level, std::string_view sentence, std::initializer_list<log_field> fields) const;

  std::shared_ptr<const field_list> fields_;
};

}  // namespace guildfleet::base
