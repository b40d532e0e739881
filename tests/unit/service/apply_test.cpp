// Applying workflows, and what becomes of them.
#include "tests/unit/service/service_case.h"

using namespace ipaas;
using namespace ipaas::test;

TEST_CASE("applying creates, updates and leaves alone") {
  ServiceCase with;
  CHECK(with.apply({workflow_text("a"), workflow_text("b")}) == "created a, created b");
  CHECK(with.runtime.workflow_changes == 1);
  CHECK(with.apply({workflow_text("a"), workflow_text("b", "{ manual: {} }", "steps: [ { log: bye } ]\n")}) ==
        "unchanged a, updated b");
  const auto details = service::get_workflow(with.owner(), "b");
  REQUIRE(details);
  CHECK(details->workflow.version == 2);
  CHECK(details->version.author == "uid:7");
  CHECK(details->version.source.find("bye") != std::string::npos);
}

TEST_CASE("several documents of one file are several workflows") {
  ServiceCase with;
  CHECK(with.apply({workflow_text("a") + "---\n" + workflow_text("b")}) == "created a, created b");
}

TEST_CASE("nothing is applied when one of them is wrong") {
  ServiceCase with;
  CHECK(with.apply({workflow_text("good"), workflow_text("bad", "{ manual: {} }", "stesp: []\n")}) != "created good");
  CHECK(with.workflow_names().empty());
  CHECK(with.runtime.workflow_changes == 0);
}

TEST_CASE("a name that occurs twice in one apply is refused, with the file of the second") {
  ServiceCase with;
  CHECK(with.apply({workflow_text("a"), workflow_text("b"), workflow_text("a")}) == "duplicate_workflow");
  CHECK(with.errors.front().file == "f2.yaml");
  CHECK(with.workflow_names().empty());
}

TEST_CASE("an apply without a workflow says so") {
  ServiceCase with;
  CHECK(with.apply({}) == "empty_apply");
  CHECK(with.apply({""}) != "");
}

TEST_CASE("a credential that is missing comes with the command that creates it, at its place") {
  ServiceCase with;
  CHECK(with.apply({workflow_text("tell", "{ manual: {} }", kSlackSteps)}) == "credential_missing");
  const Error& error = with.errors.front();
  CHECK(error.kind == ErrorKind::kInvalid);
  CHECK(error.message == "the credential 'ops' does not exist");
  CHECK(error.hint == "create it with `ipaas credential create ops --type slack --from-file -`, which reads {\"token\": \"…\"}");
  CHECK(error.file == "f0.yaml");
  CHECK(error.position.line == 3);
  CHECK(with.workflow_names().empty());
}

TEST_CASE("a credential of a type that does not fit is refused") {
  ServiceCase with;
  REQUIRE(service::create_credential(with.owner(), "ops", "bearer", Json{{"token", "a-token"}}));
  CHECK(with.apply({workflow_text("tell", "{ manual: {} }", kSlackSteps)}) == "credential_type");
  CHECK(with.errors.front().message.find("bearer") != std::string::npos);
  CHECK(with.errors.front().hint.find("slack") != std::string::npos);
}

TEST_CASE("a webhook credential that holds no secret is refused, since it would refuse every delivery") {
  ServiceCase with;
  const std::string hook = "{ webhook: { verify: { scheme: github, credential: hook } } }";
  REQUIRE(service::create_credential(with.owner(), "hook", "generic", Json{{"note", "nothing secret"}}));
  CHECK(with.apply({workflow_text("listen", hook)}) == "credential_empty");
  REQUIRE(service::delete_credential(with.owner(), "hook"));
  REQUIRE(service::create_credential(with.owner(), "hook", "generic", Json{{"secret", "a-real-secret"}}));
  CHECK(with.apply({workflow_text("listen", hook)}) == "created listen");
}

TEST_CASE("a credential that is no key of the webhook's scheme is refused, and it is said which is") {
  ServiceCase with;
  REQUIRE(service::create_credential(with.owner(), "hook", "generic", Json{{"secret", "too-short-for-a-path"}}));
  const auto hook = [](const std::string& verify) { return "{ webhook: { verify: { credential: hook, " + verify + " } } }"; };
  for (const char* verify : {"scheme: url-token", "scheme: discord", "scheme: basic", "scheme: jwt, algorithm: RS256"}) {
    INFO(verify);
    CHECK(with.apply({workflow_text("listen", hook(verify))}) == "credential_unfit");
    CHECK(with.errors.front().message.find("hook") != std::string::npos);
    CHECK_FALSE(with.errors.front().hint.empty());
    CHECK(with.errors.front().message.find("too-short") == std::string::npos);
  }
  CHECK(with.apply({workflow_text("listen", hook("scheme: jwt, algorithm: HS256"))}) == "created listen");
}

TEST_CASE("a webhook of Twilio needs to know how senders reach it") {
  ServiceCase with;
  REQUIRE(service::create_credential(with.owner(), "hook", "generic", Json{{"secret", "a-real-secret"}}));
  const std::string source = workflow_text("listen", "{ webhook: { verify: { scheme: twilio, credential: hook } } }");
  CHECK(with.apply({source}) == "public_url_missing");
  CHECK(with.errors.front().position.line == 2);
  CHECK(with.errors.front().hint.find("public_url") != std::string::npos);
  service::Context known = with.owner();
  known.public_url = "https://hooks.example";
  service::ApplyRequest request;
  request.documents.push_back({"f.yaml", source});
  CHECK(service::apply_workflows(known, request));
}

TEST_CASE("an apply warns of links that nobody can open, as long as the instance does not know its address") {
  ServiceCase with;
  const std::string source = workflow_text(
      "asks", "{ manual: {} }",
      "steps:\n"
      "  - { id: quiet, wait-for: { approval: {} } }\n"
      "  - { id: told, wait-for: { approval: {}, notify: [ { parallel: [ { set: { to: ['${{ wait.url }}'] } } ] } ] } }\n"
      "  - { id: back, wait-for: { callback: {} } }\n");
  const std::vector<service::Document> documents{{"f.yaml", source}};
  std::vector<Error> warnings;
  for (const auto& [name, warning] : service::apply_warnings(with.owner(), documents)) {
    CHECK(name == "asks");
    warnings.push_back(warning);
  }
  REQUIRE(warnings.size() == 2);
  CHECK(warnings[0].message.find("'told' tells `wait.url`, which is null") != std::string::npos);
  CHECK(warnings[0].position.line == 5);
  CHECK(warnings[0].file == "f.yaml");
  CHECK(warnings[1].message.find("'back' waits for a callback") != std::string::npos);
  CHECK(warnings[1].hint.find("ipaas execution signal") != std::string::npos);
  service::Context known = with.owner();
  known.public_url = "https://hooks.example";
  CHECK(service::apply_warnings(known, documents).empty());
}

TEST_CASE("a dry run says what would happen and does nothing") {
  ServiceCase with;
  CHECK(with.apply({workflow_text("a")}, true) == "created a");
  CHECK(with.workflow_names().empty());
  with.apply({workflow_text("a")});
  CHECK(with.apply({workflow_text("a")}, true) == "unchanged a");
  CHECK(with.apply({workflow_text("a", "{ manual: {} }", "steps: [ { log: x } ]\n")}, true) == "updated a");
  CHECK(with.reader->workflow(kTenant, "a")->version == 1);
  CHECK(with.runtime.workflow_changes == 1);
  // What is wrong is wrong in a dry run too.
  CHECK(with.apply({workflow_text("tell", "{ manual: {} }", kSlackSteps)}, true) == "credential_missing");
}

TEST_CASE("schedules are due from the moment of the apply, and anew after a pause") {
  ServiceCase with;
  with.apply({workflow_text("tick", R"({ schedule: [ { cron: "0 12 * * *", timezone: Europe/Berlin } ] })")});
  const auto due = [&] { return service::get_workflow(with.owner(), "tick")->schedules.at(0).next_due; };
  CHECK(due() == from_millis(1'767'225'600'000) + std::chrono::hours(11));
  REQUIRE(service::set_workflow_enabled(with.owner(), "tick", false));
  CHECK_FALSE(with.reader->workflow(kTenant, "tick")->enabled);
  with.clock.advance(std::chrono::hours(48));
  REQUIRE(service::set_workflow_enabled(with.owner(), "tick", true));
  CHECK(due() == from_millis(1'767'225'600'000) + std::chrono::hours(59));
  CHECK(with.runtime.workflow_changes == 3);
}

TEST_CASE("a deleted workflow is gone by its name and can come back") {
  ServiceCase with;
  with.apply({workflow_text("a")});
  REQUIRE(service::delete_workflow(with.owner(), "a"));
  CHECK(service::get_workflow(with.owner(), "a").error().kind == ErrorKind::kNotFound);
  CHECK(service::delete_workflow(with.owner(), "a").error().kind == ErrorKind::kNotFound);
  CHECK(service::set_workflow_enabled(with.owner(), "a", true).error().kind == ErrorKind::kNotFound);
  CHECK(with.apply({workflow_text("a")}) == "created a");
}

TEST_CASE("a pruning apply deletes the rest of its set, after a dry run has said so") {
  ServiceCase with;
  const auto in_set = [&](std::vector<std::string> sources, service::ApplyRequest request) {
    return with.apply(std::move(sources), std::move(request));
  };
  CHECK(in_set({workflow_text("a"), workflow_text("b"), workflow_text("c")}, {.set = "shop"}) ==
        "created a, created b, created c");
  CHECK(in_set({workflow_text("d")}, {.set = "ops"}) == "created d");
  CHECK(with.apply({workflow_text("e")}) == "created e");
  CHECK(in_set({workflow_text("b")}, {.dry_run = true, .set = "shop", .prune = true}) ==
        "unchanged b, pruned a, pruned c");
  CHECK(with.workflow_names() == "a b c d e ");
  CHECK(in_set({workflow_text("b"), workflow_text("f")}, {.set = "shop", .prune = true}) ==
        "unchanged b, created f, pruned a, pruned c");
  CHECK(with.workflow_names() == "b d e f ");
  CHECK(in_set({workflow_text("b")}, {.set = "shop"}) == "unchanged b");
  CHECK(with.workflow_names() == "b d e f ");
}

TEST_CASE("what would delete by accident is refused and deletes nothing") {
  ServiceCase with;
  with.apply({workflow_text("a"), workflow_text("b")}, {.set = "shop"});
  CHECK(with.apply({}, {.set = "shop", .prune = true}) == "empty_apply");
  CHECK(with.apply({workflow_text("a")}, {.prune = true}) == "prune_without_set");
  CHECK(with.apply({workflow_text("a")}, {.set = "no spaces", .prune = true}) == "bad_set");
  CHECK(with.apply({workflow_text("a")}, {.set = std::string(64, 'x')}) == "bad_set");
  CHECK(with.apply({"name: a\nstesp: []\n"}, {.set = "shop", .prune = true}) != "");
  CHECK(with.apply({workflow_text("tell", "{ manual: {} }", kSlackSteps)}, {.set = "shop", .prune = true}) ==
        "credential_missing");
  CHECK(with.workflow_names() == "a b ");
}

TEST_CASE("a list that was confirmed and is no longer true applies nothing") {
  ServiceCase with;
  with.apply({workflow_text("a"), workflow_text("b")}, {.set = "shop"});
  const auto confirmed = [&](std::vector<std::string> names) {
    return with.apply({workflow_text("a"), workflow_text("new")},
                      {.set = "shop", .prune = true, .confirmed = std::move(names)});
  };
  CHECK(confirmed({}) == "set_changed");
  CHECK(with.errors.front().kind == ErrorKind::kConflict);
  CHECK(confirmed({"b", "c"}) == "set_changed");
  CHECK(with.workflow_names() == "a b ");
  CHECK(confirmed({"b"}) == "unchanged a, created new, pruned b");
}

TEST_CASE("an apply under another set takes a workflow along, and says from where, also in a dry run") {
  ServiceCase with;
  with.apply({workflow_text("a")}, {.set = "shop"});
  CHECK(with.apply({workflow_text("a")}, {.dry_run = true, .set = "ops"}) == "unchanged a from shop");
  CHECK(with.reader->workflow(kTenant, "a")->set == "shop");
  CHECK(with.apply({workflow_text("a")}, {.set = "ops"}) == "unchanged a from shop");
  CHECK(with.apply({workflow_text("a")}) == "unchanged a");
  CHECK(with.reader->workflow(kTenant, "a")->set == "ops");
}

TEST_CASE("where a document stood makes no new version of it") {
  ServiceCase with;
  const std::string text = workflow_text("a");
  CHECK(with.apply({text}) == "created a");
  const std::string same[] = {"---\n" + text, "%YAML 1.2\n---\n" + text, "\xEF\xBB\xBF" + text,
                              text.substr(0, text.size() - 1)};
  for (const std::string& other : same) {
    INFO(other);
    CHECK(with.apply({other}) == "unchanged a");
  }
  CHECK(with.apply({"# why\n" + text}) == "updated a");
}

TEST_CASE("a text that an earlier version kept with its stream is still the same") {
  ServiceCase with;
  const std::string text = workflow_text("a");
  auto earlier = save_workflows({make_workflow("wf_1", "a", "---\n" + text)});
  REQUIRE(with.memory->commit({earlier}).front());
  CHECK(with.apply({text}, true) == "unchanged a");
  CHECK(with.apply({text}) == "unchanged a");
  CHECK(with.apply({"---\n" + text}) == "unchanged a");
  CHECK(with.apply({text + "# more\n"}) == "updated a");
}
