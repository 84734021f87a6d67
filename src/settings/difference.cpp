#include "settings/difference.hpp"

#include <map>
#include <set>

#include "settings/show.hpp"

namespace guildfleet::settings {
namespace {

constexpr base::text added{"added {items}", "{items} を追加"};
constexpr base::text removed{"removed {items}", "{items} を削除"};
constexpr base::text reordered{"other order", "順番を変更"};

std::optional<json::value> value_at(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value == nullptr || value->is_null() ? std::nullopt : std::optional(*value);
}

// Items of `from` that `other` has not, each as often as it is missing.
json::array missing_in(const json::array& from, const json::array& other) {
  std::multiset<std::string> there;
  for (const json::value& each : other) there.insert(canonical(each));
  json::array out;
  for (const json::value& each : from) {
    const auto found = there.find(canonical(each));
    if (found == there.end())
      out.push_back(each);
    else
      there.erase(found);
  }
  return out;
}

std::string describe_list(const field& what, const json::array& before, const json::array& after,
                          base::language which) {
  const json::array gone = missing_in(before, after);
  const json::array come = missing_in(after, before);
  std::string out;
  if (!come.empty()) out = added.format(which, fmt::arg("items", show_value(what, come, which)));
  if (!gone.empty()) {
    if (!out.empty()) out += which == base::language::japanese ? "、" : ", ";
    out += removed.format(which, fmt::arg("items", show_value(what, gone, which)));
  }
  return out.empty() ? std::string(reordered.in(which)) : out;
}

std::string describe_one(const feature_schema& schema, const field_change& change, base::language which) {
  // A field of another release has no title.
  const field* known = schema.find(change.path);
  const field unknown{.name = change.path, .title = {"?", "?"}, .help = {"?", "?"}};
  const field& what = known == nullptr ? unknown : *known;
  const std::string title(known == nullptr ? std::string_view(change.path) : known->title.in(which));
  if (what.is_list()) {
    const json::array none;
    const json::array* before = change.before ? change.before->if_array() : &none;
    const json::array* after = change.after ? change.after->if_array() : &none;
    if (before != nullptr && after != nullptr)
      return fmt::format("{}: {}", title, describe_list(what, *before, *after, which));
  }
  return fmt::format("{}: {} → {}", title, show_value(what, change.before.value_or(json::value()), which),
                     show_value(what, change.after.value_or(json::value()), which));
}

}  // namespace

std::vector<field_change> difference(const json::object& before, const json::object& after) {
  std::set<std::string> names;
  for (const json::key_value_pair& each : before) names.emplace(std::string_view(each.key()));
  for (const json::key_value_pair& each : after) names.emplace(std::string_view(each.key()));
  std::vector<field_change> out;
  for (const std::string& name : names) {
    field_change change{.path = name, .before = value_at(before, name), .after = value_at(after, name)};
    if (change.before != change.after) out.push_back(std::move(change));
  }
  return out;
}

json::object with_values_before(json::object document, const std::vector<field_change>& changes) {
  for (const field_change& each : changes) {
    if (each.before)
      document[each.path] = *each.before;
    else
      document.erase(each.path);
  }
  return document;
}

std::optional<std::string> first_changed_since(const json::object& document,
                                               const std::vector<field_change>& changes) {
  for (const field_change& each : changes) {
    if (value_at(document, each.path) != each.after) return each.path;
  }
  return std::nullopt;
}

std::string describe(const feature_schema& schema, const std::vector<field_change>& changes,
                     base::language which) {
  std::string out;
  for (const field_change& each : changes)
    out += (out.empty() ? "" : "\n") + describe_one(schema, each, which);
  return out;
}

}  // namespace guildfleet::settings
