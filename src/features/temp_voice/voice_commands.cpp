#include "features/temp_voice/voice_commands.hpp"

#include <algorithm>

#include "features/answers.hpp"
#include "features/permission_names.hpp"
#include "features/replies.hpp"
#include "features/temp_voice/temp_voice_texts.hpp"
#include "settings/show.hpp"

namespace guildfleet::features::temp_voices {
namespace {

namespace texts = temp_voice_texts;
namespace json = boost::json;
using discord::option_type;

constexpr std::string_view own_name = "temp-voice";
constexpr std::size_t most_choices = 25;
constexpr std::size_t most_listed = 20;

std::string mention(discord::channel_id channel) {
  return fmt::format("<#{}>", channel);
}

json::array triggers_in(json::object& values) {
  const json::value* now = values.if_contains("triggers");
  return now == nullptr || !now->is_array() ? json::array() : now->get_array();
}

}  // namespace

std::vector<discord::command_definition> commands() {
  discord::command_definition root = localized_command(texts::root, texts::root_description);
  root.default_member_permissions = discord::permission::manage_guild;
  auto added =
      localized_option(option_type::channel, texts::channel_value, texts::add_channel_description, true);
  added.channel_types = {discord::channel_type::voice};
  auto removed =
      localized_option(option_type::string, texts::channel_value, texts::remove_channel_description, true);
  removed.autocomplete = true;
  root.options = {localized_sub_command(texts::add, texts::add_description, {std::move(added)}),
                  localized_sub_command(texts::remove, texts::remove_description, {std::move(removed)}),
                  localized_sub_command(texts::list, texts::list_description)};
  return {std::move(root), localized_command(texts::own, texts::own_description)};
}

net::task<> voice_commands::on_command(interaction_call call) {
  const std::string& path = call.what->command()->path;
  if (call.what->guild.empty()) {
    co_await say(call, std::string(texts::server_only.in(call.user_language())));
  } else if (path == "temp-voice add") {
    co_await add(call);
  } else if (path == "temp-voice remove") {
    co_await remove(call);
  } else {
    co_await list(call);
  }
}

net::task<> voice_commands::add(interaction_call call) {
  const language user = call.user_language();
  const discord::channel_id chosen{call.what->command()->id_of("channel").value_or(0)};
  const auto outcome = co_await services_.settings.edit(
      call.what->guild, std::string(own_name), author_of(call, store::change_origin::command),
      [chosen](json::object values) -> base::result<json::object> {
        json::array triggers = triggers_in(values);
        const json::value id(fmt::format("{}", chosen));
        if (std::ranges::find(triggers, id) == triggers.end()) triggers.push_back(id);
        values["triggers"] = std::move(triggers);
        return values;
      });
  if (!outcome || !std::holds_alternative<settings::changed>(*outcome)) {
    co_await say(call, told(outcome, services_.settings.schemas(), texts::schema.feature, user));
    co_return;
  }
  const std::string channel = mention(chosen);
  co_await say(call, texts::added.format(user, fmt::arg("channel", channel)) + lacks_note(call));
}

std::string voice_commands::lacks_note(interaction_call call) const {
  const auto held = services_.guilds.base_permissions_of_self(call.what->guild);
  const auto missing = held ? needed_permissions.without(*held) : discord::permission_set();
  if (missing.empty()) return {};
  const language user = call.user_language();
  const std::string names = names_of(missing, user);
  return "\n" + texts::lacks.format(user, fmt::arg("permissions", names));
}

net::task<> voice_commands::remove(interaction_call call) {
  const language user = call.user_language();
  const std::string chosen(call.what->command()->text("channel").value_or(""));
  const auto outcome = co_await services_.settings.edit(
      call.what->guild, std::string(own_name), author_of(call, store::change_origin::command),
      [chosen](json::object values) -> base::result<json::object> {
        json::array triggers = triggers_in(values);
        const auto found = std::ranges::find(triggers, json::value(chosen));
        if (found != triggers.end()) triggers.erase(found);
        values["triggers"] = std::move(triggers);
        return values;
      });
  const auto* done = outcome ? std::get_if<settings::changed>(&*outcome) : nullptr;
  const auto id = discord::parse_id<discord::channel_id>(chosen);
  const std::string channel = id ? mention(*id) : fmt::format("`{}`", clipped(plain(chosen), 100));
  if (done == nullptr) {
    co_await say(call, told(outcome, services_.settings.schemas(), texts::schema.feature, user));
  } else {
    co_await say(call, (done->changes.empty() ? texts::not_added : texts::removed)
                           .format(user, fmt::arg("channel", channel)));
  }
}

net::task<> voice_commands::list(interaction_call call) {
  const language user = call.user_language();
  const auto set = co_await services_.settings.get(call.what->guild, std::string(own_name));
  const auto rooms = co_await rooms_.rows().all({call.what->guild});
  if (!set || !rooms) {
    co_await say(call, std::string(texts::unreadable.in(user)));
    co_return;
  }
  std::string out = settings::show(texts::schema, set->values, user);
  const discord::guild_record* const server = services_.guilds.find_guild(call.what->guild);
  for (const discord::channel_id each : options_of(set->values).triggers) {
    if (server == nullptr || server->find_channel(each) != nullptr) continue;
    out += fmt::format("\n{}: {}", mention(each), common_texts::unknown_channel.in(user));
  }
  out += "\n" + texts::rooms_now.format(user, fmt::arg("count", rooms->size()), fmt::arg("most", most_rooms));
  std::size_t shown = 0;
  for (const store::record& each : *rooms) {
    const auto what = parse_room(each.value);
    if (!what || what->channel.empty() || ++shown > most_listed) continue;
    out += fmt::format("\n{} <@{}>", mention(what->channel), what->owner);
  }
  if (shown > most_listed) out += "\n…";
  out += lacks_note(call);
  co_await say(call, std::move(out));
}

net::task<> voice_commands::on_autocomplete(interaction_call call) {
  const auto set = co_await services_.settings.get(call.what->guild, std::string(own_name));
  const discord::guild_record* record = services_.guilds.find_guild(call.what->guild);
  std::vector<discord::choice> choices;
  if (!set) co_return;
  for (const discord::channel_id each : options_of(set->values).triggers) {
    const auto* channel = record == nullptr ? nullptr : record->find_channel(each);
    const std::string id = fmt::format("{}", each);
    std::string name = channel == nullptr ? id : std::string(record->name_of(*channel));
    if (choices.size() < most_choices) choices.push_back({std::move(name), id});
  }
  (void)co_await call.answers->suggest(std::move(choices));
}

}  // namespace guildfleet::features::temp_voices
