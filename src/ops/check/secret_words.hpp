// What a variable of somebody else's file is, by its name and by what is written as its value.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace guildfleet::ops {

// DISCORD_TOKEN, BOT1_TOKEN, TOKEN, bot-token: the token of a bot. Not GITHUB_TOKEN; `_FILE` at the end is
// passed over.
[[nodiscard]] bool names_bot_token(std::string_view name);

// A password, key, token or the like. Not what ends with _FILE, and not TOKEN_TTL.
[[nodiscard]] bool names_secret(std::string_view name);

// The name that goes with a password: "POSTGRES_USER" of "POSTGRES_PASSWORD"; empty: none.
[[nodiscard]] std::string user_name_of(std::string_view password_name);

// Three parts with dots between, as Discord makes tokens.
[[nodiscard]] bool looks_like_bot_token(std::string_view value);

// The value as Compose makes it where no variable is set: "${X:-a}" becomes "a". One without a default stays,
// as "$X".
[[nodiscard]] std::string with_defaults(std::string_view value);

// The first variable that the value refers to: "X" of "${X:-a}" and "$X"; empty: none. "$$" is a dollar sign.
[[nodiscard]] std::string_view variable_in(std::string_view value);

// $X, ${X} or ${X:-a} is in the value; "$$" is a dollar sign.
[[nodiscard]] bool refers_to_variable(std::string_view value);

// What the value holds by itself, where no variable is set: "a" of "a" and of "${X:-a}", "a$b" of "a$$b";
// empty where it needs a variable. That of a secret is one.
[[nodiscard]] std::string text_of_its_own(std::string_view value);

// Of a secret or an address with one: what of it stands in the text, as such or as a default behind :-. Of an
// address that is its password. Empty: nothing does. A secret.
[[nodiscard]] std::string own_secret_of(std::string_view value);

// The same question as refers_to_variable, of a Kubernetes manifest: $(X), ${X}, or a value that is $X and
// nothing else; other dollar signs mean nothing there.
[[nodiscard]] bool refers_in_manifest(std::string_view value);

struct url_parts {
  std::string scheme;    // in small letters
  std::string user;      // empty: none
  std::string password;  // as written; empty: none. A secret
  std::string host;      // without brackets
  std::string port;      // empty: none
  std::string rest;      // path and query
};

// nullopt: the text is no scheme://host.
[[nodiscard]] std::optional<url_parts> parts_of_url(std::string_view text);

// "admin", "changeme", "postgres", the user's own name and others that everybody tries first.
[[nodiscard]] bool is_default_password(std::string_view password, std::string_view user = {});

// This machine, a name without a dot, as containers call one another, or an IPv6 address of the own network.
[[nodiscard]] bool is_near_host(std::string_view host);

// NODE_TLS_REJECT_UNAUTHORIZED=0, PYTHONHTTPSVERIFY=0, PGSSLMODE=disable and the like: certificates are not
// looked at.
[[nodiscard]] bool turns_tls_off(std::string_view name, std::string_view value);

// A folder of another machine, as far as its name tells: a part of the path is nfs, efs, smb, cifs, ...
// ceph too, but not its block devices.
[[nodiscard]] bool names_network_folder(std::string_view path);

// "TOKEN" of "token"; ASCII only.
[[nodiscard]] std::string in_capitals(std::string_view text);

}  // namespace guildfleet::ops
