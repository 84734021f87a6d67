#include "features/flow.hpp"

#include <boost/json/parse.hpp>
#include <charconv>

#include "base/json_text.hpp"
#include "features/flow_texts.hpp"
#include "features/replies.hpp"

namespace guildfleet::features {
namespace {

namespace json = boost::json;
namespace texts = flow_texts;

constexpr const char* record_kind = "flow";

// The payload of a custom id: "0123456789abcdef.2" or "0123456789abcdef.2.argument".
struct flow_place {
  std::string id;
  std::uint32_t step = 0;
  std::string argument;
};

std::optional<flow_place> place_in(std::string_view payload) {
  const std::size_t dot = payload.find('.');
  if (dot == std::string_view::npos || dot == 0) return std::nullopt;
  const std::string_view rest = payload.substr(dot + 1);
  flow_place out{std::string(payload.substr(0, dot)), 0, {}};
  const auto [end, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), out.step);
  if (failed != std::errc{}) return std::nullopt;
  const auto read = static_cast<std::size_t>(end - rest.data());
  if (read == rest.size()) return out;
  if (rest[read] != '.') return std::nullopt;
  out.argument = rest.substr(read + 1);
  return out;
}

std::string stored(const flow& of) {
  base::json_writer out;
  out.begin_object();
  out.key("kind").string(of.kind).key("state").string(of.state);
  out.key("user").number(of.user.value).key("step").number(std::uint64_t{of.step});
  return out.key("by").number(of.taken_by.value).end_object().take();
}

// nullopt: a release wrote it that this one does not understand.
std::optional<flow> read(const store::record& row) {
  boost::system::error_code failed;
  const json::value parsed = json::parse(row.value, failed);
  const json::object* all = failed ? nullptr : parsed.if_object();
  if (all == nullptr) return std::nullopt;
  const auto text = [&](const char* name) {
    const json::value* at = all->if_contains(name);
    return at != nullptr && at->is_string() ? std::string(at->as_string()) : std::string();
  };
  const auto number = [&](const char* name) -> std::uint64_t {
    const json::value* at = all->if_contains(name);
    if (at == nullptr) return 0;
    return at->is_uint64() ? at->as_uint64()
                           : static_cast<std::uint64_t>(at->is_int64() ? at->as_int64() : 0);
  };
  flow out{.kind = text("kind"),
           .state = text("state"),
           .user = {number("user")},
           .guild = row.key.guild,
           .id = row.key.key,
           .step = static_cast<std::uint32_t>(number("step")),
           .version = row.version,
           .taken_by = {number("by")}};
  if (out.step == 0 || out.user.empty()) return std::nullopt;
  return out;
}

std::vector<store::record_change> change_of(const flow& of, std::optional<std::string> value,
                                            std::chrono::milliseconds lasts) {
  std::vector<store::record_change> changes;
  changes.push_back({.key = {of.guild, record_kind, of.id},
                     .expected_version = of.version,
                     .value = std::move(value),
                     .keep_for = lasts});
  return changes;
}

}  // namespace

struct flow_desk::found_flow {
  flow now;
  std::uint32_t step = 0;           // that of the component
  std::chrono::milliseconds lasts;  // as it was told last
};

flow_desk::flow_desk(const feature_declaration& of, record_port& records)
    : of_(of), records_(records), random_(base::random_source::from_system()) {}

net::task<base::result<flow>> flow_desk::begin(interaction_call call, std::string kind, std::string state,
                                               std::chrono::milliseconds lasts) {
  flow made{.kind = std::move(kind),
            .state = std::move(state),
            .user = call.what->user,
            .guild = call.what->guild,
            .id = fmt::format("{:016x}", random_.next())};
  const auto written = co_await records_.change(change_of(made, stored(made), lasts));
  if (!written) co_return std::unexpected(written.error());
  const auto* rows = std::get_if<std::vector<store::record>>(&*written);
  if (rows == nullptr) co_return base::fail(std::make_error_code(std::errc::file_exists), made.id);
  made.version = rows->front().version;
  co_return made;
}

discord::action_row flow_desk::choice_of(const flow& of, labelled_action act, labelled_action leave) const {
  discord::action_row out;
  out.items.emplace_back(discord::button{.style = discord::button_style::danger,
                                         .label = std::string(act.label),
                                         .custom_id = id_of(of, act.action)});
  out.items.emplace_back(
      discord::button{.label = std::string(leave.label), .custom_id = id_of(of, leave.action)});
  return out;
}

std::string flow_desk::id_of(const flow& of, std::string_view action, std::string_view argument) const {
  std::string payload = fmt::format("{}.{}", of.id, of.step);
  if (!argument.empty()) payload += fmt::format(".{}", argument);
  return discord::encode({std::string(of_.name), of_.component_version, std::string(action), payload})
      .value_or(std::string());
}

net::task<std::optional<flow_desk::found_flow>> flow_desk::find(interaction_call call,
                                                                discord::custom_id id) {
  const language user = call.user_language();
  auto at = place_in(id.payload);
  std::optional<store::record> row;
  if (at) {
    auto found = co_await records_.get({call.what->guild, record_kind, at->id});
    if (!found) {
      (void)co_await call.answers->reply(private_message(std::string(texts::unreadable.in(user))));
      co_return std::nullopt;
    }
    row = std::move(*found);
  }
  auto under_way = row ? read(*row) : std::nullopt;
  if (!under_way) {
    (void)co_await call.answers->reply(private_message(std::string(texts::over.in(user))));
    co_return std::nullopt;
  }
  if (under_way->user != call.what->user) {
    const std::string who = fmt::format("<@{}>", under_way->user);
    (void)co_await call.answers->reply(
        private_message(texts::of_another.format(user, fmt::arg("user", who))));
    co_return std::nullopt;
  }
  const auto lasts =
      row->expires_at ? *row->expires_at - row->changed_at : std::chrono::milliseconds(flow_lasts);
  under_way->argument = std::move(at->argument);
  co_return found_flow{std::move(*under_way), at->step, lasts};
}

net::task<std::optional<flow>> flow_desk::look(interaction_call call, discord::custom_id id) {
  auto found = co_await find(std::move(call), std::move(id));
  if (!found) co_return std::nullopt;
  co_return std::move(found->now);
}

net::task<std::optional<flow>> flow_desk::take(interaction_call call, discord::custom_id id) {
  constexpr int attempts = 8;
  const text* refusal = &texts::taken;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    auto found = co_await find(call, id);
    if (!found) co_return std::nullopt;
    flow& now = found->now;
    if (now.taken_by == call.what->id && found->step + 1 == now.step) co_return std::move(now);
    if (found->step != now.step) {
      refusal = &texts::taken;
      break;
    }
    ++now.step;
    now.taken_by = call.what->id;
    const auto written = co_await keep(now, found->lasts);
    if (written && *written) co_return std::move(now);
    refusal = &texts::unreadable;
    if (!written) break;
  }
  (void)co_await call.answers->reply(private_message(std::string(refusal->in(call.user_language()))));
  co_return std::nullopt;
}

net::task<base::result<bool>> flow_desk::keep(flow& changed, std::chrono::milliseconds lasts) {
  const auto written = co_await records_.change(change_of(changed, stored(changed), lasts));
  if (!written) co_return std::unexpected(written.error());
  const auto* rows = std::get_if<std::vector<store::record>>(&*written);
  if (rows == nullptr) co_return false;
  changed.version = rows->front().version;
  co_return true;
}

net::task<> flow_desk::end(flow over) {
  (void)co_await records_.change(change_of(over, std::nullopt, flow_lasts));
}

}  // namespace guildfleet::features
