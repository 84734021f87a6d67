#include "discord/model/guild_json_parts.hpp"

#include "discord/model/timestamp.hpp"

namespace guildfleet::discord {
namespace {

std::int32_t read_position(json_value& value) {
  return static_cast<std::int32_t>(read_integer(value));
}

bool read_overwrite(json_value& value, std::vector<overwrite>& out) {
  std::uint64_t target = 0;
  bool of_member = false;
  permission_set allow;
  permission_set deny;
  const bool whole = for_each_field(value, [&](std::string_view key, json_value& member) {
    if (key == "id") {
      target = read_snowflake(member);
    } else if (key == "type") {
      of_member = read_integer(member) == 1;
    } else if (key == "allow") {
      allow = read_permissions(member);
    } else if (key == "deny") {
      deny = read_permissions(member);
    }
  });
  out.push_back(of_member ? overwrite::of_member(user_id{target}, allow, deny)
                          : overwrite::of_role(role_id{target}, allow, deny));
  return whole;
}

bool read_overwrites(json_value& value, std::vector<overwrite>& out) {
  bool whole = true;
  out.clear();
  return for_each_element(value, [&](json_value& one) { whole &= read_overwrite(one, out); }) && whole;
}

}  // namespace

permission_set read_permissions(json_value& value) {
  return parse_permissions(read_text(value)).value_or(permission_set{});
}

bool read_channel_field(std::string_view key, json_value& value, channel_event& out) {
  if (key == "id") {
    out.channel.id = channel_id{read_snowflake(value)};
  } else if (key == "type") {
    out.channel.type = static_cast<channel_type>(read_integer(value) & 0xFF);
  } else if (key == "guild_id") {
    out.guild = guild_id{read_snowflake(value)};
  } else if (key == "parent_id") {
    out.channel.parent = channel_id{read_snowflake(value)};
  } else if (key == "name") {
    out.channel.name = read_text(value);
  } else if (key == "position") {
    out.channel.position = read_position(value);
  } else if (key == "permission_overwrites") {
    return read_overwrites(value, out.overwrites);
  }
  return true;
}

bool read_channel(json_value& value, channel_event& out) {
  out.channel = {};
  out.overwrites.clear();
  bool whole = true;
  whole &= for_each_field(value, [&](std::string_view key, json_value& member) {
    whole &= read_channel_field(key, member, out);
  });
  out.channel.overwrites = out.overwrites;
  return whole;
}

bool read_role(json_value& value, role_data& out) {
  return for_each_field(value, [&](std::string_view key, json_value& member) {
    if (key == "id") {
      out.id = role_id{read_snowflake(member)};
    } else if (key == "name") {
      out.name = read_text(member);
    } else if (key == "position") {
      out.position = read_position(member);
    } else if (key == "permissions") {
      out.permissions = read_permissions(member);
    } else if (key == "managed") {
      out.managed = read_flag(member);
    }
  });
}

bool read_emojis(json_value& value, std::vector<emoji_data>& out) {
  bool whole = true;
  out.clear();
  whole &= for_each_element(value, [&](json_value& one) {
    emoji_data emoji;
    whole &= for_each_field(one, [&](std::string_view key, json_value& member) {
      if (key == "id") {
        emoji.id = emoji_id{read_snowflake(member)};
      } else if (key == "name") {
        emoji.name = read_text(member);
      } else if (key == "animated") {
        emoji.animated = read_flag(member);
      }
    });
    if (!emoji.id.empty()) out.push_back(emoji);
  });
  return whole;
}

bool read_member_field(std::string_view key, json_value& value, member_event& out) {
  if (key == "guild_id") {
    out.guild = guild_id{read_snowflake(value)};
  } else if (key == "user") {
    return for_each_field(value, [&](std::string_view name, json_value& member) {
      if (name == "id") out.user = user_id{read_snowflake(member)};
    });
  } else if (key == "roles") {
    out.member.roles.clear();
    return for_each_element(
        value, [&](json_value& role) { out.member.roles.push_back(role_id{read_snowflake(role)}); });
  } else if (key == "nick") {
    out.member.nick = read_text(value);
  } else if (key == "communication_disabled_until") {
    out.member.timed_out_until = parse_timestamp(read_text(value));
  }
  return true;
}

bool read_voice_field(std::string_view key, json_value& value, voice_event& out) {
  if (key == "guild_id") {
    out.guild = guild_id{read_snowflake(value)};
  } else if (key == "user_id") {
    out.user = user_id{read_snowflake(value)};
  } else if (key == "channel_id") {
    out.channel = channel_id{read_snowflake(value)};
  }
  return true;
}

}  // namespace guildfleet::discord
