#include "bot/record_link.hpp"

#include <algorithm>

namespace guildfleet::bot {
namespace {

// An interaction that was deferred may wait for it.
constexpr std::chrono::milliseconds patience{5'000};

std::unexpected<base::error> refused(std::string why) {
  return base::fail(std::make_error_code(std::errc::invalid_argument), std::move(why),
                    "Keep what is larger in several records, under keys made of ids and numbers.");
}

}  // namespace

net::task<base::result<store::record_outcome>> record_link::change(
    std::vector<store::record_change> changes) {
  if (auto broken = store::broken_limit(changes)) co_return refused(std::move(*broken));
  co_return co_await threads_.run(
      [store = store_, space = space_, changes = std::move(changes)] {
        return store->change_records(space, changes);
      },
      net::deadline_in(patience));
}

net::task<base::result<std::optional<store::record>>> record_link::get(store::record_key key) {
  if (auto broken = store::broken_limit(key)) co_return refused(std::move(*broken));
  co_return co_await threads_.run(
      [store = store_, space = space_, key = std::move(key)] { return store->read_record(space, key); },
      net::deadline_in(patience));
}

net::task<base::result<store::record_page>> record_link::list(store::record_query query) {
  if (query.guilds.size() > store::max_record_page) co_return refused("records of more than 1,000 guilds");
  query.limit = std::clamp(query.limit, 1U, store::max_record_page);
  co_return co_await threads_.run([store = store_, space = space_,
                                   query = std::move(query)] { return store->list_records(space, query); },
                                  net::deadline_in(patience));
}

net::task<base::result<std::uint64_t>> record_link::next_number(discord::guild_id guild,
                                                                std::string counter) {
  if (auto broken = store::broken_limit({guild, "counter", counter})) co_return refused(std::move(*broken));
  co_return co_await threads_.run(
      [store = store_, space = space_, guild, counter = std::move(counter)] {
        return store->next_number(space, guild, counter);
      },
      net::deadline_in(patience));
}

}  // namespace guildfleet::bot
