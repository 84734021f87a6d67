// What the integration tests are made of: a simulated Discord in this process, and nodes of the real program
// beside it.
#pragma once

#include <boost/json/array.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/scratch_folder.hpp"
#include "cli/simulator_host.hpp"
#include "support/child_process.hpp"
#include "support/eventually.hpp"
#include "support/http_call.hpp"

namespace guildfleet::integration {

namespace json = boost::json;
using namespace std::chrono_literals;
using support::eventually;

constexpr std::chrono::milliseconds patience = 60s;  // for what happens at once on an idle machine

// A world in which bots named bot1, bot2, ... are in every guild.
struct discord_plan {
  std::vector<std::string> bots = {"bot1"};
  int guilds = 3;
  int channels = 20;  // of each; from the ninth on some are hidden from bots
  std::chrono::milliseconds heartbeat = 41'250ms;
  int max_concurrency = 1;
  int session_starts = 1'000;  // in a day
  int recommended_shards = 1;
  std::uint16_t port = 0;
  bool bucket_limits = true;
  bool global_limit = true;         // false for tests that look again and again with the bot's token
  std::size_t messages_kept = 200;  // in each channel
};

class simulated_discord final {
 public:
  explicit simulated_discord(const discord_plan& plan = {});

  [[nodiscard]] const std::string& api_url() const { return host_.api_url(); }
  [[nodiscard]] std::uint16_t port() const { return host_.port(); }
  [[nodiscard]] std::string token_of(const std::string& bot) const;

  // POST /_sim/<what>; fails the test when it is refused.
  json::object act(const std::string& what, json::object body) const;
  // The same, where it may be too early: nullopt when it is refused.
  [[nodiscard]] std::optional<json::object> try_act(const std::string& what, json::object body) const;
  // The same, again and again until it is taken: a command may not be registered yet.
  [[nodiscard]] json::object act_once_possible(const std::string& what, const json::object& body) const;
  [[nodiscard]] std::string owner_of_first_guild() const;
  [[nodiscard]] std::string first_guild() const;
  void fault(json::object body) const { (void)act("fault", std::move(body)); }
  [[nodiscard]] json::object report() const;
  [[nodiscard]] json::object interaction(const std::string& id) const;  // as it stands by now
  [[nodiscard]] std::uint64_t gateway_count(const std::string& name) const;
  // The bot's sessions, the oldest first.
  [[nodiscard]] std::vector<json::object> sessions_of(const std::string& bot) const;
  // The one session that is connected and has its guilds; nullopt: none or several.
  [[nodiscard]] std::optional<json::object> live_session_of(const std::string& bot) const;
  [[nodiscard]] std::string first_channel() const;  // for texts, of the first guild
  // What stands there, the oldest first.
  [[nodiscard]] json::array messages_of_first_channel() const;
  // Members write this many messages in the first guild.
  void write_messages(int count) const;
  // A member uses the command, as soon as it is registered; the status of the interaction once it is
  // answered, or after `wait`.
  [[nodiscard]] json::object use_command(const std::string& bot, const std::string& name,
                                         std::chrono::milliseconds wait = 3'500ms) const;

 private:
  [[nodiscard]] std::string origin() const;
  cli::simulator_host host_;
};

// One process `guildfleet run`.
class node final {
 public:
  using variables = std::map<std::string, std::string>;

  // Environment of a node with this one bot.
  static variables environment_of(const simulated_discord& discord, const std::string& bot = "bot1");
  // Runs in `folder`, on a port that the system chooses; `name` tells the files with its output apart.
  node(const base::scratch_folder& folder, variables environment, const std::string& name = "node");

  [[nodiscard]] support::child_process& process() { return process_; }
  // Waits until it tells; empty: it did not.
  [[nodiscard]] std::string origin();
  [[nodiscard]] net::http_response get(const std::string& path);
  [[nodiscard]] json::object health() { return support::object_of(get("/health")); }
  [[nodiscard]] json::object health_of(const std::string& bot);
  // Every shard of every bot is connected.
  [[nodiscard]] bool ready(std::chrono::milliseconds limit = patience);
  // The value of this line of /metrics; 0 when there is none.
  [[nodiscard]] double metric(const std::string& name_and_labels);
  [[nodiscard]] double messages_read(const std::string& bot = "bot1");
  [[nodiscard]] std::string log() const { return process_.err().substr(log_begin_); }
  // Its log has, or gets, this text.
  [[nodiscard]] bool logs(std::string_view text, std::chrono::milliseconds limit = patience);
  // SIGTERM; its exit code, nullopt: it did not end.
  std::optional<int> stop(std::chrono::milliseconds limit = patience);
  void kill();

 private:
  std::size_t log_begin_;  // earlier nodes of the same name wrote what is before
  support::child_process process_;
  std::string origin_;
};

// `text` of a member, an empty one when there is none.
[[nodiscard]] std::string text_of(const json::object& from, std::string_view key);
[[nodiscard]] std::int64_t number_of(const json::object& from, std::string_view key);

}  // namespace guildfleet::integration
