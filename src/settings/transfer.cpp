#include "settings/transfer.hpp"

#include <array>
#include <fmt/format.h>
#include <openssl/sha.h>

namespace guildfleet::settings {
namespace {

constexpr std::string_view format_name = "guildfleet-settings";
constexpr std::int64_t format_version = 1;

std::unexpected<base::error> wrong_format(std::string what) {
  return base::fail(settings_error::wrong_format, std::move(what),
                    "Take a file that an export of settings has written, and change only values in it.");
}

base::result<json::object> features_of(const std::string& text) {
  auto document = parse_document(text, {.bytes = max_export_bytes, .depth = 10, .values = 100'000});
  if (!document) return std::unexpected(std::move(document).error());
  const json::value* format = document->if_contains("format");
  if (format == nullptr || !format->is_string() || std::string_view(format->as_string()) != format_name)
    return wrong_format("format");
  const json::value* version = document->if_contains("version");
  if (version == nullptr || !version->is_int64() || version->as_int64() != format_version)
    return wrong_format("version");
  const json::value* features = document->if_contains("features");
  if (features == nullptr || !features->is_object()) return wrong_format("features");
  return features->as_object();
}

problem unknown_feature(const std::string& feature) {
  return {"",
          {fmt::format("No feature \"{}\" has settings here.", feature),
           fmt::format("設定を持つ機能「{}」はありません。", feature)},
          {"Leave it out.", "この項目を取り除いてください。"}};
}

}  // namespace

net::task<base::result<std::string>> export_guild(settings_desk& desk, discord::guild_id guild) {
  json::object features;
  for (const feature_schema* schema : desk.schemas().all()) {
    const auto current = co_await desk.read(guild, std::string(schema->feature));
    if (!current) co_return std::unexpected(current.error());
    if (current->version == 0) continue;
    features.insert_or_assign(schema->feature, without_defaults(*schema, current->values));
  }
  const json::object whole{{"format", format_name},
                           {"version", format_version},
                           {"guild", fmt::format("{}", guild)},
                           {"features", std::move(features)}};
  std::string text = canonical(whole);
  if (text.size() > max_export_bytes)
    co_return base::fail(settings_error::too_large, fmt::format("guild {}", guild),
                         "Shorten texts or lists.");
  co_return text;
}

net::task<base::result<import_check>> plan_import(settings_desk& desk, discord::guild_id guild,
                                                  std::string text) {
  auto features = features_of(text);
  if (!features) co_return std::unexpected(std::move(features).error());
  std::vector<feature_problems> refused;
  import_plan plan{guild, {}};
  for (const auto& [name, value] : *features) {
    const std::string feature(name);
    const feature_schema* schema = desk.schemas().find(feature);
    if (schema == nullptr) {
      refused.push_back({feature, {unknown_feature(feature)}});
      continue;
    }
    if (!value.is_object()) co_return wrong_format("features." + feature);
    if (problems found = validate(*schema, value.as_object()); !found.empty()) {
      refused.push_back({feature, std::move(found)});
      continue;
    }
    auto current = co_await desk.read(guild, feature);
    if (!current) co_return std::unexpected(std::move(current).error());
    json::object wanted = with_defaults(*schema, value.as_object());
    auto changes = difference(current->values, wanted);
    if (changes.empty()) continue;
    plan.changes.push_back({feature, current->version, std::move(wanted), std::move(changes)});
  }
  if (!refused.empty()) co_return import_check(std::move(refused));
  std::ranges::sort(plan.changes, {}, &planned_change::feature);
  co_return import_check(std::move(plan));
}

std::string fingerprint(const import_plan& plan) {
  std::string all = fmt::format("{}\n", plan.guild);
  for (const planned_change& each : plan.changes)
    all += fmt::format("{} {} {}\n", each.feature, each.expected_version, canonical(each.values));
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(all.data()), all.size(), digest.data());
  std::string text;
  for (std::size_t i = 0; i < 8; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

net::task<base::result<change_result>> apply_import(settings_desk& desk, import_plan plan,
                                                    store::change_author author) {
  std::vector<settings_desk::wanted_settings> wanted;
  for (planned_change& each : plan.changes)
    wanted.push_back({std::move(each.feature), each.expected_version, std::move(each.values)});
  co_return co_await desk.put_all(plan.guild, std::move(wanted), std::move(author));
}

}  // namespace guildfleet::settings
