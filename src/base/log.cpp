#include "base/log.hpp"

#include <atomic>
#include <mutex>
#include <span>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/clock.hpp"
#include "base/json_text.hpp"

namespace guildfleet::base {
namespace {

struct log_state {
  std::mutex mutex;
  log_settings settings;
  std::shared_ptr<spdlog::logger> backend;
  std::atomic<log_level> level{log_level::info};
};

log_state& state() {
  static log_state instance;
  return instance;
}

constexpr std::string_view name_of(log_level level) {
  switch (level) {
    case log_level::trace:
      return "trace";
    case log_level::debug:
      return "debug";
    case log_level::info:
      return "info";
    case log_level::warn:
      return "warn";
    case log_level::error:
      return "error";
  }
  return "info";
}

bool needs_quotes(std::string_view value) {
  return value.empty() || value.find_first_of(" =\"\n\r\t") != std::string_view::npos;
}

void append_text_field(std::string& line, const log_field& item) {
  line += ' ';
  line += item.key;
  line += '=';
  if (needs_quotes(item.value)) {
    append_json_string(line, item.value);
  } else {
    line += item.value;
  }
}

void append_json_field(std::string& line, const log_field& item) {
  line += ',';
  append_json_string(line, item.key);
  line += ':';
  if (item.quoted) {
    append_json_string(line, item.value);
  } else {
    line += item.value;
  }
}

std::string format_line(const log_settings& settings, log_level level, std::string_view sentence,
                        std::span<const log_field> own, std::span<const log_field> given) {
  const std::string time = iso8601(system_clock().wall_now());
  std::string line;
  const log_field node{"node", settings.node, true};
  const auto append_all = [&](auto append) {
    append(line, node);
    for (const log_field& item : own) append(line, item);
    for (const log_field& item : given) append(line, item);
  };
  if (settings.format == log_format::json) {
    line = fmt::format(R"({{"time":"{}","level":"{}","message":)", time, name_of(level));
    append_json_string(line, sentence);
    append_all(append_json_field);
    line += '}';
  } else {
    line = fmt::format("{} {:<5} {}", time, name_of(level), sentence);
    append_all(append_text_field);
  }
  return line;
}

spdlog::level::level_enum backend_level(log_level level) {
  switch (level) {
    case log_level::trace:
      return spdlog::level::trace;
    case log_level::debug:
      return spdlog::level::debug;
    case log_level::info:
      return spdlog::level::info;
    case log_level::warn:
      return spdlog::level::warn;
    case log_level::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

}  // namespace

void configure_logging(log_settings settings) {
  auto backend =
      std::make_shared<spdlog::logger>("guildfleet", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  backend->set_pattern("%v");
  backend->set_level(spdlog::level::trace);
  backend->flush_on(spdlog::level::trace);
  const std::scoped_lock lock(state().mutex);
  state().backend = std::move(backend);
  state().level = settings.level;
  state().settings = std::move(settings);
}

logger logger::root() {
  return logger(std::make_shared<const field_list>());
}

bool logger::enabled(log_level level) const {
  return level >= state().level.load(std::memory_order_relaxed);
}

logger logger::with_field(log_field added) const {
  auto fields = std::make_shared<field_list>(*fields_);
  fields->push_back(std::move(added));
  return logger(std::move(fields));
}

void logger::write(log_level level, std::string_view sentence,
                   std::initializer_list<log_field> fields) const {
  const std::scoped_lock lock(state().mutex);
  const log_settings& settings = state().settings;
  const std::string line = format_line(settings, level, sentence, *fields_, fields);
  if (settings.sink != nullptr) {
    settings.sink(level, line, settings.sink_context);
  } else if (state().backend) {
    state().backend->log(backend_level(level), line);
  }
}

}  // namespace guildfleet::base
