#include "features/answers.hpp"

#include "features/common_texts.hpp"
#include "features/reasons.hpp"
#include "features/replies.hpp"
#include "settings/difference.hpp"
#include "store/error.hpp"

namespace guildfleet::features {
namespace {

namespace texts = common_texts;

// What an undo is about may be of any feature.
const settings::field* find_field(const settings::schema_catalogue& schemas, std::string_view feature,
                                  std::string_view name) {
  if (const auto* const schema = schemas.find(feature)) return schema->find(name);
  for (const settings::feature_schema* each : schemas.all()) {
    if (const auto* const found = each->find(name)) return found;
  }
  return nullptr;
}

// A field's place by the title that members see instead of its name.
std::string titled(std::string path, const settings::schema_catalogue& schemas, std::string_view feature,
                   language user) {
  const std::string_view name = settings::top_field(path);
  if (const auto* const field = find_field(schemas, feature, name))
    path.replace(0, name.size(), field->title.in(user));
  return path;
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

store::change_author author_of(const interaction_call& call, store::change_origin origin) {
  return {fmt::format("{}", call.what->user), origin};
}

std::string told(const base::result<settings::change_result>& outcome,
                 const settings::schema_catalogue& schemas, std::string_view feature, language user) {
  if (!outcome) {
    base::error why = outcome.error();
    if (why.code() == settings::settings_error::changed_since)
      why = base::error(why.code(), titled(why.context(), schemas, feature, user));
    const std::string reason = reason_of(why, user);
    if (why.code() == settings::settings_error::unknown_feature) {
      const std::string names = names_of(schemas);
      return texts::no_feature.format(user, fmt::arg("reason", reason), fmt::arg("names", names));
    }
    return (may_be_saved(why) ? texts::perhaps : texts::failed).format(user, fmt::arg("reason", reason));
  }
  if (const auto* done = std::get_if<settings::changed>(&*outcome)) {
    const settings::feature_schema* const schema = schemas.find(done->now.feature);
    const std::string changes =
        schema == nullptr ? std::string() : settings::describe(*schema, done->changes, user);
    return done->changes.empty() ? std::string(texts::same.in(user))
                                 : texts::saved.format(user, fmt::arg("changes", changes));
  }
  if (const auto* wrong = std::get_if<settings::problems>(&*outcome)) {
    settings::problems named = *wrong;
    for (settings::problem& each : named) each.path = titled(each.path, schemas, feature, user);
    const std::string list = settings::to_text(named, user);
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
