#include "features/moderation/case_view.hpp"

#include "features/message_template.hpp"
#include "features/moderation/moderation_texts.hpp"

namespace guildfleet::features {
namespace {

namespace texts = moderation_texts;
constexpr std::size_t longest_field = 1'024;
constexpr std::size_t longest_line_reason = 100;

std::string shown_user(discord::user_id user, language in) {
  return user.empty() ? std::string(texts::by_itself.in(in)) : fmt::format("<@{0}> (`{0}`)", user);
}

std::string shown_reason(const std::string& reason, language in, std::size_t limit = longest_field) {
  return reason.empty() ? std::string(texts::no_reason.in(in)) : clipped(plain(reason), limit);
}

std::string shown_history(const mod_case& one, language in) {
  std::string out;
  for (const earlier_reason& each : one.earlier) {
    const std::string reason = shown_reason(each.reason, in, longest_line_reason);
    const std::string who = fmt::format("<@{}>", each.by);
    const std::string when = shown_time(each.at, 'f');
    out += texts::earlier_line.format(in, fmt::arg("reason", reason), fmt::arg("who", who),
                                      fmt::arg("when", when)) +
           "\n";
  }
  return clipped(std::move(out), longest_field);
}

const text* sentence_to_member(const mod_case& one) {
  switch (one.action) {
    case mod_action::warn:
      return &texts::tell_warn;
    case mod_action::time_out:
      return &texts::tell_time_out;
    case mod_action::kick:
      return &texts::tell_kick;
    case mod_action::ban:
      return one.until ? &texts::tell_ban_until : &texts::tell_ban;
    default:
      return nullptr;
  }
}

const text& sentence_when_done(const mod_case& one) {
  switch (one.action) {
    case mod_action::warn:
      return texts::did_warn;
    case mod_action::time_out:
      return texts::did_time_out;
    case mod_action::end_time_out:
      return texts::did_end_time_out;
    case mod_action::kick:
      return texts::did_kick;
    case mod_action::ban:
      return one.until ? texts::did_ban_until : texts::did_ban;
    default:
      return texts::did_unban;
  }
}

}  // namespace

const text& title_of(mod_action what) {
  switch (what) {
    case mod_action::warn:
      return texts::action_warn;
    case mod_action::time_out:
      return texts::action_time_out;
    case mod_action::end_time_out:
      return texts::action_end_time_out;
    case mod_action::kick:
      return texts::action_kick;
    case mod_action::ban:
      return texts::action_ban;
    case mod_action::unban:
      return texts::action_unban;
    case mod_action::ban_ended:
      return texts::action_ban_ended;
    case mod_action::purge:
      break;
  }
  return texts::action_purge;
}

discord::embed shown_case(const mod_case& one, language in, bool with_history) {
  discord::embed out;
  const std::string_view action = title_of(one.action).in(in);
  out.title = texts::case_title.format(in, fmt::arg("number", one.number), fmt::arg("action", action));
  const auto add = [&](const text& name, std::string value) {
    out.fields.push_back({std::string(name.in(in)), std::move(value), false});
  };
  out.description = shown_time(one.at, 'f');
  if (!one.member.empty()) add(texts::field_member, shown_user(one.member, in));
  if (!one.channel.empty()) add(texts::field_channel, fmt::format("<#{}>", one.channel));
  if (one.action == mod_action::purge) add(texts::field_messages, std::to_string(one.purged));
  add(texts::field_moderator, shown_user(one.moderator, in));
  if (one.until) add(texts::field_until, shown_time(*one.until, 'f'));
  if (one.action == mod_action::ban_ended) add(texts::field_ban, fmt::format("#{}", one.ended));
  add(texts::field_reason, shown_reason(one.reason, in));
  if (with_history && !one.earlier.empty()) add(texts::field_earlier, shown_history(one, in));
  if (with_history && !one.confirmed) out.footer = texts::unconfirmed.in(in);
  return out;
}

std::string case_line(const mod_case& one, language in) {
  const std::string whom =
      one.member.empty() ? fmt::format("<#{}>", one.channel) : fmt::format("<@{}>", one.member);
  return fmt::format("**#{}** {} {} {}: {}\n", one.number, title_of(one.action).in(in), whom,
                     shown_time(one.at, 'f'), shown_reason(one.reason, in, longest_line_reason));
}

std::string done_sentence(const mod_case& one, language in) {
  const std::string member = fmt::format("<@{}>", one.member);
  const std::string until = one.until ? shown_time(*one.until, 'f') : std::string();
  return sentence_when_done(one).format(in, fmt::arg("number", one.number), fmt::arg("member", member),
                                        fmt::arg("until", until));
}

std::string told_to_member(const mod_case& one, std::string_view server, language in) {
  const text* const sentence = sentence_to_member(one);
  if (sentence == nullptr) return {};
  const std::string name = plain(server);
  const std::string until = one.until ? shown_time(*one.until, 'f') : std::string();
  std::string out = sentence->format(in, fmt::arg("server", name), fmt::arg("until", until));
  if (one.reason.empty()) return out;
  const std::string reason = plain(one.reason);
  return out + "\n" + texts::tell_reason.format(in, fmt::arg("reason", reason));
}

}  // namespace guildfleet::features
