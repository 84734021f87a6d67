// What all that is done with tickets shares: settings, who may, the log channel, timers, the end of a ticket.
#pragma once

#include "features/guild_reports.hpp"
#include "features/ticket/ticket_store.hpp"

namespace guildfleet::features {

// One per feature and shard, on its reactor; the services outlive it.
class ticket_office final {
 public:
  explicit ticket_office(const shard_services& services);

  [[nodiscard]] const shard_services& services() const { return services_; }
  [[nodiscard]] ticket_store& tickets() { return tickets_; }
  [[nodiscard]] guild_reporter& reporter() { return reporter_; }

  // nullopt: they cannot be read now.
  [[nodiscard]] net::task<std::optional<ticket_settings>> settings_of(discord::guild_id guild);
  [[nodiscard]] net::task<language> language_of_posts(discord::guild_id guild);
  // One of the staff roles, or the right to manage channels.
  [[nodiscard]] static bool is_staff(const discord::interaction& who, const ticket_settings& settings);

  // Into the log channel, if there is one; problems are reported.
  net::task<> note(effect_port& effects, effect_origin origin, discord::guild_id guild, std::string line);

  // Brings the ticket's timer to what it and the settings say; there is none where nothing is to be deleted.
  // False: it could not; who gains the guild next does it.
  net::task<bool> set_timer(discord::guild_id guild, ticket_record of, std::chrono::seconds delete_after);
  // set_timer(), again and again until it can.
  net::task<> keep_timer(discord::guild_id guild, ticket_record of, std::chrono::seconds delete_after);

  // All its messages; the earliest are left out where they are too many.
  [[nodiscard]] net::task<base::result<std::string>> transcript_of(effect_port& effects, ticket_record of,
                                                                   language in);

  // Deletes the channel and the ticket with it, if it is closed. May be begun again at any point, and is to
  // be after an error, except where it was_refused: then the ticket is closed as before.
  [[nodiscard]] net::task<base::result<void>> remove(effect_port& effects, effect_origin origin,
                                                     discord::guild_id guild, std::uint64_t number);
  // By its timer. False: it could not; who gains the guild next does it.
  [[nodiscard]] net::task<bool> remove_at(discord::guild_id guild, std::uint64_t number, base::wall_time due);
  // Its channel does not exist any more.
  [[nodiscard]] net::task<base::result<void>> forget(effect_port& effects, effect_origin origin,
                                                     discord::guild_id guild, ticket_record gone);

 private:
  [[nodiscard]] net::task<base::result<void>> erase(discord::guild_id guild, std::uint64_t number);
  net::task<> keep_timer_again(discord::guild_id guild, std::uint64_t number);
  void keep_timer_later(discord::guild_id guild, std::uint64_t number);

  shard_services services_;
  ticket_store tickets_;
  guild_reporter reporter_;
};

// Discord has said no, or was not asked. After any other error what was asked for may be done, or come.
[[nodiscard]] bool was_refused(const base::error& error);

// When to look what became of a request whose answer was lost.
inline constexpr std::chrono::minutes request_is_on_its_way{1};

// The key of the timer that deletes it.
[[nodiscard]] std::string deletion_key(discord::guild_id guild, std::uint64_t number);

}  // namespace guildfleet::features
