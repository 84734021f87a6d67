// Checks request bodies field by field and collects Discord's tree of 50035 errors (protocol sheet 2.6).
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/rest/reply.hpp"

namespace guildfleet::sim {

class form_errors final {
 public:
  // `path` with dots: "embeds.0.title"; empty: the request itself.
  void add(std::string_view path, std::string_view code, std::string_view message);
  [[nodiscard]] bool empty() const { return tree_.empty(); }
  [[nodiscard]] reply to_reply() const;  // 400, code 50035

 private:
  json::object tree_;
};

struct length_range {
  std::size_t min = 0;
  std::size_t max = 0;
};

struct number_range {
  std::int64_t min = 0;
  std::int64_t max = 0;
};

// One object of a body. The take_ functions copy a valid, present value into `out` under the same key; a
// wrong one becomes an error. null is taken when `nullable` was called for the key's form.
class form final {
 public:
  form(const json::object& source, form_errors& errors, std::string path = {})
      : source_(&source), errors_(&errors), path_(std::move(path)) {}

  [[nodiscard]] bool has(std::string_view key) const { return source_->contains(key); }
  [[nodiscard]] bool is_null(std::string_view key) const;
  void require(std::string_view key) const;

  bool take_text(std::string_view key, length_range allowed, json::object& out, bool nullable = false) const;
  bool take_int(std::string_view key, number_range allowed, json::object& out, bool nullable = false) const;
  bool take_choice(std::string_view key, const std::vector<std::int64_t>& allowed, json::object& out) const;
  bool take_bool(std::string_view key, json::object& out) const;
  bool take_id(std::string_view key, json::object& out, bool nullable = false) const;
  bool take_any(std::string_view key, json::object& out) const;
  // nullptr when absent, null or wrong.
  [[nodiscard]] const json::array* list(std::string_view key, length_range allowed) const;
  [[nodiscard]] std::vector<id> ids(std::string_view key, length_range allowed) const;
  [[nodiscard]] std::vector<form> objects(std::string_view key, length_range allowed) const;
  [[nodiscard]] std::optional<form> object(std::string_view key) const;
  // Decimal permission bits as string or number.
  [[nodiscard]] std::optional<std::uint64_t> permissions(std::string_view key) const;

  void fail(std::string_view key, std::string_view code, std::string_view message) const;
  [[nodiscard]] const json::object& source() const { return *source_; }
  [[nodiscard]] form_errors& errors() const { return *errors_; }
  [[nodiscard]] std::string path_of(std::string_view key) const;

 private:
  [[nodiscard]] const json::value* present(std::string_view key) const;

  const json::object* source_;
  form_errors* errors_;
  std::string path_;
};

// Code points, as Discord counts (protocol sheet 6).
[[nodiscard]] std::size_t text_length(std::string_view text);

}  // namespace guildfleet::sim
