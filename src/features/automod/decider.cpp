#include "features/automod/decider.hpp"

#include <algorithm>

#include "features/automod/message_scan.hpp"
#include "features/automod/text_folding.hpp"

namespace guildfleet::features::automod_rules {
namespace {

void take_if_worse(std::optional<verdict>& worst, const rule_set& rules, rule broken, std::string detail) {
  const penalty what = rules.penalty_of(broken);
  if (!worst || what > worst->what)
    worst = verdict{.broken = broken, .what = what, .detail = std::move(detail)};
}

bool applies(const rule_set& rules, rule one) {
  return rules.penalty_of(one) != penalty::off;
}

bool counts_messages(const rule_set& rules) {
  return applies(rules, rule::flood) || applies(rules, rule::duplicates);
}

bool reads_folded(const rule_set& rules) {
  return (applies(rules, rule::words) && !rules.words.empty()) || applies(rules, rule::invites);
}

std::optional<verdict> judge(const rule_set& rules, std::string_view content, std::string_view folded_text) {
  std::optional<verdict> worst;
  if (applies(rules, rule::mentions)) {
    const std::size_t mentions = count_mentions(content);
    if (mentions > rules.mentions_limit)
      take_if_worse(worst, rules, rule::mentions, std::to_string(mentions));
  }
  if (applies(rules, rule::invites)) {
    const std::string_view code = first_invite(folded_text, rules.allowed_invites);
    if (!code.empty()) take_if_worse(worst, rules, rule::invites, std::string(code));
  }
  if (applies(rules, rule::links)) {
    std::string host = first_link(content, rules.allowed_links);
    if (!host.empty()) take_if_worse(worst, rules, rule::links, std::move(host));
  }
  if (applies(rules, rule::words)) {
    if (const std::string* word = rules.words.find_in(folded_text))
      take_if_worse(worst, rules, rule::words, *word);
  }
  return worst;
}

std::uint64_t fingerprint_of(std::string_view folded_text) {
  const std::string text = squeezed(folded_text);
  return text.empty() ? 0 : std::max<std::uint64_t>(std::hash<std::string>{}(text), 1);
}

// Those that broke the rule together, each once: what was deleted before is not asked for again.
template <class Belongs>
void condemn(written_by& by, Belongs belongs, verdict& into) {
  for (written_message& each : by.messages) {
    if (!belongs(each) || std::exchange(each.condemned, true)) continue;
    into.remove.push_back({each.channel, each.id});
  }
}

void judge_history(const rule_set& rules, written_by& by, const seen_message& message,
                   std::uint64_t fingerprint, std::optional<verdict>& worst) {
  const base::wall_time now = message.id.created_at();
  const auto lately = [now](std::chrono::seconds window) {
    return [now, window](const written_message& each) { return each.id.created_at() > now - window; };
  };
  const auto broken = [&](rule one, std::size_t limit, auto belongs) {
    if (!applies(rules, one) ||
        std::ranges::count_if(by.messages, belongs) < static_cast<std::ptrdiff_t>(limit))
      return;
    take_if_worse(worst, rules, one, {});
    condemn(by, belongs, *worst);
  };
  broken(rule::flood, rules.flood_messages, lately(rules.flood_window));
  const auto recent = lately(rules.duplicates_window);
  if (fingerprint != 0) {
    broken(rule::duplicates, rules.duplicates_count, [recent, fingerprint](const written_message& each) {
      return each.fingerprint == fingerprint && recent(each);
    });
  }
}

}  // namespace

std::optional<verdict> judge_text(const rule_set& rules, std::string_view content) {
  return judge(rules, content, reads_folded(rules) ? folded(content) : std::string());
}

std::optional<verdict> decider::decide(const rule_set& rules, const seen_message& message) {
  const bool counts = counts_messages(rules) && !message.edited_at;
  const bool folds = reads_folded(rules) || (counts && applies(rules, rule::duplicates));
  const std::string text = folds ? folded(message.content) : std::string();
  std::optional<verdict> worst = judge(rules, message.content, text);
  if (!counts && !worst) return std::nullopt;

  written_by& by = history_.of({message.guild, message.author});
  const base::wall_time now = message.edited_at.value_or(message.id.created_at());
  if (counts) {
    const std::uint64_t fingerprint = applies(rules, rule::duplicates) ? fingerprint_of(text) : 0;
    remember(by, {message.id, message.channel, fingerprint, false},
             now - std::max(rules.flood_window, rules.duplicates_window));
    judge_history(rules, by, message, fingerprint, worst);
  }
  if (!worst) return std::nullopt;
  const auto self = std::ranges::find(by.messages, message.id, &written_message::id);
  if (self != by.messages.end()) self->condemned = true;
  const place_of_message here{message.channel, message.id};
  if (std::ranges::find(worst->remove, here) == worst->remove.end()) worst->remove.push_back(here);
  const bool lately = by.penalized && now < *by.penalized + penalty_pause;
  worst->penalize = worst->what > penalty::remove && !lately;
  if (worst->penalize) by.penalized = now;
  return worst;
}

}  // namespace guildfleet::features::automod_rules
