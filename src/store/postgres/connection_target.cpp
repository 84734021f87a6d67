#include "store/postgres/connection_target.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <map>
#include <memory>

#include "store/error.hpp"

namespace guildfleet::store {
namespace {

using parameter_map = std::map<std::string, std::string>;

struct free_options {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

// A network that swallows packets is noticed after about ten seconds, a server that does not answer after
// three.
const parameter_map defaults{{"connect_timeout", "3"},      {"keepalives_idle", "5"},
                             {"keepalives_interval", "2"},  {"keepalives_count", "3"},
                             {"tcp_user_timeout", "10000"}, {"client_encoding", "UTF8"},
                             {"gssencmode", "disable"}};

std::optional<parameter_map> read_url(const base::secret& url) {
  const std::string text(url.reveal());
  char* complaint = nullptr;
  const std::unique_ptr<PQconninfoOption, free_options> options(PQconninfoParse(text.c_str(), &complaint));
  PQfreemem(complaint);  // may quote a part of the URL
  if (!options) return std::nullopt;
  parameter_map found;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) found.emplace(option->keyword, option->val);
  }
  return found;
}

std::string in_quotes(std::string_view value) {
  std::string out = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string value_or(const parameter_map& parameters, const std::string& key, std::string_view otherwise) {
  const auto found = parameters.find(key);
  return found == parameters.end() ? std::string(otherwise) : found->second;
}

}  // namespace

base::result<connection_target> connection_target::parse(const base::secret& url,
                                                         std::string_view application_name) {
  auto parameters = read_url(url);
  if (!parameters) {
    return base::fail(store_error::cannot_open, "the URL of the database",
                      "Write it as postgresql://user:password@host:5432/database, special characters in the "
                      "password as %XX.");
  }
  parameters->insert(defaults.begin(), defaults.end());
  parameters->emplace("application_name", application_name);
  std::string joined;
  for (const auto& [key, value] : *parameters) joined += fmt::format("{}={} ", key, in_quotes(value));
  connection_target target;
  target.parameters_ = base::secret(std::move(joined));
  target.password_ = base::secret(value_or(*parameters, "password", ""));
  target.shown_ = fmt::format("{}@{}:{}/{}", value_or(*parameters, "user", "(this user)"),
                              value_or(*parameters, "host", "localhost"),
                              value_or(*parameters, "port", "5432"), value_or(*parameters, "dbname", ""));
  return target;
}

std::string connection_target::scrub(std::string_view text) const {
  std::string line(text.substr(0, text.find('\n')));
  for (const std::string_view hidden : {password_.reveal(), parameters_.reveal()}) {
    if (hidden.empty()) continue;
    for (auto at = line.find(hidden); at != std::string::npos; at = line.find(hidden, at + 3))
      line.replace(at, hidden.size(), "***");
  }
  return line;
}

}  // namespace guildfleet::store
