#include "fleet/event_identity.hpp"

#include <cstring>
#include <optional>
#include <simdjson.h>

namespace guildfleet::fleet {
namespace {

namespace ondemand = simdjson::ondemand;
using discord::event_type;

// Deeper texts are known by their bytes; no event of Discord comes near.
constexpr int deepest = 64;

// The finalizer of SplitMix64 (Steele, Lea, Flood 2014).
std::uint64_t mix(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31U);
}

std::uint64_t hash_of(std::string_view bytes) {
  std::uint64_t hash = mix(bytes.size());
  for (; bytes.size() >= sizeof(std::uint64_t); bytes.remove_prefix(sizeof(std::uint64_t))) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof(word));
    hash = mix(hash ^ word);
  }
  std::uint64_t rest = 0;
  if (!bytes.empty()) std::memcpy(&rest, bytes.data(), bytes.size());
  return mix(hash ^ rest);
}

std::string_view trimmed(std::string_view token) {
  const std::size_t last = token.find_last_not_of(" \t\r\n");
  return token.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

// Of which member an event of this type is known, where each value comes once; empty: there is none.
std::string_view unique_member(event_type type) {
  switch (type) {
    case event_type::message_create:
    case event_type::message_delete:
    case event_type::interaction_create:
    case event_type::guild_audit_log_entry_create:
    case event_type::channel_create:
    case event_type::channel_delete:
    case event_type::thread_delete:
    case event_type::guild_scheduled_event_create:
    case event_type::guild_scheduled_event_delete:
    case event_type::stage_instance_create:
    case event_type::stage_instance_delete:
    case event_type::auto_moderation_rule_create:
    case event_type::auto_moderation_rule_delete:
    case event_type::entitlement_create:
      return "id";
    case event_type::guild_role_delete:
      return "role_id";
    default:
      return {};
  }
}

std::optional<std::uint64_t> hash_of_value(ondemand::value value, int depth);

// The members' hashes are added up, so that their order counts nothing.
std::optional<std::uint64_t> hash_of_object(ondemand::object object, int depth) {
  std::uint64_t sum = 0;
  for (auto item : object) {
    std::string_view key;
    ondemand::value value;
    if (item.unescaped_key().get(key) != simdjson::SUCCESS || item.value().get(value) != simdjson::SUCCESS)
      return std::nullopt;
    const std::uint64_t of_key = hash_of(key);
    const auto of_value = hash_of_value(value, depth + 1);
    if (!of_value) return std::nullopt;
    sum += mix(of_key ^ mix(*of_value));
  }
  return mix(sum ^ 1U);
}

std::optional<std::uint64_t> hash_of_array(ondemand::array array, int depth) {
  std::uint64_t hash = 2;
  for (auto item : array) {
    ondemand::value value;
    if (item.get(value) != simdjson::SUCCESS) return std::nullopt;
    const auto of_value = hash_of_value(value, depth + 1);
    if (!of_value) return std::nullopt;
    hash = mix(hash ^ *of_value);
  }
  return mix(hash);
}

// nullopt: it is no JSON, or too deep.
std::optional<std::uint64_t> hash_of_value(ondemand::value value, int depth) {
  if (depth > deepest) return std::nullopt;
  ondemand::json_type type{};
  if (value.type().get(type) != simdjson::SUCCESS) return std::nullopt;
  if (type == ondemand::json_type::object) {
    ondemand::object object;
    if (value.get_object().get(object) != simdjson::SUCCESS) return std::nullopt;
    return hash_of_object(object, depth);
  }
  if (type == ondemand::json_type::array) {
    ondemand::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) return std::nullopt;
    return hash_of_array(array, depth);
  }
  return hash_of(trimmed(value.raw_json_token()));
}

}  // namespace

struct identity_reader::impl {
  ondemand::parser parser;

  [[nodiscard]] bool parse(std::string_view data, ondemand::document& into) {
    return parser
               .iterate(simdjson::padded_string_view(data.data(), data.size(),
                                                     data.size() + simdjson::SIMDJSON_PADDING))
               .get(into) == simdjson::SUCCESS;
  }

  // The text of a member that is a string, hashed; nullopt: it has none, or an empty one.
  [[nodiscard]] std::optional<std::uint64_t> member(std::string_view data, std::string_view key) {
    ondemand::document document;
    std::string_view text;
    if (!parse(data, document)) return std::nullopt;
    if (document.find_field_unordered(key).get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
    if (text.empty()) return std::nullopt;
    return hash_of(text);
  }

  [[nodiscard]] std::optional<std::uint64_t> edit(std::string_view data) {
    const auto id = member(data, "id");
    const auto time = member(data, "edited_timestamp");
    if (!id || !time) return std::nullopt;
    return mix(*id ^ mix(*time));
  }

  [[nodiscard]] std::optional<std::uint64_t> whole(std::string_view data) {
    ondemand::document document;
    ondemand::object object;
    if (!parse(data, document) || document.get_object().get(object) != simdjson::SUCCESS) return std::nullopt;
    return hash_of_object(object, 0);
  }
};

identity_reader::identity_reader() : impl_(std::make_unique<impl>()) {}
identity_reader::~identity_reader() = default;

event_identity identity_reader::read(event_type type, std::string_view data) {
  const std::uint64_t kind = mix(hash_of(discord::name_of(type)));
  if (const std::string_view key = unique_member(type); !key.empty()) {
    if (const auto id = impl_->member(data, key)) return {mix(kind ^ *id), true};
  }
  if (type == event_type::message_update) {
    if (const auto edit = impl_->edit(data)) return {mix(kind ^ *edit), false};
  }
  const auto hash = impl_->whole(data);
  return {mix(kind ^ hash.value_or(hash_of(data))), false};
}

}  // namespace guildfleet::fleet
