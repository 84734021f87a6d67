#include "features/automod/offence.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "features/automod/automod_texts.hpp"
#include "features/message_template.hpp"

namespace guildfleet::features {
namespace {

namespace texts = automod_texts;
using automod_rules::penalty;

constexpr std::size_t longest_detail = 60;

std::string log_line(const offence& one, language in) {
  const automod_rules::verdict& judged = one.judged;
  const text& sentence = one.failed                         ? texts::log_failed
                         : !judged.penalize                 ? texts::log_deleted
                         : judged.what == penalty::time_out ? texts::log_timed_out
                                                            : texts::log_warned;
  const std::string member = fmt::format("<@{}>", one.member);
  const std::string channel = fmt::format("<#{}>", one.channel);
  const std::string broken(texts::rules[static_cast<std::size_t>(judged.broken)].title.in(in));
  const std::string detail =
      judged.detail.empty() ? std::string() : ": " + plain(clipped(judged.detail, longest_detail));
  return sentence.format(in, fmt::arg("member", member), fmt::arg("channel", channel),
                         fmt::arg("rule", broken), fmt::arg("detail", detail));
}

std::vector<std::string> counted(const std::vector<offence>& offences, language in) {
  std::vector<std::pair<std::string, std::size_t>> lines;
  for (const offence& each : offences) {
    std::string line = log_line(each, in);
    const auto same = std::ranges::find(lines, line, &std::pair<std::string, std::size_t>::first);
    if (same == lines.end())
      lines.emplace_back(std::move(line), 1);
    else
      ++same->second;
  }
  std::vector<std::string> out;
  for (auto& [line, times] : lines)
    out.push_back(times == 1 ? std::move(line) : fmt::format("{} ×{}", line, times));
  return out;
}

}  // namespace

std::vector<std::string> log_of(const std::vector<offence>& offences, std::size_t untold, language in) {
  std::vector<std::string> lines = counted(offences, in);
  if (untold > 0) lines.push_back(texts::log_more.format(in, fmt::arg("count", untold)));
  std::vector<std::string> out;
  std::size_t length = longest_content;  // of the last one
  for (const std::string& line : lines) {
    const std::size_t more = base::utf8_length(line) + 1;
    if (length + more > longest_content) {
      out.emplace_back();
      length = 0;
    }
    out.back() += line + "\n";
    length += more;
  }
  return out;
}

}  // namespace guildfleet::features
