#include "ops/check/nginx_syntax.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace guildfleet::ops {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// Ends the parse; never leaves this file.
struct refused {
  nginx_syntax_error why;
};

// The text, character by character, and where each stands.
class cursor final {
 public:
  explicit cursor(std::string_view text) : text_(text) {}

  [[nodiscard]] bool at_end() const { return next_ == text_.size(); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[next_]; }
  [[nodiscard]] bool sees(std::string_view words) const { return text_.substr(next_).starts_with(words); }
  [[nodiscard]] base::text_position at() const { return at_; }

  char take() {
    const char c = text_[next_++];
    if (c == '\n')
      at_ = {at_.line + 1, 1};
    else
      ++at_.column;
    return c;
  }
  void skip_line() {
    while (!at_end() && peek() != '\n') take();
  }
  // To behind `end`, or to the end of the text.
  void skip_behind(std::string_view end) {
    while (!at_end() && !sees(end)) take();
    for (std::size_t i = 0; i < end.size() && !at_end(); ++i) take();
  }

 private:
  std::string_view text_;
  std::size_t next_ = 0;
  base::text_position at_{1, 1};
};

struct token {
  enum class token_kind { word, semicolon, open, close, end };
  token_kind kind = token_kind::end;
  base::text_position at;
  std::string text;
};

class lexer final {
 public:
  explicit lexer(std::string_view text) : from_(text) {}

  token next() {
    skip_blanks();
    const base::text_position at = from_.at();
    if (from_.at_end()) return {token::token_kind::end, at, {}};
    switch (from_.peek()) {
      case ';':
        return single(token::token_kind::semicolon);
      case '{':
        return single(token::token_kind::open);
      case '}':
        return single(token::token_kind::close);
      case '"':
      case '\'':
        return {token::token_kind::word, at, quoted()};
      default:
        return {token::token_kind::word, at, bare()};
    }
  }

  // Behind the brace that ends a Lua block; its own braces, strings and comments are Lua's.
  void skip_lua(base::text_position opened) {
    for (std::size_t depth = 1; depth > 0;) {
      if (from_.at_end()) throw refused{{opened, "a Lua block is never closed"}};
      if (from_.sees("--[[")) {
        from_.skip_behind("]]");
      } else if (from_.sees("--")) {
        from_.skip_line();
      } else if (from_.sees("[[")) {
        from_.skip_behind("]]");
      } else if (from_.peek() == '"' || from_.peek() == '\'') {
        quoted();
      } else {
        const char c = from_.take();
        if (c == '{') ++depth;
        if (c == '}') --depth;
      }
    }
  }

 private:
  token single(token::token_kind kind) {
    const base::text_position at = from_.at();
    from_.take();
    return {kind, at, {}};
  }

  void skip_blanks() {
    while (!from_.at_end()) {
      if (from_.peek() == '#')
        from_.skip_line();
      else if (is_space(from_.peek()))
        from_.take();
      else
        return;
    }
  }

  std::string quoted() {
    const base::text_position at = from_.at();
    const char quote = from_.take();
    std::string out;
    while (!from_.at_end()) {
      const char c = from_.take();
      if (c == quote) return out;
      if (c == '\\' && (from_.peek() == quote || from_.peek() == '\\'))
        out += from_.take();
      else
        out += c;
    }
    throw refused{{at, "a quote is never closed"}};
  }

  // A brace behind a dollar sign belongs to a variable's name: ${name}.
  std::string bare() {
    std::string out;
    while (!from_.at_end()) {
      const char c = from_.peek();
      if (is_space(c) || c == ';' || (c == '{' && !out.ends_with('$'))) break;
      out += from_.take();
      if (c == '\\' && !from_.at_end()) out += from_.take();
    }
    return out;
  }

  cursor from_;
};

// A word of nginx as it may be shown; another one may be a line of some other file, with a secret in it.
std::string shown(std::string_view name) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz_0123456789";
  constexpr std::size_t longest = 40;
  const bool is_plain =
      !name.empty() && name.size() <= longest && name.find_first_not_of(letters) == std::string_view::npos;
  return is_plain ? fmt::format("directive {}", name) : "directive";
}

class parser final {
 public:
  parser(std::string_view text, const nginx_limits& limits) : tokens_(text), limits_(limits) {}

  nginx_directive whole() {
    nginx_directive root;
    root.is_block = true;
    root.at = {1, 1};
    read_block(root, 0);
    return root;
  }

 private:
  // Until the brace that closes `into`, or the end of the file for the outermost.
  void read_block(nginx_directive& into, std::size_t depth) {
    if (depth > limits_.max_depth)
      throw refused{{into.at, fmt::format("nested more than {} levels deep", limits_.max_depth)}};
    while (true) {
      token first = next();
      if (first.kind == token::token_kind::end) {
        if (depth > 0)
          throw refused{{into.at, fmt::format("the block of the {} is never closed", shown(into.name))}};
        return;
      }
      if (first.kind == token::token_kind::close) {
        if (depth == 0) throw refused{{first.at, "a } closes nothing"}};
        return;
      }
      if (first.kind != token::token_kind::word)
        throw refused{{first.at, "a directive is missing before this"}};
      into.block.push_back(read_directive(std::move(first), depth));
    }
  }

  nginx_directive read_directive(token first, std::size_t depth) {
    nginx_directive out;
    out.name = std::move(first.text);
    out.at = first.at;
    while (true) {
      token part = next();
      if (part.kind == token::token_kind::word) {
        out.arguments.push_back(std::move(part.text));
        continue;
      }
      if (part.kind == token::token_kind::semicolon) return out;
      if (part.kind != token::token_kind::open)
        throw refused{{out.at, fmt::format("the {} does not end with ;", shown(out.name))}};
      out.is_block = true;
      if (out.name.ends_with("_by_lua_block"))
        tokens_.skip_lua(part.at);
      else
        read_block(out, depth + 1);
      return out;
    }
  }

  token next() {
    token out = tokens_.next();
    if (++words_ > limits_.max_words)
      throw refused{{out.at, fmt::format("more than {} words", limits_.max_words)}};
    return out;
  }

  lexer tokens_;
  const nginx_limits& limits_;
  std::size_t words_ = 0;
};

}  // namespace

std::string_view nginx_directive::argument(std::size_t index) const {
  return index < arguments.size() ? std::string_view(arguments[index]) : std::string_view();
}

bool nginx_directive::has_argument(std::string_view value) const {
  return std::ranges::find(arguments, value) != arguments.end();
}

const nginx_directive* nginx_directive::find(std::string_view wanted) const {
  const auto found = std::ranges::find(block, wanted, &nginx_directive::name);
  return found == block.end() ? nullptr : &*found;
}

std::expected<nginx_directive, nginx_syntax_error> parse_nginx(std::string_view text,
                                                               const nginx_limits& limits) {
  if (text.size() > limits.max_bytes)
    return std::unexpected(
        nginx_syntax_error{{}, fmt::format("the file is larger than {} bytes", limits.max_bytes)});
  if (text.contains('\0')) return std::unexpected(nginx_syntax_error{{}, "the file is not text"});
  try {
    return parser(text, limits).whole();
  } catch (const refused& reason) {
    return std::unexpected(reason.why);
  }
}

}  // namespace guildfleet::ops
