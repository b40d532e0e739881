#include "cli/starter/starter.h"

#include <algorithm>

namespace ipaas::cli {
namespace {

/// Pieces of YAML; NAME, TEXT and SAYS stand for what differs.
struct TriggerPart {
  StarterOption option;
  std::string_view comment;
  std::string_view on;
  std::string_view text;   ///< of the message, with an expression
  std::string_view given;  ///< of a test case
  std::string_view says;   ///< the message in that case
  std::string_view credential;
  std::string_view start;
};

struct ActionPart {
  StarterOption option;
  std::string_view step;
  std::string_view mock;    ///< below `mocks`; empty where nothing is called
  std::string_view expect;  ///< what the message leads to
  std::string_view credential;
};

constexpr TriggerPart kTriggers[] = {
    {{"manual", "a person or a program, with `ipaas run`"},
     "Started by hand: ipaas run NAME -i name=Ada --follow",
     "  manual: {}\n\n"
     "inputs:\n"
     "  name:\n"
     "    type: string\n"
     "    default: world\n"
     "    description: Whom to greet\n",
     "Hello, ${{ inputs.name }}!",
     "    inputs:\n"
     "      name: Ada\n",
     "Hello, Ada!",
     "",
     "ipaas run NAME -i name=Ada --follow"},
    {{"schedule", "points in time, such as every morning"},
     "Starts at 8:00 on every working day. `ipaas schedule next` shows when a cron expression is due.",
     "  schedule:\n"
     "    - cron: \"0 8 * * MON-FRI\"\n"
     "      timezone: UTC\n"
     "  manual: {}\n",
     "Good morning, it is ${{ event.scheduled_for || execution.started_at }}",
     "    event:\n"
     "      scheduled_for: 2026-11-23T08:00:00Z\n",
     "Good morning, it is 2026-11-23T08:00:00.000Z",
     "",
     "ipaas run NAME --follow"},
    {{"webhook", "an HTTP request from another system"},
     "The sender posts JSON such as {\"message\": \"Hello\"} with the header `Authorization: Bearer …`.\n"
     "# `ipaas webhook url NAME` prints the address.",
     "  webhook:\n"
     "    verify:\n"
     "      scheme: bearer\n"
     "      credential: webhook-token\n",
     "A message came: ${{ event.body.message }}",
     "    event:\n"
     "      body:\n"
     "        message: Hello\n",
     "A message came: Hello",
     "ipaas credential create webhook-token --type bearer",
     "ipaas webhook url NAME"},
};

constexpr ActionPart kActions[] = {
    {{"log", "writes a line to the log"},
     "  - id: tell\n"
     "    log: \"TEXT\"\n",
     "",
     "      logs:\n"
     "        - \"SAYS\"\n",
     ""},
    {{"http", "calls an HTTP API"},
     "  - id: tell\n"
     "    uses: http/request\n"
     "    with:\n"
     "      method: POST\n"
     "      url: https://api.example.com/messages\n"
     "      json:\n"
     "        text: \"TEXT\"\n",
     "      tell:\n"
     "        reply:\n"
     "          status: STATUS\n",
     "      calls:\n"
     "        - step: tell\n"
     "          with:\n"
     "            json:\n"
     "              text: \"SAYS\"\n",
     ""},
    {{"slack", "posts to a Slack channel"},
     "  - id: tell\n"
     "    uses: slack/webhook\n"
     "    credential: slack-incoming\n"
     "    with:\n"
     "      text: \"TEXT\"\n",
     "      tell:\n"
     "        reply:\n"
     "          status: STATUS\n",
     "      calls:\n"
     "        - step: tell\n"
     "          with:\n"
     "            text: \"SAYS\"\n",
     "ipaas credential create slack-incoming --type slack"},
};

std::string with(std::string_view text, std::string_view word, std::string_view value) {
  std::string made(text);
  for (std::size_t at = made.find(word); at != std::string::npos; at = made.find(word, at + value.size())) {
    made.replace(at, word.size(), value);
  }
  return made;
}

template <typename Part, std::size_t N>
const Part& part(const Part (&parts)[N], std::string_view name) {
  const Part* const found = std::ranges::find_if(parts, [&](const Part& p) { return p.option.name == name; });
  return found == std::end(parts) ? parts[0] : *found;
}

template <typename Part, std::size_t N>
std::vector<StarterOption> options(const Part (&parts)[N]) {
  std::vector<StarterOption> all;
  for (const Part& p : parts) all.push_back(p.option);
  return all;
}

std::string workflow_text(const std::string& name, const TriggerPart& trigger, const ActionPart& action,
                          const std::vector<std::string>& credentials) {
  std::string text =
      "# yaml-language-server: $schema=./workflow.schema.json\n#\n# " + with(trigger.comment, "NAME", name) + "\n";
  if (!credentials.empty()) text += "#\n# It needs:\n";
  for (const std::string& command : credentials) text += "#   " + command + "\n";
  text += "name: " + name + "\ndescription: My first workflow\n\non:\n" + std::string(trigger.on);
  return text + "\nsteps:\n" + with(action.step, "TEXT", trigger.text);
}

std::string case_text(const std::string& title, const TriggerPart& trigger, const ActionPart& action,
                      std::string_view status) {
  std::string text = "  - name: " + title + "\n" + std::string(trigger.given);
  if (!action.mock.empty()) text += "    mocks:\n" + with(action.mock, "STATUS", status);
  return text + "    expect:\n";
}

std::string test_text(const std::string& file, const TriggerPart& trigger, const ActionPart& action) {
  std::string text = "# Run it with: ipaas workflow test -f " + file +
                     "\n# `ipaas workflow test --help` shows what can be written here.\ncases:\n";
  text += case_text("the message is told", trigger, action, "200");
  text += "      status: succeeded\n" + with(action.expect, "SAYS", trigger.says);
  if (action.mock.empty()) return text;
  text += "\n" + case_text("a receiver that refuses it fails the execution", trigger, action, "400");
  return text + "      status: failed\n      error:\n        code: rejected\n        step: tell\n";
}

}  // namespace

const std::vector<StarterOption>& starter_triggers() {
  static const std::vector<StarterOption> all = options(kTriggers);
  return all;
}

const std::vector<StarterOption>& starter_actions() {
  static const std::vector<StarterOption> all = options(kActions);
  return all;
}

Starter make_starter(const std::string& name, std::string_view trigger, std::string_view action) {
  const TriggerPart& begins = part(kTriggers, trigger);
  const ActionPart& does = part(kActions, action);
  Starter starter;
  for (const std::string_view command : {begins.credential, does.credential}) {
    if (!command.empty()) starter.credentials.emplace_back(command);
  }
  starter.workflow = workflow_text(name, begins, does, starter.credentials);
  starter.test = test_text(name + ".yaml", begins, does);
  starter.start = with(begins.start, "NAME", name);
  return starter;
}

}  // namespace ipaas::cli
