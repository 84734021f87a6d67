#include "features/temp_voice/room.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guildfleet::features::temp_voices {
namespace {

using namespace std::chrono_literals;
using discord::overwrite;
using discord::permission;
using discord::permission_set;

constexpr base::wall_time now{1'700'000'000'000ms};
constexpr discord::user_id owner{10};
constexpr discord::user_id guest{11};
constexpr discord::user_id bot{12};
constexpr room_people people{.everyone = {1}, .bot = bot, .held = discord::all_permissions};
constexpr permission_set to_enter = permission_set(permission::view_channel) | permission::connect;

discord::channel_id made_at(base::wall_time when) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(when.time_since_epoch()).count();
  return {static_cast<std::uint64_t>(ms - discord::discord_epoch_ms) << 22U};
}

discord::overwrite_body entry_of(const std::vector<discord::overwrite_body>& all, std::uint64_t id) {
  const auto found = std::ranges::find(all, id, &discord::overwrite_body::id);
  return found == all.end() ? discord::overwrite_body{} : *found;
}

// After a crash Discord sends again what was done already: a lock must not become an unlock.
TEST(temp_voice_room, knows_the_latest_interactions_that_changed_it) {
  room what{.owner = {1}, .channel = {2}};
  for (std::uint64_t id = 1; id <= 9; ++id) EXPECT_TRUE(note_applied(what, {id}));
  EXPECT_FALSE(note_applied(what, {9}));
  EXPECT_FALSE(note_applied(what, {2}));
  EXPECT_TRUE(note_applied(what, {1})) << "eight are kept";
  EXPECT_EQ(parse_room(to_json(what)), what);
}

TEST(temp_voice_room, is_kept_and_read_back) {
  const room what{.owner = owner,
                  .channel = {20},
                  .trigger = {21},
                  .made = now,
                  .locked = true,
                  .hidden = true,
                  .guests = {guest},
                  .kicked = {{13}, {14}},
                  .renamed = {now - 1min, now}};
  EXPECT_EQ(parse_room(to_json(what)), what);
  EXPECT_EQ(parse_room(to_json(room{.owner = owner})), room{.owner = owner});
  EXPECT_FALSE(parse_room("{}"));
}

// The defect: of a full room in a channel with many overwrites nothing could be changed any more.
TEST(temp_voice_room, lets_in_as_many_by_name_as_discord_takes) {
  std::vector<overwrite> many;
  for (std::uint64_t id = 1'000; id < 1'040; ++id) many.push_back(overwrite::of_role({id}, {}, {}));
  room what{.owner = owner, .locked = true};
  for (std::uint64_t id = 2'000; id < 2'050; ++id) {
    what.guests.push_back({id});
    what.kicked.push_back({id + 1'000});
  }
  what.guests.push_back(what.kicked.front());
  const auto all = overwrites_of(what, many, people);
  EXPECT_EQ(all.size(), most_overwrites);
  EXPECT_TRUE(entry_of(all, 2'000).allow.has(permission::connect));
  EXPECT_TRUE(entry_of(all, 3'049).deny.has(permission::connect));
  EXPECT_TRUE(entry_of(all, 3'000).deny.has(permission::connect)) << "who was kicked never may";
  EXPECT_TRUE(entry_of(all, bot.value).allow.has(permission::connect));
}

// Discord's own limit: two in ten minutes.
TEST(temp_voice_room, is_renamed_twice_in_ten_minutes) {
  room what;
  EXPECT_EQ(rename_possible_at(what, now), std::nullopt);
  count_rename(what, now);
  EXPECT_EQ(rename_possible_at(what, now), std::nullopt);
  count_rename(what, now + 3min);
  EXPECT_EQ(rename_possible_at(what, now + 4min), now + 10min);
  EXPECT_EQ(rename_possible_at(what, now + 10min), std::nullopt);
  count_rename(what, now + 10min);
  EXPECT_EQ(rename_possible_at(what, now + 11min), now + 13min);
  EXPECT_EQ(what.renamed.size(), 2U) << "older ones are forgotten";
}

TEST(temp_voice_room, has_a_name_that_discord_takes) {
  EXPECT_EQ(room_name("🔊 {name}", "Mika"), "🔊 Mika");
  EXPECT_EQ(room_name("{name}", "  a\nb  "), "a b");
  EXPECT_EQ(room_name("{name}", " \t "), "");
  EXPECT_EQ(room_name("{name}", "{name}"), "{name}") << "a name is no pattern";
  EXPECT_EQ(room_name("{name}", std::string(300, 'x')).size(), 99U + std::string("…").size());
}

TEST(temp_voice_room, is_open_to_whom_the_trigger_is_open) {
  const overwrite trigger[] = {overwrite::of_role({1}, {}, permission::speak),
                               overwrite::of_role({5}, permission::connect, {})};
  const auto all = overwrites_of({.owner = owner}, trigger, people);
  EXPECT_EQ(entry_of(all, 1).deny, permission_set(permission::speak));
  EXPECT_EQ(entry_of(all, 5).allow, permission_set(permission::connect));
  EXPECT_TRUE(entry_of(all, owner.value).allow.has(to_enter));
  EXPECT_TRUE(entry_of(all, bot.value).allow.has(permission::manage_channels));
}

TEST(temp_voice_room, locked_or_hidden_is_open_to_owner_guests_and_bot_alone) {
  const overwrite trigger[] = {overwrite::of_role({5}, to_enter, {})};
  const auto locked = overwrites_of({.owner = owner, .locked = true, .guests = {guest}}, trigger, people);
  EXPECT_TRUE(entry_of(locked, 1).deny.has(permission::connect));
  EXPECT_FALSE(entry_of(locked, 1).deny.has(permission::view_channel));
  EXPECT_FALSE(entry_of(locked, 5).allow.has(permission::connect)) << "a role that the trigger lets in";
  for (const discord::user_id each : {owner, guest, bot})
    EXPECT_TRUE(entry_of(locked, each.value).allow.has(to_enter));
  const auto hidden = overwrites_of({.owner = owner, .hidden = true}, trigger, people);
  EXPECT_TRUE(entry_of(hidden, 1).deny.has(permission::view_channel));
}

TEST(temp_voice_room, is_closed_to_who_was_kicked_also_when_it_is_open) {
  const overwrite trigger[] = {overwrite::of_member(guest, to_enter, {})};
  const auto all = overwrites_of({.owner = owner, .kicked = {guest}}, trigger, people);
  EXPECT_TRUE(entry_of(all, guest.value).deny.has(permission::connect));
  EXPECT_FALSE(entry_of(all, guest.value).allow.has(permission::connect));
}

TEST(temp_voice_room, sets_no_permission_that_the_bot_lacks) {
  const overwrite trigger[] = {overwrite::of_role({5}, permission::manage_roles, permission::speak)};
  const room_people poor{.everyone = {1}, .bot = bot, .held = to_enter};
  for (const auto& each : overwrites_of({.owner = owner, .locked = true}, trigger, poor))
    EXPECT_TRUE((each.allow | each.deny).without(to_enter).empty());
  for (const auto& each : overwrites_of({.owner = owner}, trigger, people))
    EXPECT_FALSE(each.allow.has(permission::manage_roles)) << "Discord's rule";
}

// After a crash: only the channel that was made for this room, never one of the server's own.
TEST(temp_voice_room, is_found_again_by_its_overwrites_and_its_time) {
  const auto channel = [](discord::channel_id id, int type, std::string_view members) {
    std::string overwrites;
    for (const char each : members)
      overwrites += fmt::format(R"({}{{"id":"1{}","type":1}})", overwrites.empty() ? "" : ",", each);
    return fmt::format(R"([{{"id":"{}","type":{},"permission_overwrites":[{}]}}])", id, type, overwrites);
  };
  const room what{.owner = owner, .made = now};
  const auto just = made_at(now + 1s);
  EXPECT_EQ(find_made(channel(just, 2, "02"), what, bot, {}), just);
  EXPECT_EQ(find_made(channel(just, 0, "02"), what, bot, {}), std::nullopt) << "a text channel";
  EXPECT_EQ(find_made(channel(just, 2, "0"), what, bot, {}), std::nullopt) << "not the bot's";
  EXPECT_EQ(find_made(channel(just, 2, "12"), what, bot, {}), std::nullopt) << "of somebody else";
  EXPECT_EQ(find_made(channel(made_at(now - 1h), 2, "02"), what, bot, {}), std::nullopt) << "older";
  EXPECT_EQ(find_made(channel(made_at(now + 1h), 2, "02"), what, bot, {}), std::nullopt) << "newer";
  EXPECT_EQ(find_made(channel(just, 2, "02"), what, bot, std::vector{just}), std::nullopt)
      << "another room's";
  EXPECT_EQ(find_made("broken", what, bot, {}), std::nullopt);
}

TEST(temp_voice_room, a_voice_state_names_who_went_where) {
  const auto read = read_voice(
      R"({"guild_id":"1","channel_id":"20","user_id":"10","member":{"nick":null,
          "user":{"id":"10","username":"mika","global_name":"Mika"}}})");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->channel, discord::channel_id{20});
  EXPECT_EQ(read->name, "Mika");
  EXPECT_FALSE(read->bot);
  EXPECT_TRUE(read_voice(R"({"channel_id":null,"user_id":"10"})")->channel.empty());
  EXPECT_FALSE(read_voice("{}"));
}

}  // namespace
}  // namespace guildfleet::features::temp_voices
