#include "features/ticket/ticket_office.hpp"

#include <algorithm>

#include "discord/rest/endpoints.hpp"
#include "features/guild_preferences.hpp"
#include "features/message_template.hpp"
#include "features/replies.hpp"
#include "features/ticket/ticket_texts.hpp"
#include "features/ticket/ticket_views.hpp"
#include "features/ticket/transcript.hpp"

namespace guildfleet::features {
namespace {

namespace texts = ticket_texts;
namespace endpoints = discord::endpoints;

constexpr std::chrono::seconds timer_tried_again_after{10};

std::string shown_user(const ticket_record& what) {
  return fmt::format("<@{}>", what.user);
}

std::string line_about(const text& sentence, const ticket_record& what, language in) {
  const std::string user = shown_user(what);
  return sentence.format(in, fmt::arg("number", what.number), fmt::arg("user", user));
}

}  // namespace

bool was_refused(const base::error& error) {
  const std::error_code code = error.code();
  if (code.category() != make_error_code(discord::rest_error::bad_request).category()) return false;
  if (code == discord::rest_error::rate_limited || code == discord::rest_error::server_failed) return false;
  return code == discord::rest_error::invalid_request ||
         code.value() >= static_cast<int>(discord::rest_error::bad_request);
}

std::string deletion_key(discord::guild_id guild, std::uint64_t number) {
  return fmt::format("delete.{}.{}", guild, number);
}

ticket_office::ticket_office(const shard_services& services)
    : services_(services), tickets_(services.records), reporter_(services, "ticket", texts::title) {}

net::task<std::optional<ticket_settings>> ticket_office::settings_of(discord::guild_id guild) {
  const auto current = co_await services_.settings.get(guild, std::string(texts::schema.feature));
  if (!current) co_return std::nullopt;
  ticket_settings out = read_ticket_settings(current->values);
  // An import may name @everyone, whose tickets would be seen by all.
  std::erase_if(out.staff, [guild](discord::role_id each) { return each.value == guild.value; });
  co_return out;
}

net::task<language> ticket_office::language_of_posts(discord::guild_id guild) {
  const guild_preferences server = co_await preferences_of(services_.settings, services_.guilds, guild);
  co_return server.posts;
}

bool ticket_office::is_staff(const discord::interaction& who, const ticket_settings& settings) {
  if (who.member_permissions.has(discord::permission::manage_channels)) return true;
  return std::ranges::any_of(settings.staff, [&](discord::role_id each) {
    return std::ranges::find(who.member_roles, each) != who.member_roles.end();
  });
}

net::task<> ticket_office::note(effect_port& effects, effect_origin origin, discord::guild_id guild,
                                std::string line) {
  const auto settings = co_await settings_of(guild);
  if (!settings || settings->log.empty()) co_return;
  const auto posted =
      co_await effects.post(origin, settings->log, ticket_views::plain_message(std::move(line)));
  if (!posted) co_await reporter_.report_error(posted.error(), {.guild = guild, .channel = settings->log});
}

// The timer first: one that is not written down is set again, one that is written down must be there. Who
// changed the ticket meanwhile may have set its timer earlier than this one did: so it looks again.
net::task<bool> ticket_office::set_timer(discord::guild_id guild, ticket_record of,
                                         std::chrono::seconds delete_after) {
  constexpr int attempts = 16;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const base::wall_time due = deletion_of(of, delete_after).value_or(base::wall_time{});
    if (due == of.timer) co_return true;
    std::string key = deletion_key(guild, of.number);
    if (due == base::wall_time{}) {
      if (!co_await services_.jobs.cancel(std::move(key))) co_return false;
    } else {
      const auto set = co_await services_.jobs.schedule(
          {std::move(key), "delete", guild, due, fmt::format("{}", of.number)},
          store::schedule_mode::replace);
      if (!set) co_return false;
    }
    auto written = co_await tickets_.change(guild, of.number, [due](ticket_record& there) {
      there.timer = due;
      return true;
    });
    if (!written) co_return false;
    if (!written->now) co_return true;
    of = std::move(*written->now);
  }
  co_return false;
}

net::task<> ticket_office::keep_timer(discord::guild_id guild, ticket_record of,
                                      std::chrono::seconds delete_after) {
  const std::uint64_t number = of.number;
  if (!co_await set_timer(guild, std::move(of), delete_after)) keep_timer_later(guild, number);
}

void ticket_office::keep_timer_later(discord::guild_id guild, std::uint64_t number) {
  (void)services_.moments.after(timer_tried_again_after, guild, fmt::format("timer {}", number),
                                [this, guild, number] { return keep_timer_again(guild, number); });
}

net::task<> ticket_office::keep_timer_again(discord::guild_id guild, std::uint64_t number) {
  auto of = co_await tickets_.get(guild, number);
  const auto settings = co_await settings_of(guild);
  if (!of || !settings)
    keep_timer_later(guild, number);
  else if (*of)
    co_await keep_timer(guild, std::move(**of), settings->delete_after);
}

net::task<base::result<std::string>> ticket_office::transcript_of(effect_port& effects, ticket_record of,
                                                                  language in) {
  constexpr int page_size = 100;
  transcript out;
  endpoints::page at{.limit = page_size};
  while (true) {
    const auto answer = co_await effects.call(endpoints::get_messages(of.channel, at));
    if (!answer) co_return std::unexpected(answer.error());
    auto page = read_messages(*answer);
    if (!page) co_return base::fail(discord::rest_error::malformed_response, "messages");
    const bool last = page->entries.size() < page_size;
    at.before = page->oldest.value;
    if (!out.add(std::move(*page)) || last) break;
  }
  const std::string heading = texts::heading.format(in, fmt::arg("number", of.number));
  co_return out.text(heading, texts::left_out.in(in));
}

net::task<base::result<void>> ticket_office::remove(effect_port& effects, effect_origin origin,
                                                    discord::guild_id guild, std::uint64_t number) {
  const auto begun = co_await tickets_.change(guild, number, [](ticket_record& there) {
    if (there.state != ticket_state::closed) return false;
    there.state = ticket_state::deleting;
    return true;
  });
  if (!begun) co_return std::unexpected(begun.error());
  if (!begun->now || begun->now->state != ticket_state::deleting) co_return base::result<void>{};
  const ticket_record& what = *begun->now;
  const auto deleted = co_await effects.call(endpoints::delete_channel(what.channel, channel_name_of(what)));
  if (!deleted && deleted.error().code() != discord::rest_error::unknown_channel) {
    if (was_refused(deleted.error())) {
      (void)co_await tickets_.change(guild, number, [](ticket_record& there) {
        there.state = ticket_state::closed;
        return true;
      });
    }
    co_return std::unexpected(deleted.error());
  }
  const language in = co_await language_of_posts(guild);
  co_await note(effects, origin, guild, line_about(texts::log_deleted, what, in));
  co_return co_await erase(guild, number);
}

net::task<base::result<void>> ticket_office::forget(effect_port& effects, effect_origin origin,
                                                    discord::guild_id guild, ticket_record gone) {
  const auto begun = co_await tickets_.change(guild, gone.number, [](ticket_record& there) {
    if (there.state == ticket_state::deleting) return false;
    there.state = ticket_state::deleting;
    return true;
  });
  if (!begun) co_return std::unexpected(begun.error());
  // Else who deletes it, or noticed it first, tells of it; whether that attempt came to its end is not known.
  if (begun->done) {
    const language in = co_await language_of_posts(guild);
    co_await note(effects, origin, guild, line_about(texts::log_by_hand, gone, in));
  }
  co_return co_await erase(guild, gone.number);
}

// The timer last: while the ticket is there, it is what tries again.
net::task<base::result<void>> ticket_office::erase(discord::guild_id guild, std::uint64_t number) {
  auto erased = co_await tickets_.erase(guild, number);
  if (erased) (void)co_await services_.jobs.cancel(deletion_key(guild, number));
  co_return erased;
}

net::task<bool> ticket_office::remove_at(discord::guild_id guild, std::uint64_t number, base::wall_time due) {
  timer what{.key = deletion_key(guild, number),
             .what = "delete",
             .guild = guild,
             .due = due,
             .payload = fmt::format("{}", number)};
  co_return (co_await services_.jobs.schedule(std::move(what), store::schedule_mode::replace)).has_value();
}

}  // namespace guildfleet::features
