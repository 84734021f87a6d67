// Embeds and components.
#include <fmt/format.h>

#include "sim/rest/message_form.hpp"

namespace guildfleet::sim {

namespace {

struct counted_text {
  std::string_view key;
  std::size_t max;
};

void check_texts(const form& part, std::initializer_list<counted_text> texts, std::size_t& total) {
  json::object taken;
  for (const auto& text : texts) {
    if (part.take_text(text.key, {0, text.max}, taken)) total += text_length(text_field(taken, text.key));
  }
}

void check_embed(const form& embed, std::size_t& total) {
  json::object taken;
  check_texts(embed, {{"title", 256}, {"description", 4096}}, total);
  embed.take_text("url", {0, 2048}, taken);
  embed.take_int("color", {0, 16'777'215}, taken);
  if (const auto footer = embed.object("footer")) {
    footer->require("text");
    check_texts(*footer, {{"text", 2048}}, total);
  }
  if (const auto author = embed.object("author")) {
    author->require("name");
    check_texts(*author, {{"name", 256}}, total);
  }
  for (const auto& field : embed.objects("fields", {0, 25})) {
    field.require("name");
    field.require("value");
    check_texts(field, {{"name", 256}, {"value", 1024}}, total);
  }
  if (embed.has("timestamp") && !embed.is_null("timestamp") &&
      !parse_timestamp(text_field(embed.source(), "timestamp"))) {
    embed.fail("timestamp", "DATE_TIME_TYPE_PARSE", "Could not parse the timestamp. Should be ISO8601.");
  }
}

class component_checker final {
 public:
  explicit component_checker(bool modal) : modal_(modal) {}

  void check(const form& part) {
    ++count_;
    part.require("type");
    check_custom_id(part);
    const auto type = int_field(part.source(), "type");
    if (type == 2) check_button(part);
    if (type == 3) check_string_select(part);
    if (type == 4) part.take_text("value", {0, 4000}, ignored_, true);
    if (type == 10) {
      part.require("content");
      part.take_text("content", {1, 4000}, ignored_);
    }
    if (type == 18) {
      part.require("label");
      part.take_text("label", {1, 45}, ignored_);
      part.take_text("description", {0, 100}, ignored_);
    }
    for (const auto& inner : part.objects("components", {1, type == 1 ? 5U : 40U})) check(inner);
    if (const auto accessory = part.object("accessory")) check(*accessory);
    if (const auto inner = part.object("component")) check(*inner);
  }
  [[nodiscard]] int count() const { return count_; }

 private:
  void check_custom_id(const form& part) {
    if (!part.take_text("custom_id", {1, 100}, ignored_)) return;
    auto text = text_field(part.source(), "custom_id");
    if (std::ranges::find(seen_, text) != seen_.end()) {
      part.fail("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated");
    }
    seen_.push_back(std::move(text));
  }

  void check_button(const form& part) {
    part.require("style");
    part.take_text("label", {0, 80}, ignored_);
    part.take_text("url", {0, 512}, ignored_);
    const auto style = int_field(part.source(), "style");
    if (style == 5) part.require("url");
    if (style >= 1 && style <= 4) part.require("custom_id");
    if (style < 1 || style > 6)
      part.fail("style", "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4, 5, 6}.");
    if (modal_) part.fail("type", "BASE_TYPE_CHOICES", "Buttons cannot be used in modals.");
  }

  void check_string_select(const form& part) {
    part.require("custom_id");
    part.require("options");
    part.take_text("placeholder", {0, 150}, ignored_);
    part.take_int("min_values", {0, 25}, ignored_);
    part.take_int("max_values", {1, 25}, ignored_);
    for (const auto& option : part.objects("options", {1, 25})) {
      option.require("label");
      option.require("value");
      option.take_text("label", {1, 100}, ignored_);
      option.take_text("value", {1, 100}, ignored_);
      option.take_text("description", {0, 100}, ignored_, true);
    }
  }

  bool modal_;
  int count_ = 0;
  std::vector<std::string> seen_;
  json::object ignored_;
};

}  // namespace

void check_embeds(const form& body) {
  std::size_t total = 0;
  for (const auto& embed : body.objects("embeds", {0, 10})) check_embed(embed, total);
  if (total > 6000) {
    body.fail("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000");
  }
}

void check_components(const form& body, bool modal) {
  const bool v2 = (static_cast<bits>(int_field(body.source(), "flags")) & message_flag::components_v2) != 0;
  component_checker checker(modal);
  for (const auto& row : body.objects("components", {modal ? 1U : 0U, v2 ? 40U : 5U})) {
    checker.check(row);
    if (!v2 && !modal && int_field(row.source(), "type") != 1) {
      row.fail("type", "BASE_TYPE_CHOICES", "Value of field \"type\" must be one of (1,).");
    }
  }
  if (v2 && checker.count() > 40) {
    body.fail("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
              "The total number of components cannot exceed 40");
  }
}

}  // namespace guildfleet::sim
