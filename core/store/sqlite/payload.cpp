#include "core/store/sqlite/payload.h"

#include "core/store/stored_limits.h"

namespace ipaas::store::sqlite {
namespace {

Json parse(std::string_view text) {
  return value_or_throw(parse_json(text, kStoredLimits));
}

Refusal broken_call() {
  return Refusal({ErrorKind::kInternal, "a stored call cannot be read", "restore a backup", "store_damaged"});
}

}  // namespace

Sealed Payloads::seal_call(const SealLabel& label, const domain::CallRequest& call) {
  // Two lines: the small fields, then the inputs, which would have to be copied to become part of an array.
  const Json head =
      Json::array({call.connector, call.action, call.credential, call.idempotency_key, call.timeout.count()});
  return seal(label, dump_json(head) + '\n' + dump_json(call.inputs));
}

std::string Payloads::open_text(const SealLabel& label, const Rows& rows, int column) {
  if (rows.is_null(column)) return {};
  return value_or_throw(sealer_.open(label, rows.view(column)));
}

Json Payloads::open_json(const SealLabel& label, const Rows& rows, int column, const Json& absent) {
  return rows.is_null(column) ? absent : parse(open_text(label, rows, column));
}

domain::CallRequest Payloads::open_call(const SealLabel& label, const Rows& rows, int column) {
  const std::string text = open_text(label, rows, column);
  const std::size_t line = text.find('\n');
  if (line == std::string::npos) throw broken_call();
  const Json head = parse(std::string_view(text).substr(0, line));
  if (!head.is_array() || head.size() != 5) throw broken_call();
  return {.connector = head[0].get<std::string>(),
          .action = head[1].get<std::string>(),
          .credential = head[2].get<std::string>(),
          .inputs = parse(std::string_view(text).substr(line + 1)),
          .idempotency_key = head[3].get<std::string>(),
          .timeout = Duration(head[4].get<std::int64_t>())};
}

}  // namespace ipaas::store::sqlite
