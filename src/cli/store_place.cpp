#include "cli/store_place.hpp"

#include <fmt/format.h>

#include "ops/secret_file.hpp"

namespace guildfleet::cli {
namespace {

bool is_address(std::string_view text) {
  return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

bool holds_password(std::string_view address) {
  const std::size_t begin = address.find("//") + 2;
  const std::string_view authority = address.substr(begin, address.find_first_of("/?", begin) - begin);
  const std::size_t at = authority.rfind('@');
  const bool in_user = at != std::string_view::npos && authority.substr(0, at).contains(':');
  return in_user || address.contains("password=");
}

std::unexpected<base::error> unusable(std::errc why, std::string context, std::string fix) {
  return base::fail(std::make_error_code(why), std::move(context), std::move(fix));
}

base::result<base::secret> address_of(const std::string& place, const base::variable_lookup& variables) {
  if (place.starts_with("env:")) {
    auto value = variables(place.substr(4));
    if (!value || value->empty())
      return unusable(std::errc::invalid_argument, fmt::format("the variable {} is not set", place.substr(4)),
                      "Set it, or name a file.");
    return base::secret(std::move(*value));
  }
  if (place.starts_with("file:")) {
    auto content = ops::read_secret_file(place.substr(5));
    if (!content) return unusable(std::errc::invalid_argument, content.error().message, content.error().fix);
    return std::move(*content);
  }
  if (holds_password(place)) {
    return unusable(std::errc::permission_denied, "an address with a password",
                    "Everybody on this machine sees the command line. Put it into a variable and write "
                    "env:NAME, or into a file and write file:PATH.");
  }
  return base::secret(place);
}

}  // namespace

base::result<std::unique_ptr<store::table_side>> open_place(const std::string& place,
                                                            const base::variable_lookup& variables,
                                                            const base::clock& clock) {
  const bool named = place.starts_with("env:") || place.starts_with("file:");
  if (!named && !is_address(place)) return store::open_sqlite_side(place, clock);
  const auto address = address_of(place, variables);
  if (!address) return std::unexpected(address.error());
  return store::open_postgres_side(*address, clock);
}

}  // namespace guildfleet::cli
