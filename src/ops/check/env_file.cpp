#include "ops/check/env_file.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "base/variables.hpp"
#include "ops/check/store_words.hpp"
#include "ops/token_text.hpp"

namespace guildfleet::ops {
namespace {

using enum finding_severity;

enum class env_rule {
  unreadable,
  same_name,
  shared_token,
  tracked,
  unguarded,
  readable_by_others,
  default_password,
  doubtful_value,
  plain_database,
  tls_off,
  foreign_line_ends,
  secret_in_template,
  secret_file_tracked,
};

constexpr std::array table = {
    check_rule{"GF501", error, "A line that is no NAME=VALUE",
               "Programs pass it over or stop, each in its own way, and what it was to set is not set.",
               "Write NAME=VALUE, close the quote, or put # in front of a comment."},
    check_rule{
        "GF502", warning, "A name stands twice",
        "The last one counts for most programs and the first for some; who edits the other one wonders.",
        "Keep one of them."},
    check_rule{"GF503", error, "One token under two names",
               "Two bots with one token get every event each and answer everything twice.",
               "Give each bot the token of its own application."},
    check_rule{
        "GF504", error, "Secrets are in git",
        "All who have the repository have the tokens, also after the file is deleted: it stays in the "
        "history.",
        "Reset the tokens and passwords; then git rm --cached FILE, and put its name into .gitignore."},
    check_rule{"GF505", warning, "Git does not ignore the file",
               "The next git add . takes the secrets along.", "Put its name into .gitignore."},
    check_rule{"GF506", warning, "Others can read the file",
               "Every account and every program of this machine can take the tokens.", "chmod 600 FILE"},
    check_rule{"GF507", error, "A default password", "It is among the first that anybody tries.",
               "Make one up: openssl rand -hex 24"},
    check_rule{
        "GF508", warning, "A value that programs read differently",
        "Without quotes some programs end it at the space or at #, and some put variables in for $; older "
        "Docker takes quotes in a file of --env-file as part of it.",
        "Put it into single quotes, without spaces around =; or use letters and digits only (openssl rand "
        "-hex 24)."},
    check_rule{"GF509", warning, "A database elsewhere without TLS",
               "Password and data pass networks that others can read.",
               "Add ?sslmode=verify-full (and sslrootcert=...) to a PostgreSQL address, and use rediss:// "
               "for Redis."},
    check_rule{"GF510", error, "Certificates are not looked at",
               "Whoever sits between can read what passes, tokens and passwords too, and answer in the "
               "server's name.",
               "Remove the line; add the certificate that is missing (NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, "
               "sslrootcert)."},
    check_rule{"GF511", warning, "Lines end as on Windows",
               "Shells and some programs take the carriage return as part of the value: a token with one is "
               "refused.",
               "sed -i 's/\\r$//' FILE"},
    check_rule{"GF512", error, "A real token in a template",
               "Templates are there to be given away, and are in git.",
               "Reset the token, and leave the value empty."},
    check_rule{
        "GF513", error, "A secret file is in git",
        "All who have the repository have what is in it, also after the file is deleted: it stays in the "
        "history.",
        "Reset what it holds; then git rm --cached FILE, and put its folder into .gitignore."},
};

struct env_line {
  std::size_t number = 0;
  std::string_view name;
  std::string_view raw;  // behind =, as written
  std::string value;
};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

class env_checker final {
 public:
  explicit env_checker(const env_file_input& input) : input_(input) {}

  [[nodiscard]] finding_list check() {
    std::string_view rest = input_.file.text;
    if (rest.starts_with("\xFF\xFE") || rest.starts_with("\xFE\xFF")) {
      add(env_rule::unreadable, 1, "the file is UTF-16; save it as UTF-8");
      return std::move(found_);
    }
    if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
    for (std::size_t number = 1; !rest.empty(); ++number) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      check_line(rest.substr(0, end), number);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    check_facts();
    sort_findings(found_);
    return std::move(found_);
  }

 private:
  void add(env_rule rule, std::size_t line, std::string_view detail) {
    const base::text_position at = {line, line == 0 ? 0U : 1U};
    // A token may have been pasted anywhere.
    found_.push_back(
        {&table.at(static_cast<std::size_t>(rule)), input_.file.source, at, without_tokens(detail)});
  }

  void check_line(std::string_view text, std::size_t number) {
    if (text.ends_with('\r') && !told_of_line_ends_) {
      told_of_line_ends_ = true;
      add(env_rule::foreign_line_ends, number, "the first such line");
    }
    base::problem_list problems;
    auto read = base::parse_env_file(text, input_.file.source, problems);
    for (const base::problem& each : problems) add(env_rule::unreadable, number, each.message);
    if (read.empty()) return;
    const std::size_t equals = text.find('=');
    env_line line{number, read.begin()->first, text.substr(equals + 1), std::move(read.begin()->second)};
    check_form(line, text.substr(0, equals));
    check_twice(line);
    check_value(line);
  }

  void check_form(const env_line& line, std::string_view before) {
    // Comments behind a blank are read alike.
    const std::string_view value =
        trimmed(line.raw.substr(0, std::min(line.raw.find(" #"), line.raw.size())));
    const bool spaced = before.ends_with(' ') || (line.raw.starts_with(' ') && !value.empty());
    const bool quoted = value.starts_with('\'') || value.starts_with('"');
    const std::string_view why = spaced                           ? "spaces around ="
                                 : !quoted && value.contains('#') ? "a # without quotes"
                                 : !quoted && value.contains(' ') ? "a space without quotes"
                                 : !value.starts_with('\'') && names_secret(line.name) && value.contains('$')
                                     ? "a $ outside of single quotes"
                                     : "";
    if (!why.empty()) add(env_rule::doubtful_value, line.number, fmt::format("{}: {}", line.name, why));
  }

  void check_twice(const env_line& line) {
    const auto [at, is_new] = lines_.emplace(line.name, line.number);
    if (!is_new)
      add(env_rule::same_name, line.number, fmt::format("{}, first in line {}", line.name, at->second));
  }

  void check_value(const env_line& line) {
    if (turns_tls_off(line.name, line.value))
      add(env_rule::tls_off, line.number, fmt::format("{}={}", line.name, line.value));
    check_token(line);
    const bool is_password = names_secret(line.name) && !names_bot_token(line.name);
    if (is_password && !input_.template_file && is_default_password(line.value))
      add(env_rule::default_password, line.number, line.name);
    if (const auto url = parts_of_url(line.value)) check_address(line, *url);
  }

  void check_token(const env_line& line) {
    const bool is_token = looks_like_bot_token(line.value);
    if (is_token && input_.template_file) add(env_rule::secret_in_template, line.number, line.name);
    if (!is_token && (!names_bot_token(line.name) || input_.template_file)) return;
    if (line.value.empty() || refers_to_variable(line.value)) return;
    const auto [at, is_new] = tokens_.emplace(line.value, std::pair(std::string(line.name), line.number));
    if (!is_new && at->second.first != line.name)
      add(env_rule::shared_token, line.number,
          fmt::format("{} is the same as {} in line {}", line.name, at->second.first, at->second.second));
  }

  void check_address(const env_line& line, const url_parts& url) {
    if (!input_.template_file && is_default_password(url.password, url.user))
      add(env_rule::default_password, line.number, fmt::format("in the address of {}", line.name));
    if (is_plain_database(url))
      add(env_rule::plain_database, line.number, fmt::format("{}: {}", line.name, url.host));
  }

  // A file without secrets may be anywhere.
  void check_facts() {
    const bool holds_secrets = std::ranges::any_of(
        lines_, [](const auto& each) { return names_secret(each.first) || each.first.ends_with("_URL"); });
    if (input_.template_file || !holds_secrets) return;
    if (input_.git == git_state::tracked) add(env_rule::tracked, 0, "git has it");
    if (input_.git == git_state::unguarded) add(env_rule::unguarded, 0, "no .gitignore names it");
    if (input_.readable_by_others) add(env_rule::readable_by_others, 0, "its mode lets everybody read");
  }

  const env_file_input& input_;
  finding_list found_;
  std::map<std::string, std::size_t, std::less<>> lines_;  // where each name stands first
  std::map<std::string, std::pair<std::string, std::size_t>> tokens_;
  bool told_of_line_ends_ = false;
};

}  // namespace

std::span<const check_rule> env_rules() {
  return table;
}

finding tracked_secret_file(const std::string& path) {
  return {&table.at(static_cast<std::size_t>(env_rule::secret_file_tracked)), path, {}, "git has it"};
}

finding_list check_env_file(const env_file_input& input) {
  return env_checker(input).check();
}

}  // namespace guildfleet::ops
