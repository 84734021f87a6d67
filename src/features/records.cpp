#include "features/records.hpp"

#include <fmt/format.h>

#include "store/error.hpp"

namespace guildfleet::features {

using store::record;

net::task<base::result<std::vector<record>>> list_all(record_port& records, store::record_query query,
                                                      std::size_t most) {
  std::vector<record> all;
  query.limit = store::max_record_page;
  do {
    auto page = co_await records.list(query);
    if (!page) co_return std::unexpected(std::move(page).error());
    for (record& each : page->records) {
      if (all.size() == most)
        co_return base::fail(make_error_code(std::errc::value_too_large),
                             fmt::format("more than {} records of kind {}", most, query.kind));
      all.push_back(std::move(each));
    }
    query.after = std::move(page->next);
  } while (query.after);
  co_return all;
}

net::task<base::result<std::optional<record>>> edit_record(record_port& records, store::record_key key,
                                                           edit_record_function apply) {
  constexpr int attempts = 16;
  auto now = co_await records.get(key);
  if (!now) co_return std::unexpected(std::move(now).error());
  std::optional<record> there = std::move(*now);
  for (int attempt = 0; attempt < attempts; ++attempt) {
    auto wanted = apply(there);
    if (!wanted || (!wanted->value && !there)) co_return there;
    std::vector<store::record_change> changes;
    changes.push_back({.key = key,
                       .expected_version = there ? there->version : 0,
                       .value = std::move(wanted->value),
                       .sort = wanted->sort,
                       .keep_for = wanted->keep_for});
    const bool stays = changes.front().value.has_value();
    auto outcome = co_await records.change(std::move(changes));
    if (!outcome) co_return std::unexpected(std::move(outcome).error());
    if (auto* done = std::get_if<std::vector<record>>(&*outcome)) {
      if (!stays) co_return std::nullopt;
      co_return std::move(done->front());
    }
    there = std::move(std::get<store::record_conflict>(*outcome).current);
  }
  co_return base::fail(store::store_error::busy, fmt::format("record {} {}", key.kind, key.key),
                       "Others change it all the time; try again.");
}

bool was_written(const base::result<store::record_outcome>& outcome) {
  return outcome && std::holds_alternative<std::vector<record>>(*outcome);
}

store::record_change removal(const record& of) {
  return {.key = of.key, .expected_version = of.version, .value = std::nullopt};
}

}  // namespace guildfleet::features
