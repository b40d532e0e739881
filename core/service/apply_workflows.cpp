#include "core/service/workflows.h"

#include <algorithm>
#include <set>

#include "core/base/encoding.h"
#include "core/base/json.h"
#include "core/language/call_graph.h"
#include "core/language/document_text.h"
#include "core/language/wait_link.h"
#include "core/language/workflow_parser.h"
#include "core/security/digest.h"
#include "core/service/schedules.h"
#include "core/service/webhook_verification.h"

namespace ipaas::service {
namespace {

using Definitions = std::vector<std::pair<const Document*, language::WorkflowPtr>>;

Error conflict_of_names(const Document& document, const std::string& name) {
  return {.kind = ErrorKind::kInvalid,
          .message = "the workflow '" + name + "' is in this apply twice",
          .hint = "give each workflow a name of its own; nothing was applied",
          .code = "duplicate_workflow",
          .file = document.file,
          .position = {1, 1}};
}

Definitions parse_all(const Context& context, const ApplyRequest& request, std::vector<Error>& errors) {
  Definitions definitions;
  std::set<std::string> names;
  for (const Document& document : request.documents) {
    auto parsed = language::parse_workflows(document.source, document.file, context.catalog);
    if (!parsed) {
      errors.insert(errors.end(), parsed.error().begin(), parsed.error().end());
      continue;
    }
    for (language::WorkflowPtr& definition : *parsed) {
      if (!names.insert(definition->name).second) errors.push_back(conflict_of_names(document, definition->name));
      definitions.emplace_back(&document, std::move(definition));
    }
  }
  return definitions;
}

/// What the command reads: `{"token": "…"}`.
std::string fields_text(const connectors::CredentialType& type) {
  std::vector<std::string> names;
  for (const auto& choice : type.one_of) names.push_back(choice.front());
  for (const connectors::CredentialField& field : type.fields) {
    if (field.required) names.push_back(field.name);
  }
  if (names.empty()) names.emplace_back("secret");
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "{\"" : ", \"") + name + "\": \"…\"";
  return text + "}";
}

/// The command in backticks, and the JSON that it takes.
std::string how_to_create(const Context& context, const language::CredentialUse& use) {
  const std::string command = "`ipaas credential create " + use.name + " --type " + use.types.front() + " --from-file -`";
  const auto& types = context.catalog.credential_types();
  const auto type = std::find_if(types.begin(), types.end(), [&](const auto& known) { return known.name == use.types.front(); });
  return type == types.end() ? command : command + ", which reads " + fields_text(*type);
}

/// A webhook whose credential holds no key that fits would refuse every delivery.
Result<void> can_verify(const Context& context, const language::WebhookOn& on) {
  const auto credential = context.reader.credential(context.caller.tenant, on.credential);
  const auto fields = credential ? parse_json(credential->fields.reveal()) : tl::unexpected(credential.error());
  return fields ? check_verification(on, *fields) : tl::unexpected(fields.error());
}

/// Twilio signs the URL that it was given, which only the operator knows.
void check_public_url(const Context& context, const Document& document, const language::Workflow& definition,
                      std::vector<Error>& errors) {
  if (!context.public_url.empty() || !definition.webhook || definition.webhook->scheme != "twilio") return;
  errors.push_back({.kind = ErrorKind::kInvalid,
                    .message = "the scheme twilio needs the daemon's public URL, and none is configured",
                    .hint = "set public_url in the daemon's configuration",
                    .code = "public_url_missing",
                    .file = document.file,
                    .position = definition.webhook->position});
}

/// Waits whose link nobody can be told, because the instance does not know its own address.
std::vector<Error> warnings_of(const Document& document, const language::Workflow& definition) {
  std::vector<Error> warnings;
  for (const language::Step* step : language::all_steps(definition)) {
    const auto* wait = std::get_if<language::WaitForStep>(&step->action);
    if (wait == nullptr) continue;
    const bool callback = wait->kind == language::WaitForStep::Kind::kCallback;
    const bool told = language::tells_link(*wait);
    if (!callback && !told) continue;
    warnings.push_back({.kind = ErrorKind::kInvalid,
                        .message = "the step '" + step->id + "' " +
                                   (told ? "tells `wait.url`, which is null" : "waits for a callback, whose link is null") +
                                   ": the daemon does not know its public URL",
                        .hint = std::string("set public_url in the daemon's configuration; without it only ") +
                                (callback ? "`ipaas execution signal`" : "`ipaas approval`") + " answers it",
                        .code = "public_url_missing",
                        .file = document.file,
                        .position = step->position});
  }
  return warnings;
}

/// One error a missing or unfit credential, at the place where the workflow names it; and what else of the instance a
/// webhook needs.
void check_credentials(const Context& context, const std::vector<domain::Credential>& known,
                       const Definitions& definitions, std::vector<Error>& errors) {
  for (const auto& [document, definition] : definitions) {
    check_public_url(context, *document, *definition, errors);
    for (const language::CredentialUse& use : definition->credentials) {
      const auto found = std::find_if(known.begin(), known.end(), [&](const auto& c) { return c.name == use.name; });
      Error error{.kind = ErrorKind::kInvalid, .message = {}, .file = document->file, .position = use.position};
      if (found == known.end()) {
        error.message = "the credential '" + use.name + "' does not exist";
        error.hint = "create it with " + how_to_create(context, use);
        error.code = "credential_missing";
      } else if (std::find(use.types.begin(), use.types.end(), found->type) == use.types.end()) {
        error.message = "the credential '" + use.name + "' is of type " + found->type + ", which does not fit here";
        error.hint = "name one of type " + use.types.front() + ", or create it with " + how_to_create(context, use);
        error.code = "credential_type";
      } else if (definition->webhook && definition->webhook->credential == use.name) {
        const auto verifies = can_verify(context, *definition->webhook);
        if (verifies) continue;
        error.message = "the credential '" + use.name + "' " + verifies.error().message;
        error.hint = verifies.error().hint;
        error.code = verifies.error().code;
      } else {
        continue;
      }
      errors.push_back(std::move(error));
    }
  }
}

/// The definition of a living workflow; null where there is none, or its text is none that this version reads.
Result<language::WorkflowPtr> living_definition(const Context& context, const std::string& name) {
  const auto known = context.reader.workflow(context.caller.tenant, name);
  if (!known) {
    return known.error().kind == ErrorKind::kNotFound ? Result<language::WorkflowPtr>(nullptr)
                                                      : tl::unexpected(known.error());
  }
  auto definition = definition_of(context.reader, context.catalog, context.caller.tenant, known->id, known->version);
  if (!definition && definition.error().kind != ErrorKind::kUnavailable) return nullptr;
  return definition;
}

/// What calls between workflows do wrong, those that are living and those that are applied.
Result<void> check_calls_between(const Context& context, const Definitions& definitions, std::vector<Error>& errors) {
  std::vector<language::CallingDocument> documents;
  for (const auto& [document, definition] : definitions) documents.push_back({document->file, definition});
  const auto found = language::check_calls(
      documents, [&](const std::string& name) { return living_definition(context, name); });
  if (!found) return tl::unexpected(found.error());
  errors.insert(errors.end(), found->begin(), found->end());
  return {};
}

/// Notes what each workflow calls and nobody has made yet, which is no error: it may be made later.
Result<void> note_missing_calls(const Context& context, const Definitions& definitions,
                                std::vector<store::SavedWorkflow>& saved) {
  std::set<std::string> applied;
  for (const auto& [document, definition] : definitions) applied.insert(definition->name);
  for (const auto& [document, definition] : definitions) {
    for (const std::string& name : language::called_by(*definition)) {
      if (applied.contains(name)) continue;
      const auto known = context.reader.workflow(context.caller.tenant, name);
      if (known) continue;
      if (known.error().kind != ErrorKind::kNotFound) return tl::unexpected(known.error());
      const auto caller = std::find_if(saved.begin(), saved.end(),
                                       [&](const auto& item) { return item.name == definition->name; });
      if (caller != saved.end()) caller->missing_calls.push_back(name);
    }
  }
  return {};
}

store::SaveWorkflows::Item item_of(const Context& context, const language::Workflow& definition) {
  store::SaveWorkflows::Item item;
  item.id = context.ids.make<WorkflowId>();
  item.name = definition.name;
  item.description = definition.description;
  item.source = language::document_text(definition.source);
  item.digest = hex_encode(security::digest(security::Digest::kSha256, item.source).view());
  if (definition.webhook) item.triggers.push_back(domain::TriggerKind::kWebhook);
  if (!definition.schedules.empty()) item.triggers.push_back(domain::TriggerKind::kSchedule);
  if (definition.manual) item.triggers.push_back(domain::TriggerKind::kManual);
  if (definition.on_workflow) {
    item.triggers.push_back(domain::TriggerKind::kWorkflow);
    item.listener = domain::EndListener{.tenant = context.caller.tenant,
                                        .workflow = item.id,
                                        .workflow_name = item.name,
                                        .names = definition.on_workflow->names,
                                        .when = definition.on_workflow->when};
  }
  return item;
}

/// Schedules that are there keep where they stand, and may fire at another time of it, as their jitter says now.
Result<void> add_schedules(const Context& context, const language::Workflow& definition,
                           const domain::Workflow* known, store::SaveWorkflows::Item& item) {
  std::vector<domain::Schedule> standing;
  if (known != nullptr) {
    auto read = context.reader.schedules(context.caller.tenant, known->id);
    if (!read) return tl::unexpected(read.error());
    standing = *std::move(read);
  }
  for (const language::ScheduleOn& on : definition.schedules) {
    const auto found = std::find_if(standing.begin(), standing.end(), [&](const domain::Schedule& schedule) {
      return schedule.cron == on.cron && schedule.timezone == on.timezone;
    });
    std::vector<domain::Schedule> one{
        {context.ids.make<ScheduleId>(), context.caller.tenant, item.id, on.cron, on.timezone, {}}};
    if (found == standing.end()) {
      stand_after(one, &definition, context.clock.now());
    } else {
      one.front() = *found;
      const auto rule = ScheduleRule::of(found->id, on);
      if (rule && found->next_due) one.front().fires_at = rule->fires(*found->next_due);
    }
    item.schedules.push_back(std::move(one.front()));
  }
  return {};
}

Result<void> check_set(const ApplyRequest& request) {
  constexpr std::size_t kLongest = 63;
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./";
  const std::string& set = request.set;
  if (set.empty() && request.prune) {
    return fail(ErrorKind::kInvalid, "pruning needs a set", "name the set whose workflows these are all of",
                "prune_without_set");
  }
  if (set.size() > kLongest || set.find_first_not_of(kAllowed) != std::string::npos) {
    return fail(ErrorKind::kInvalid, "this cannot be the name of a set",
                "use letters, digits, hyphens, underscores, dots and slashes, up to 63", "bad_set");
  }
  return {};
}

/// The workflows of the set that are not saved, by name.
Result<std::vector<domain::Workflow>> prunable(const Context& context, const store::SaveWorkflows& save) {
  auto workflows = context.reader.workflows(context.caller.tenant);
  if (!workflows) return workflows;
  std::erase_if(*workflows, [&](const domain::Workflow& workflow) {
    return workflow.set != save.set || std::any_of(save.items.begin(), save.items.end(),
                                                   [&](const auto& item) { return item.name == workflow.name; });
  });
  return workflows;
}

/// What saving would do, without saving.
Result<std::vector<store::SavedWorkflow>> preview(const Context& context, const store::SaveWorkflows& save,
                                                  const std::vector<domain::Workflow>& pruned) {
  using enum store::SavedWorkflow::Action;
  std::vector<store::SavedWorkflow> saved;
  for (const auto& item : save.items) {
    const auto known = context.reader.workflow(context.caller.tenant, item.name);
    if (!known) {
      if (known.error().kind != ErrorKind::kNotFound) return tl::unexpected(known.error());
      saved.push_back({WorkflowId(), item.name, 1, kCreated});
      continue;
    }
    const auto version = context.reader.workflow_version(context.caller.tenant, known->id, known->version);
    if (!version) return tl::unexpected(version.error());
    const bool same = version->digest == item.digest;
    saved.push_back({known->id, item.name, known->version + (same ? 0 : 1), same ? kUnchanged : kUpdated});
    if (!save.set.empty() && known->set != save.set) saved.back().left_set = known->set;
  }
  for (const domain::Workflow& workflow : pruned)
    saved.push_back({workflow.id, workflow.name, workflow.version, kPruned});
  return saved;
}

Error set_changed(const std::string& set) {
  return {ErrorKind::kConflict,
          "the workflows of the set '" + set + "' are not those that were listed; nothing was applied",
          "apply again and look at the list", "set_changed"};
}

ResultOrErrors<Definitions> checked_definitions(const Context& context, const ApplyRequest& request) {
  const auto refuse = [](Error error) { return tl::unexpected(std::vector<Error>{std::move(error)}); };
  std::vector<Error> errors;
  Definitions definitions = parse_all(context, request, errors);
  const auto known = context.reader.credentials(context.caller.tenant);
  if (!known) return refuse(known.error());
  check_credentials(context, *known, definitions, errors);
  if (auto checked = check_calls_between(context, definitions, errors); !checked) return refuse(checked.error());
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  if (definitions.empty()) {
    return refuse({ErrorKind::kInvalid, "there is no workflow in what was sent", "write one", "empty_apply"});
  }
  return definitions;
}

/// A text that was kept with what belongs to its stream, as earlier versions did, is no older version for that.
Result<void> keep_older_digest(const Context& context, const domain::Workflow& known,
                               store::SaveWorkflows::Item& item) {
  const auto newest = context.reader.workflow_version(context.caller.tenant, known.id, known.version);
  if (!newest) return tl::unexpected(newest.error());
  const bool same = newest->digest != item.digest && language::document_text(newest->source) == item.source;
  if (same) item.digest = newest->digest;
  return {};
}

/// What saving the item means for the workflow that has its name already, if one has.
Result<void> fit_to_known(const Context& context, const language::Workflow& definition,
                          store::SaveWorkflows::Item& item) {
  const auto known = context.reader.workflow(context.caller.tenant, item.name);
  if (!known && known.error().kind != ErrorKind::kNotFound) return tl::unexpected(known.error());
  if (known) {
    if (auto looked = keep_older_digest(context, *known, item); !looked) return looked;
  }
  return add_schedules(context, definition, known ? &*known : nullptr, item);
}

Result<store::SaveWorkflows> save_of(const Context& context, const ApplyRequest& request,
                                     const Definitions& definitions) {
  store::SaveWorkflows save;
  save.tenant = context.caller.tenant;
  save.author = context.caller.actor;
  save.message = request.message;
  save.set = request.set;
  save.now = context.clock.now();
  for (const auto& [document, definition] : definitions) {
    save.items.push_back(item_of(context, *definition));
    if (auto fits = fit_to_known(context, *definition, save.items.back()); !fits) return tl::unexpected(fits.error());
  }
  return save;
}

Json audited(const store::SaveWorkflows& save) {
  Json details = {{"workflows", Json::array()}, {"message", save.message}};
  for (const auto& item : save.items) details["workflows"].push_back(item.name);
  if (!save.set.empty()) details["set"] = save.set;
  if (!save.prune.empty()) details["pruned"] = save.prune;
  return details;
}

}  // namespace

std::multimap<std::string, Error> apply_warnings(const Context& context, const std::vector<Document>& documents) {
  std::multimap<std::string, Error> warnings;
  if (!context.public_url.empty()) return warnings;
  for (const Document& document : documents) {
    const auto parsed = language::parse_workflows(document.source, document.file, context.catalog);
    if (!parsed) continue;
    for (const language::WorkflowPtr& definition : *parsed) {
      for (Error& warning : warnings_of(document, *definition)) warnings.emplace(definition->name, std::move(warning));
    }
  }
  return warnings;
}

ResultOrErrors<std::vector<store::SavedWorkflow>> apply_workflows(const Context& context, const ApplyRequest& request) {
  const auto refuse = [](Error error) { return tl::unexpected(std::vector<Error>{std::move(error)}); };
  if (auto allowed = require(context.caller, security::Permission::kWorkflowWrite); !allowed)
    return refuse(allowed.error());
  if (auto named = check_set(request); !named) return refuse(named.error());
  const auto definitions = checked_definitions(context, request);
  if (!definitions) return tl::unexpected(definitions.error());

  auto wanted = save_of(context, request, *definitions);
  if (!wanted) return refuse(wanted.error());
  store::SaveWorkflows save = *std::move(wanted);
  std::vector<domain::Workflow> pruned;
  if (request.prune) {
    auto found = prunable(context, save);
    if (!found) return refuse(found.error());
    pruned = *std::move(found);
  }
  for (const domain::Workflow& workflow : pruned) save.prune.push_back(workflow.name);
  if (request.dry_run) {
    auto saved = preview(context, save, pruned);
    if (!saved) return refuse(saved.error());
    if (auto noted = note_missing_calls(context, *definitions, *saved); !noted) return refuse(noted.error());
    return *std::move(saved);
  }
  if (request.confirmed && *request.confirmed != save.prune) return refuse(set_changed(request.set));
  save.audit = audit(context, "workflow.apply", "", audited(save));
  if (request.rolls_back_to) {
    save.audit = audit(context, "workflow.rollback", save.items.front().name,
                       {{"to", *request.rolls_back_to}, {"message", save.message}});
  }
  auto outcome = store::write_and_wait(context.writer, std::move(save));
  if (!outcome) return refuse(outcome.error());
  context.runtime.workflows_changed();
  // It is applied, whether or not this can be read.
  static_cast<void>(note_missing_calls(context, *definitions, outcome->workflows));
  return std::move(outcome->workflows);
}

}  // namespace ipaas::service
