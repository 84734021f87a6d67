#include "sim/control/control_api.hpp"

#include <boost/json/serialize.hpp>

namespace guildfleet::sim {
namespace {

namespace json = boost::json;

constexpr std::string_view prefix = "/_sim/";
constexpr std::chrono::milliseconds longest_wait(600'000);

net::http_response reply(int status, const json::value& body) {
  return net::http_response::json(status, json::serialize(body) + "\n");
}

net::http_response refuse(int status, std::string_view why) {
  return reply(status, json::object{{"error", json::string_view(why.data(), why.size())}});
}

std::string text(id number) {
  return std::to_string(number);
}

std::string sentence_of(const base::error& error) {
  return error.message();
}

}  // namespace

control_api::control_api(net::asio::any_io_executor executor, control_reach reach)
    : executor_(executor), reach_(std::move(reach)) {
  reach_.members.on_interaction_change([this](id) { wake_waiting(); });
  reach_.feeds.on_finished([this] { wake_waiting(); });
}

net::task<net::http_response> control_api::handle(net::http_request request) {
  std::string_view what = request.path();
  what.remove_prefix(std::min(prefix.size(), what.size()));
  if (request.method == "GET") {
    const answer got = get(request);
    co_return got ? reply(200, *got) : refuse(404, got.error());
  }
  if (request.method != "POST") co_return refuse(405, "only GET and POST");
  const auto args = arguments::of(request);
  if (!args) co_return refuse(400, args.error());

  if (what == "shutdown") {
    reach_.shut_down();
    co_return reply(200, json::object{{"stopping", true}});
  }
  if (what == "fault") {
    const auto done = reach_.faults.inject(*args);
    co_return done ? reply(200, *done) : refuse(400, done.error());
  }
  std::optional<answer> done;
  if (auto interaction = interact(what, *args)) {
    done = co_await interact_and_wait(std::move(*interaction), args->time("wait"));
  } else if (what == "feed") {
    done = co_await feed_and_wait(*args);
  } else if (done = post_member(what, *args); !done) {
    done = post_load(what, *args);
  }
  if (!done) co_return refuse(404, "no such path; docs/simulator.md lists them");
  co_return *done ? reply(200, **done) : refuse(400, done->error());
}

control_api::answer control_api::get(const net::http_request& request) const {
  std::string_view what = request.path();
  what.remove_prefix(std::min(prefix.size(), what.size()));
  if (what == "report") return report();
  if (what == "sessions") return reach_.hub.sessions_json();
  if (what == "bots") return bots();
  if (what == "guilds") return reach_.owner.guild_summary();
  if (what == "messages") {
    const auto channel = to_id(request.query_value("channel").value_or(""));
    if (!channel) return std::unexpected("name a channel: messages?channel=ID");
    return reach_.owner.channel_messages(*channel);
  }
  constexpr std::string_view interactions = "interactions/";
  if (what.starts_with(interactions)) {
    const auto number = to_id(what.substr(interactions.size()));
    if (!number) return std::unexpected("not an interaction's id");
    const auto status = reach_.members.interaction_status(*number);
    if (!status) return std::unexpected(sentence_of(status.error()));
    return *status;
  }
  return std::unexpected("no such path; docs/simulator.md lists them");
}

std::optional<base::result<id>> control_api::interact(std::string_view what, const arguments& args) {
  if (what == "command") {
    member_actions::slash_command call;
    call.guild = args.snowflake("guild");
    call.channel = args.snowflake("channel");
    call.user = args.snowflake("user");
    call.application = find_bot_by_name(reach_.owner, args.text("bot")).value_or(0);
    call.name = args.text("name");
    call.options = args.object("options");
    call.locale = args.text("locale", "en-US");
    call.focused = args.text("focused");
    call.target = args.snowflake("target");
    call.lent = args.flag("lent");
    return reach_.members.send_slash_command(call);
  }
  if (what == "button" || what == "select") {
    member_actions::component_use use;
    use.message = args.snowflake("message");
    use.custom_id = args.text("custom_id");
    use.user = args.snowflake("user");
    use.values = args.texts("values");
    use.locale = args.text("locale", "en-US");
    return what == "button" ? reach_.members.press_button(use) : reach_.members.select(use);
  }
  if (what == "modal")
    return reach_.members.submit_modal({args.snowflake("interaction"), args.object("fields")});
  return std::nullopt;
}

net::task<control_api::answer> control_api::interact_and_wait(base::result<id> interaction,
                                                              std::chrono::milliseconds wait) {
  if (!interaction) co_return std::unexpected(sentence_of(interaction.error()));
  const auto until = net::deadline_in(std::min(wait, longest_wait));
  const auto changed = std::make_shared<net::async_event>(executor_);
  waiting_.push_back(changed);
  while (!reach_.members.interaction_answered(*interaction)) {
    const bool woken = co_await changed->wait(until);
    if (!woken) break;
  }
  const auto status = reach_.members.interaction_status(*interaction);
  if (!status) co_return std::unexpected(sentence_of(status.error()));
  co_return *status;
}

net::task<control_api::answer> control_api::feed_and_wait(const arguments& args) {
  feed_order order;
  order.application = find_bot_by_name(reach_.owner, args.text("bot")).value_or(0);
  order.shard = static_cast<int>(args.number("shard", -1));
  order.count = static_cast<std::uint64_t>(std::max<std::int64_t>(1, args.number("count", 100'000)));
  order.message_bytes = static_cast<std::size_t>(std::max<std::int64_t>(0, args.number("bytes", 1'200)));
  order.seed = static_cast<std::uint64_t>(args.number("seed", 1));
  order.resumable = args.flag("resumable");
  order.marker = args.text("marker", "feed done");
  const auto until = net::deadline_in(std::min(args.time("wait"), longest_wait));
  const auto feed = reach_.feeds.order(std::move(order));
  const auto changed = std::make_shared<net::async_event>(executor_);
  waiting_.push_back(changed);
  while (!feed->finished) {
    const bool woken = co_await changed->wait(until);
    if (!woken) break;
  }
  co_return json::object{{"sent", feed->sent}, {"session_id", feed->session}, {"finished", feed->finished}};
}

std::optional<control_api::answer> control_api::post_member(std::string_view what, const arguments& args) {
  const id guild = args.snowflake("guild");
  const id user = args.snowflake("user");
  const auto done = [](const base::result<void>& result) -> answer {
    if (!result) return std::unexpected(sentence_of(result.error()));
    return json::object{{"done", true}};
  };
  const auto created = [](const base::result<id>& result) -> answer {
    if (!result) return std::unexpected(sentence_of(result.error()));
    return json::object{{"id", text(*result)}};
  };
  if (what == "message")
    return created(reach_.members.send_message(
        {guild, args.snowflake("channel"), user, args.text("content"), args.snowflake("reply_to"),
         static_cast<int>(std::clamp<std::int64_t>(args.number("days_old"), 0, 3'650))}));
  if (what == "app_message")
    return created(reach_.members.send_as_app({guild, args.snowflake("channel"), user, args.text("name"),
                                               args.object("message"), args.snowflake("edited")}));
  if (what == "edit")
    return done(reach_.members.edit_message(args.snowflake("message"), args.text("content")));
  if (what == "delete") return done(reach_.members.delete_message(args.snowflake("message")));
  if (what == "react") return done(reach_.members.react(args.snowflake("message"), user, args.text("emoji")));
  if (what == "typing") return done(reach_.members.type(args.snowflake("channel"), user));
  if (what == "join")
    return created(reach_.members.join(guild, user, args.text("name"), args.text("invite")));
  if (what == "leave") return done(reach_.members.leave(guild, user));
  if (what == "voice") {
    const id channel = args.snowflake("channel");
    return done(reach_.members.move_voice(guild, user, channel == 0 ? std::nullopt : std::optional(channel)));
  }
  return std::nullopt;
}

std::optional<control_api::answer> control_api::post_load(std::string_view what, const arguments& args) {
  if (what == "traffic") {
    traffic_settings settings;
    settings.events_per_second = std::max(0.0, args.real("rate"));
    settings.seed = static_cast<std::uint64_t>(args.number("seed", 1));
    settings.message_bytes = static_cast<std::size_t>(std::max<std::int64_t>(0, args.number("bytes", 1'200)));
    reach_.traffic.set(settings);
    return reach_.traffic.report();
  }
  if (what == "add_bot" || what == "remove_bot") {
    const id bot = find_bot_by_name(reach_.owner, args.text("bot")).value_or(0);
    const id guild = args.snowflake("guild");
    const bool changed =
        what == "add_bot" ? reach_.owner.add_bot(guild, bot) : reach_.owner.remove_bot(guild, bot);
    if (!changed) return answer(std::unexpected("no such bot or guild, or nothing to change"));
    return json::object{{"done", true}};
  }
  return std::nullopt;
}

json::object control_api::report() const {
  return {{"gateway", reach_.hub.report()},
          {"sessions", reach_.hub.sessions_json()},
          {"rest", reach_.rest.report()},
          {"traffic", reach_.traffic.report()},
          {"feeds", reach_.feeds.report()}};
}

json::array control_api::bots() const {
  json::array out;
  for (const bot_account& bot : reach_.owner.bots())
    out.push_back(json::object{{"name", bot.name},
                               {"application_id", text(bot.application)},
                               {"user_id", text(bot.user)},
                               {"token", bot.token},
                               {"guilds", reach_.owner.guilds_of(bot.application).size()}});
  return out;
}

void control_api::wake_waiting() {
  std::erase_if(waiting_, [](const std::weak_ptr<net::async_event>& one) { return one.expired(); });
  for (const auto& one : waiting_)
    if (const auto event = one.lock()) event->notify();
}

}  // namespace guildfleet::sim
