#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <thread>

#include "integration/outages/outages.hpp"

namespace guildfleet::outages {
namespace {

using namespace std::chrono_literals;
using integration::node;
using integration::simulated_discord;
using support::eventually;
namespace json = boost::json;

using steady = std::chrono::steady_clock;
constexpr std::chrono::milliseconds patience = 60s;
constexpr std::chrono::milliseconds soon_enough = 3s;  // an interaction's answer
constexpr std::chrono::milliseconds aim = 5s;          // recovery
constexpr int messages_a_round = 4;
constexpr std::chrono::milliseconds round_every = 250ms;

std::chrono::milliseconds since(steady::time_point begin) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(steady::now() - begin);
}

class trial final {
 public:
  trial(lab& database, const std::string& leases) {
    node::variables environment = node::environment_of(discord_);
    environment["FEATURES"] = "ping,probe,guild-config";
    environment["DATABASE_URL"] = database.url();
    environment["LEASES"] = leases;
    bot_ = std::make_unique<node>(folder_, environment);
    out_.leases = leases;
  }

  verdict run(const fault& fault, std::chrono::milliseconds down) {
    out_.fault = fault.name;
    if (!bot_->ready() || !eventually(patience, [&] { return saves("en"); })) {
      complain("the bot did not get ready: " + bot_->log());
      return out_;
    }
    const pid_t process = bot_->process().pid();
    fault.begin();
    const auto began = steady::now();
    auto next = began;
    do {
      live_on();
      std::this_thread::sleep_until(next += round_every);
    } while (since(began) < down);
    fault.end();
    const auto back = steady::now();
    if (!eventually(patience, [&] { return saves("ja"); })) complain("no setting could be saved afterwards");
    out_.save = since(back);
    if (!eventually(patience, [&] { return bot_->messages_read() >= out_.sent; }))
      complain(fmt::format("{} of {} messages were handled", bot_->messages_read(), out_.sent));
    out_.events = since(back);
    account(process);
    return out_;
  }

 private:
  // A while in the life of the guild: members write, and use commands.
  void live_on() {
    discord_.write_messages(messages_a_round);
    out_.sent += messages_a_round;
    for (const char* name : {"ping", "config view"}) {
      ++out_.asked;
      const auto answer = use(name, {}, soon_enough);
      if (answer && answer->at("answered").as_bool())
        ++out_.answers;
      else
        complain(fmt::format("/{} got no answer within three seconds", name));
    }
  }

  std::optional<json::object> use(const std::string& name, json::object options,
                                  std::chrono::milliseconds wait) {
    return discord_.try_act("command", {{"bot", "bot1"},
                                        {"name", name},
                                        {"options", std::move(options)},
                                        {"locale", "en-US"},
                                        {"user", manager_},
                                        {"wait", wait.count()}});
  }

  bool saves(const std::string& language) {
    const auto answer = use("config language", {{"value", language}}, 5s);
    if (!answer) return false;
    const std::string text = json::serialize(*answer);
    return text.find("Saved.") != std::string::npos || text.find("It was so already") != std::string::npos;
  }

  void account(pid_t process) {
    out_.handled = static_cast<int>(bot_->messages_read());
    if (out_.handled != out_.sent)
      complain(fmt::format("{} messages were handled, {} were sent", out_.handled, out_.sent));
    if (discord_.gateway_count("identifies") != 1) complain("it identified again");
    if (!bot_->process().running() || bot_->process().pid() != process) complain("the process ended");
    if (out_.save > aim || out_.events > aim) complain("the recovery took longer than five seconds");
    if (bot_->stop() != 0) complain("it did not stop in order");
    if (bot_->log().find("canary") != std::string::npos) complain("a password stands in the log");
  }

  void complain(std::string text) { out_.complaints.push_back(std::move(text)); }

  base::scratch_folder folder_;
  simulated_discord discord_;
  std::string manager_ = discord_.owner_of_first_guild();
  std::unique_ptr<node> bot_;
  verdict out_;
};

}  // namespace

verdict run_fault(lab& database, const fault& fault, const std::string& leases,
                  std::chrono::milliseconds down) {
  return trial(database, leases).run(fault, down);
}

}  // namespace guildfleet::outages
