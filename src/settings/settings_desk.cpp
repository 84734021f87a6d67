#include "settings/settings_desk.hpp"

#include <fmt/format.h>

#include "net/async_event.hpp"
#include "net/cancellation.hpp"

namespace guildfleet::settings {
namespace {

constexpr int attempts = 12;
constexpr std::chrono::milliseconds longest_pause{40};
// Whoever waits for it, an interaction above all, has three seconds for an answer.
constexpr std::chrono::milliseconds read_patience{2'000};

base::result<understood_document> understood(const feature_schema& schema, const store::settings_row& row) {
  json::object stored;
  if (row.document) {
    auto parsed = parse_document(*row.document);
    if (!parsed) return std::unexpected(std::move(parsed).error());
    stored = std::move(*parsed);
  }
  return understand(schema, std::move(stored));
}

std::unexpected<base::error> no_feature(const std::string& feature) {
  return base::fail(settings_error::unknown_feature, feature,
                    "The names are those of the features of the fleet that have settings.");
}

std::unexpected<base::error> too_large(const feature_schema& schema) {
  return base::fail(settings_error::too_large, std::string(schema.feature), "Shorten texts or lists.");
}

// What is stored: what differs from the defaults, and what another release set. nullopt: nothing of both.
std::optional<std::string> stored_form(const feature_schema& schema, const json::object& values,
                                       const json::object& foreign) {
  json::object document = without_defaults(schema, values);
  for (const auto& [key, value] : foreign) document.insert_or_assign(key, value);
  if (document.empty()) return std::nullopt;
  return canonical(document);
}

}  // namespace

settings_metrics make_settings_metrics(base::metrics& metrics) {
  const auto reads = [&](const char* from) {
    return metrics.counter_of("guildfleet_settings_reads_total", "Settings read, by where they came from",
                              {{"from", from}});
  };
  return {reads("cache"),
          reads("store"),
          reads("stale"),
          metrics.counter_of("guildfleet_settings_changes_total", "Changes of settings written", {}),
          metrics.counter_of("guildfleet_settings_conflicts_total",
                             "Changes of settings refused because somebody else was faster", {}),
          metrics.counter_of("guildfleet_settings_retries_total",
                             "Changes of settings applied again to what somebody else had written", {})};
}

base::result<current_settings> current_of(const feature_schema& schema, const store::settings_row& row) {
  auto document = understood(schema, row);
  if (!document) return std::unexpected(std::move(document).error());
  return current_settings{
      std::move(document->values), row.version, row.author, row.changed_at, false, schema.feature};
}

settings_desk::settings_desk(net::asio::any_io_executor executor, desk_parts parts)
    : executor_(std::move(executor)), parts_(std::move(parts)) {}

store::settings_key settings_desk::key_of(discord::guild_id guild, const std::string& feature) const {
  return {parts_.environment, guild, feature};
}

net::task<base::result<current_settings>> settings_desk::get(discord::guild_id guild, std::string feature) {
  const feature_schema* schema = parts_.schemas.find(feature);
  if (schema == nullptr) co_return no_feature(feature);
  const store::settings_key key = key_of(guild, feature);
  if (const store::settings_row* known = cache_.fresh(key)) {
    parts_.metrics.hits.add();
    co_return current_of(*schema, *known);
  }
  const auto began = cache_.now();
  if (parts_.shared != nullptr && cache_.any(key) != nullptr) {
    if (auto row = co_await parts_.shared->find(key, cache_.at_least(key))) {
      parts_.metrics.hits.add();
      cache_.put(*row, began);
      co_return current_of(*schema, *row);
    }
  }
  auto row = co_await read_row(key);
  if (row) co_return current_of(*schema, *row);
  const store::settings_row* last = cache_.any(key);
  if (last == nullptr) co_return std::unexpected(std::move(row).error());
  parts_.metrics.stale_reads.add();
  auto current = current_of(*schema, *last);
  if (current) current->stale = true;
  co_return current;
}

net::task<base::result<current_settings>> settings_desk::read(discord::guild_id guild, std::string feature) {
  const feature_schema* schema = parts_.schemas.find(feature);
  if (schema == nullptr) co_return no_feature(feature);
  const auto row = co_await read_row(key_of(guild, feature));
  if (!row) co_return std::unexpected(row.error());
  co_return current_of(*schema, *row);
}

net::task<base::result<store::settings_row>> settings_desk::read_row(store::settings_key key) {
  parts_.metrics.misses.add();
  const auto began = cache_.now();
  auto row = co_await parts_.store_thread.run(
      [store = parts_.store, key] { return store->read_settings(key); }, net::deadline_in(read_patience));
  if (!row) co_return row;
  cache_.put(*row, began);
  if (parts_.shared != nullptr) co_await parts_.shared->keep(*row);
  co_return row;
}

net::task<base::result<change_result>> settings_desk::edit(discord::guild_id guild, std::string feature,
                                                           store::change_author author, edit_function apply) {
  const feature_schema* schema = parts_.schemas.find(feature);
  if (schema == nullptr) co_return no_feature(feature);
  std::optional<store::settings_conflict> lost;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    auto row = lost ? base::result<store::settings_row>(std::move(lost->current))
                    : co_await read_row(key_of(guild, feature));
    if (!row) co_return std::unexpected(std::move(row).error());
    auto current = current_of(*schema, *row);
    if (!current) co_return std::unexpected(std::move(current).error());
    auto wanted = apply(std::move(current->values));
    if (!wanted) co_return std::unexpected(std::move(wanted).error());
    const std::uint64_t version = row->version;
    auto tried = co_await try_change(*schema, std::move(*row), version, author, std::move(*wanted));
    if (!tried || !std::holds_alternative<store::settings_conflict>(*tried)) co_return tried;
    parts_.metrics.retries.add();
    lost = std::get<store::settings_conflict>(std::move(*tried));
    // Writers that lost together must not come back together.
    const auto pause = parts_.random.between(std::chrono::milliseconds(0), longest_pause);
    if (!co_await net::sleep_until(net::deadline_in(pause))) break;
  }
  co_return base::fail(settings_error::contended, feature, "Try again in a moment.");
}

net::task<base::result<change_result>> settings_desk::put_if(discord::guild_id guild, std::string feature,
                                                             std::uint64_t expected_version,
                                                             store::change_author author,
                                                             json::object values) {
  const feature_schema* schema = parts_.schemas.find(feature);
  if (schema == nullptr) co_return no_feature(feature);
  auto row = co_await read_row(key_of(guild, feature));
  if (!row) co_return std::unexpected(std::move(row).error());
  if (row->version != expected_version) {
    parts_.metrics.conflicts.add();
    co_return store::settings_conflict{std::move(*row)};
  }
  auto tried =
      co_await try_change(*schema, std::move(*row), expected_version, std::move(author), std::move(values));
  if (tried && std::holds_alternative<store::settings_conflict>(*tried)) parts_.metrics.conflicts.add();
  co_return tried;
}

net::task<base::result<change_result>> settings_desk::reset(discord::guild_id guild, std::string feature,
                                                            std::optional<std::uint64_t> expected_version,
                                                            store::change_author author) {
  if (expected_version)
    co_return co_await put_if(guild, std::move(feature), *expected_version, std::move(author), {});
  co_return co_await edit(guild, std::move(feature), std::move(author),
                          [](json::object) -> base::result<json::object> { return json::object(); });
}

net::task<base::result<change_result>> settings_desk::try_change(const feature_schema& schema,
                                                                 store::settings_row row,
                                                                 std::uint64_t expected_version,
                                                                 store::change_author author,
                                                                 json::object wanted) {
  if (problems found = validate(schema, wanted); !found.empty()) co_return found;
  auto before = understood(schema, row);
  if (!before) co_return std::unexpected(std::move(before).error());
  json::object values = with_defaults(schema, std::move(wanted));
  auto changes = difference(before->values, values);
  if (changes.empty()) {
    auto same = current_of(schema, row);
    if (!same) co_return std::unexpected(std::move(same).error());
    co_return changed{std::move(*same), {}};
  }
  store::settings_change change{row.key, expected_version, stored_form(schema, values, before->foreign)};
  if (change.document && change.document->size() > max_document_bytes) co_return too_large(schema);
  auto outcome = co_await write({std::move(change)}, std::move(author));
  if (!outcome) co_return std::unexpected(std::move(outcome).error());
  if (auto* conflict = std::get_if<store::settings_conflict>(&*outcome)) {
    cache_.put_written(conflict->current);
    co_return std::move(*conflict);
  }
  const auto written = std::get<std::vector<store::settings_row>>(std::move(*outcome));
  co_await keep(written);
  auto now = current_of(schema, written.front());
  if (!now) co_return std::unexpected(std::move(now).error());
  co_return changed{std::move(*now), std::move(changes)};
}

net::task<base::result<change_result>> settings_desk::put_all(discord::guild_id guild,
                                                              std::vector<wanted_settings> wanted,
                                                              store::change_author author) {
  std::vector<store::settings_change> changes;
  for (wanted_settings& each : wanted) {
    const feature_schema* schema = parts_.schemas.find(each.feature);
    if (schema == nullptr) co_return no_feature(each.feature);
    if (problems found = validate(*schema, each.values); !found.empty()) co_return found;
    auto row = co_await read_row(key_of(guild, each.feature));
    if (!row) co_return std::unexpected(std::move(row).error());
    auto before = understood(*schema, *row);
    if (!before) co_return std::unexpected(std::move(before).error());
    changes.push_back(
        {row->key, each.expected_version,
         stored_form(*schema, with_defaults(*schema, std::move(each.values)), before->foreign)});
    if (changes.back().document && changes.back().document->size() > max_document_bytes)
      co_return too_large(*schema);
  }
  if (changes.empty()) co_return changed{};
  auto outcome = co_await write(std::move(changes), std::move(author));
  if (!outcome) co_return std::unexpected(std::move(outcome).error());
  if (auto* conflict = std::get_if<store::settings_conflict>(&*outcome)) {
    parts_.metrics.conflicts.add();
    cache_.put_written(conflict->current);
    co_return std::move(*conflict);
  }
  const auto written = std::get<std::vector<store::settings_row>>(std::move(*outcome));
  co_await keep(written);
  auto now = current_of(*parts_.schemas.find(written.front().key.feature), written.front());
  if (!now) co_return std::unexpected(std::move(now).error());
  co_return changed{std::move(*now), {}};
}

net::task<> settings_desk::keep(const std::vector<store::settings_row>& written) {
  for (const store::settings_row& row : written) {
    parts_.metrics.written.add();
    cache_.put_written(row);
    if (parts_.shared != nullptr) co_await parts_.shared->keep(row);
    if (parts_.announce) parts_.announce({row.key, row.version});
  }
}

net::task<base::result<store::change_outcome>> settings_desk::write(
    std::vector<store::settings_change> changes, store::change_author author) {
  auto outcome = co_await parts_.store_thread.run(
      [store = parts_.store, changes, author] { return store->change_settings(changes, author); });
  if (outcome || outcome.error().code() != store::store_error::outcome_unknown) co_return outcome;
  // The connection broke while they were committed, all or none: the rows tell.
  std::vector<store::settings_row> rows;
  for (const store::settings_change& change : changes) {
    auto row = co_await read_row(change.key);
    if (!row) co_return outcome;
    const bool ours = row->version == change.expected_version + 1 && row->document == change.document &&
                      row->author == author;
    if (!ours) co_return store::settings_conflict{std::move(*row)};
    rows.push_back(std::move(*row));
  }
  co_return rows;
}

net::task<base::result<std::vector<store::audit_row>>> settings_desk::history(store::audit_filter filter) {
  filter.environment = parts_.environment;
  co_return co_await parts_.store_thread.run(
      [store = parts_.store, filter = std::move(filter)] { return store->settings_history(filter); });
}

net::task<base::result<change_result>> settings_desk::undo(discord::guild_id guild, std::uint64_t audit_id,
                                                           store::change_author author) {
  auto found =
      co_await parts_.store_thread.run([store = parts_.store, environment = parts_.environment, audit_id] {
        return store->read_audit(environment, audit_id);
      });
  if (!found) co_return std::unexpected(std::move(found).error());
  if (!*found || (*found)->key.guild != guild) {
    co_return base::fail(settings_error::no_such_change, fmt::format("change {}", audit_id),
                         "The history lists the numbers.");
  }
  const store::audit_row change = std::move(**found);
  const feature_schema* schema = parts_.schemas.find(change.key.feature);
  if (schema == nullptr) co_return no_feature(change.key.feature);
  const auto values_of = [&](const std::optional<std::string>& document) -> base::result<json::object> {
    store::settings_row row;
    row.document = document;
    auto known = understood(*schema, row);
    if (!known) return std::unexpected(std::move(known).error());
    return std::move(known->values);
  };
  const auto before = values_of(change.before);
  if (!before) co_return std::unexpected(before.error());
  const auto after = values_of(change.after);
  if (!after) co_return std::unexpected(after.error());
  const auto changes = difference(*before, *after);
  const auto newest = co_await read_row(change.key);
  if (!newest) co_return std::unexpected(newest.error());
  const std::string who = newest->author.who;
  co_return co_await edit(guild, change.key.feature, std::move(author),
                          [changes, who](json::object values) -> base::result<json::object> {
                            if (const auto path = first_changed_since(values, changes)) {
                              return base::fail(settings_error::changed_since, *path,
                                                fmt::format("{} changed these settings last; change the "
                                                            "field by hand.",
                                                            who));
                            }
                            return with_values_before(std::move(values), changes);
                          });
}

}  // namespace guildfleet::settings
