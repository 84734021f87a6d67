#include "features/member_log/burst.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "features/member_log/member_log_texts.hpp"
#include "features/message_template.hpp"
#include "settings/show.hpp"

namespace guildfleet::features::member_logs {
namespace {

namespace texts = member_log_texts;
using std::chrono::seconds;

constexpr std::uint32_t green = 0x57F287;
constexpr std::uint32_t red = 0xED4245;
constexpr std::size_t longest_shown_name = 64;

std::string mention(discord::user_id user) {
  return fmt::format("<@{}>", user);
}

// In its two largest units: nobody asks for the seconds of a year.
std::string rough_duration(seconds time, language in) {
  const std::int64_t count = std::max<std::int64_t>(0, time.count());
  const std::int64_t unit = count >= 86'400 ? 3'600 : count >= 3'600 ? 60 : 1;
  return settings::show_duration(count - count % unit, in);
}

seconds between(base::wall_time from, base::wall_time to) {
  return std::chrono::floor<seconds>(to - from);
}

bool is_young(const entry& what, const log_options& options) {
  return !what.bot && options.young_account.count() > 0 &&
         between(what.user.created_at(), what.at) < options.young_account;
}

std::string stay_of(const entry& what, const text& unknown, language in) {
  return what.joined ? rough_duration(between(*what.joined, what.at), in) : std::string(unknown.in(in));
}

std::string invite_of(const entry& what, const used_invites& invites, language in) {
  return what.bot ? std::string(texts::app_added.in(in)) : told_of_one(invites, in);
}

std::string own_words(const entry& what, const used_invites& invites, std::string_view wanted,
                      log_words words) {
  const language in = words.in;
  const bool sure = !what.bot && invites.certain && !invites.used.front().inviter.empty();
  const std::string unknown(texts::invite_unknown.in(in));
  const std::vector<placeholder> values{
      {"user", mention(what.user), true},
      {"name", what.name},
      {"id", fmt::format("{}", what.user), true},
      {"server", std::string(words.server)},
      {"count", fmt::format("{}", what.members), true},
      {"created", shown_time(what.user.created_at()), true},
      {"age", rough_duration(between(what.user.created_at(), what.at), in), true},
      {"invite", invite_of(what, invites, in), true},
      {"inviter", sure ? mention(invites.used.front().inviter) : unknown, true},
      {"joined", what.joined ? shown_time(*what.joined, 'f') : unknown, true},
      {"stay", stay_of(what, texts::invite_unknown, in), true}};
  return fill(wanted, values);
}

void add_join_fields(discord::embed& to, const entry& what, const used_invites& invites,
                     const log_options& options, language in) {
  const bool young = is_young(what, options);
  to.fields.push_back({std::string((young ? texts::young_account : texts::account_made).in(in)),
                       shown_time(what.user.created_at()), true});
  if (options.invites)
    to.fields.push_back({std::string(texts::invite_title.in(in)), invite_of(what, invites, in), true});
}

void add_leave_fields(discord::embed& to, const entry& what, language in) {
  std::string stay(texts::stay_unknown.in(in));
  if (what.joined) {
    const std::string time = stay_of(what, texts::unknown_stay, in);
    const std::string date = shown_time(*what.joined, 'f');
    stay = texts::stay_since.format(in, fmt::arg("stay", time), fmt::arg("date", date));
  }
  to.fields.push_back({std::string(texts::stayed_title.in(in)), std::move(stay), true});
}

std::string line_of(const entry& what, const log_options& options, language in) {
  const std::string user = mention(what.user);
  const std::string name = plain(clipped(what.name, longest_shown_name));
  if (what.kind == entry_kind::leave) {
    const std::string stay = stay_of(what, texts::unknown_stay, in);
    return texts::left_line.format(in, fmt::arg("user", user), fmt::arg("name", name),
                                   fmt::arg("stay", stay));
  }
  const std::string created = shown_time(what.user.created_at());
  std::string line = texts::joined_line.format(in, fmt::arg("user", user), fmt::arg("name", name),
                                               fmt::arg("created", created));
  if (is_young(what, options)) line += " ⚠️";
  return line;
}

discord::message_body page_of(std::string lines, std::string title) {
  discord::message_body out;
  out.embeds.push_back({.title = std::move(title), .description = std::move(lines)});
  return out;
}

std::string heading_of(std::span<const entry> all, language in) {
  const auto joins = std::ranges::count(all, entry_kind::join, &entry::kind);
  const auto leaves = static_cast<std::ptrdiff_t>(all.size()) - joins;
  std::string out;
  if (joins > 0) out = texts::many_joined.format(in, fmt::arg("count", joins));
  if (joins > 0 && leaves > 0) out += texts::list_comma.in(in);
  if (leaves > 0) out += texts::many_left.format(in, fmt::arg("count", leaves));
  return out;
}

}  // namespace

std::chrono::milliseconds wait_before_log(base::steady_time now, base::steady_time first) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(first + longest_wait - now);
  return std::clamp(left, std::chrono::milliseconds(0), quiet_time);
}

discord::message_body message_of(const entry& what, const used_invites& invites, const log_options& options,
                                 log_words words) {
  const bool joins = what.kind == entry_kind::join;
  const std::string& wanted = joins ? options.join_text : options.leave_text;
  discord::message_body out;
  if (!wanted.empty()) out.content = own_words(what, invites, wanted, words);
  discord::embed page{.color = joins ? green : red};
  const std::string user = mention(what.user);
  const std::string name = plain(clipped(what.name, longest_shown_name));
  page.description =
      (joins ? texts::joined : texts::left).format(words.in, fmt::arg("user", user), fmt::arg("name", name));
  if (joins) {
    add_join_fields(page, what, invites, options, words.in);
  } else {
    add_leave_fields(page, what, words.in);
  }
  page.fields.push_back(
      {std::string(texts::members_title.in(words.in)), fmt::format("{}", what.members), true});
  out.embeds.push_back(std::move(page));
  return out;
}

std::vector<discord::message_body> messages_of(std::span<const entry> all, const used_invites& invites,
                                               const log_options& options, log_words words) {
  std::vector<discord::message_body> out;
  std::string lines;
  const std::string used = options.invites ? told_of_many(invites, words.in) : std::string();
  if (!used.empty()) lines = texts::many_invites.format(words.in, fmt::arg("invites", used)) + "\n";
  const auto flush = [&] {
    std::string title = out.empty() ? heading_of(all, words.in) : std::string();
    out.push_back(page_of(std::move(lines), std::move(title)));
    lines.clear();
  };
  for (const entry& each : all) {
    const std::string line = line_of(each, options, words.in);
    if (base::utf8_length(lines) + base::utf8_length(line) + 1 > longest_embed_description) flush();
    lines += line;
    lines += '\n';
  }
  if (!lines.empty()) flush();
  return out;
}

}  // namespace guildfleet::features::member_logs
