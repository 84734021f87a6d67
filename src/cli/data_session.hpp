// A bot's data and settings for the length of one command.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "cli/config_input.hpp"
#include "cli/open_data.hpp"
#include "settings/settings_desk.hpp"

namespace guildfleet::cli {

// What commands over the data have in common.
struct data_options {
  config_options config;
  std::string bot;  // empty: the only one, or whichever shares its data with the others
  std::string output = "text";
  absent_file absent = absent_file::refuse;

  [[nodiscard]] bool json() const { return output == "json"; }
};
void add_data_options(CLI::App& app, data_options& options);

// One thread. Calls of the desk run until they have their answer.
class data_session final {
 public:
  data_session(opened_data opened, const base::clock& clock);
  ~data_session();
  data_session(const data_session&) = delete;
  data_session& operator=(const data_session&) = delete;

  [[nodiscard]] store::data_store& data() { return *opened_.data; }
  [[nodiscard]] const store::environment_name& environment() const { return opened_.environment; }
  [[nodiscard]] settings::settings_desk& desk() { return desk_; }
  [[nodiscard]] base::wall_time now() const { return clock_.wall_now(); }

  template <class T>
  T run(net::task<T> work) {
    auto answer = net::asio::co_spawn(context_, std::move(work), net::asio::use_future);
    context_.restart();
    context_.run();
    return answer.get();
  }

 private:
  opened_data opened_;
  const base::clock& clock_;
  base::metrics metrics_;
  net::asio::io_context context_{1};
  settings::schema_catalogue schemas_;
  store::store_executor thread_;
  settings::settings_desk desk_;
};

using data_work = std::function<exit_code(data_session&, const terminal&)>;
// Opens what the options name and does the work; tells what is wrong with the configuration or the store.
[[nodiscard]] exit_code with_data(const data_options& options, const program_facts& facts, const terminal& to,
                                  const data_work& work);
// The same for each place where bots of the configuration have data, once.
[[nodiscard]] exit_code with_all_data(const data_options& options, const program_facts& facts,
                                      const terminal& to, const data_work& work);

// 2026-11-25 08:09:10, UTC
[[nodiscard]] std::string time_text(base::wall_time time);

}  // namespace guildfleet::cli
