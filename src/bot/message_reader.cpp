#include "bot/message_reader.hpp"

#include <simdjson.h>

namespace guildfleet::bot {
namespace {

namespace ondemand = simdjson::ondemand;

// Ids are strings; small ones sent by a client may come back as numbers (protocol sheet 2.1).
std::uint64_t read_id(ondemand::value value) {
  std::string_view digits;
  if (value.get_string().get(digits) == simdjson::SUCCESS)
    return discord::parse_snowflake(digits).value_or(0);
  std::uint64_t number = 0;
  return value.get_uint64().get(number) == simdjson::SUCCESS ? number : 0;
}

void read_author(ondemand::value value, features::message_event& into) {
  ondemand::object author;
  if (value.get_object().get(author) != simdjson::SUCCESS) return;
  for (auto item : author) {
    std::string_view key;
    ondemand::value field;
    if (item.unescaped_key().get(key) != simdjson::SUCCESS || item.value().get(field) != simdjson::SUCCESS)
      return;
    if (key == "id") {
      into.author.value = read_id(field);
    } else if (key == "username") {
      (void)field.get_string().get(into.author_name);
    } else if (key == "bot") {
      (void)field.get_bool().get(into.author_is_bot);
    }
  }
}

void read_type(ondemand::value value, features::message_event& into) {
  std::int64_t number = 0;
  if (value.get_int64().get(number) == simdjson::SUCCESS) into.type = static_cast<int>(number);
}

void read_field(std::string_view key, ondemand::value value, features::message_event& into) {
  if (key == "id") {
    into.id.value = read_id(value);
  } else if (key == "channel_id") {
    into.channel.value = read_id(value);
  } else if (key == "guild_id") {
    into.guild.value = read_id(value);
  } else if (key == "author") {
    read_author(value, into);
  } else if (key == "content") {
    (void)value.get_string().get(into.content);
  } else if (key == "type") {
    read_type(value, into);
  } else if (key == "webhook_id") {
    into.from_webhook = true;
  }
}

simdjson::padded_string_view padded(std::string_view data) {
  return simdjson::padded_string_view(data.data(), data.size(), data.size() + simdjson::SIMDJSON_PADDING);
}

}  // namespace

struct message_reader::impl {
  ondemand::parser parser;
};

message_reader::message_reader() : impl_(std::make_unique<impl>()) {}
message_reader::~message_reader() = default;

std::optional<features::message_event> message_reader::read(std::string_view data) {
  ondemand::document document;
  ondemand::object message;
  if (impl_->parser.iterate(padded(data)).get(document) != simdjson::SUCCESS) return std::nullopt;
  if (document.get_object().get(message) != simdjson::SUCCESS) return std::nullopt;
  features::message_event event;
  for (auto item : message) {
    std::string_view key;
    ondemand::value value;
    if (item.unescaped_key().get(key) != simdjson::SUCCESS || item.value().get(value) != simdjson::SUCCESS) {
      return std::nullopt;
    }
    read_field(key, value, event);
  }
  if (event.id.empty() || event.channel.empty()) return std::nullopt;
  return event;
}

discord::guild_id message_reader::guild_of(std::string_view data) {
  return id_at(data, "guild_id");
}

discord::guild_id message_reader::guild_of(discord::event_type type, std::string_view data) {
  using discord::event_type;
  const bool is_guild = type == event_type::guild_create || type == event_type::guild_update ||
                        type == event_type::guild_delete;
  return id_at(data, is_guild ? "id" : "guild_id");
}

discord::guild_id message_reader::id_at(std::string_view data, std::string_view key) {
  ondemand::document document;
  ondemand::value value;
  if (impl_->parser.iterate(padded(data)).get(document) != simdjson::SUCCESS) return {};
  if (document.find_field_unordered(key).get(value) != simdjson::SUCCESS) return {};
  return {read_id(value)};
}

}  // namespace guildfleet::bot
