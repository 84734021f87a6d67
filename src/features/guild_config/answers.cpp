#include "features/guild_config/answers.hpp"

#include "features/guild_config/guild_config_texts.hpp"
#include "features/reasons.hpp"
#include "features/replies.hpp"
#include "settings/difference.hpp"
#include "store/error.hpp"

namespace guildfleet::features {
namespace {

namespace texts = guild_config_texts;

const settings::feature_schema& schema_of(const settings::schema_catalogue& schemas,
                                          std::string_view feature) {
  const settings::feature_schema* found = schemas.find(feature);
  return found == nullptr ? texts::schema : *found;
}

std::string names_of(const settings::schema_catalogue& schemas) {
  std::string out;
  for (const settings::feature_schema* each : schemas.all())
    out += fmt::format("{}`{}`", out.empty() ? "" : ", ", each->feature);
  return out;
}

bool may_be_saved(const base::error& error) {
  return error.code() == store::store_error::outcome_unknown || error.code() == store::store_error::timed_out;
}

}  // namespace

std::string shown_author(const store::change_author& author) {
  const auto id = discord::parse_snowflake(author.who);
  return id ? fmt::format("<@{}>", *id) : fmt::format("`{}`", author.who);
}

std::string shown_time(base::wall_time when) {
  return fmt::format("<t:{}:R>", std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count());
}

store::change_author author_of(const interaction_call& call, store::change_origin origin) {
  return {fmt::format("{}", call.what->user), origin};
}

std::string told(const base::result<settings::change_result>& outcome,
                 const settings::schema_catalogue& schemas, language user) {
  if (!outcome) {
    const std::string reason = reason_of(outcome.error(), user);
    if (outcome.error().code() == settings::settings_error::unknown_feature) {
      const std::string names = names_of(schemas);
      return texts::no_feature.format(user, fmt::arg("reason", reason), fmt::arg("names", names));
    }
    return (may_be_saved(outcome.error()) ? texts::perhaps : texts::failed)
        .format(user, fmt::arg("reason", reason));
  }
  if (const auto* done = std::get_if<settings::changed>(&*outcome)) {
    const std::string changes =
        settings::describe(schema_of(schemas, done->now.feature), done->changes, user);
    return done->changes.empty() ? std::string(texts::same.in(user))
                                 : texts::saved.format(user, fmt::arg("changes", changes));
  }
  if (const auto* wrong = std::get_if<settings::problems>(&*outcome)) {
    const std::string list = settings::to_text(*wrong, user);
    return texts::refused.format(user, fmt::arg("problems", list));
  }
  const auto& current = std::get<store::settings_conflict>(*outcome).current;
  const std::string who = shown_author(current.author);
  const std::string when = shown_time(current.changed_at);
  return texts::conflict.format(user, fmt::arg("who", who), fmt::arg("when", when));
}

net::task<> say(interaction_call call, std::string content) {
  (void)co_await call.answers->reply(private_message(clipped(std::move(content), longest_content)));
}

}  // namespace guildfleet::features
