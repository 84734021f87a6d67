#include "store/redis/redis_url.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>
#include <fmt/format.h>

#include "store/redis/redis_error.hpp"

namespace guildfleet::store {
namespace {

constexpr std::size_t longest_url = 4'096;
constexpr std::uint32_t most_databases = 16'384;

std::unexpected<base::error> bad(std::string what) {
  return base::fail(redis_error::bad_url, std::move(what),
                    "Write redis://host:6379/0, redis://:password@host/0, or rediss:// for TLS.");
}

template <class Number>
bool read_number(std::string_view text, Number& into) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), into);
  return failed == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string redis_url::place() const {
  const bool v6 = host.contains(':');
  return fmt::format("{}{}{}:{}/{}", v6 ? "[" : "", host, v6 ? "]" : "", port, database);
}

base::result<redis_url> parse_redis_url(std::string_view text) {
  if (text.size() > longest_url) return bad("the URL is too long");
  const auto parsed = boost::urls::parse_uri({text.data(), text.size()});
  if (!parsed) return bad("it is not an URL");
  const boost::urls::url_view url = *parsed;
  redis_url out;
  if (url.scheme() == "rediss") {
    out.tls = true;
  } else if (url.scheme() != "redis") {
    return bad("its scheme is neither redis nor rediss");
  }
  out.host = url.host_address();
  if (out.host.empty()) return bad("it names no host");
  if (url.has_query() || url.has_fragment()) return bad("it has a part after the database number");
  if (url.has_port() &&
      (!read_number(std::string_view(url.port().data(), url.port().size()), out.port) || out.port == 0))
    return bad("its port is not a number from 1 to 65535");
  out.user = url.user();
  out.password = base::secret(url.password());
  if (!out.user.empty() && out.password.empty()) return bad("it has a user without a password");
  std::string path = url.path();
  if (path.starts_with('/')) path.erase(0, 1);
  if (!path.empty() && (!read_number(path, out.database) || out.database >= most_databases))
    return bad("its database is not a number");
  return out;
}

}  // namespace guildfleet::store
