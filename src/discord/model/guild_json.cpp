#include "discord/model/guild_json.hpp"

#include "discord/model/guild_json_parts.hpp"

namespace guildfleet::discord {
namespace {

// What a guild event consists of, read into one reused set of parts.
class guild_event_reader final {
 public:
  explicit guild_event_reader(user_id self) : self_(self) {}

  [[nodiscard]] bool read(std::string_view key, json_value& value) {
    if (read_scalar(key, value)) return true;
    if (key == "channels" || key == "threads") return read_channels(key, value);
    if (key == "roles") return read_roles(value);
    if (key == "emojis") return read_emoji_list(value);
    if (key == "voice_states") return read_voice_states(value);
    if (key == "members") return read_members(value);
    return true;
  }

  guild_event out;

 private:
  bool read_scalar(std::string_view key, json_value& value) {
    if (key == "id") {
      out.record.id = guild_id{read_snowflake(value)};
    } else if (key == "unavailable") {
      out.unavailable = read_flag(value);
    } else if (key == "name") {
      out.record.set_name(read_text(value));
      out.has_name = true;
    } else if (key == "owner_id") {
      out.record.owner = user_id{read_snowflake(value)};
      out.has_owner = true;
    } else if (key == "system_channel_id") {
      out.record.system_channel = channel_id{read_snowflake(value)};
      out.has_system_channel = true;
    } else if (key == "preferred_locale") {
      out.record.set_preferred_locale(read_text(value));
      out.has_locale = true;
    } else if (key == "member_count") {
      out.record.member_count = static_cast<std::uint32_t>(read_integer(value));
    } else {
      return false;
    }
    return true;
  }

  bool read_channels(std::string_view key, json_value& value) {
    if (key == "channels") out.has_channels = true;
    bool whole = true;
    whole &= for_each_element(value, [&](json_value& one) {
      whole &= read_channel(one, channel_);
      if (!channel_.channel.id.empty()) out.record.put_channel(channel_.channel);
    });
    return whole;
  }

  bool read_roles(json_value& value) {
    out.has_roles = true;
    bool whole = true;
    whole &= for_each_element(value, [&](json_value& one) {
      role_data role;
      whole &= read_role(one, role);
      if (!role.id.empty()) out.record.put_role(role);
    });
    return whole;
  }

  bool read_emoji_list(json_value& value) {
    out.has_emojis = true;
    if (!read_emojis(value, emojis_)) return false;
    out.record.replace_emojis(emojis_);
    return true;
  }

  bool read_voice_states(json_value& value) {
    bool whole = true;
    whole &= for_each_element(value, [&](json_value& one) {
      voice_event voice;
      whole &= for_each_field(one, [&](std::string_view key, json_value& member) {
        whole &= read_voice_field(key, member, voice);
      });
      if (!voice.user.empty()) (void)out.record.put_voice(voice.user, voice.channel);
    });
    return whole;
  }

  bool read_members(json_value& value) {
    bool whole = true;
    whole &= for_each_element(value, [&](json_value& one) {
      if (out.has_self) return;
      member_.user = {};
      member_.member = {};
      whole &= for_each_field(one, [&](std::string_view key, json_value& member) {
        whole &= read_member_field(key, member, member_);
      });
      if (self_.empty() || member_.user != self_) return;
      out.record.self = std::move(member_.member);
      out.has_self = true;
    });
    return whole;
  }

  user_id self_;
  channel_event channel_;
  std::vector<emoji_data> emojis_;
  member_event member_;
};

guild_id id_of(json_value& value) {
  guild_id id;
  (void)for_each_field(value, [&](std::string_view key, json_value& member) {
    if (key == "id") id = guild_id{read_snowflake(member)};
  });
  return id;
}

// An event that is read field by field and is of use whatever it lacks.
template <class Event, class ReadField>
std::optional<Event> read_event(std::string_view d, ReadField read_field) {
  Event out;
  bool whole = true;
  whole &= for_each_root_field(
      d, [&](std::string_view key, json_value& value) { whole &= read_field(key, value, out); });
  if (!whole) return std::nullopt;
  return out;
}

}  // namespace

std::optional<ready_event> read_ready_event(std::string_view d) {
  ready_event out;
  bool whole = true;
  whole &= for_each_root_field(d, [&](std::string_view key, json_value& value) {
    if (key == "user") {
      out.self = user_id{id_of(value).value};
    } else if (key == "guilds") {
      whole &= for_each_element(value, [&](json_value& one) {
        const guild_id id = id_of(one);
        if (!id.empty()) out.guilds.push_back(id);
      });
    }
  });
  if (!whole || out.self.empty()) return std::nullopt;
  return out;
}

std::optional<guild_event> read_guild_event(std::string_view d, user_id self) {
  guild_event_reader reader(self);
  bool whole = true;
  whole &= for_each_root_field(
      d, [&](std::string_view key, json_value& value) { whole &= reader.read(key, value); });
  if (!whole || reader.out.record.id.empty()) return std::nullopt;
  return std::move(reader.out);
}

std::optional<guild_deleted_event> read_guild_deleted_event(std::string_view d) {
  guild_deleted_event out;
  const bool whole = for_each_root_field(d, [&](std::string_view key, json_value& value) {
    if (key == "id") out.guild = guild_id{read_snowflake(value)};
    if (key == "unavailable") out.unavailable = read_flag(value);
  });
  if (!whole || out.guild.empty()) return std::nullopt;
  return out;
}

std::optional<channel_event> read_channel_event(std::string_view d) {
  std::optional<channel_event> out(std::in_place);
  bool whole = true;
  whole &= for_each_root_field(
      d, [&](std::string_view key, json_value& value) { whole &= read_channel_field(key, value, *out); });
  out->channel.overwrites = out->overwrites;
  if (!whole || out->channel.id.empty()) out.reset();
  return out;
}

std::optional<thread_list_event> read_thread_list_event(std::string_view d) {
  thread_list_event out;
  channel_event thread;
  bool whole = true;
  whole &= for_each_root_field(d, [&](std::string_view key, json_value& value) {
    if (key == "guild_id") {
      out.guild = guild_id{read_snowflake(value)};
    } else if (key == "channel_ids") {
      out.whole_guild = false;
      whole &= for_each_element(
          value, [&](json_value& one) { out.channels.push_back(channel_id{read_snowflake(one)}); });
    } else if (key == "threads") {
      whole &= for_each_element(value, [&](json_value& one) {
        whole &= read_channel(one, thread);
        thread.channel.overwrites = {};
        if (!thread.channel.id.empty()) out.threads.push_back(thread.channel);
      });
    }
  });
  if (!whole) return std::nullopt;
  return out;
}

std::optional<role_event> read_role_event(std::string_view d) {
  role_event out;
  bool whole = true;
  whole &= for_each_root_field(d, [&](std::string_view key, json_value& value) {
    if (key == "guild_id") {
      out.guild = guild_id{read_snowflake(value)};
    } else if (key == "role_id") {
      out.role.id = role_id{read_snowflake(value)};
    } else if (key == "role") {
      whole &= read_role(value, out.role);
    }
  });
  if (!whole || out.role.id.empty()) return std::nullopt;
  return out;
}

std::optional<emojis_event> read_emojis_event(std::string_view d) {
  emojis_event out;
  bool whole = true;
  whole &= for_each_root_field(d, [&](std::string_view key, json_value& value) {
    if (key == "guild_id") out.guild = guild_id{read_snowflake(value)};
    if (key == "emojis") whole &= read_emojis(value, out.emojis);
  });
  if (!whole) return std::nullopt;
  return out;
}

std::optional<member_event> read_member_event(std::string_view d) {
  return read_event<member_event>(d, read_member_field);
}

std::optional<voice_event> read_voice_event(std::string_view d) {
  return read_event<voice_event>(d, read_voice_field);
}

}  // namespace guildfleet::discord
