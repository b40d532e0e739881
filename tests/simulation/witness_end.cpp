// What the witness asks when a life or the whole run is over.
#include "tests/simulation/witness.h"
#include "tests/support/change_json.h"
#include "tests/support/fact_json.h"

namespace ipaas::simulation {

void Witness::follow_log(store::Reader& reader) {
  constexpr std::size_t kPage = 37;  // odd, so that pages end anywhere
  while (true) {
    store::LogFilter filter;
    filter.after = followed_;
    filter.limit = kPage;
    const auto lines = reader.logs(TenantId(std::string(store::kDefaultTenantId)), filter);
    if (!lines) throw Violation("the log cannot be read: " + to_string(lines.error()));
    for (const domain::LogLine& line : *lines) {
      if (line.sequence != followed_ + 1) {
        throw Violation("the log goes from " + std::to_string(followed_) + " to " + std::to_string(line.sequence));
      }
      followed_ = line.sequence;
      const auto place = static_cast<std::size_t>(line.sequence) - 1;
      if (place >= log_.size()) throw Violation("the log has a line that nobody wrote: " + line.text);
      if (log_[place] != std::pair(line.execution, line.text)) throw Violation("the log lacks the line: " + log_[place].second);
    }
    if (lines->size() < kPage) break;
  }
  if (static_cast<std::size_t>(followed_) != log_.size()) throw Violation("the log lacks its last lines");
}

void Witness::compare(store::Reader& reader) {
  for (const auto& [id, record] : records_) {
    const auto stored = reader.execution(TenantId(std::string(store::kDefaultTenantId)), id);
    if (!stored) broken(id, "was accepted and is not there: " + to_string(stored.error()));
    const std::string kept = dump_json(test::to_json(*stored));
    const std::string meant = dump_json(test::to_json(record.now));
    if (kept != meant) broken(id, "is stored as\n  " + kept + "\nand was committed as\n  " + meant);
    replay(record);
  }
}

void Witness::replay(const Record& record) const {
  domain::ExecutionSnapshot snapshot = record.base;
  for (const Decided& decided : record.decisions) {
    if (decided.given) {
      domain::apply(snapshot, *decided.given);
      continue;
    }
    for (const auto& [id, due] : decided.cause.dues) {
      const domain::Effect* known = snapshot.effects.find(id.str());
      if (known == nullptr) broken(snapshot.execution.id, "was decided with " + id.str() + ", which is not its");
      domain::Effect moved = *known;
      moved.due_at = due;
      snapshot.effects.put(std::move(moved));
    }
    const auto again = brain_.decide(*record.definition->workflow, snapshot, decided.cause.fact, decided.cause.now);
    const std::string what = test::fact_name(decided.cause.fact);
    if (!again) broken(snapshot.execution.id, "does not decide again on " + what);
    const std::string change = dump_json(test::to_json(again->change));
    if (change != decided.change) {
      broken(snapshot.execution.id, "decides otherwise when replayed, on " + what + "\n  " + change + "\n  " + decided.change);
    }
    domain::apply(snapshot, again->change);
  }
}

void Witness::at_rest() {
  for (const auto& [id, record] : records_) {
    if (!domain::has_ended(record.now.execution)) broken(id, "was accepted and never ends");
    if (!record.now.effects.empty()) broken(id, record.now.effects.front().id.str() + " was never carried out");
    if (record.told > record.children) broken(id, "was told more ends than it has children");
  }
}

}  // namespace ipaas::simulation
