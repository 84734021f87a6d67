#include "base/result.hpp"

namespace guildfleet::base {

error::error(std::error_code code, std::string context, std::string fix)
    : code_(code), context_(std::move(context)), fix_(std::move(fix)) {}

std::string error::message() const {
  std::string text = context_;
  if (!text.empty()) text += ": ";
  text += code_.message();
  if (!fix_.empty()) {
    if (!text.ends_with('.')) text += '.';
    text += ' ';
    text += fix_;
  }
  return text;
}

error error::within(std::string_view outer) && {
  std::string context(outer);
  if (!context_.empty()) {
    context += ": ";
    context += context_;
  }
  context_ = std::move(context);
  return std::move(*this);
}

std::unexpected<error> fail(std::error_code code, std::string context, std::string fix) {
  return std::unexpected(error(code, std::move(context), std::move(fix)));
}

}  // namespace guildfleet::base
