#include "features/member_log/invites.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/json_text.hpp"
#include "discord/interactions/interaction_json.hpp"
#include "discord/model/timestamp.hpp"
#include "discord/rest/json_object.hpp"
#include "features/member_log/member_log_texts.hpp"

namespace guildfleet::features::member_logs {
namespace {

namespace json = boost::json;
namespace reading = discord::reading;
namespace texts = member_log_texts;

constexpr std::size_t most_named = 3;  // invites that a message names

std::uint32_t count_at(const json::object& in, std::string_view key) {
  return static_cast<std::uint32_t>(std::max(0, reading::integer_at(in, key)));
}

std::optional<json::array> parse_array(std::string_view text) {
  boost::system::error_code broken;
  json::value root = json::parse(json::string_view(text.data(), text.size()), broken);
  if (broken || !root.is_array()) return std::nullopt;
  return std::move(root.get_array());
}

std::int64_t to_seconds(base::wall_time time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

// A code is letters, digits and '-': it is shown as it is, and what else there is in it left out.
std::string shown_code(std::string_view code) {
  std::string out;
  for (const char c : code) {
    if (c != '`' && static_cast<unsigned char>(c) > ' ') out += c;
  }
  return fmt::format("`{}`", out);
}

std::string shown_inviter(discord::user_id inviter) {
  return inviter.empty() ? std::string() : fmt::format("<@{}>", inviter);
}

}  // namespace

std::optional<invite_counts> read_invites(std::string_view text) {
  const auto all = parse_array(text);
  if (!all) return std::nullopt;
  invite_counts out;
  for (const json::value& each : *all) {
    const json::object* one = each.if_object();
    const std::string_view code = one == nullptr ? std::string_view() : reading::text_at(*one, "code");
    if (code.empty()) continue;
    const auto* inviter = reading::object_at(*one, "inviter");
    out[std::string(code)] = {
        .uses = count_at(*one, "uses"),
        .max_uses = count_at(*one, "max_uses"),
        .inviter = inviter == nullptr ? discord::user_id{} : reading::id_at<discord::user_id>(*inviter, "id"),
        .expires = discord::parse_timestamp(reading::text_at(*one, "expires_at"))};
  }
  return out;
}

std::string to_text(const invite_counts& counts, std::size_t most_bytes) {
  std::vector<const invite_counts::value_type*> order;
  order.reserve(counts.size());
  for (const auto& each : counts) order.push_back(&each);
  std::ranges::sort(order, [](const auto* one, const auto* other) {
    return std::tuple(other->second.uses, one->first) < std::tuple(one->second.uses, other->first);
  });
  std::string out;
  for (const auto* each : order) {
    const auto& [code, count] = *each;
    const std::int64_t expires = count.expires ? to_seconds(*count.expires) : 0;
    const std::string line =
        fmt::format("{} {} {} {} {}\n", code, count.uses, count.max_uses, count.inviter, expires);
    if (out.size() + line.size() > most_bytes) break;
    out += line;
  }
  return out;
}

invite_counts parse_counts(std::string_view text) {
  invite_counts out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto next = [&line] {
      const std::size_t space = std::min(line.find(' '), line.size());
      const std::string_view word = line.substr(0, space);
      line.remove_prefix(std::min(space + 1, line.size()));
      return word;
    };
    const auto number = [&next] { return discord::parse_snowflake(next()).value_or(0); };
    const std::string code(next());
    if (code.empty()) continue;
    invite_count count{.uses = static_cast<std::uint32_t>(number()),
                       .max_uses = static_cast<std::uint32_t>(number()),
                       .inviter = discord::user_id{number()}};
    if (const auto expires = static_cast<std::int64_t>(number()); expires != 0)
      count.expires = base::wall_time(std::chrono::seconds(expires));
    out[code] = count;
  }
  return out;
}

std::vector<used_invite> used_between(const invite_counts& before, const invite_counts& now,
                                      std::uint32_t joins, base::wall_time at) {
  std::vector<used_invite> out;
  for (const auto& [code, count] : now) {
    const auto old = before.find(code);
    const std::uint32_t had = old == before.end() ? 0 : old->second.uses;
    if (count.uses > had) out.push_back({code, count.inviter, count.uses, count.uses - had});
  }
  for (const auto& [code, count] : before) {
    if (now.contains(code) || count.max_uses <= count.uses) continue;
    const std::uint32_t left = count.max_uses - count.uses;
    if (left <= joins && (!count.expires || *count.expires > at))
      out.push_back({code, count.inviter, count.max_uses, left});
  }
  std::ranges::sort(out, [](const used_invite& one, const used_invite& other) {
    return std::tuple(other.gained, one.code) < std::tuple(one.gained, other.code);
  });
  return out;
}

used_invites attribute(std::vector<used_invite> used, std::uint32_t joins) {
  const bool certain = used.size() == 1 && used.front().gained == joins;
  return {std::move(used), certain};
}

std::string to_json(const used_invites& what) {
  base::json_writer out;
  out.begin_object().key("certain").boolean(what.certain).key("used").begin_array();
  for (std::size_t i = 0; i < std::min(what.used.size(), most_named + 1); ++i) {
    const used_invite& each = what.used[i];
    out.begin_object();
    out.key("code").string(each.code).key("inviter").string(fmt::format("{}", each.inviter));
    out.key("uses").number(static_cast<std::int64_t>(each.uses));
    out.key("gained").number(static_cast<std::int64_t>(each.gained)).end_object();
  }
  out.end_array().end_object();
  return out.take();
}

used_invites parse_used(std::string_view text) {
  const auto root = discord::parse_object(text);
  const json::array* used = root ? reading::array_at(*root, "used") : nullptr;
  if (used == nullptr) return {};
  used_invites out{.certain = reading::boolean_at(*root, "certain")};
  for (const json::value& each : *used) {
    const json::object* one = each.if_object();
    if (one == nullptr) continue;
    out.used.push_back({std::string(reading::text_at(*one, "code")),
                        reading::id_at<discord::user_id>(*one, "inviter"), count_at(*one, "uses"),
                        count_at(*one, "gained")});
  }
  return out;
}

std::string told_of_one(const used_invites& what, language in) {
  if (what.used.empty()) return std::string(texts::invite_unknown.in(in));
  if (what.certain) {
    const used_invite& used = what.used.front();
    const std::string code = shown_code(used.code);
    const std::string inviter = shown_inviter(used.inviter);
    if (inviter.empty()) return texts::invite_used.format(in, used.uses, fmt::arg("code", code));
    return texts::invite_used_of.format(in, used.uses, fmt::arg("code", code), fmt::arg("inviter", inviter));
  }
  std::string codes;
  for (std::size_t i = 0; i < std::min(what.used.size(), most_named); ++i) {
    if (i > 0) codes += texts::either.in(in);
    codes += shown_code(what.used[i].code);
  }
  if (what.used.size() > most_named) codes += " …";
  return texts::invite_probable.format(in, fmt::arg("codes", codes));
}

std::string told_of_many(const used_invites& what, language in) {
  std::string out;
  for (std::size_t i = 0; i < std::min(what.used.size(), most_named); ++i) {
    const used_invite& each = what.used[i];
    if (i > 0) out += texts::list_comma.in(in);
    out += fmt::format("{} × {}", shown_code(each.code), each.gained);
    if (!each.inviter.empty()) out += fmt::format(" ({})", shown_inviter(each.inviter));
  }
  if (what.used.size() > most_named) out += " …";
  return out;
}

}  // namespace guildfleet::features::member_logs
