#include "cli/init_files.hpp"

namespace guildfleet::cli {

std::string_view example_fleet_yaml() {
  return R"(# A fleet of Discord bots. Look for mistakes with: guildfleet check
# ${NAME} is a variable of the environment or of the file .env in the folder where guildfleet starts; ${NAME:-text} gives it a default.

fleet: my-fleet           # a name for all of this

port: ${PORT:-3001}       # /health, /readyz, /metrics

# address: 127.0.0.1      # answer on this machine only (default: on all addresses)

# node:                   # who this process is
#   name: node-1          # default: $NODE_NAME, then the host's name
#   release: "1.0"        # default: $RELEASE, then guildfleet's version

log:
  level: info             # trace, debug, info, warn, error
  format: text            # text, or json for machines

store:
  sqlite: storage/{bot}.sqlite   # {bot} is the bot's name; without it all bots share one file

  # database_url: ${DATABASE_URL}  # postgresql://..., shared by several nodes
  # leases: shared        # local: in SQLite, for a fleet on one machine

# redis:
#   url: ${REDIS_URL}     # makes a shared database quicker

# environment: production # another one sees other settings, in the same database

# discord:
#   api_url: https://discord.com/api
#   ca_file: extra-ca.pem # certificates to trust beside the system's
#   silent_after: 600     # seconds without an event after which a shard reconnects; 0: never

# runtime:
#   threads: 0            # event loops; 0: one per core, at most 4

bots:
  - name: bot1            # a-z, 0-9, _ and -
    token: ${BOT1_TOKEN}  # or token_file: /run/secrets/bot1, or token_env: BOT1_TOKEN
    # app_id: "..."       # the application's id; Discord tells it too
    features: [ping, help, about, guild-config]
    # more: sticky, bump-reminder, member-log, temp-voice, ticket, role-panel, moderation, automod
    shards: auto          # or a number
    guild_id: ${BOT1_GUILD_ID:-}   # register commands in this server only: good for a test bot
    # compression: zstd-stream     # zlib-stream, none
    # presence:
    #   status: online    # idle, dnd, invisible
    #   text: "/help"

  # A second bot is a second application at https://discord.com/developers/applications
  # - name: music
  #   token: ${MUSIC_TOKEN}

# experiments:            # a variant of a feature for some servers; compare with: guildfleet experiments
#   - name: short-help
#     feature: help
#     variant: compact
#     share: 10%          # or guilds: ["..."]
#     until: 2026-12-31
)";
}

std::string_view example_env() {
  return R"(# Copy this file to .env, fill it in, and keep it to yourself: chmod 600 .env
# The real environment wins over this file.

# https://discord.com/developers/applications, your application, Bot, Reset Token
BOT1_TOKEN=

# The id of your test server, to see new commands there at once (optional)
BOT1_GUILD_ID=
)";
}

}  // namespace guildfleet::cli
