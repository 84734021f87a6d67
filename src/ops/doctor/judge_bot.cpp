// GD1xx: what Discord lets a bot do, against what its features need.
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/count_text.hpp"
#include "ops/doctor/judgement.hpp"
#include "ops/doctor/named.hpp"
#include "ops/doctor/notebook.hpp"
#include "ops/plan/figure_text.hpp"

namespace guildfleet::ops::doctor {
namespace {

using base::count_text;
using discord::intent;
using discord::intent_set;
using discord::permission_set;

struct privileged {
  intent what;
  std::uint64_t flags;  // of an application that has it: verified, and limited to small ones (protocol 1.14)
};
constexpr std::array privileged_flags{privileged{intent::guild_presences, 3ULL << 12U},
                                      privileged{intent::guild_members, 3ULL << 14U},
                                      privileged{intent::message_content, 3ULL << 18U}};

std::vector<std::string> features_with(const bot_facts& of, intent one) {
  std::vector<std::string> out;
  for (const feature_need& each : of.needs) {
    if (each.intents.has(one)) out.push_back(each.feature);
  }
  return out;
}

void judge_token(const bot_facts& of, notebook& notes) {
  const auto* account =
      notes.read(check::token, of.name, of.account,
                 {.how = grade::error,
                  .seen = {},
                  .meaning = "The bot cannot log in, so nothing of it works.",
                  .todo = "Look at the token and at the network between here and Discord."});
  if (account != nullptr) notes.fine(check::token, of.name, fmt::format("accepted, as {}", account->name));
}

void judge_application(const bot_facts& of, const application_facts& application, notebook& notes) {
  if (!of.configured_id || *of.configured_id == application.id) {
    notes.fine(check::application_id, of.name, fmt::format("{}", application.id));
    return;
  }
  notes.say(check::application_id, of.name,
            {.how = grade::warning,
             .seen = fmt::format("the configuration says {}, the token is of {}", *of.configured_id,
                                 application.id),
             .meaning = "Either the token or the id is of another bot. Discord's word counts: commands are "
                        "registered for the token's application.",
             .todo = fmt::format("Set app_id to {}, or take the key out; or give this bot its own token.",
                                 application.id)});
}

void judge_intents(const bot_facts& of, const application_facts& application, notebook& notes) {
  std::vector<std::string> missing;
  std::vector<std::string> switches;
  std::vector<std::string> unused;
  for (const privileged& each : privileged_flags) {
    const auto wanted_by = features_with(of, each.what);
    const bool on = (application.flags & each.flags) != 0;
    if (!wanted_by.empty() && !on) {
      missing.push_back(
          fmt::format("{} (wanted by {})", discord::name_of(each.what), fmt::join(wanted_by, ", ")));
      switches.push_back(fmt::format("\"{}\"", discord::portal_switch_of(each.what)));
    }
    if (wanted_by.empty() && on) unused.emplace_back(discord::portal_switch_of(each.what));
  }
  if (missing.empty()) {
    notes.fine(check::privileged_intents, of.name, "those that its features want are on");
  } else {
    notes.say(
        check::privileged_intents, of.name,
        {.how = grade::error,
         .seen = fmt::format("off: {}", fmt::join(missing, ", ")),
         .meaning = "Discord closes the gateway connection with code 4014, and the bot does not start.",
         .todo = fmt::format("Switch on {} at https://discord.com/developers/applications/{}/bot, or take "
                             "the features out.",
                             fmt::join(switches, ", "), application.id)});
  }
  if (unused.empty()) return;
  notes.say(
      check::unused_intents, of.name,
      {.how = grade::note,
       .seen = fmt::format("on, but no feature of this bot wants it: {}", fmt::join(unused, ", ")),
       .meaning =
           "Discord reviews privileged intents of larger bots; one that is not used is hard to justify.",
       .todo = "Switch it off in the developer portal if nothing else uses this application."});
}

void judge_commands(const bot_facts& of, notebook& notes) {
  const auto* commands =
      notes.read(check::commands, of.name, of.commands,
                 {.how = grade::warning,
                  .seen = {},
                  .meaning = "It is not known whether members see the commands of this release.",
                  .todo = "Ask again later."});
  if (commands == nullptr) return;
  std::vector<std::string> drift;
  const auto add = [&](std::string_view what, const std::vector<std::string>& names) {
    if (!names.empty()) drift.push_back(fmt::format("{}: {}", what, named(names)));
  };
  add("not registered", commands->added);
  add("registered otherwise", commands->changed);
  add("registered, but no feature has it", commands->removed);
  if (drift.empty()) {
    notes.fine(check::commands, of.name,
               fmt::format("{}, registered {}", count_text(commands->wanted, "command"), commands->where));
    return;
  }
  notes.say(
      check::commands, of.name,
      {.how = grade::warning,
       .seen = fmt::format("{} ({})", fmt::join(drift, "; "), commands->where),
       .meaning = "Members see commands that this configuration does not have, or miss some that it has.",
       .todo = "The next start of the bot registers them: `guildfleet run`, or restart its node. If it has "
               "just started, its log says why it could not."});
}

permission_set all_needed(const bot_facts& of) {
  permission_set out;
  for (const feature_need& each : of.needs) out |= each.permissions;
  return out;
}

// "probe: View Channel"
std::vector<std::string> lacks_of(const bot_facts& of, permission_set has) {
  std::vector<std::string> out;
  for (const feature_need& each : of.needs) {
    const permission_set lacking = each.permissions.without(has);
    if (!lacking.empty())
      out.push_back(fmt::format("{}: {}", each.feature, fmt::join(discord::display_names(lacking), ", ")));
  }
  return out;
}

// In which channels a permission that the guild's roles give is taken away again.
std::vector<std::string> hidden_channels(const guild_facts& guild, permission_set needed) {
  std::vector<std::string> out;
  for (const channel_facts& each : guild.channels) {
    if (!(needed & guild.has).without(each.has).empty()) out.push_back("#" + each.name);
  }
  return out;
}

struct guild_notes {
  std::size_t asked = 0;
  std::vector<std::string> lacking{};
  std::vector<std::string> hidden{};
  std::vector<std::string> timed_out{};
  std::vector<std::string> failures{};
};

void add_guild(const bot_facts& of, const guild_facts& guild, base::wall_time now, guild_notes& all) {
  const permission_set needed = all_needed(of);
  const std::string name = fmt::format("{} ({})", guild.name, guild.id);
  const auto lacks = lacks_of(of, guild.has);
  if (!lacks.empty()) all.lacking.push_back(fmt::format("{}: {}", name, fmt::join(lacks, ", ")));
  const auto hidden = hidden_channels(guild, needed);
  if (!hidden.empty())
    all.hidden.push_back(fmt::format("{}: {} of {}", name, hidden.size(), guild.channels.size()));
  if (guild.timed_out_until && *guild.timed_out_until > now)
    all.timed_out.push_back(fmt::format("{} until {}", name, base::iso8601(*guild.timed_out_until)));
}

// "of the first 10 of 1,234 guilds"
std::string extent_of(const bot_facts& of, std::size_t asked) {
  if (!of.guilds) return count_text(asked, "guild");
  const std::size_t all = of.guilds->ids.size();
  if (of.guilds->whole && asked == all) return fmt::format("all {}", count_text(all, "guild"));
  const auto about = of.application ? of.application->guilds_about : std::nullopt;
  if (of.guilds->whole) return fmt::format("the first {} of {} guilds", asked, grouped(all));
  return about ? fmt::format("the first {} of about {} guilds", asked,
                             grouped(std::max<std::uint64_t>(all, *about)))
               : fmt::format("the first {} of more than {} guilds", asked, grouped(all));
}

void judge_permissions(const bot_facts& of, base::wall_time now, notebook& notes) {
  const auto* guilds = notes.read(check::permissions, of.name, of.guilds,
                                  {.how = grade::warning,
                                   .seen = {},
                                   .meaning = "It is not known what the bot may do in its guilds.",
                                   .todo = "Ask again later."});
  if (guilds == nullptr) return;
  guild_notes all;
  for (const answer<guild_facts>& each : of.looked_at) {
    if (each) {
      ++all.asked;
      add_guild(of, *each, now, all);
    } else if (each.error().tried) {
      all.failures.push_back(each.error().why);
    }
  }
  const std::string extent = extent_of(of, all.asked);
  for (const std::string& each : all.failures)
    notes.say(check::permissions, of.name,
              {.how = grade::warning,
               .seen = each,
               .meaning = "What the bot may do in that guild is not known.",
               .todo = "Ask again later."});
  if (!all.timed_out.empty())
    notes.say(check::permissions, of.name,
              {.how = grade::warning,
               .seen = fmt::format("timed out in {}", named(all.timed_out)),
               .meaning = "A member that is timed out may read, and nothing else.",
               .todo = "Ask a moderator there to take the time-out back."});
  if (!all.lacking.empty()) {
    notes.say(
        check::permissions, of.name,
        {.how = grade::warning,
         .seen = fmt::format("of {}, {} lacking: {}", extent, all.lacking.size() == 1 ? "one is" : "some are",
                             named(all.lacking)),
         .meaning = "These features fail there, and each refusal (403) counts towards the 10,000 invalid "
                    "requests after which Discord blocks the address.",
         .todo = "Give the bot's role these permissions in Server Settings > Roles, or invite it again with "
                 "them."});
  } else if (all.failures.empty()) {
    notes.fine(check::permissions, of.name, fmt::format("enough for its features in {}", extent));
  }
  if (!all.hidden.empty())
    notes.say(check::hidden_channels, of.name,
              {.how = grade::note,
               .seen = fmt::format("text channels where the bot lacks what its roles give it: {}",
                                   named(all.hidden)),
               .meaning = "Channel permissions keep the bot out. Often that is meant.",
               .todo = "Where it is not: Edit Channel > Permissions, and allow the bot's role."});
}

}  // namespace

void judge_bot(const bot_facts& of, base::wall_time now, diagnosis& into) {
  notebook notes(into);
  judge_token(of, notes);
  if (!of.account) {
    if (of.account.error().tried)
      into.not_asked.push_back({section::token, fmt::format("{}: intents, commands, permissions", of.name),
                                "Discord did not accept the token, or did not answer"});
    return;
  }
  const auto* application = notes.read(check::privileged_intents, of.name, of.application,
                                       {.how = grade::warning,
                                        .seen = {},
                                        .meaning = "It is not known which privileged intents are on.",
                                        .todo = "Ask again later."});
  if (application != nullptr) {
    judge_application(of, *application, notes);
    judge_intents(of, *application, notes);
  }
  judge_commands(of, notes);
  judge_permissions(of, now, notes);
}

}  // namespace guildfleet::ops::doctor
