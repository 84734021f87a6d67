// A member's text and name, with a zero byte between them: never crashes; what comes out is UTF-8 within the
// limit; of a name nothing is left that Discord would act on.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/utf8.hpp"
#include "features/message_template.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace guildfleet;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t gap = input.find('\0');
  const std::string name(gap == std::string_view::npos ? std::string_view() : input.substr(gap + 1));
  const features::placeholder values[] = {{.name = "user.name", .value = name},
                                          {.name = "count", .value = "7", .trusted = true}};
  const std::string filled = features::fill(input.substr(0, gap), values, 100);
  if (!base::utf8_valid(filled) || base::utf8_length(filled) > 100) std::abort();
  const std::string shown = features::plain(name);
  if (!base::utf8_valid(shown)) std::abort();
  bool escaped = false;
  for (const char c : shown) {
    if (!escaped && std::string_view("@<*_~`|#>[]()").contains(c)) std::abort();
    escaped = !escaped && c == '\\';
  }
  constexpr std::string_view known[] = {"count"};
  (void)features::unknown_placeholders(input, known);
  return 0;
}
