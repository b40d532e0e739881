#include "core/store/sqlite/payload.h"

#include "core/store/stored_limits.h"

namespace ipaas::store::sqlite {
namespace {

Json parse(std::string_view text) {
  return value_or_throw(parse_json(text, kStoredLimits));
}

Refusal broken_request() {
  return Refusal(
      {ErrorKind::kInternal, "what a stored effect asks for cannot be read", "restore a backup", "store_damaged"});
}

/// The small fields of a call. Those that few calls have are left out where all of them are as usual.
Json head_of(const domain::CallRequest& call) {
  Json head = Json::array({call.connector, call.action, call.credential, call.idempotency_key, call.timeout.count()});
  if (!call.keyed && !call.rate) return head;
  head.push_back(call.keyed);
  if (call.rate) head.push_back(Json::array({call.rate->key, call.rate->count, call.rate->per.count()}));
  return head;
}

domain::CallRequest call_of(const Json& head) {
  domain::CallRequest call{.connector = head.at(0).get<std::string>(),
                           .action = head.at(1).get<std::string>(),
                           .credential = head.at(2).get<std::string>(),
                           .inputs = {},
                           .idempotency_key = head.at(3).get<std::string>(),
                           .timeout = Duration(head.at(4).get<std::int64_t>())};
  if (head.size() > 5) call.keyed = head.at(5).get<bool>();
  if (head.size() > 6) {
    const Json& rate = head.at(6);
    call.rate = {.key = rate.at(0).get<std::string>(),
                 .count = rate.at(1).get<int>(),
                 .per = Duration(rate.at(2).get<std::int64_t>())};
  }
  return call;
}

domain::ChildRequest child_of(const Json& head) {
  return {.workflow = head.at(0).get<std::string>(), .inputs = {}, .wait = head.at(1).get<bool>()};
}

}  // namespace

Sealed Payloads::seal_request(const SealLabel& label, const domain::Effect& effect) {
  // Two lines: the small fields, then the inputs, which would have to be copied to become part of an array.
  const auto seal_both = [&](const Json& head, const Json& inputs) {
    return seal(label, dump_json(head) + '\n' + dump_json(inputs));
  };
  if (effect.kind == domain::EffectKind::kCall) return seal_both(head_of(effect.call), effect.call.inputs);
  if (effect.kind == domain::EffectKind::kChild) {
    return seal_both(Json::array({effect.child.workflow, effect.child.wait}), effect.child.inputs);
  }
  return {};
}

std::string Payloads::open_text(const SealLabel& label, const Rows& rows, int column) {
  if (rows.is_null(column)) return {};
  return value_or_throw(sealer_.open(label, rows.view(column)));
}

Json Payloads::open_json(const SealLabel& label, const Rows& rows, int column, const Json& absent) {
  return rows.is_null(column) ? absent : parse(open_text(label, rows, column));
}

void Payloads::open_request(const SealLabel& label, const Rows& rows, int column, domain::Effect& effect) {
  if (rows.is_null(column)) return;
  const std::string text = open_text(label, rows, column);
  const std::size_t line = text.find('\n');
  if (line == std::string::npos) throw broken_request();
  const Json head = parse(std::string_view(text).substr(0, line));
  Json inputs = parse(std::string_view(text).substr(line + 1));
  try {
    if (effect.kind == domain::EffectKind::kChild) {
      effect.child = child_of(head);
      effect.child.inputs = std::move(inputs);
    } else {
      effect.call = call_of(head);
      effect.call.inputs = std::move(inputs);
    }
  } catch (const Json::exception&) {
    throw broken_request();
  }
}

}  // namespace ipaas::store::sqlite
