#include "cli/rollout_weights.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <ostream>

#include "base/backoff.hpp"
#include "base/replace_file.hpp"
#include "ops/mount_origin.hpp"
#include "ops/render/nginx.hpp"

namespace guildfleet::cli {
namespace {

using namespace std::chrono_literals;

const std::string command = "guildfleet rollout weights";

constexpr std::chrono::milliseconds watch_every = 1s;
constexpr base::backoff_settings while_away{.first = 1s, .cap = 10s};

std::string line_of(const std::string& path, const std::vector<ops::weighted_node>& nodes) {
  std::vector<std::string> parts;
  for (const ops::weighted_node& each : nodes) parts.push_back(fmt::format("{} {}", each.name, each.weight));
  return fmt::format("wrote {}: {}", path, fmt::join(parts, ", "));
}

// Only root may mend it, in a container only on the host.
base::error with_command(base::error error, const std::string& folder) {
  if (error.code() != std::errc::permission_denied) return error;
  return base::error(error.code(), error.context(),
                     "Make the folder this user's: " + ops::how_to_own(folder) + ".");
}

// Time until somebody wants the process to end.
class running_time final {
 public:
  running_time() {
    signals_.async_wait([this](const boost::system::error_code&, int) { over_ = true; });
  }
  // False: it is over.
  bool lasts(std::chrono::milliseconds time) {
    bool waited = false;
    timer_.expires_after(time);
    timer_.async_wait([&waited](const boost::system::error_code&) { waited = true; });
    while (!waited) {
      if (over_) timer_.cancel();
      context_.run_one();
    }
    return !over_;
  }

 private:
  boost::asio::io_context context_{1};
  boost::asio::signal_set signals_{context_, SIGINT, SIGTERM};
  boost::asio::steady_timer timer_{context_};
  bool over_ = false;
};

exit_code watch(weights_writer& writer, const terminal& to) {
  base::random_source random = base::random_source::from_system();
  base::backoff away(while_away);
  running_time running;
  std::error_code told;
  while (true) {
    const weights_writer::outcome seen = writer.look();
    for (const std::string& line : seen.written) to.out << line << std::endl;
    const std::error_code now = seen.problem ? seen.problem->code() : std::error_code();
    if (now && now != told)
      to.err << "guildfleet: " << seen.problem->message() << " nginx keeps the weights that it has."
             << std::endl;
    if (!now && told) to.err << "guildfleet: it works again" << std::endl;
    told = now;
    if (!now) away.reset();
    if (!running.lasts(now ? away.next(random) : watch_every)) return exit_code::fine;
  }
}

exit_code once(weights_writer& writer, const terminal& to) {
  const weights_writer::outcome seen = writer.look();
  for (const std::string& line : seen.written) to.out << line << '\n';
  if (seen.problem) return tell_failure(to, *seen.problem);
  if (seen.written.empty()) to.out << "nothing has changed\n";
  return exit_code::fine;
}

exit_code write_for(const weights_request& request, const ops::fleet_config& config, const terminal& to) {
  const auto all = ops::deployment_of(config);
  if (!all) {
    (void)tell_failure(to, all.error());
    return exit_code::usage;
  }
  if (config.store.names_database && config.store.database_url.empty()) {
    to.err << "guildfleet: the address of the database is not known here; set the variable of "
              "store.database_url, or let this user read the file of store.database_url_file\n";
    return exit_code::usage;
  }
  const base::system_clock clock;
  weights_writer writer(config, *all, request.folder, clock);
  return request.watch ? watch(writer, to) : once(writer, to);
}

}  // namespace

base::result<void> weights_writer::open() {
  if (places_.size() == config_.bots.size()) return {};
  auto opened = open_bot_places(config_, {}, clock_);
  if (!opened) return std::unexpected(std::move(opened).error());
  places_ = std::move(*opened);
  return {};
}

weights_writer::outcome weights_writer::look() {
  outcome out;
  if (auto opened = open(); !opened) {
    out.problem = std::move(opened).error();
    return out;
  }
  pictures seen;
  for (const ops::service& each : all_.services) {
    auto done = write(each, seen, out.written);
    if (!done && !out.problem) out.problem = std::move(done).error();
  }
  remove_left_overs(out.written);
  return out;
}

// Of services that the fleet has no longer. What cannot be removed does no harm: nginx.conf does not name it.
void weights_writer::remove_left_overs(std::vector<std::string>& told) const {
  std::error_code problem;
  for (std::filesystem::directory_iterator at(folder_, problem);
       !problem && at != std::filesystem::directory_iterator(); at.increment(problem)) {
    const std::filesystem::path path = at->path();
    std::error_code ignored;
    if (path.extension() != ".conf" || !at->is_regular_file(ignored)) continue;
    const std::string name = path.stem().string();
    if (std::ranges::find(all_.services, name, &ops::service::name) != all_.services.end()) continue;
    if (!base::text_in_file(path.string()).value_or("").starts_with(ops::header_of(command))) continue;
    if (std::filesystem::remove(path, ignored)) told.push_back("removed " + path.string());
  }
}

base::result<void> weights_writer::write(const ops::service& of, pictures& seen,
                                         std::vector<std::string>& written) {
  const store::bot_name bot{config_.bots[of.bots.front()].name};
  const auto place = std::ranges::find(places_, bot, &bot_place::bot);
  std::vector<ops::weighted_node> nodes = ops::node_weights(of, bot, {});
  if (place != places_.end()) {
    store::store* store = place->store.get();
    auto picture = seen.find(store);
    if (picture == seen.end()) picture = seen.emplace(store, store->survey()).first;
    if (!picture->second) return std::unexpected(picture->second.error());
    nodes = ops::node_weights(of, bot, *picture->second);
  }
  const ops::rendered_file file = ops::upstream_file(config_, of, nodes, command);
  const std::string path = (std::filesystem::path(folder_) / file.path).string();
  if (base::text_in_file(path) == file.text) return {};
  // nginx runs as another user.
  if (auto done = base::replace_file(path, file.text, 0644); !done)
    return std::unexpected(with_command(std::move(done).error(), folder_));
  written.push_back(line_of(path, nodes));
  return {};
}

exit_code write_weights(const weights_request& request, const program_facts& facts, const terminal& to) {
  return with_config_without_secrets(request.config, facts, to, [&](const ops::fleet_config& config) {
    return write_for(request, config, to);
  });
}

}  // namespace guildfleet::cli
