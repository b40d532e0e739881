#include "daemon/runtime/outbound_failure.h"

namespace ipaas::daemon {

namespace {

using connectors::SendState;
using connectors::TransportFailure;

SendState state_of(const ExchangeTrace& trace) {
  return trace.request_begun ? SendState::kUnknown : SendState::kNotSent;
}

bool is_tls_error(CURLcode code) {
  switch (code) {
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return true;
    default:
      return false;
  }
}

// curl has a limit of its own for one header line, below ours for all; the older releases report it as lack of memory.
bool is_oversize(CURLcode code) {
#if LIBCURL_VERSION_NUM >= 0x080600
  if (code == CURLE_TOO_LARGE) return true;
#endif
  return code == CURLE_OUT_OF_MEMORY;
}

// The detail quotes the peer's certificate: kept to one line of printable characters.
std::string printable(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) c = '?';
  }
  return line;
}

std::string blocked_message(const std::string& host, const std::string& address) {
  const std::string rule = "add it to egress.allow in the configuration to open it";
  if (host == address) return "connecting to " + address + " is not allowed; " + rule;
  return "connecting to " + host + " (" + address + ") is not allowed; " + rule;
}

TransportFailure before_sending(CURLcode code, const std::string& host, const ExchangeTrace& trace) {
  const SendState sent = state_of(trace);
  if (code == CURLE_COULDNT_RESOLVE_HOST) return {sent, "dns_failed", "the name " + host + " could not be resolved"};
  if (is_tls_error(code)) {
    return {sent, "tls_failed", "no trusted TLS connection to " + host + ": " + printable(trace.tls_detail)};
  }
  if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL) {
    return {sent, "input_invalid", "the URL cannot be used"};
  }
  return {sent, "connect_failed", "no connection to " + host};
}

bool fails_before_sending(CURLcode code, const ExchangeTrace& trace) {
  return !trace.request_begun || code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT ||
         is_tls_error(code);
}

}  // namespace

TransportFailure describe_failure(CURLcode code, std::string_view host_name, const ExchangeTrace& trace) {
  const std::string host(host_name);
  const SendState sent = state_of(trace);
  if (trace.answer_too_large || (is_oversize(code) && trace.request_begun)) {
    return {SendState::kUnknown, "response_too_large", "the answer of " + host + " is larger than allowed"};
  }
  if (trace.repeat_refused) {
    return {
        SendState::kUnknown, "reset",
        host +
            " closed the connection before it answered; the request was not sent again, as it may have been acted on"};
  }
  if (code == CURLE_OPERATION_TIMEDOUT) {
    return {sent, "timeout",
            trace.request_begun ? host + " did not answer in time" : "no connection to " + host + " in time"};
  }
  if (!trace.blocked_address.empty() && !trace.connect_tried) {
    return {sent, "egress_blocked", blocked_message(host, trace.blocked_address)};
  }
  if (fails_before_sending(code, trace)) return before_sending(code, host, trace);
  return {sent, "reset", "the exchange with " + host + " broke off: " + curl_easy_strerror(code)};
}

TransportFailure refused(std::string reason) {
  return {SendState::kNotSent, "input_invalid", std::move(reason)};
}

TransportFailure cancelled(bool request_begun) {
  return {request_begun ? SendState::kUnknown : SendState::kNotSent, "cancelled", "the call was cancelled"};
}

TransportFailure never_begun() {
  return {SendState::kNotSent, "timeout", "the call waited for its turn until its time was over"};
}

}  // namespace ipaas::daemon
