#include "features/automod/settings_command.hpp"

#include <algorithm>

#include "features/answers.hpp"
#include "features/automod/automod_texts.hpp"
#include "features/automod/decider.hpp"
#include "features/automod/message_scan.hpp"
#include "features/automod/text_folding.hpp"
#include "features/common_texts.hpp"
#include "features/permission_checks.hpp"
#include "features/replies.hpp"
#include "settings/show.hpp"
#include "settings/typed_reading.hpp"

namespace guildfleet::features {
namespace {

namespace texts = automod_texts;
namespace json = boost::json;
using discord::option_type;

constexpr std::string_view own_name = "automod";
constexpr std::size_t most_suggestions = 25;
constexpr std::size_t longest_tested = 4'000;

discord::option_definition choice_option(const text& name, const text& description,
                                         std::span<const settings::choice_name> choices) {
  auto out = localized_option(option_type::string, name, description, true);
  for (const settings::choice_name& each : choices)
    out.choices.push_back(localized_choice(each.title, each.name));
  return out;
}

discord::option_definition whole_option(const text& name, const text& description, bool required, double from,
                                        double to) {
  auto out = localized_option(option_type::integer, name, description, required);
  out.min_value = from;
  out.max_value = to;
  return out;
}

std::vector<discord::option_definition> list_options(bool with_suggestions) {
  std::vector<discord::option_definition> out;
  const auto text_option = [&](const text& name, const text& description, int longest) {
    auto one = localized_option(option_type::string, name, description, false);
    one.max_length = longest;
    one.autocomplete = with_suggestions;
    out.push_back(std::move(one));
  };
  text_option(texts::word, texts::word_description, 40);
  text_option(texts::link, texts::link_description, 100);
  text_option(texts::invite, texts::invite_description, 100);
  out.push_back(localized_option(option_type::role, texts::role, texts::role_description, false));
  out.push_back(localized_option(option_type::channel, texts::channel, texts::channel_description, false));
  return out;
}

// What a command names of the five lists.
struct list_entry {
  std::string_view field;
  std::string value;
};

bool same_entry(std::string_view field, std::string_view one, std::string_view other) {
  if (field != "words") return one == other;
  return automod_rules::folded(one) == automod_rules::folded(other);
}

// Whether an item of its list is the entry; which outlives it.
auto equal_to(const list_entry& entry) {
  return [&entry](const json::value& item) {
    return same_entry(entry.field, settings::words(item), entry.value);
  };
}

bool is_in(const json::object& values, const list_entry& entry) {
  const json::value* const list = values.if_contains(entry.field);
  return list != nullptr && list->is_array() && std::ranges::any_of(list->get_array(), equal_to(entry));
}

json::array& list_of(json::object& values, std::string_view field) {
  json::value& list = values[field];
  if (!list.is_array()) list = json::array();
  return list.as_array();
}

// Texts stand in quotes: "none" and "off" may be words on a list.
std::string shown_entry(const list_entry& entry, language in) {
  if (entry.field == "exempt_roles") return fmt::format("<@&{}>", entry.value);
  if (entry.field == "exempt_channels") return fmt::format("<#{}>", entry.value);
  const std::string text = plain(entry.value);
  return texts::quoted.format(in, fmt::arg("text", text));
}

std::string shown_entries(const std::vector<list_entry>& entries, language in) {
  std::string out;
  for (const list_entry& each : entries) {
    if (!out.empty()) out += common_texts::list_comma.in(in);
    out += shown_entry(each, in);
  }
  return out;
}

// The rule that goes by a list; empty: all do.
std::string rule_of(std::string_view list) {
  return list == "words"             ? "words"
         : list == "allowed_links"   ? "links"
         : list == "allowed_invites" ? "invites"
                                     : "";
}

void put(json::object& values, const list_entry& entry, bool add) {
  json::array& list = list_of(values, entry.field);
  const auto found = std::ranges::find_if(list, equal_to(entry));
  if (!add && found != list.end()) list.erase(found);
  if (add && found == list.end()) list.emplace_back(entry.value);
}

// Why an entry cannot be what it is meant for; null: it can. What it is read as takes the place of the text.
// Whatever an import has put among the words can be taken out.
const text* obstacle_to(list_entry& entry, bool add) {
  if (entry.field == "words" && add)
    return automod_rules::word_list({entry.value}).empty() ? &texts::no_word : nullptr;
  if (entry.field == "allowed_links") {
    entry.value = automod_rules::domain_of(entry.value);
    return entry.value.empty() ? &texts::no_domain : nullptr;
  }
  if (entry.field == "allowed_invites") {
    entry.value = automod_rules::invite_code_of(entry.value);
    return entry.value.empty() ? &texts::no_invite : nullptr;
  }
  return nullptr;
}

std::vector<list_entry> entries_of(const discord::command_data& command) {
  std::vector<list_entry> out;
  constexpr std::pair<std::string_view, std::string_view> texts_of[] = {
      {"word", "words"}, {"link", "allowed_links"}, {"invite", "allowed_invites"}};
  for (const auto& [option, field] : texts_of) {
    if (const auto value = command.text(option)) out.push_back({field, std::string(*value)});
  }
  constexpr std::pair<std::string_view, std::string_view> ids_of[] = {{"role", "exempt_roles"},
                                                                      {"channel", "exempt_channels"}};
  for (const auto& [option, field] : ids_of) {
    if (const auto id = command.id_of(option)) out.push_back({field, std::to_string(*id)});
  }
  return out;
}

std::string_view title_of(std::span<const settings::choice_name> choices, std::string_view name,
                          language in) {
  const auto found = std::ranges::find(choices, name, &settings::choice_name::name);
  return found == choices.end() ? name : found->title.in(in);
}

}  // namespace

std::vector<discord::command_definition> automod_commands() {
  discord::command_definition root = localized_command(texts::root, texts::root_description);
  root.default_member_permissions = discord::permission_set(discord::permission::manage_guild);
  auto log_channel =
      localized_option(option_type::channel, texts::channel, texts::log_channel_description, false);
  log_channel.channel_types = {discord::channel_type::text, discord::channel_type::announcement};
  auto tested = localized_option(option_type::string, texts::text_value, texts::text_value_description, true);
  tested.max_length = static_cast<int>(longest_tested);
  root.options = {
      localized_sub_command(texts::view, texts::view_description),
      localized_sub_command(texts::rule, texts::rule_description,
                            {choice_option(texts::rule, texts::rule_value_description, texts::rules),
                             choice_option(texts::action, texts::action_description, texts::actions),
                             whole_option(texts::limit, texts::limit_description, false, 1, 50),
                             whole_option(texts::seconds, texts::seconds_description, false, 2, 600)}),
      localized_sub_command(texts::add, texts::add_description, list_options(false)),
      localized_sub_command(texts::remove, texts::remove_description, list_options(true)),
      localized_sub_command(texts::timeout, texts::timeout_description,
                            {whole_option(texts::minutes, texts::minutes_description, true, 1, 40'320)}),
      localized_sub_command(texts::log, texts::log_description, {std::move(log_channel)}),
      localized_sub_command(texts::test, texts::test_description, {std::move(tested)})};
  return {std::move(root)};
}

automod_command::automod_command(const shard_services& services, saved_function on_saved)
    : settings_(services.settings),
      guilds_(services.guilds),
      clock_(services.clock),
      on_saved_(std::move(on_saved)) {}

net::task<> automod_command::run(interaction_call call) {
  const discord::command_data& command = *call.what->command();
  if (call.what->guild.empty()) {
    co_await say(call, std::string(common_texts::server_only.in(call.user_language())));
  } else if (command.path == "automod view") {
    co_await view(call);
  } else if (command.path == "automod rule") {
    co_await set_rule(call);
  } else if (command.path == "automod add" || command.path == "automod remove") {
    co_await change_lists(call, command.path == "automod add");
  } else if (command.path == "automod timeout") {
    const std::int64_t minutes = command.integer("minutes").value_or(0);
    co_await save(call, [minutes](json::object values) -> base::result<json::object> {
      values["timeout"] = minutes * 60;
      return values;
    });
  } else if (command.path == "automod log") {
    co_await set_log(call);
  } else if (command.path == "automod test") {
    co_await test(call);
  }
}

net::task<> automod_command::view(interaction_call call) {
  const language user = call.user_language();
  const auto current = co_await settings_.get(call.what->guild, std::string(own_name));
  if (!current) {
    co_await say(call, std::string(common_texts::settings_unreadable.in(user)));
    co_return;
  }
  discord::message_body message = private_message({});
  discord::embed page;
  page.title = texts::title.in(user);
  page.description = clipped(settings::show(texts::schema, current->values, user), longest_embed_description);
  if (current->stale) page.footer = common_texts::stale.in(user);
  message.embeds.push_back(std::move(page));
  (void)co_await call.answers->reply(std::move(message));
}

net::task<> automod_command::set_rule(interaction_call call) {
  const discord::command_data& command = *call.what->command();
  const std::string rule(command.text("rule").value_or(""));
  const std::string action(command.text("action").value_or("off"));
  const auto limit = command.integer("limit");
  const auto seconds = command.integer("seconds");
  const bool counts = rule == "flood" || rule == "duplicates";
  if ((limit && !counts && rule != "mentions") || (seconds && !counts)) {
    co_await say(call, std::string(texts::no_limit_there.in(call.user_language())));
    co_return;
  }
  const std::string limit_field = rule == "flood"      ? "flood_messages"
                                  : rule == "mentions" ? "mentions_limit"
                                                       : "duplicates_count";
  co_await save(
      call,
      [=](json::object values) -> base::result<json::object> {
        values[rule + "_action"] = action;
        if (limit) values[limit_field] = *limit;
        if (seconds) values[rule + "_window"] = *seconds;
        return values;
      },
      limit || seconds ? rule : std::string());
}

net::task<> automod_command::change_lists(interaction_call call, bool add) {
  const language user = call.user_language();
  std::vector<list_entry> entries = entries_of(*call.what->command());
  const text* obstacle = entries.empty() ? &texts::nothing_given : nullptr;
  for (list_entry& each : entries) {
    const text* const found = obstacle_to(each, add);
    if (obstacle == nullptr) obstacle = found;
  }
  if (obstacle != nullptr) {
    co_await say(call, std::string(obstacle->in(user)));
    co_return;
  }
  std::vector<list_entry> missing;
  if (!add) {
    const auto current = co_await settings_.get(call.what->guild, std::string(own_name));
    std::ranges::copy_if(entries, std::back_inserter(missing),
                         [&](const list_entry& each) { return current && !is_in(current->values, each); });
  }
  const std::string names = shown_entries(missing, user);
  if (!missing.empty() && missing.size() == entries.size()) {
    co_await say(call, texts::not_listed.format(user, fmt::arg("entries", names)));
    co_return;
  }
  const auto edit = [entries, add](json::object values) -> base::result<json::object> {
    for (const list_entry& each : entries) put(values, each, add);
    return values;
  };
  std::string note;
  if (!missing.empty()) note = texts::some_not_listed.format(user, fmt::arg("entries", names));
  co_await save(call, edit, add ? rule_of(entries.front().field) : std::string(), std::move(note));
}

net::task<> automod_command::set_log(interaction_call call) {
  const auto chosen = call.what->command()->id_of("channel");
  if (chosen) {
    const discord::channel_id channel{*chosen};
    const auto obstacle = obstacle_to_send(guilds_, call.what->guild, channel, clock_.wall_now());
    if (obstacle) {
      const std::string reason = told(*obstacle, channel, call.user_language());
      co_await say(call, texts::cannot_log.format(call.user_language(), fmt::arg("reason", reason)));
      co_return;
    }
  }
  co_await save(call, [chosen](json::object values) -> base::result<json::object> {
    if (chosen)
      values["log_channel"] = std::to_string(*chosen);
    else
      values.erase("log_channel");
    return values;
  });
}

net::task<> automod_command::test(interaction_call call) {
  const language user = call.user_language();
  const auto current = co_await settings_.get(call.what->guild, std::string(own_name));
  if (!current) {
    co_await say(call, std::string(common_texts::settings_unreadable.in(user)));
    co_return;
  }
  const std::string tested(call.what->command()->text("text").value_or(""));
  const auto judged = automod_rules::judge_text(automod_rules::rules_of(current->values), tested);
  if (!judged) {
    co_await say(call, std::string(texts::breaks_nothing.in(user)));
    co_return;
  }
  const std::string_view rule = title_of(texts::rules, name_of(judged->broken), user);
  const std::string_view action = title_of(texts::actions, name_of(judged->what), user);
  const std::string detail = judged->detail.empty() ? std::string() : " " + plain(judged->detail);
  co_await say(call, texts::breaks.format(user, fmt::arg("rule", rule), fmt::arg("action", action),
                                          fmt::arg("detail", detail)));
}

net::task<> automod_command::save(interaction_call call, settings::edit_function apply, std::string of,
                                  std::string note) {
  const language user = call.user_language();
  const auto outcome =
      co_await settings_.edit(call.what->guild, std::string(own_name),
                              author_of(call, store::change_origin::command), std::move(apply));
  std::string answer = told(outcome, settings_.schemas(), texts::schema.feature, user);
  if (const auto* const done = outcome ? std::get_if<settings::changed>(&*outcome) : nullptr) {
    if (call.acts_there) on_saved_(call.what->guild, done->now.values);
    if (!note.empty()) answer += "\n" + note;
    if (!of.empty() && settings::words(done->now.values, of + "_action") == "off") {
      const std::string_view rule = title_of(texts::rules, of, user);
      answer += "\n" + texts::rule_is_off.format(user, fmt::arg("rule", rule));
    }
  }
  co_await say(call, std::move(answer));
}

net::task<> automod_command::suggest(interaction_call call) {
  const discord::command_option* const typed = call.what->command()->focused();
  if (typed == nullptr) co_return;
  const auto current = co_await settings_.get(call.what->guild, std::string(own_name));
  if (!current) co_return;
  const std::string_view field = typed->name == "word"   ? "words"
                                 : typed->name == "link" ? "allowed_links"
                                                         : "allowed_invites";
  const auto* const begun = std::get_if<std::string>(&typed->value);
  const std::string part = automod_rules::folded(begun == nullptr ? std::string_view() : *begun);
  std::vector<discord::choice> choices;
  for (const std::string_view each :
       settings::list(current->values, field, [](const json::value& one) { return settings::words(one); })) {
    if (choices.size() < most_suggestions && automod_rules::folded(each).contains(part))
      choices.push_back({std::string(each), std::string(each)});
  }
  (void)co_await call.answers->suggest(std::move(choices));
}

}  // namespace guildfleet::features
