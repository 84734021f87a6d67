// guildfleet token create|list|revoke: who may use the API.
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <ostream>

#include "base/api_token.hpp"
#include "cli/data_session.hpp"

namespace guildfleet::cli {
namespace {

namespace json = boost::json;

struct token_request {
  data_options data;
  std::string name;
  std::string scope = "read";
  std::uint32_t days = 0;
};

exit_code create(const token_request& request, data_session& session, const terminal& to) {
  const auto token = base::make_api_token();
  if (!token) return tell_failure(to, token.error());
  store::token_row row;
  row.name = request.name;
  row.hash = base::hash_api_token(token->reveal());
  row.scopes = static_cast<std::uint8_t>(*store::parse_token_scope(request.scope));
  row.created_at = session.now();
  if (request.days > 0) row.expires_at = session.now() + std::chrono::days(request.days);
  if (const auto added = session.data().add_token(row); !added) return tell_failure(to, added.error());
  // The one time that it is shown, to whoever made it.
  if (request.data.json()) {
    to.out << json::serialize(json::object{{"name", request.name}, {"token", token->reveal()}}) << '\n';
    return exit_code::fine;
  }
  to.out << token->reveal() << '\n';
  to.err << "It is shown this once; only its hash is kept.\n";
  return exit_code::fine;
}

std::string scope_of(const store::token_row& row) {
  for (const auto scope : {store::token_scope::admin, store::token_scope::config, store::token_scope::read})
    if ((row.scopes & static_cast<std::uint8_t>(scope)) != 0) return std::string(store::name_of(scope));
  return "none";
}

exit_code list(const token_request& request, data_session& session, const terminal& to) {
  const auto rows = session.data().list_tokens();
  if (!rows) return tell_failure(to, rows.error());
  if (request.data.json()) {
    json::array all;
    for (const store::token_row& row : *rows) {
      all.push_back(
          {{"name", row.name},
           {"scope", scope_of(row)},
           {"created_at", time_text(row.created_at)},
           {"expires_at", row.expires_at ? json::value(time_text(*row.expires_at)) : json::value()}});
    }
    to.out << json::serialize(json::object{{"tokens", std::move(all)}}) << '\n';
    return exit_code::fine;
  }
  if (rows->empty()) {
    to.out << "there are none\n";
    return exit_code::fine;
  }
  std::vector<std::vector<cell>> table{{{"NAME", colour::bold},
                                        {"SCOPE", colour::bold},
                                        {"MADE (UTC)", colour::bold},
                                        {"ENDS (UTC)", colour::bold}}};
  for (const store::token_row& row : *rows) {
    const bool over = row.expires_at && *row.expires_at <= session.now();
    table.push_back(
        {{row.name},
         {scope_of(row)},
         {time_text(row.created_at)},
         {row.expires_at ? time_text(*row.expires_at) : "never", over ? colour::red : colour::none}});
  }
  print_table(to, table);
  return exit_code::fine;
}

exit_code revoke(const token_request& request, data_session& session, const terminal& to) {
  const auto done = session.data().revoke_token(request.name);
  if (!done) return tell_failure(to, done.error());
  (*done ? to.out : to.err) << request.name << (*done ? ": revoked\n" : ": there is no such token\n");
  return *done ? exit_code::fine : exit_code::failed;
}

}  // namespace

command_action attach_token(CLI::App& app, const program_facts& facts) {
  const auto request = std::make_shared<token_request>();
  app.require_subcommand(1);
  CLI::App* making = app.add_subcommand("create", "make one; it is shown once");
  CLI::App* listing = app.add_subcommand("list", "show all, without their secrets");
  CLI::App* revoking = app.add_subcommand("revoke", "make one worthless");
  for (CLI::App* each : {making, listing, revoking}) add_data_options(*each, request->data);
  for (CLI::App* each : {making, revoking})
    each->add_option("name", request->name, "what it is for")
        ->required()
        ->check(CLI::Validator(
            [](const std::string& text) {
              const bool fits = !text.empty() && text.size() <= 64 &&
                                text.find_first_not_of(
                                    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                    "._-") == std::string::npos;
              return fits ? std::string() : "a name has 1 to 64 letters, digits, dots, _ and -";
            },
            "NAME"));
  making->add_option("--scope", request->scope, "read, config or admin")
      ->check(CLI::IsMember({"read", "config", "admin"}))
      ->capture_default_str();
  making->add_option("--expires", request->days, "days until it ends, such as 90d; never when not given")
      ->transform([](std::string text) {
        if (text.ends_with('d')) text.pop_back();
        const bool digits =
            !text.empty() && text.size() <= 4 && text.find_first_not_of("0123456789") == std::string::npos;
        if (!digits || std::stoi(text) < 1 || std::stoi(text) > 3'650)
          throw CLI::ValidationError("--expires", "write 1d to 3650d");
        return text;
      });
  return [request, making, listing, &facts](const terminal& to) {
    if (making->parsed()) request->data.absent = absent_file::make;
    return with_data(request->data, facts, to, [&](data_session& session, const terminal& on) {
      if (making->parsed()) return create(*request, session, on);
      return listing->parsed() ? list(*request, session, on) : revoke(*request, session, on);
    });
  };
}

}  // namespace guildfleet::cli
