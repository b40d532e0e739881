#include "daemon/http/wait_endpoint.h"

#include "core/base/letter_case.h"
#include "core/service/own_masking.h"
#include "daemon/http/envelope.h"
#include "daemon/http/wait_page.h"
#include "daemon/http/webhook_body.h"

namespace ipaas::daemon::http {
namespace {

using engine::Signal;
using service::Wait;

/// Who decided, where a link did: whoever had it.
constexpr std::string_view kByLink = "link";
constexpr int kGone = 410;

bool wants_page(const Request& request) {
  const std::string accepted = lower_case(request.header("accept").value_or(""));
  if (accepted.find("text/html") != std::string::npos) return true;
  // What merely shows a link rarely says what it takes; a program that posts says nothing either.
  return request.method != Method::kPost && accepted.find("application/json") == std::string::npos;
}

std::string_view title_of(int status) {
  switch (status) {
    case 404: return "There is nothing here";
    case 409: return "Too late";
    case kGone: return "This is over";
    default: return "That did not work";
  }
}

Response told(const Error& why, bool page, const std::optional<Wait>& about = {}) {
  Response response = error(for_strangers(why, "this cannot be looked up or stored now"));
  if (why.code == "wait_timed_out" || why.code == "cancelled") response.status = kGone;
  if (!page) return response;
  const bool ours = response.status == 429 || why.kind == ErrorKind::kInternal || why.kind == ErrorKind::kUnavailable;
  Response shown = notice_page(response.status, title_of(response.status), ours ? "Try again in a moment" : why.message, about);
  shown.headers.insert(shown.headers.end(), response.headers.begin(), response.headers.end());  // such as Retry-After
  return shown;
}

Error nothing_here() { return {ErrorKind::kNotFound, "the link is not, or no longer, one of ours"}; }

Error too_many() {
  return {ErrorKind::kBacklogFull, "too many look at links at once", "try again in a moment", "rate_limited"};
}

Error wrong_answer(std::string what) {
  return {ErrorKind::kInvalid, std::move(what), "send `decision`, which is approve or reject, and perhaps `comment`"};
}

Error unknown_media() {
  return {ErrorKind::kInvalid, "an answer is a form or JSON", "send application/json", "unsupported_encoding"};
}

Result<Signal> decision_of(const Request& request) {
  const std::string type = lower_case(request.header("content-type").value_or(""));
  const bool known = type.starts_with("application/x-www-form-urlencoded") || type.starts_with("application/json");
  if (!known) return tl::unexpected(unknown_media());
  const auto body = parse_body(type, request.body, security::Scheme::kNone);
  if (!body) return tl::unexpected(body.error());
  const Json& answer = body->value;
  const auto text = [&](const char* key) { return answer.is_object() ? answer.value(key, Json()) : Json(); };
  const Json decision = text("decision");
  const Json comment = text("comment");
  if (decision != "approve" && decision != "reject") return tl::unexpected(wrong_answer("the decision is neither approve nor reject"));
  if (!comment.is_null() && !comment.is_string()) return tl::unexpected(wrong_answer("the comment is not a text"));
  Signal signal;
  signal.kind = decision == "approve" ? Signal::Kind::kApprove : Signal::Kind::kReject;
  if (comment.is_string()) signal.comment = comment.get<std::string>();
  if (signal.comment.size() <= service::kLongestComment) return signal;
  return tl::unexpected(wrong_answer("the comment is longer than " + std::to_string(service::kLongestComment) + " bytes"));
}

Result<Signal> callback_of(const Request& request) {
  auto body = parse_body(request.header("content-type").value_or(""), request.body, security::Scheme::kNone);
  if (!body) return tl::unexpected(body.error());
  Signal signal;
  signal.payload = std::move(body->value);
  return signal;
}

std::string_view name_of(Signal::Kind kind) {
  if (kind == Signal::Kind::kApprove) return "approved";
  return kind == Signal::Kind::kReject ? "rejected" : "called back";
}

Response thanks(const Wait& wait, Signal::Kind kind, const std::string& comment, bool page) {
  if (!page) return ok(Json{{"execution", wait.execution.str()}, {"step", wait.path}, {"decision", name_of(kind)}});
  const std::string said = comment.empty() ? "" : ". Your comment: " + comment;
  if (kind == Signal::Kind::kApprove) return notice_page(200, "Approved", "The execution goes on" + said, wait);
  if (kind == Signal::Kind::kReject) return notice_page(200, "Rejected", "The execution has been told so" + said, wait);
  return notice_page(200, "Confirmed", "The execution goes on", wait);
}

}  // namespace

struct WaitEndpoint::Visit {
  const Request& request;  ///< valid while the responder has not answered
  Responder responder;
  TenantId tenant;
  bool page;
};

std::vector<Route> WaitEndpoint::routes() {
  const Handler handler = [this](const Request& request, Responder responder) { receive(request, std::move(responder)); };
  constexpr const char* kPath = "/api/waits/{execution}/{path}";
  return {{Method::kGet, kPath, security::Permission::kPublic, handler},
          {Method::kPost, kPath, security::Permission::kPublic, handler}};
}

void WaitEndpoint::receive(const Request& request, Responder responder) {
  const bool page = wants_page(request);
  // Before the store is asked: who guesses links costs a digest each.
  auto tenant = parts_.links.owner(request.param("execution"), request.param("path"), request.query("token").value_or(""));
  if (!tenant) return responder.respond(told(nothing_here(), page));
  if (visits_ >= kMostVisits) return responder.respond(told(too_many(), page));
  ++visits_;
  const auto visit = std::make_shared<Visit>(Visit{request, std::move(responder), *std::move(tenant), page});
  parts_.threads.post([this, visit] {
    const std::unique_ptr<std::atomic<int>, void (*)(std::atomic<int>*)> leaves(&visits_, [](auto* visits) { --*visits; });
    try {
      handle(visit);
    } catch (const std::exception& failure) {
      visit->responder.respond(told({ErrorKind::kInternal, failure.what()}, visit->page));
    }
  });
}

void WaitEndpoint::handle(const std::shared_ptr<Visit>& visit) const {
  const auto wait = find(*visit);
  if (!wait) return visit->responder.respond(told(wait.error(), visit->page));
  if (visit->request.method == Method::kPost) return decide(visit, *wait);
  show(*visit, *wait);
}

Result<Wait> WaitEndpoint::find(const Visit& visit) const {
  const auto reader = parts_.readers.borrow();
  if (!reader) return tl::unexpected(reader.error());
  const std::string_view path = visit.request.param("path");
  const auto snapshot = (*reader)->step(visit.tenant, ExecutionId(std::string(visit.request.param("execution"))), path);
  if (!snapshot && snapshot.error().kind != ErrorKind::kNotFound) return tl::unexpected(snapshot.error());
  auto wait = snapshot ? service::wait_at(*snapshot, path) : std::nullopt;
  if (!wait) return tl::unexpected(nothing_here());
  const auto masker =
      service::masker_for(**reader, parts_.book.page(visit.tenant)->masker, visit.tenant, {wait->execution});
  if (!masker) return tl::unexpected(masker.error());
  wait->message = masker->mask(wait->message);
  return *std::move(wait);
}

void WaitEndpoint::show(Visit& visit, const Wait& wait) const {
  const auto open = service::require_open(wait);
  if (!visit.page) {
    const char* state = open ? "open" : open.error().code.c_str();
    return visit.responder.respond(ok(Json{{"execution", wait.execution.str()},
                                           {"workflow", wait.workflow},
                                           {"step", wait.path},
                                           {"kind", wait.approval ? "approval" : "callback"},
                                           {"message", wait.message},
                                           {"state", state}}));
  }
  // The question is answered; who looks at it again has done nothing wrong.
  visit.responder.respond(open ? question_page(wait, parts_.clock.now())
                               : notice_page(200, "There is nothing to decide any more", open.error().message, wait));
}

void WaitEndpoint::decide(const std::shared_ptr<Visit>& visit, const Wait& wait) const {
  if (const auto open = service::require_open(wait); !open) return visit->responder.respond(told(open.error(), visit->page, wait));
  auto signal = wait.approval ? decision_of(visit->request) : callback_of(visit->request);
  if (!signal) return visit->responder.respond(told(signal.error(), visit->page));
  signal->path = wait.path;
  signal->by = kByLink;
  const Signal::Kind kind = signal->kind;
  const std::string comment = signal->comment;
  service::answer_by_link(parts_.runtime, visit->tenant, wait, *std::move(signal), parts_.clock.now(),
                          [visit, kind, comment](const Result<Wait>& answered) {
                            visit->responder.respond(answered ? thanks(*answered, kind, comment, visit->page)
                                                              : told(answered.error(), visit->page));
                          });
}

}  // namespace ipaas::daemon::http
