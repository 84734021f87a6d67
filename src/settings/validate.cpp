#include "settings/validate.hpp"

#include <charconv>
#include <set>

#include "base/utf8.hpp"
#include "settings/show.hpp"
#include "settings/units.hpp"

namespace guildfleet::settings {
namespace {

constexpr std::size_t max_problems = 50;

class checker final {
 public:
  void check_object(std::span<const field> fields, const json::object& object, const std::string& path);
  std::vector<problem> take() { return std::move(problems_); }
  template <class... Args>
  void complain(const std::string& path, base::text sentence, base::text fix, const Args&... args) {
    add({.path = path, .sentence = in_both(sentence, args...), .fix = in_both(fix, args...)});
  }

 private:
  template <class... Args>
  static spoken in_both(base::text what, const Args&... args) {
    return {.english = what.format(base::language::english, args...),
            .japanese = what.format(base::language::japanese, args...)};
  }
  void add(problem what) {
    if (problems_.size() < max_problems) problems_.push_back(std::move(what));
  }
  void check_field(const field& what, const json::value& value, const std::string& path);
  void check_list(const field& what, const json::array& items, const std::string& path);
  void check_one(const field& what, const json::value& value, const std::string& path);
  void check_number(const field& what, const json::value& value, const std::string& path);
  void check_text(const field& what, const json::value& value, const std::string& path);
  void check_choice(const field& what, const json::value& value, const std::string& path);
  void check_id(const json::value& value, const std::string& path);

  std::vector<problem> problems_;
};

void checker::check_object(std::span<const field> fields, const json::object& object,
                           const std::string& path) {
  for (const json::key_value_pair& each : object) {
    const std::string_view key(each.key());
    const std::string inner = path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
    const auto found = std::ranges::find(fields, key, &field::name);
    if (found != fields.end()) {
      if (!each.value().is_null()) check_field(*found, each.value(), inner);
      continue;
    }
    std::string names;
    for (const field& known : fields) names += (names.empty() ? "" : ", ") + std::string(known.name);
    complain(inner, {"There is no such setting.", "この設定はありません。"},
             {"Known are: {names}.", "使えるのは {names} です。"}, fmt::arg("names", names));
  }
}

void checker::check_field(const field& what, const json::value& value, const std::string& path) {
  if (!what.is_list()) return check_one(what, value, path);
  if (const json::array* items = value.if_array()) return check_list(what, *items, path);
  complain(path, {"This must be a list.", "リストでなければなりません。"},
           {"Write the values between [ and ].", "値を [ と ] で囲んでください。"});
}

void checker::check_list(const field& what, const json::array& items, const std::string& path) {
  if (items.size() > what.max_items)
    complain(path,
             {"The list has {count} entries; {most} are allowed.",
              "リストの項目が {count} 個あります。上限は {most} 個です。"},
             {"Remove some.", "項目を減らしてください。"}, fmt::arg("count", items.size()),
             fmt::arg("most", what.max_items));
  std::set<std::string> seen;
  for (std::size_t i = 0; i < items.size() && i < what.max_items; ++i) {
    const std::string inner = fmt::format("{}[{}]", path, i);
    check_one(what, items[i], inner);
    if (what.items_equal == repeats::allowed || seen.insert(canonical(items[i])).second) continue;
    complain(inner, {"The list holds this entry twice.", "リストに同じ項目が二つあります。"},
             {"Leave one of them.", "一つだけ残してください。"});
  }
}

void checker::check_one(const field& what, const json::value& value, const std::string& path) {
  switch (what.kind) {
    case field_kind::boolean:
      if (!value.is_bool())
        complain(path, {"This must be true or false.", "true か false でなければなりません。"},
                 {"Write it without quotes.", "引用符を付けずに書いてください。"});
      return;
    case field_kind::integer:
    case field_kind::duration:
      return check_number(what, value, path);
    case field_kind::text:
      return check_text(what, value, path);
    case field_kind::choice:
      return check_choice(what, value, path);
    case field_kind::channel:
    case field_kind::role:
    case field_kind::user:
      return check_id(value, path);
    case field_kind::object:
      if (const json::object* object = value.if_object()) return check_object(what.members, *object, path);
      complain(path, {"This must be an object.", "オブジェクトでなければなりません。"},
               {"Write its settings as names and values.", "設定を名前と値の組で書いてください。"});
      return;
  }
}

void checker::check_number(const field& what, const json::value& value, const std::string& path) {
  const std::int64_t* number = value.if_int64();
  if (number != nullptr && *number >= what.minimum && *number <= what.maximum) return;
  const bool is_duration = what.kind == field_kind::duration;
  constexpr base::text of_numbers{"This must be a whole number from {low} to {high}.",
                                  "整数で指定してください({low}〜{high})。"};
  constexpr base::text of_durations{"This must be from {low} to {high}, in whole seconds.",
                                    "秒単位の整数で指定してください({low}〜{high})。"};
  const auto said = [&](base::language which) {
    const std::string low = is_duration ? show_duration(what.minimum, which) : std::to_string(what.minimum);
    const std::string high =
        is_duration ? show_duration(what.maximum, which) : with_unit(what.maximum, what.unit, which);
    return (is_duration ? of_durations : of_numbers)
        .format(which, fmt::arg("low", low), fmt::arg("high", high));
  };
  add({.path = path,
       .sentence = {.english = said(base::language::english), .japanese = said(base::language::japanese)},
       .fix = in_both({"Choose one between them.", "その範囲の数を選んでください。"})});
}

void checker::check_text(const field& what, const json::value& value, const std::string& path) {
  const json::string* text = value.if_string();
  if (text == nullptr)
    return complain(path, {"This must be a text.", "文字列でなければなりません。"},
                    {"Write it between quotes.", "引用符で囲んでください。"});
  const std::string_view view(text->data(), text->size());
  if (!base::utf8_valid(view) || view.find('\0') != std::string_view::npos)
    return complain(path, {"The text holds bytes that are no text.", "文字列に使えない文字があります。"},
                    {"Remove them.", "取り除いてください。"});
  const std::size_t length = base::utf8_length(view);
  if (length <= what.max_characters) return;
  complain(path,
           {"The text has {length} characters; {most} are allowed.",
            "文字数が {length} です。上限は {most} です。"},
           {"Shorten it.", "短くしてください。"}, fmt::arg("length", length),
           fmt::arg("most", what.max_characters));
}

void checker::check_choice(const field& what, const json::value& value, const std::string& path) {
  std::string names;
  for (const choice_name& each : what.choices) {
    if (value.is_string() && std::string_view(value.get_string()) == each.name) return;
    names += (names.empty() ? "" : ", ") + std::string(each.name);
  }
  complain(path, {"This is none of the choices.", "選択肢にありません。"},
           {"Choose one of: {names}.", "{names} から選んでください。"}, fmt::arg("names", names));
}

void checker::check_id(const json::value& value, const std::string& path) {
  if (const json::string* text = value.if_string()) {
    std::uint64_t id = 0;
    const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), id);
    const bool whole = failed == std::errc{} && end == text->data() + text->size();
    // One spelling for one id: equal ids are equal bytes.
    if (whole && id != 0 && text->front() != '0') return;
  }
  complain(path, {"This is no Discord id.", "Discord の ID ではありません。"},
           {"Write its digits between quotes.", "数字を引用符で囲んで書いてください。"});
}

}  // namespace

std::vector<problem> validate(const feature_schema& schema, const json::object& document) {
  checker work;
  const std::size_t bytes = canonical(document).size();
  if (bytes > max_document_bytes)
    work.complain("",
                  {"The settings take {size} KiB; {most} KiB are allowed.",
                   "設定が {size} KiB あります。上限は {most} KiB です。"},
                  {"Shorten texts or lists.", "文やリストを短くしてください。"},
                  fmt::arg("size", (bytes + 1'023) / 1'024), fmt::arg("most", max_document_bytes / 1'024));
  work.check_object(schema.fields, document, "");
  return work.take();
}

std::string to_text(const std::vector<problem>& problems, base::language which) {
  std::string out;
  for (const problem& each : problems) {
    if (!out.empty()) out += '\n';
    if (!each.path.empty()) out += each.path + ": ";
    out += each.sentence.in(which);
    if (which == base::language::english) out += ' ';
    out += each.fix.in(which);
  }
  return out;
}

std::string_view top_field(std::string_view path) {
  return path.substr(0, path.find_first_of(".["));
}

}  // namespace guildfleet::settings
