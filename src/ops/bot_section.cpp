#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ops/config_sections.hpp"
#include "ops/mount_origin.hpp"
#include "ops/secret_file.hpp"

namespace guildfleet::ops {
namespace {

constexpr std::string_view token_page =
    "https://discord.com/developers/applications, your application, Bot, Reset Token";

std::optional<std::uint64_t> read_snowflake(section_reader& reader, std::string_view key) {
  const auto text = reader.text(key);
  if (!text) return std::nullopt;
  const auto value = section_reader::parse_number(*text);
  if (value && text->size() >= 15 && text->size() <= 20) return value;
  reader.report_bad_value(key, "a Discord id (15 to 20 digits)",
                          "switch on Developer Mode in Discord, then right-click and Copy ID");
  return std::nullopt;
}

// Where the token comes from, of the three keys. Every key is asked for, so that finish() knows them.
struct token_sources {
  std::optional<std::string> direct;
  std::optional<std::string> file;
  std::optional<std::string> variable;
};

base::secret token_from_file(section_reader& reader, const std::string& path,
                             const base::variable_lookup& variables) {
  auto read = read_secret_file(path);
  if (!read && !reader.context().runs_here) return {};
  if (!read) {
    reader.error("token_file", read.error().message, read.error().fix);
    return {};
  }
  if (const auto complaint = judge_secret_file_mode(path, variables)) {
    reader.warn("token_file", complaint->message, complaint->fix);
  }
  return std::move(*read);
}

base::secret token_from_variable(section_reader& reader, const std::string& name,
                                 const base::variable_lookup& variables) {
  auto value = variables(name);
  if (value && !value->empty()) return base::secret(std::move(*value));
  if (!reader.context().runs_here) return {};
  reader.error("token_env", fmt::format("the variable {} is not set", name),
               "set it in the environment or in .env");
  return {};
}

void report_missing_token(section_reader& reader) {
  if (!reader.context().runs_here || reader.context().reported.contains(reader.path_of("token"))) return;
  const auto* node = reader.node_of("token");
  if (node != nullptr && !node->unset.empty()) {
    reader.error("token", fmt::format("the variable {} is not set", node->unset.front()),
                 fmt::format("put {}=... into .env or the environment; the token is at {}",
                             node->unset.front(), token_page));
  } else if (node != nullptr && node->written.contains('$')) {
    reader.error("token", fmt::format("{} is empty: {} has no value", reader.label("token"), node->written),
                 fmt::format("fill it in, in .env or the environment; the token is at {}", token_page));
  } else {
    reader.error("token", fmt::format("{} is missing", reader.label("token")),
                 fmt::format("the token is at {}", token_page));
  }
}

// Nothing in a message here may come from the token itself.
void check_token_form(section_reader& reader, std::string_view key, const base::secret& token,
                      bool real_discord) {
  const std::string_view text = token.reveal();
  if (text.starts_with("Bot ") || text.starts_with("Bearer ")) {
    reader.error(key, "the token begins with the word that belongs into the header", "leave out \"Bot \"");
  } else if (std::ranges::any_of(text, [](char c) { return c <= ' ' || c > '~'; })) {
    reader.error(key, "the token holds a space or a line break", "copy it again, in one piece");
  } else if (real_discord && (std::ranges::count(text, '.') != 2 || text.size() < 50)) {
    reader.warn(key, "this does not look like a bot's token (three parts joined by dots)",
                fmt::format("the token is at {}", token_page));
  }
}

// The token stands in the file itself, where a variable's name should.
void warn_of_readable_source(section_reader& reader, const base::variable_lookup& variables) {
  const auto* node = reader.node_of("token");
  if (node == nullptr || node->written.contains('$')) return;
  if (const auto complaint = judge_secret_file_mode(reader.context().source, variables))
    reader.warn("token", complaint->message,
                "write it as token: ${NAME}, and NAME into .env; " + complaint->fix);
}

base::secret read_token(section_reader& reader, const config_surroundings& surroundings, bool real_discord) {
  const token_sources sources{reader.quiet_text("token"), reader.text("token_file"),
                              reader.text("token_env")};
  const int given =
      int{sources.direct.has_value()} + int{sources.file.has_value()} + int{sources.variable.has_value()};
  if (given > 1) {
    reader.error(sources.file ? "token_file" : "token_env",
                 "token, token_file and token_env exclude each other", "keep one of them");
    return {};
  }
  for (const auto& [key, value] :
       {std::pair("token_file", sources.file), std::pair("token_env", sources.variable)}) {
    if (!value || !application_of_token(base::secret(*value))) continue;
    reader.error(key, fmt::format("{} holds the token itself", key),
                 "write it as token: ${NAME}, and NAME into .env");
    return {};
  }
  base::secret token;
  std::string_view key = "token";
  if (sources.direct && !sources.direct->empty()) {
    token = base::secret(*sources.direct);
    warn_of_readable_source(reader, surroundings.variables);
  } else if (sources.file) {
    key = "token_file";
    token = token_from_file(reader, *sources.file, surroundings.variables);
  } else if (sources.variable) {
    key = "token_env";
    token = token_from_variable(reader, *sources.variable, surroundings.variables);
  } else {
    report_missing_token(reader);
  }
  if (!token.empty()) check_token_form(reader, key, token, real_discord);
  return token;
}

void check_app_id(section_reader& reader, const bot_section& bot) {
  const auto of_token = application_of_token(bot.token);
  if (!bot.app_id || !of_token || *of_token == *bot.app_id) return;
  reader.warn("app_id",
              fmt::format("{} is not the application of the token, which is {}", *bot.app_id, *of_token),
              "is it the token of another bot? Old applications may differ; Discord's answer decides");
}

std::vector<std::string> read_features(section_reader& reader, const config_surroundings& surroundings) {
  const auto* list = reader.list("features");
  if (list == nullptr) return surroundings.default_features;
  const std::vector<std::string_view> known(surroundings.known_features.begin(),
                                            surroundings.known_features.end());
  std::vector<std::string> features;
  for (const auto& item : list->items) {
    const auto add = [&](base::severity severity, std::string message, std::string fix) {
      reader.context().problems.push_back(
          {severity, reader.context().source, item.at, std::move(message), std::move(fix)});
    };
    if (std::ranges::find(known, item.text) == known.end()) {
      const std::string_view near = base::nearest_name(item.text, known);
      add(base::severity::error, fmt::format("unknown feature \"{}\"", section_reader::shown(item.written)),
          near.empty() ? fmt::format("known features: {}", fmt::join(known, ", "))
                       : fmt::format("did you mean {}?", near));
    } else if (std::ranges::find(features, item.text) != features.end()) {
      add(base::severity::warning, fmt::format("the feature \"{}\" stands twice", item.text), "remove one");
    } else {
      features.push_back(item.text);
    }
  }
  return features;
}

void read_shards(section_reader& reader, bot_section& bot) {
  const auto text = reader.text("shards");
  if (!text || *text == "auto") return;
  const auto value = section_reader::parse_number(*text);
  if (value && *value >= 1 && *value <= 16'384) {
    bot.shards = static_cast<std::uint32_t>(*value);
  } else {
    reader.report_bad_value("shards", "auto or a whole number from 1 to 16384");
  }
}

void read_presence(section_reader& reader, presence_section& presence) {
  section_reader inner(reader.context(), reader.mapping("presence"), reader.path_of("presence."));
  inner.read_choice("status", presence.status,
                    {{"online", presence_status::online},
                     {"idle", presence_status::idle},
                     {"dnd", presence_status::dnd},
                     {"invisible", presence_status::invisible}});
  inner.read("text", presence.text);
  if (presence.text.size() > 128) inner.error("text", "a presence text has at most 128 bytes", "shorten it");
  inner.finish();
}

void read_identify_floor(section_reader& reader, bot_section& bot) {
  const auto text = reader.text("identify_floor");
  if (!text) return;
  constexpr std::uint32_t most = 900'000;
  const auto share = parse_share(*text);
  if (!share || *share > most) {
    reader.report_bad_value("identify_floor", "a share of a day's identifies from 0% to 90%, such as 20%");
    return;
  }
  bot.identify_floor = *share / 1e6;
  if (*share == 0)
    reader.warn("identify_floor", "nothing is kept back: a restart loop can use up the day's identifies",
                "Discord then resets the token; keep some, such as 20%");
}

void read_shard_range(section_reader& reader, bot_section& bot) {
  const auto text = reader.text("shard_range");
  if (!text) return;
  const std::size_t dash = text->find('-');
  const auto first = section_reader::parse_number(std::string_view(*text).substr(0, dash));
  const auto last = dash == std::string::npos
                        ? first
                        : section_reader::parse_number(std::string_view(*text).substr(dash + 1));
  if (!first || !last || *first > *last || *last > 16'383) {
    reader.report_bad_value("shard_range", "one shard or a range, such as 0-7");
  } else if (!bot.shards || *last >= *bot.shards) {
    reader.error("shard_range", "a range needs a number of shards above it", "set shards to a number");
  } else {
    bot.shard_range = shard_span{static_cast<std::uint32_t>(*first), static_cast<std::uint32_t>(*last)};
  }
}

// What matters where several bots or nodes meet.
void read_side_by_side(section_reader& reader, bot_section& bot) {
  if (const auto* list = reader.list("guilds"); list != nullptr) {
    for (const auto& item : list->items) {
      const auto id = section_reader::parse_number(item.text);
      if (id && item.text.size() >= 15 && item.text.size() <= 20)
        bot.guilds.push_back(discord::guild_id{*id});
      else
        reader.error("guilds", fmt::format("{} must be a list of Discord ids (15 to 20 digits), not \"{}\"",
                                           reader.label("guilds"), section_reader::shown(item.written)));
    }
  }
  if (const auto text = reader.text("priority")) {
    const bool minus = text->starts_with('-');
    const auto value = section_reader::parse_number(std::string_view(*text).substr(minus ? 1 : 0));
    if (value && *value <= 1'000)
      bot.priority = minus ? -static_cast<std::int32_t>(*value) : static_cast<std::int32_t>(*value);
    else
      reader.report_bad_value("priority", "a whole number from -1000 to 1000");
  }
  read_shard_range(reader, bot);
  reader.read("ring", bot.ring);
  const bool plain = std::ranges::all_of(bot.ring, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  if (!plain || bot.ring.size() > 32)
    reader.report_bad_value("ring", "a name of at most 32 lower-case letters, digits, - and _");
}

void check_sqlite_path(section_reader& reader, const std::string& path) {
  const std::filesystem::path file(path);
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const auto complain = [&](std::string message, std::string fix) {
    reader.error("name", fmt::format("{}; this bot's data would be in {}", message, path), std::move(fix));
  };
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) {
    complain(fmt::format("{} is a folder", path), "name a file in store.sqlite");
  } else if (std::filesystem::exists(file, ignored)) {
    if (::access(path.c_str(), R_OK | W_OK) != 0) {
      complain(fmt::format("{} cannot be written by uid {}", path, ::getuid()), how_to_own(path));
    }
  } else if (std::filesystem::is_directory(folder, ignored)) {
    if (::access(folder.c_str(), W_OK | X_OK) != 0) {
      complain(fmt::format("uid {} cannot create files in {}", ::getuid(), folder.string()),
               how_to_own(folder.string()));
    }
  } else if (const auto above = folder.has_parent_path() ? folder.parent_path() : std::filesystem::path(".");
             std::filesystem::exists(folder, ignored) || !std::filesystem::is_directory(above, ignored)) {
    complain(fmt::format("the folder {} does not exist", folder.string()),
             fmt::format("mkdir -p {}", folder.string()));
  } else if (::access(above.c_str(), W_OK | X_OK) != 0) {
    complain(fmt::format("uid {} cannot create the folder {}", ::getuid(), folder.string()),
             fmt::format("as root: mkdir -p {0} && chown {1} {0}", folder.string(), ::getuid()));
  }
}

}  // namespace

bool is_bot_name(std::string_view text) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !text.empty() && text.size() <= 32 && plain(text[0]) &&
         std::ranges::all_of(text, [&](char c) { return plain(c) || c == '_' || c == '-'; });
}

std::optional<discord::application_id> application_of_token(const base::secret& token) {
  const std::string_view encoded = token.reveal().substr(0, token.reveal().find('.'));
  std::string digits;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : encoded) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    if (c == '=') break;
    const std::size_t value = alphabet.find(c == '+' ? '-' : c == '/' ? '_' : c);
    if (value == std::string_view::npos || digits.size() > 20) return std::nullopt;
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    digits += static_cast<char>((bits >> static_cast<unsigned>(held)) & 0xFFU);
  }
  const auto id = section_reader::parse_number(digits);
  if (!id || digits.size() < 15) return std::nullopt;
  return discord::application_id{*id};
}

bot_section read_bot(section_reader& reader, const config_surroundings& surroundings,
                     const store_section& store, bool real_discord) {
  bot_section bot;
  bot.at = reader.at("name");
  if (const auto name = reader.text("name"); !name) {
    reader.error("name", fmt::format("{} is missing", reader.label("name")),
                 "give the bot a name, such as music");
  } else if (is_bot_name(*name)) {
    bot.name = *name;
  } else {
    reader.report_bad_value("name", "1 to 32 of a-z, 0-9, _ and -, beginning with a letter or digit");
  }
  bot.token = read_token(reader, surroundings, real_discord);
  if (const auto id = read_snowflake(reader, "app_id")) bot.app_id = discord::application_id{*id};
  check_app_id(reader, bot);
  bot.features = read_features(reader, surroundings);
  read_shards(reader, bot);
  read_identify_floor(reader, bot);
  if (const auto id = read_snowflake(reader, "guild_id")) bot.guild_id = discord::guild_id{*id};
  reader.read_choice("compression", bot.compression,
                     {{"zstd-stream", wire_compression::zstd_stream},
                      {"zlib-stream", wire_compression::zlib_stream},
                      {"none", wire_compression::none}});
  read_presence(reader, bot.presence);
  read_side_by_side(reader, bot);
  reader.finish();
  if (!store.uses_sqlite()) return bot;
  bot.sqlite_path = store.sqlite;
  if (const auto place = bot.sqlite_path.find("{bot}"); place != std::string::npos && !bot.name.empty()) {
    bot.sqlite_path.replace(place, 5, bot.name);
  }
  if (!bot.name.empty() && reader.context().runs_here) check_sqlite_path(reader, bot.sqlite_path);
  return bot;
}

}  // namespace guildfleet::ops
