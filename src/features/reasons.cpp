#include "features/reasons.hpp"

#include "discord/rest/error.hpp"
#include "features/guild_reports.hpp"
#include "features/message_template.hpp"
#include "features/reason_texts.hpp"
#include "net/error.hpp"
#include "settings/error.hpp"
#include "store/error.hpp"

namespace guildfleet::features {
namespace {

namespace texts = reason_texts;
using discord::rest_error;
using settings::settings_error;
using store::store_error;

constexpr std::size_t longest_detail = 200;

struct known_error {
  std::error_code code;
  text words;
};

const text* find_code(std::error_code code) {
  static const known_error all[] = {{settings_error::malformed, texts::malformed},
                                    {settings_error::not_an_object, texts::not_an_object},
                                    {settings_error::too_large, texts::too_large},
                                    {settings_error::too_deep, texts::too_deep},
                                    {settings_error::too_many_values, texts::too_many_values},
                                    {settings_error::duplicate_key, texts::duplicate_key},
                                    {settings_error::unknown_feature, texts::unknown_feature},
                                    {settings_error::wrong_format, texts::wrong_format},
                                    {settings_error::no_such_change, texts::no_such_change},
                                    {settings_error::changed_since, texts::changed_since},
                                    {settings_error::contended, texts::contended},
                                    {store_error::busy, texts::contended},
                                    {store_error::too_large, texts::too_large},
                                    {store_error::outcome_unknown, texts::unknown_outcome},
                                    {store_error::timed_out, texts::unknown_outcome},
                                    {rest_error::bad_request, texts::refused},
                                    {rest_error::rate_limited, texts::must_wait},
                                    {rest_error::deadline_too_early, texts::must_wait},
                                    {rest_error::not_found, texts::not_there},
                                    {rest_error::unknown_message, texts::not_there},
                                    {rest_error::unknown_member, texts::not_there},
                                    {rest_error::unknown_user, texts::not_there},
                                    {rest_error::unknown_ban, texts::not_there}};
  for (const known_error& each : all) {
    if (each.code == code) return &each.words;
  }
  return nullptr;
}

const text& words_of(failure_cause cause) {
  switch (cause) {
    case failure_cause::lacks_permission:
      return texts::lacks_permission;
    case failure_cause::channel_gone:
      return texts::channel_gone;
    case failure_cause::role_gone:
      return texts::role_gone;
    case failure_cause::role_too_high:
      return texts::role_too_high;
    case failure_cause::message_refused:
      return texts::refused;
    case failure_cause::guild_full:
      return texts::guild_full;
    case failure_cause::needs_two_factor:
      break;
  }
  return texts::needs_two_factor;
}

const text& words_of(const base::error& error) {
  if (const auto cause = cause_of(error)) return words_of(*cause);
  if (const text* found = find_code(error.code())) return *found;
  const std::error_category& category = error.code().category();
  if (category == make_error_code(rest_error::bad_request).category()) return texts::no_answer;
  if (category == make_error_code(store_error::failed).category()) return texts::no_database;
  if (category == make_error_code(net::net_error::closed).category()) return texts::no_file;
  return texts::unexpected;
}

// Of an answer of Discord's, what it says of the fields; which bot asked what is the operator's business.
std::string_view detail_of(const base::error& error) {
  const std::string_view whole = error.context();
  if (error.code() != rest_error::invalid_form_body) return whole;
  constexpr std::string_view before_fields = "\": ";
  const std::size_t at = whole.find(before_fields);
  return at == std::string_view::npos ? whole : whole.substr(at + before_fields.size());
}

}  // namespace

std::string reason_of(const base::error& error, language in) {
  const std::string where = plain(clipped(std::string(detail_of(error)), longest_detail));
  return words_of(error).format(in, fmt::arg("where", where));
}

}  // namespace guildfleet::features
