#include "integration/operated_bot.hpp"

#include <boost/json/parse.hpp>
#include <csignal>

namespace guildfleet::integration {

operated_bot::operated_bot(std::string name, std::uint32_t count, const discord_plan& plan)
    : guild_members(plan),
      operation(std::move(name)),
      shards(count),
      watch(fmt::format("http://127.0.0.1:{}", discord.port())) {}

node_plan operated_bot::plan_of_node(const std::string& name, const std::string& release) const {
  node_plan plan;
  plan.name = name;
  plan.api_url = discord.api_url();
  plan.token = discord.token_of("bot1");
  plan.folder = folder.path().string();
  plan.shards = shards;
  plan.database = database;
  plan.release = release;
  return plan;
}

void operated_bot::start(const node_plan& plan) {
  running& made = nodes[plan.name];
  const std::string out = folder / (plan.name + ".out");
  made.process = std::make_unique<support::child_process>(support::child_settings{
      {std::filesystem::canonical("/proc/self/exe").string(), "--node", text_of(plan)},
      {},
      folder.path(),
      out,
      folder / (plan.name + ".err")});
  // A node of the same name may have run before: its lines are read already, and this one's come behind them.
  if (made.reader) return;
  made.reader = std::make_unique<action_reader>(
      out, [this, name = plan.name](const node_action& what) { account.add(name, what); });
}

void operated_bot::start(const std::string& name, const std::string& release, const std::string& flaw) {
  node_plan plan = plan_of_node(name, release);
  plan.flaw = flaw;
  start(plan);
}

void operated_bot::stop(const std::string& name) {
  nodes[name].process->signal(SIGTERM);
  EXPECT_EQ(nodes[name].process->wait(patience), 0) << nodes[name].process->err();
  nodes[name].process.reset();
}

void operated_bot::kill(const std::string& name) {
  nodes[name].process->signal(SIGKILL);
  (void)nodes[name].process->wait(patience);
}

std::ptrdiff_t operated_bot::handled_by(const std::string& node) const {
  return std::ranges::count(account.actions(), node, &owner_action::node);
}

bool operated_bot::logs(const std::string& name, std::string_view text) {
  support::child_process& process = *nodes[name].process;
  return process.writes(patience, [&] { return process.err().contains(text); });
}

bool operated_bot::connected(std::uint32_t count) const {
  return eventually(patience, [&] { return watch.connected_shards() == count; });
}

void operated_bot::expect_all_handled() {
  traffic(0);
  EXPECT_TRUE(eventually(patience, [&] { return account.distinct() == watch.messages_made(); }))
      << account.distinct() << " of " << watch.messages_made();
}

void operated_bot::expect_nothing_lost(std::uint64_t identifies) {
  expect_all_handled();
  EXPECT_EQ(account.repeated(), 0U);
  EXPECT_EQ(discord.gateway_count("identifies"), identifies);
}

std::optional<int> operated_bot::command(std::vector<std::string> words, std::chrono::milliseconds limit) {
  words.insert(words.begin(), operation);
  return program(std::move(words), limit);
}

std::optional<int> operated_bot::program(std::vector<std::string> words, std::chrono::milliseconds limit) {
  words.insert(words.begin(), GUILDFLEET_PROGRAM);
  node::variables environment = node::environment_of(discord);
  environment["SHARDS"] = std::to_string(shards);
  environment["SQLITE_PATH"] = (folder / "bot1.sqlite").string();
  if (!database.empty()) environment["DATABASE_URL"] = database;
  const std::string name = fmt::format("command-{}", ++commands);
  support::child_process process(support::child_settings{.command = std::move(words),
                                                         .environment = std::move(environment),
                                                         .folder = folder.path(),
                                                         .out = folder / (name + ".out"),
                                                         .err = folder / (name + ".err")});
  const auto code = process.wait(limit);
  told = process.out() + process.err();
  return code;
}

json::object operated_bot::status() {
  (void)command({"status", "-o", "json"});
  boost::system::error_code broken;
  const json::value parsed = json::parse(told, broken);
  const json::array* all = broken ? nullptr : parsed.if_array();
  return all == nullptr || all->empty() ? json::object() : all->front().as_object();
}

bool operated_bot::reaches(const std::string& state) {
  return eventually(120s, [&] { return text_of(status(), "state") == state; });
}

}  // namespace guildfleet::integration
