// Settings read and changed, jobs run, on SQLite and on a PostgreSQL and a Redis server of its own: medians
// and the slowest of a hundred, and how many a second.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/use_future.hpp>
#include <cstdio>
#include <fmt/format.h>

#include "base/scratch_folder.hpp"
#include "settings/settings_desk.hpp"
#include "settings/test_schema.hpp"
#include "store/postgres/postgres_store.hpp"
#include "store/redis/redis_settings_cache.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "support/postgres_server.hpp"
#include "support/redis_server.hpp"

namespace {

using namespace guildfleet;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr int reads = 5'000;
constexpr int writes = 2'000;
constexpr int jobs = 5'000;
constexpr std::uint32_t jobs_a_claim = 16;
const settings::feature_schema* const schemas[] = {&settings::testing_schema::welcome};

struct figures {
  double median_us = 0;
  double slow_us = 0;  // of a hundred, the slowest
  double per_second = 0;
};

template <class Work>
figures measure(int times, Work work) {
  std::vector<double> each;
  const auto begin = steady::now();
  for (int i = 0; i < times; ++i) {
    const auto one = steady::now();
    work(i);
    each.push_back(std::chrono::duration<double, std::micro>(steady::now() - one).count());
  }
  const double seconds = std::chrono::duration<double>(steady::now() - begin).count();
  std::ranges::sort(each);
  return {each[each.size() / 2], each[each.size() * 99 / 100], times / seconds};
}

void print(const std::string& what, const figures& found) {
  fmt::print("| {} | {:.1f} | {:.1f} | {:.0f} |\n", what, found.median_us, found.slow_us, found.per_second);
  std::fflush(stdout);
}

// A desk on a loop of its own, as a node has it.
class place final {
 public:
  place(net::asio::io_context& context, std::shared_ptr<store::data_store> data,
        store::settings_cache* shared)
      : context_(context),
        data_(std::move(data)),
        desk_(context.get_executor(), {data_,
                                       thread_,
                                       shared,
                                       catalogue_,
                                       {},
                                       settings::make_settings_metrics(metrics_),
                                       base::random_source(1),
                                       base::logger::root(),
                                       {}}) {}
  ~place() { thread_.stop(); }

  template <class T>
  T run(net::task<base::result<T>> work) {
    auto answer = net::asio::co_spawn(context_, std::move(work), net::asio::use_future);
    context_.restart();
    while (answer.wait_for(0s) != std::future_status::ready) context_.run_one();
    return answer.get().value();
  }
  settings::settings_desk& desk() { return desk_; }
  store::data_store& data() { return *data_; }

 private:
  net::asio::io_context& context_;
  net::asio::executor_work_guard<net::asio::io_context::executor_type> open_{context_.get_executor()};
  base::metrics metrics_;
  settings::schema_catalogue catalogue_{schemas};
  std::shared_ptr<store::data_store> data_;
  store::store_executor thread_;
  settings::settings_desk desk_;
};

discord::guild_id guild(int number) {
  return {static_cast<std::uint64_t>(number) + 1};
}

void settings_of(place& at, const std::string& name) {
  print(name + ": settings changed", measure(writes, [&](int i) {
          (void)at.run(at.desk().edit(guild(i % 100), "welcome", {"bench", store::change_origin::api},
                                      [i](boost::json::object values) -> base::result<boost::json::object> {
                                        values["limit"] = i / 100 % 100 + 1;  // another one each time
                                        return values;
                                      }));
        }));
  print(name + ": settings read, not cached",
        measure(reads, [&](int i) { (void)at.run(at.desk().read(guild(i % 100), "welcome")); }));
  print(name + ": settings read, cached in the process",
        measure(reads, [&](int i) { (void)at.run(at.desk().get(guild(i % 100), "welcome")); }));
}

void jobs_of(place& at, const std::string& name) {
  const base::system_clock clock;
  print(name + ": jobs scheduled", measure(jobs, [&](int i) {
          (void)at.data()
              .schedule({{{}, {"bench"}, std::to_string(i)}, "bench/x", {}, clock.wall_now(), "{}"},
                        store::schedule_mode::keep)
              .value();
        }));
  const auto begin = steady::now();
  int done = 0;
  while (done < jobs) {
    const auto claimed = at.data().claim_jobs({{}, {"bench"}, 1, {0}}, "bench", jobs_a_claim, 60s).value();
    for (const store::claimed_job& each : claimed)
      (void)at.data().finish_job(each.plan.key, each.fence).value();
    done += static_cast<int>(claimed.size());
  }
  const double seconds = std::chrono::duration<double>(steady::now() - begin).count();
  print(name + ": jobs claimed and finished", {seconds / jobs * 1e6, 0, jobs / seconds});
}

void with_sqlite() {
  const base::scratch_folder folder;
  const base::system_clock clock;
  store::sqlite_settings at;
  at.path = (folder / "bench.sqlite").string();
  at.node = {"bench", 1};
  net::asio::io_context context{1};
  place here(context, store::open_sqlite_store(std::move(at), clock).value().data, nullptr);
  settings_of(here, "SQLite");
  jobs_of(here, "SQLite");
}

void with_postgres() {
  support::postgres_server server("fsync = on");
  const base::system_clock clock;
  store::postgres_settings at;
  at.url = base::secret(server.url(server.make_database()));
  at.node = {"bench", 1};
  const std::shared_ptr<store::data_store> data =
      store::open_postgres_store(at, clock, base::random_source(1)).value().data;
  {
    net::asio::io_context context{1};
    place here(context, data, nullptr);
    settings_of(here, "PostgreSQL");
    jobs_of(here, "PostgreSQL");
  }
  support::redis_server redis;
  if (!redis.start()) return;
  net::asio::io_context context{1};
  base::metrics metrics;
  store::redis_settings to;
  to.url = store::parse_redis_url(redis.url()).value();
  store::redis_link link(context.get_executor(), std::move(to), metrics, base::logger::root());
  store::redis_settings_cache cache(link, {}, metrics);
  while (!link.connected()) context.run_one_for(10ms);
  place here(context, data, &cache);
  for (int i = 0; i < 100; ++i) (void)here.run(here.desk().read(guild(i), "welcome"));
  // After a gap a node knows its rows, but not whether they are the newest; Redis does.
  print("PostgreSQL: settings read through Redis", measure(reads, [&](int i) {
          if (i % 100 == 0) here.desk().note_gap();
          (void)here.run(here.desk().get(guild(i % 100), "welcome"));
        }));
  link.close();
}

}  // namespace

int main() {
  base::configure_logging({.level = base::log_level::error, .node = "bench"});
  fmt::print("| what | median µs | 99 of 100 µs | a second |\n|---|---|---|---|\n");
  with_sqlite();
  with_postgres();
  return 0;
}
