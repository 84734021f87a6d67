// Settings from anybody, a document and a patch with a zero byte between them: never crashes; what was read
// is written and read the same (fractions aside: no setting has one); a valid document stays valid through
// defaults; equal values are equal bytes.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "settings/defaults.hpp"
#include "settings/difference.hpp"
#include "settings/show.hpp"
#include "settings/test_schema.hpp"
#include "settings/validate.hpp"

namespace {
bool has_fraction(const boost::json::value& value) {
  if (value.is_double()) return true;
  if (value.is_array()) return std::ranges::any_of(value.get_array(), has_fraction);
  return value.is_object() &&
         std::ranges::any_of(value.get_object(), [](const auto& each) { return has_fraction(each.value()); });
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace guildfleet;
  using settings::testing_schema::welcome;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t gap = input.find('\0');
  const auto document = settings::parse_document(input.substr(0, gap));
  if (!document || has_fraction(*document)) return 0;
  const std::string text = settings::canonical(*document);
  const auto again = settings::parse_document(text, {.bytes = text.size()});
  if (again && settings::canonical(*again) != text) std::abort();

  boost::json::value merged = *document;
  if (gap != std::string_view::npos) {
    if (const auto patch = settings::parse_document(input.substr(gap + 1)))
      merged = settings::merge_patch(merged, *patch);
  }
  const boost::json::object& after = merged.as_object();
  const auto changes = settings::difference(*document, after);
  (void)settings::describe(welcome, changes, base::language::japanese);
  const auto understood = settings::understand(welcome, after);
  if (!settings::validate(welcome, understood.values).empty()) std::abort();
  (void)settings::show(welcome, understood.values, base::language::english);
  if (!settings::validate(welcome, after).empty()) return 0;
  const auto sparse = settings::without_defaults(welcome, after);
  if (!settings::validate(welcome, sparse).empty()) std::abort();
  const auto full = settings::with_defaults(welcome, sparse);
  if (settings::canonical(full) != settings::canonical(settings::with_defaults(welcome, after))) std::abort();
  return 0;
}
