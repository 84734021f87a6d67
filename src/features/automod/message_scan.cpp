#include "features/automod/message_scan.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "discord/model/ids.hpp"
#include "features/automod/text_folding.hpp"

namespace guildfleet::features::automod_rules {
namespace {

constexpr std::array<std::string_view, 3> invite_starts{"discord.gg/", "discord.com/invite/",
                                                        "discordapp.com/invite/"};

char small(char each) {
  return each >= 'A' && each <= 'Z' ? static_cast<char>(each + 0x20) : each;
}

bool starts_with_small(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && std::ranges::equal(text.substr(0, start.size()), start, {}, small);
}

bool is_code_character(char each) {
  return (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9') || each == '-';
}

std::string_view code_at(std::string_view text) {
  const auto end = std::ranges::find_if_not(text, is_code_character);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

// Of an address behind its "https://"; browsers take "\" for "/".
std::string host_at(std::string_view text) {
  const std::size_t end = text.find_first_of("/\\?# \t\r\n\v\f<>\"`|()[]{}");
  std::string_view host = text.substr(0, end);
  if (const std::size_t user = host.rfind('@'); user != std::string_view::npos) host.remove_prefix(user + 1);
  host = host.substr(0, host.find(':'));
  while (host.ends_with('.')) host.remove_suffix(1);
  std::string out(host);
  std::ranges::transform(out, out.begin(), small);
  return out;
}

bool is_below(std::string_view host, std::string_view domain) {
  if (!host.ends_with(domain)) return false;
  return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
}

std::string_view without_scheme(std::string_view text) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (starts_with_small(text, scheme)) return text.substr(scheme.size());
  }
  return text;
}

}  // namespace

std::size_t count_mentions(std::string_view content) {
  std::vector<std::uint64_t> ids;
  for (std::size_t at = content.find("<@"); at != std::string_view::npos; at = content.find("<@", at + 1)) {
    std::string_view inside = content.substr(at + 2);
    if (inside.starts_with('!') || inside.starts_with('&')) inside.remove_prefix(1);
    const std::size_t end = inside.find_first_not_of("0123456789");
    if (end == std::string_view::npos || inside[end] != '>') continue;
    if (const auto id = discord::parse_snowflake(inside.substr(0, end))) ids.push_back(*id);
  }
  std::ranges::sort(ids);
  const auto again = std::ranges::unique(ids);
  const std::size_t everybody = content.contains("@everyone") ? 1 : 0;
  const std::size_t here = content.contains("@here") ? 1 : 0;
  return ids.size() - again.size() + everybody + here;
}

std::string_view first_invite(std::string_view folded_text, std::span<const std::string> allowed) {
  for (std::size_t at = folded_text.find("discord"); at != std::string_view::npos;
       at = folded_text.find("discord", at + 1)) {
    for (const std::string_view start : invite_starts) {
      if (!folded_text.substr(at).starts_with(start)) continue;
      const std::string_view code = code_at(folded_text.substr(at + start.size()));
      if (code.size() >= 2 && std::ranges::find(allowed, code) == allowed.end()) return code;
    }
  }
  return {};
}

std::string first_link(std::string_view content, std::span<const std::string> allowed) {
  for (std::size_t at = content.find("://"); at != std::string_view::npos; at = content.find("://", at + 1)) {
    const std::string_view before = content.substr(0, at);
    const auto ends_with_small = [before](std::string_view end) {
      return before.size() >= end.size() && starts_with_small(before.substr(before.size() - end.size()), end);
    };
    if (!ends_with_small("http") && !ends_with_small("https")) continue;
    std::string host = host_at(content.substr(at + 3));
    if (host.empty()) continue;
    const auto matches = [&host](const std::string& domain) { return is_below(host, domain); };
    if (std::ranges::none_of(allowed, matches)) return host;
  }
  return {};
}

std::string domain_of(std::string_view written) {
  std::string host = host_at(without_scheme(written));
  if (host.starts_with("*.")) host.erase(0, 2);
  const auto is_part = [](char each) {
    return is_code_character(each) || each == '.' || static_cast<unsigned char>(each) >= 0x80;
  };
  const bool sound = host.contains('.') && !host.starts_with('.') && !host.contains("..") &&
                     std::ranges::all_of(host, is_part);
  return sound ? host : std::string();
}

std::string invite_code_of(std::string_view written) {
  const std::string text = folded(without_scheme(written));
  std::string_view rest = text;
  if (rest.starts_with("www.")) rest.remove_prefix(4);
  for (const std::string_view start : invite_starts) {
    if (rest.starts_with(start)) rest.remove_prefix(start.size());
  }
  const std::string_view code = code_at(rest);
  return code.size() == rest.size() && code.size() >= 2 ? std::string(code) : std::string();
}

}  // namespace guildfleet::features::automod_rules
