// guildfleet config get|set|reset|history|undo|export|import: the settings of a guild, in the store itself,
// whether a node runs or not. A running node follows within a second.
#include "cli/config_command.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <ostream>

#include "api/v1/config_json.hpp"
#include "cli/setting_text.hpp"
#include "settings/show.hpp"

namespace guildfleet::cli {
namespace {

using settings::feature_schema;
namespace json = boost::json;

exit_code no_feature(data_session& session, const std::string& feature, const terminal& to) {
  std::string names;
  for (const feature_schema* each : session.desk().schemas().all())
    names += (names.empty() ? "" : ", ") + std::string(each->feature);
  to.err << fmt::format("guildfleet: no feature \"{}\" has settings (there are {})\n", feature, names);
  return exit_code::usage;
}

exit_code get(const config_request& request, data_session& session, const terminal& to) {
  json::array all;
  for (const feature_schema* schema : session.desk().schemas().all()) {
    if (!request.feature.empty() && request.feature != schema->feature) continue;
    const auto current = session.run(session.desk().read(request.guild_id(), std::string(schema->feature)));
    if (!current) return tell_failure(to, current.error());
    if (request.data.json()) {
      all.push_back(api::v1::settings_json(*schema, *current));
      continue;
    }
    to.out << painted(to, colour::bold, schema->feature) << "  version " << current->version;
    if (current->version > 0)
      to.out << fmt::format(", {} by {} ({})", time_text(current->changed_at), current->author.who,
                            store::name_of(current->author.origin));
    to.out << '\n' << settings::show(*schema, current->values, base::language::english) << "\n";
    all.emplace_back(nullptr);
  }
  if (all.empty()) return no_feature(session, request.feature, to);
  if (request.data.json()) to.out << json::serialize(json::object{{"features", all}}) << '\n';
  return exit_code::fine;
}

exit_code set(const config_request& request, const program_facts& facts, data_session& session,
              const terminal& to) {
  const auto path = parse_setting_path(request.path);
  if (!path) {
    to.err << "guildfleet: write what to set as FEATURE.FIELD, such as guild-config.language\n";
    return exit_code::usage;
  }
  const feature_schema* schema = session.desk().schemas().find(path->feature);
  if (schema == nullptr) return no_feature(session, path->feature, to);
  const settings::field* field = schema->find(path->field);
  const json::value value = request.unset      ? json::value(nullptr)
                            : field == nullptr ? json::value(request.value)
                                               : typed_value(*field, request.value);
  const store::change_author author{login_name(facts), store::change_origin::cli};
  settings::settings_desk& desk = session.desk();
  const auto patched = [&](json::object values) -> base::result<json::object> {
    values[path->field] = value;
    return values;
  };
  if (!request.if_version) {
    return tell_change(session.run(desk.edit(request.guild_id(), path->feature, author, patched)),
                       request.data, session, to);
  }
  const auto current = session.run(desk.read(request.guild_id(), path->feature));
  if (!current) return tell_failure(to, current.error());
  const auto wanted = patched(current->values);
  return tell_change(
      session.run(desk.put_if(request.guild_id(), path->feature, *request.if_version, author, *wanted)),
      request.data, session, to);
}

exit_code reset(const config_request& request, const program_facts& facts, data_session& session,
                const terminal& to) {
  if (session.desk().schemas().find(request.feature) == nullptr)
    return no_feature(session, request.feature, to);
  const store::change_author author{login_name(facts), store::change_origin::cli};
  return tell_change(
      session.run(session.desk().reset(request.guild_id(), request.feature, request.if_version, author)),
      request.data, session, to);
}

exit_code undo(const config_request& request, const program_facts& facts, data_session& session,
               const terminal& to) {
  const store::change_author author{login_name(facts), store::change_origin::undo};
  return tell_change(session.run(session.desk().undo(request.guild_id(), request.change, author)),
                     request.data, session, to);
}

// What a change did, on one line.
std::string words_of(const store::audit_row& row, const settings::schema_catalogue& schemas) {
  if (!row.after) return "reset";
  const feature_schema* schema = schemas.find(row.key.feature);
  if (schema == nullptr) return "";
  const auto parsed = [schema](const std::optional<std::string>& document) {
    return settings::with_defaults(
        *schema, document ? settings::parse_document(*document).value_or(json::object()) : json::object());
  };
  std::string text = settings::describe(*schema, settings::difference(parsed(row.before), parsed(row.after)),
                                        base::language::english);
  std::ranges::replace(text, '\n', ';');
  return text;
}

exit_code history(const config_request& request, data_session& session, const terminal& to) {
  store::audit_filter filter;
  filter.guild = request.guild_id();
  filter.feature = request.feature;
  filter.limit = request.limit;
  const auto rows = session.run(session.desk().history(std::move(filter)));
  if (!rows) return tell_failure(to, rows.error());
  if (request.data.json()) {
    json::array changes;
    for (const store::audit_row& row : *rows) changes.push_back(api::v1::audit_json(row));
    to.out << json::serialize(json::object{{"changes", std::move(changes)}}) << '\n';
    return exit_code::fine;
  }
  if (rows->empty()) {
    to.out << "nothing was changed yet\n";
    return exit_code::fine;
  }
  std::vector<std::vector<cell>> table{{{"NUMBER", colour::bold},
                                        {"TIME (UTC)", colour::bold},
                                        {"WHO", colour::bold},
                                        {"WAY", colour::bold},
                                        {"FEATURE", colour::bold},
                                        {"CHANGE", colour::bold}}};
  for (const store::audit_row& row : *rows) {
    table.push_back({{std::to_string(row.id)},
                     {time_text(row.at)},
                     {row.author.who},
                     {std::string(store::name_of(row.author.origin))},
                     {row.key.feature},
                     {words_of(row, session.desk().schemas())}});
  }
  print_table(to, table);
  return exit_code::fine;
}

using session_work = exit_code (*)(const config_request&, const program_facts&, data_session&,
                                   const terminal&);

// A subcommand of config; every one is about a guild.
CLI::App* add(CLI::App& app, const char* name, const char* summary, config_request& request) {
  CLI::App* sub = app.add_subcommand(name, summary);
  add_data_options(*sub, request.data);
  sub->add_option("--guild", request.guild, "the server's id")
      ->required()
      ->check(CLI::Validator(
          [](const std::string& text) {
            return discord::parse_snowflake(text) ? std::string() : "a guild is a number, its id";
          },
          "ID"));
  return sub;
}

void add_if_version(CLI::App& app, config_request& request) {
  app.add_option("--if-version", request.if_version, "only while the settings have this version");
}

}  // namespace

exit_code tell_change(const base::result<settings::change_result>& outcome, const data_options& options,
                      data_session& session, const terminal& to) {
  if (!outcome) return tell_failure(to, outcome.error());
  if (const auto* wrong = std::get_if<settings::problems>(&*outcome)) {
    to.err << "nothing was saved:\n" << settings::to_text(*wrong, base::language::english) << '\n';
    return exit_code::usage;
  }
  if (const auto* conflict = std::get_if<store::settings_conflict>(&*outcome)) {
    const store::settings_row& now = conflict->current;
    to.err << fmt::format("nothing was saved: {} changed {} at {} ({}); it has version {} now\n",
                          now.version == 0 ? "nobody" : now.author.who, now.key.feature,
                          time_text(now.changed_at), store::name_of(now.author.origin), now.version);
    return exit_code::failed;
  }
  const auto& done = std::get<settings::changed>(*outcome);
  const feature_schema& schema = *session.desk().schemas().find(done.now.feature);
  if (options.json()) {
    json::object body = api::v1::settings_json(schema, done.now);
    body["changes"] = api::v1::changes_json(done.changes);
    to.out << json::serialize(body) << '\n';
  } else if (done.changes.empty()) {
    to.out << "it was so already; nothing was changed\n";
  } else {
    to.out << settings::describe(schema, done.changes, base::language::english)
           << fmt::format("\nsaved, version {}\n", done.now.version);
  }
  return exit_code::fine;
}

command_action attach_config(CLI::App& app, const program_facts& facts) {
  const auto request = std::make_shared<config_request>();
  std::vector<std::pair<CLI::App*, session_work>> subs;
  app.require_subcommand(1);
  CLI::App* sub = add(app, "get", "show settings", *request);
  sub->add_option("feature", request->feature, "only this one");
  subs.emplace_back(sub, [](const config_request& what, const program_facts&, data_session& session,
                            const terminal& to) { return get(what, session, to); });
  sub = add(app, "set", "change one field", *request);
  sub->add_option("what", request->path, "FEATURE.FIELD")->required();
  CLI::Option* value = sub->add_option("value", request->value, "true, 5, a text; JSON for lists");
  sub->add_flag("--unset", request->unset, "give it its default again")->excludes(value);
  add_if_version(*sub, *request);
  sub->callback([value, request] {
    if (value->count() == 0 && !request->unset) throw CLI::RequiredError("value (or --unset)");
  });
  subs.emplace_back(sub, set);
  sub = add(app, "reset", "give a feature its defaults again", *request);
  sub->add_option("feature", request->feature, "which")->required();
  add_if_version(*sub, *request);
  subs.emplace_back(sub, reset);
  sub = add(app, "history", "who changed what and when", *request);
  sub->add_option("feature", request->feature, "only this one");
  sub->add_option("--limit", request->limit, "how many")->check(CLI::Range(1, 1'000))->capture_default_str();
  subs.emplace_back(sub, [](const config_request& what, const program_facts&, data_session& session,
                            const terminal& to) { return history(what, session, to); });
  sub = add(app, "undo", "take one change back", *request);
  sub->add_option("number", request->change, "as the history shows it")->required();
  subs.emplace_back(sub, undo);
  sub = add(app, "export", "write all settings of a guild as JSON", *request);
  subs.emplace_back(sub, [](const config_request& what, const program_facts&, data_session& session,
                            const terminal& to) { return export_config(what, session, to); });
  sub = add(app, "import", "take an export over: all of it or nothing", *request);
  sub->add_option("file", request->file, "an export; - is standard input")->required();
  sub->add_flag("--dry-run", request->dry_run, "only tell what would change");
  sub->add_flag("--yes", request->yes, "do not ask");
  subs.emplace_back(sub, import_config);
  return [request, subs, &facts](const terminal& to) {
    const auto chosen = std::ranges::find_if(subs, [](const auto& each) { return each.first->parsed(); });
    // A store may be filled before its first node runs.
    const std::string name = chosen->first->get_name();
    if (name == "set" || name == "import") request->data.absent = absent_file::make;
    return with_data(request->data, facts, to, [&](data_session& session, const terminal& on) {
      return chosen->second(*request, facts, session, on);
    });
  };
}

}  // namespace guildfleet::cli
