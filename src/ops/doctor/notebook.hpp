// Takes down what judges find; used by them alone.
#pragma once

#include <string>
#include <utility>

#include "ops/doctor/facts.hpp"
#include "ops/doctor/finding.hpp"

namespace guildfleet::ops::doctor {

struct remark {
  grade how = grade::warning;
  std::string seen{};
  std::string meaning{};
  std::string todo{};
};

class notebook final {
 public:
  explicit notebook(diagnosis& into) : into_(into) {}

  void fine(check what, std::string subject, std::string seen) {
    into_.findings.push_back({what, grade::fine, std::move(subject), std::move(seen), {}, {}});
  }
  void say(check what, std::string subject, remark said) {
    into_.findings.push_back({what, said.how, std::move(subject), std::move(said.seen),
                              std::move(said.meaning), std::move(said.todo)});
  }

  void unknown(check what, const std::string& subject, std::string why) {
    const std::string_view title = title_of(what);
    into_.not_asked.push_back({section_of(what),
                               subject.empty() ? std::string(title) : fmt::format("{}: {}", subject, title),
                               std::move(why)});
  }

  // The answer; null: it is noted why there is none. `otherwise` tells what a failed question means; its
  // `seen` is made of the reason, its `todo` is used where the failure brings no fix of its own.
  template <class T>
  [[nodiscard]] const T* read(check what, const std::string& subject, const answer<T>& from,
                              remark otherwise) {
    if (from) return &*from;
    const no_answer& none = from.error();
    if (none.tried) {
      otherwise.seen = none.why;
      if (!none.fix.empty()) otherwise.todo = none.fix;
      say(what, subject, std::move(otherwise));
    } else if (!none.why.empty()) {
      unknown(what, subject, none.why);
    }
    return nullptr;
  }

 private:
  diagnosis& into_;
};

}  // namespace guildfleet::ops::doctor
