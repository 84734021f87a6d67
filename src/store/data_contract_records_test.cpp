#include <array>
#include <atomic>
#include <gmock/gmock.h>
#include <set>
#include <thread>

#include "store/data_contract_test.hpp"

namespace guildfleet::store {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

const environment_name production;
constexpr discord::guild_id guild{0x8000'0000'0000'0001U};  // beyond a signed number
constexpr discord::guild_id other_guild{2};
const record_space tickets{production, {}, "ticket"};
const record_key first{guild, "open", "1001"};
const record_key second{guild, "open", "1002"};

class records_contract : public data_contract {
 protected:
  record_outcome outcome(const std::vector<record_change>& changes, const record_space& space = tickets) {
    return value_of(store->change_records(space, changes));
  }
  std::vector<record> change(const std::vector<record_change>& changes, const record_space& space = tickets) {
    auto done = outcome(changes, space);
    if (!std::holds_alternative<std::vector<record>>(done)) {
      ADD_FAILURE() << "a conflict";
      return std::vector<record>(changes.size());
    }
    return std::get<std::vector<record>>(std::move(done));
  }
  record put(const record_key& key, std::string value, const record_space& space = tickets) {
    return change({{key, 0, std::move(value)}}, space).front();
  }
  record_conflict conflict(const std::vector<record_change>& changes) {
    auto done = outcome(changes);
    if (!std::holds_alternative<record_conflict>(done)) {
      ADD_FAILURE() << "no conflict";
      return {};
    }
    return std::get<record_conflict>(std::move(done));
  }
  std::optional<record> read(const record_key& key, const record_space& space = tickets) {
    return value_of(store->read_record(space, key));
  }
  std::vector<std::string> keys(record_query query) {
    std::vector<std::string> out;
    query.kind = "open";
    if (query.guilds.empty()) query.guilds = {guild};
    do {
      const record_page page = value_of(store->list_records(tickets, query));
      EXPECT_LE(page.records.size(), query.limit);
      for (const record& each : page.records) out.push_back(each.key.key);
      query.after = page.next;
    } while (query.after);
    return out;
  }
};

TEST_P(records_contract, what_was_put_is_read_by_another_process) {
  const std::string bytes("\0\xFF {}", 5);
  const record written = change({{first, 0, bytes, -5, 1h}}).front();
  EXPECT_NE(written.version, 0U);
  const record expected{first, bytes, written.version, -5, world->now(), world->now(), world->now() + 1h};
  EXPECT_EQ(written, expected);
  EXPECT_EQ(value_of(world->open()->read_record(tickets, first)), expected);
  EXPECT_EQ(read(second), std::nullopt);
}

TEST_P(records_contract, a_change_keeps_the_time_of_making_and_forgets_what_it_does_not_name) {
  const record before = change({{first, 0, "a", 1, 1h}}).front();
  const base::wall_time made = world->now();
  world->advance(1s);
  const record after = change({{first, before.version, "b"}}).front();
  EXPECT_EQ(after, (record{first, "b", after.version, std::nullopt, made, world->now(), std::nullopt}));
  EXPECT_NE(after.version, before.version);
  EXPECT_EQ(read(first), after);
}

TEST_P(records_contract, who_comes_second_is_told_what_is_there) {
  const record there = put(first, "a");
  EXPECT_EQ(conflict({{first, 0, "b"}}), (record_conflict{0, there}));
  EXPECT_EQ(conflict({{first, there.version + 1, "b"}}), (record_conflict{0, there}));
  EXPECT_EQ(conflict({{first, there.version + 1, std::nullopt}}), (record_conflict{0, there}));
  EXPECT_EQ(conflict({{first, 0, std::nullopt}}), (record_conflict{0, there}));
  EXPECT_EQ(conflict({{second, 7, "b"}}), (record_conflict{0, std::nullopt}));
  EXPECT_EQ(conflict({{second, 7, std::nullopt}}), (record_conflict{0, std::nullopt}));
}

TEST_P(records_contract, a_version_is_not_met_again_after_a_deletion) {
  const record before = put(first, "a");
  EXPECT_EQ(change({{first, before.version, std::nullopt}}).front().version, 0U);
  EXPECT_EQ(read(first), std::nullopt);
  const record again = put(first, "b");
  EXPECT_EQ(conflict({{first, before.version, "late"}}), (record_conflict{0, again}));
}

TEST_P(records_contract, changes_at_once_happen_all_or_not_at_all) {
  const record there = put(second, "b");
  const record_key third{guild, "closed", "1"};
  EXPECT_EQ(conflict({{third, 0, "c"}, {second, there.version + 1, "x"}, {first, 0, "a"}}),
            (record_conflict{1, there}));
  EXPECT_EQ(read(first), std::nullopt);
  EXPECT_EQ(read(third), std::nullopt);
  const auto done = change({{third, 0, "c"}, {second, there.version, std::nullopt}, {first, 0, "a"}});
  EXPECT_EQ(done[0].key, third);
  EXPECT_EQ(done[1].version, 0U);
  EXPECT_EQ(read(second), std::nullopt);
  EXPECT_EQ(read(first)->value, "a");
  EXPECT_THAT(change({}), IsEmpty());
}

TEST_P(records_contract, what_has_expired_is_not_there) {
  const record short_lived = change({{first, 0, "a", 1, 1s}}).front();
  world->advance(999ms);
  EXPECT_EQ(read(first), short_lived);
  world->advance(1ms);
  EXPECT_EQ(read(first), std::nullopt);
  EXPECT_THAT(keys({}), IsEmpty());
  EXPECT_THAT(keys({.order = record_order::by_sort}), IsEmpty());
  EXPECT_EQ(conflict({{first, short_lived.version, "b"}}), (record_conflict{0, std::nullopt}));
  EXPECT_EQ(conflict({{first, short_lived.version, std::nullopt}}), (record_conflict{0, std::nullopt}));
  const record anew = put(first, "b");
  EXPECT_NE(anew.version, short_lived.version);
  EXPECT_EQ(anew.created_at, world->now());
  EXPECT_EQ(anew.expires_at, std::nullopt);
}

TEST_P(records_contract, what_has_expired_goes_away_with_time) {
  for (int i = 0; i < 15; ++i) change({{{guild, "flow", std::to_string(i)}, 0, "x", {}, 1s}});
  world->advance(1s);
  change({{{guild, "flow", "new"}, 0, "x", {}, 1s}});
  EXPECT_EQ(value_of(store->delete_guild_records(production, {}, guild, 100)), 1U);
}

TEST_P(records_contract, are_listed_by_key_by_prefix_and_in_pages) {
  for (const char* key : {"b", "a", "a/2", "a/1", "a0", "Z", "~"}) put({guild, "open", key}, "x");
  put({guild, "closed", "a"}, "x");
  put({other_guild, "open", "a/3"}, "x");
  const struct {
    const char* what;
    record_query query;
    std::vector<std::string> keys;
  } cases[] = {
      {"all", {}, {"Z", "a", "a/1", "a/2", "a0", "b", "~"}},
      {"prefix", {.key_prefix = "a/"}, {"a/1", "a/2"}},
      {"last of ASCII", {.key_prefix = "~"}, {"~"}},
      {"pages", {.limit = 2}, {"Z", "a", "a/1", "a/2", "a0", "b", "~"}},
      {"pages of a prefix", {.key_prefix = "a", .limit = 1}, {"a", "a/1", "a/2", "a0"}},
      {"no sort", {.order = record_order::by_sort}, {}},
      {"another guild", {.guilds = {other_guild}}, {"a/3"}},
      {"a guild without", {.guilds = {{77}}}, {}},
  };
  for (const auto& each : cases) EXPECT_EQ(keys(each.query), each.keys) << each.what;
}

TEST_P(records_contract, are_listed_by_their_number_both_ways) {
  const struct {
    const char* key;
    std::optional<std::int64_t> sort;
  } rows[] = {{"c", -3}, {"a", 10}, {"b", 9}, {"d", 9}, {"e", std::nullopt}};
  for (const auto& each : rows) change({{{guild, "open", each.key}, 0, "x", each.sort}});
  for (const std::uint32_t limit : {1U, 2U, 100U}) {
    EXPECT_THAT(keys({.order = record_order::by_sort, .limit = limit}), ElementsAre("c", "b", "d", "a"));
    EXPECT_THAT(keys({.order = record_order::by_sort_descending, .limit = limit}),
                ElementsAre("a", "d", "b", "c"));
  }
}

TEST_P(records_contract, of_many_guilds_are_read_page_by_page) {
  std::vector<discord::guild_id> guilds;
  for (std::uint64_t i = 1; i <= 20; ++i) guilds.push_back({i << 60U | i});
  std::set<std::string> put_keys;
  for (const discord::guild_id each : guilds) {
    for (int i = 0; i < 3; ++i) {
      const std::string key = fmt::format("{}/{}", each, i);
      change({{{each, "open", key}, 0, "x", i}});
      put_keys.insert(key);
    }
  }
  put({{99}, "open", "elsewhere"}, "x");
  for (const record_order order :
       {record_order::by_key, record_order::by_sort, record_order::by_sort_descending}) {
    const auto found = keys({.guilds = guilds, .order = order, .limit = 7});
    EXPECT_THAT(found, SizeIs(60));
    EXPECT_EQ(std::set(found.begin(), found.end()), put_keys);
  }
}

TEST_P(records_contract, of_other_spaces_are_not_seen) {
  const record_space spaces[] = {
      tickets, {production, {"music"}, "ticket"}, {production, {}, "sticky"}, {{"test"}, {}, "ticket"}};
  for (const record_space& each : spaces) put(first, each.bot.value + each.feature, each);
  for (const record_space& each : spaces) EXPECT_EQ(read(first, each)->value, each.bot.value + each.feature);
  EXPECT_THAT(keys({}), ElementsAre("1001"));
}

TEST_P(records_contract, of_several_processes_that_put_the_same_one_wins) {
  constexpr int rounds = 25;
  std::atomic<int> won{0};
  std::vector<std::unique_ptr<data_store>> stores;
  for (int i = 0; i < 3; ++i) stores.push_back(world->open());
  {
    std::vector<std::jthread> threads;
    for (auto& each : stores) {
      threads.emplace_back([&each, &won] {
        for (int round = 0; round < rounds; ++round) {
          const std::array change{record_change{{guild, "open", std::to_string(round)}, 0, "x"}};
          const auto done = value_of(each->change_records(tickets, change));
          if (std::holds_alternative<std::vector<record>>(done)) ++won;
        }
      });
    }
  }
  EXPECT_EQ(won, rounds);
}

TEST_P(records_contract, that_are_changed_by_many_lose_nothing) {
  constexpr int turns = 20;
  put(first, "0");
  put(second, "0");
  std::vector<std::unique_ptr<data_store>> stores;
  for (int i = 0; i < 3; ++i) stores.push_back(world->open());
  const auto count_both = [](data_store& in, bool the_other_way) {
    const auto one_up = [&in](const record_key& key) {
      const record now = *value_of(in.read_record(tickets, key));
      return record_change{key, now.version, std::to_string(std::stoi(now.value) + 1)};
    };
    for (int done = 0; done < turns;) {
      const std::array there{one_up(first), one_up(second)};
      const std::array back{there[1], there[0]};
      const auto outcome = value_of(in.change_records(tickets, the_other_way ? back : there));
      if (std::holds_alternative<std::vector<record>>(outcome)) ++done;
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < stores.size(); ++i)
      threads.emplace_back([&, i] { count_both(*stores[i], i % 2 == 0); });
  }
  EXPECT_EQ(read(first)->value, "60");
  EXPECT_EQ(read(second)->value, "60");
}

TEST_P(records_contract, numbers_are_given_out_once) {
  EXPECT_EQ(value_of(store->next_number(tickets, guild, "case")), 1U);
  EXPECT_EQ(value_of(store->next_number(tickets, guild, "other")), 1U);
  EXPECT_EQ(value_of(store->next_number(tickets, other_guild, "case")), 1U);
  EXPECT_EQ(value_of(store->next_number({production, {"music"}, "ticket"}, guild, "case")), 1U);
  std::vector<std::unique_ptr<data_store>> stores;
  for (int i = 0; i < 3; ++i) stores.push_back(world->open());
  std::vector<std::set<std::uint64_t>> given(stores.size());
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < stores.size(); ++i) {
      threads.emplace_back([&, i] {
        for (int round = 0; round < 20; ++round)
          given[i].insert(value_of(stores[i]->next_number(tickets, guild, "case")));
      });
    }
  }
  std::set<std::uint64_t> all;
  for (const auto& each : given) all.insert(each.begin(), each.end());
  EXPECT_THAT(all, SizeIs(60));
  EXPECT_EQ(*all.begin(), 2U);
  EXPECT_EQ(*all.rbegin(), 61U);
}

TEST_P(records_contract, tell_where_a_feature_is_in_use) {
  const auto in_use = [&](std::vector<std::string> features) {
    const std::array guilds{guild, other_guild};
    return value_of(store->features_in_use(production, {"music"}, guilds, features));
  };
  EXPECT_THAT(in_use({"ticket", "sticky"}), IsEmpty());
  put(first, "x");
  put({other_guild, "panel", "1"}, "x", {production, {"music"}, "role-panel"});
  put({other_guild, "panel", "1"}, "x", {production, {"game"}, "sticky"});
  put(first, "x", {{"test"}, {}, "sticky"});
  const std::array set{settings_change{{production, other_guild, "welcome"}, 0, "{}"}};
  ASSERT_TRUE(store->change_settings(set, {}));
  EXPECT_THAT(
      in_use({"ticket", "sticky", "role-panel", "welcome"}),
      UnorderedElementsAre(feature_of_guild{guild, "ticket"}, feature_of_guild{other_guild, "role-panel"},
                           feature_of_guild{other_guild, "welcome"}));
  const std::array reset{settings_change{{production, other_guild, "welcome"}, 1, std::nullopt}};
  ASSERT_TRUE(store->change_settings(reset, {}));
  EXPECT_THAT(in_use({"welcome"}), IsEmpty());
  EXPECT_THAT(value_of(store->features_in_use(production, {"music"}, {}, {})), IsEmpty());
}

TEST_P(records_contract, of_a_guild_are_deleted_bit_by_bit) {
  const record_space of_bot{production, {"music"}, "ticket"};
  for (int i = 0; i < 5; ++i) {
    put({guild, "open", std::to_string(i)}, "x");
    put({guild, "open", std::to_string(i)}, "x", of_bot);
  }
  put({other_guild, "open", "1"}, "x");
  EXPECT_EQ(value_of(store->next_number(tickets, guild, "case")), 1U);
  EXPECT_EQ(value_of(store->next_number(of_bot, guild, "case")), 1U);
  EXPECT_EQ(value_of(store->delete_guild_records(production, {}, guild, 3)), 3U);
  EXPECT_EQ(value_of(store->next_number(tickets, guild, "case")), 2U);
  EXPECT_EQ(value_of(store->delete_guild_records(production, {}, guild, 3)), 2U);
  EXPECT_EQ(value_of(store->next_number(tickets, guild, "case")), 1U) << "the counters went with the last";
  EXPECT_THAT(keys({}), IsEmpty());
  EXPECT_THAT(keys({.guilds = {other_guild}}), SizeIs(1));
  EXPECT_NE(read({guild, "open", "1"}, of_bot), std::nullopt);
  EXPECT_EQ(value_of(store->next_number(of_bot, guild, "case")), 2U);
}

TEST(records, limits_are_told) {
  const auto of = [](record_key key, std::string value = "x") {
    return broken_limit(std::vector{record_change{std::move(key), 0, std::move(value)}}).value_or("");
  };
  const struct {
    record_key key;
    std::string value;
    const char* told;
  } cases[] = {{{guild, "open", "1"}, std::string(max_record_value, 'x'), ""},
               {{guild, "open", "1"}, std::string(max_record_value + 1, 'x'), "65537 bytes, at most 65536"},
               {{guild, "", "1"}, "x", "kind of 0 bytes"},
               {{guild, std::string(51, 'k'), "1"}, "x", "kind of 51 bytes"},
               {{guild, "open", ""}, "x", "key of 0 bytes"},
               {{guild, "open", std::string(201, 'k')}, "x", "key of 201 bytes"},
               {{guild, "open", "日本"}, "x", "printable ASCII"},
               {{guild, "open", "a b"}, "x", "printable ASCII"}};
  for (const auto& each : cases) EXPECT_THAT(of(each.key, each.value), testing::HasSubstr(each.told));
  EXPECT_EQ(of(cases[0].key), "");
  const record_change one{first, 0, "x"};
  EXPECT_THAT(*broken_limit(std::vector{one, one}), testing::HasSubstr("two changes"));
  EXPECT_THAT(*broken_limit(std::vector(101, one)), testing::HasSubstr("at most 100"));
}

INSTANTIATE_TEST_SUITE_P(of, records_contract, testing::ValuesIn(data_worlds()), name_of_world);

}  // namespace
}  // namespace guildfleet::store
