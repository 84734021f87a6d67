// Embeds and components.
#include <algorithm>
#include <fmt/format.h>

#include "sim/rest/message_form.hpp"
#include "sim/world/client_input.hpp"

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
    if (is_menu(type)) check_menu(part);
    if (type == 4) check_text_input(part);
    if (type == 10) {
      part.require("content");
      part.take_text("content", {1, 4000}, ignored_);
    }
    if (type == 18) {
      part.require("label");
      part.take_text("label", {1, 45}, ignored_);
      part.take_text("description", {0, 100}, ignored_);
    }
    const auto parts = part.objects("components", {1, type == 1 ? 5U : 40U});
    if (type == 1 && parts.size() > 1 && std::ranges::any_of(parts, [](const form& inner) {
          return is_menu(int_field(inner.source(), "type"));
        })) {
      part.fail("components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "A row holds buttons or one menu.");
    }
    for (const auto& inner : parts) check(inner);
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

  void check_range(const form& part, std::string_view least, std::string_view most, std::int64_t otherwise) {
    if (int_field(part.source(), least, 0) > int_field(part.source(), most, otherwise))
      part.fail(least, "BASE_TYPE_BAD_LENGTH", fmt::format("{} must not be above {}.", least, most));
  }

  void check_text_input(const form& part) {
    part.require("custom_id");
    part.require("style");
    part.take_choice("style", {1, 2}, ignored_);
    part.take_text("value", {0, 4000}, ignored_, true);
    part.take_text("placeholder", {0, 100}, ignored_);
    part.take_int("min_length", {0, 4000}, ignored_);
    part.take_int("max_length", {1, 4000}, ignored_);
    check_range(part, "min_length", "max_length", 4000);
    if (!modal_) part.fail("type", "BASE_TYPE_CHOICES", "Text inputs stand in modals only.");
  }

  void check_menu(const form& part) {
    part.require("custom_id");
    part.take_text("placeholder", {0, 150}, ignored_);
    part.take_int("min_values", {0, 25}, ignored_);
    part.take_int("max_values", {1, 25}, ignored_);
    check_range(part, "min_values", "max_values", 1);
    if (modal_ && bool_field(part.source(), "disabled"))
      part.fail("disabled", "BASE_TYPE_CHOICES", "A menu in a modal cannot be disabled.");
    if (modal_ && bool_field(part.source(), "required", true) &&
        int_field(part.source(), "min_values", 1) == 0)
      part.fail("min_values", "NUMBER_TYPE_MIN", "What is required has at least one value.");
    if (int_field(part.source(), "type") == 3) check_menu_options(part);
  }

  void check_menu_options(const form& menu) {
    menu.require("options");
    std::vector<std::string> values;
    const auto options = menu.objects("options", {1, 25});
    for (const auto& option : options) {
      option.require("label");
      option.require("value");
      option.take_text("label", {1, 100}, ignored_);
      option.take_text("value", {1, 100}, ignored_);
      option.take_text("description", {0, 100}, ignored_, true);
      auto value = text_field(option.source(), "value");
      if (std::ranges::find(values, value) != values.end())
        option.fail("value", "COMPONENT_OPTION_VALUE_DUPLICATED", "The value is in the menu already.");
      values.push_back(std::move(value));
    }
    if (int_field(menu.source(), "max_values", 1) > static_cast<std::int64_t>(options.size()))
      menu.fail("max_values", "NUMBER_TYPE_MAX", "There are not so many options.");
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
