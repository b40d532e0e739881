#include "daemon/runtime/outbound_transfer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>

#include "core/base/secret.h"

namespace ipaas::daemon {

namespace {

using namespace std::chrono_literals;
using connectors::HttpReply;

constexpr std::size_t kMaxAnswerHeaderBytes = 256 * 1024;
constexpr auto kConnectTimeout = 10s;

// Many servers close idle connections after 5 s. A request that must not be sent twice stays away from connections
// that may be closed at this very moment.
constexpr long kIdleSecondsForSafeRequest = 60;
constexpr long kIdleSecondsForOtherRequest = 4;

// A wrong option is a defect, and a protection that was not switched on must not go unnoticed.
template <typename T>
void set(CURL* easy, CURLoption option, T value) {
  if (curl_easy_setopt(easy, option, value) != CURLE_OK) std::abort();
}

long milliseconds_until(OutboundTransfer::Deadline deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return std::max<long>(1, static_cast<long>(left.count()));  // to curl 0 means "for ever"
}

void set_protections(CURL* easy, CURLSH* share) {
#if LIBCURL_VERSION_NUM >= 0x075500
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
  set(easy, CURLOPT_PROTOCOLS, static_cast<long>(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
#if LIBCURL_VERSION_NUM >= 0x075700
  // Without it the removal of a call whose name is being resolved waits for the resolver, and everybody with it.
  set(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_PROXY, "");  // also against http_proxy in the environment, which would be asked to connect for us
  set(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(easy, CURLOPT_HTTP09_ALLOWED, 0L);
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  set(easy, CURLOPT_SHARE, share);
}

std::string text_of(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes = address.sa_family == AF_INET6
                          ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr)
                          : static_cast<const void*>(&reinterpret_cast<const sockaddr_in&>(address).sin_addr);
  return inet_ntop(address.sa_family, bytes, text.data(), text.size()) != nullptr ? text.data() : "an unknown address";
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

// "HTTP/1.1 1xx": an interim answer, another one follows.
bool is_interim(std::string_view status_line) {
  const auto space = status_line.find(' ');
  return space != std::string_view::npos && status_line.substr(space + 1, 1) == "1";
}

}  // namespace

OutboundTransfer::OutboundTransfer(OutboundRequest request, const security::EgressPolicy& egress, Deadline deadline)
    : request_(std::move(request)), egress_(egress), deadline_(deadline) {}

void OutboundTransfer::prepare(CURL* easy, CURLSH* share) {
  begin_hop();
  set_protections(easy, share);
  set_target(easy);
  set_limits(easy);
  set_callbacks(easy);
}

void OutboundTransfer::begin_hop() {
  reply_ = {};
  header_bytes_ = 0;
  in_final_headers_ = false;
  headers_complete_ = false;
  times_sent_ = 0;
  trace_.connect_tried = false;
  trace_.blocked_address.clear();
  detail_[0] = '\0';
}

void OutboundTransfer::set_target(CURL* easy) {
  std::string url = request_.wire_url();
  set(easy, CURLOPT_URL, url.c_str());
  wipe(url);
  header_lines_ = request_.wire_headers();
  set(easy, CURLOPT_HTTPHEADER, header_lines_->list());
  set(easy, CURLOPT_USERAGENT, "ipaas");
  set(easy, CURLOPT_ACCEPT_ENCODING, "");  // all that curl can decode
  const std::string& method = request_.method();
  if (method == "HEAD") {
    set(easy, CURLOPT_NOBODY, 1L);
    return;
  }
  if (request_.has_body()) {
    set(easy, CURLOPT_POST, 1L);
    set(easy, CURLOPT_POSTFIELDS, request_.body().data());
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body().size()));
  }
  set(easy, CURLOPT_CUSTOMREQUEST, method.c_str());
}

void OutboundTransfer::set_limits(CURL* easy) {
  const long total = milliseconds_until(deadline_);
  set(easy, CURLOPT_TIMEOUT_MS, total);
  set(easy, CURLOPT_CONNECTTIMEOUT_MS,
      std::min(total, static_cast<long>(std::chrono::milliseconds(kConnectTimeout).count())));
  set(easy, CURLOPT_MAXAGE_CONN, request_.is_safe() ? kIdleSecondsForSafeRequest : kIdleSecondsForOtherRequest);
}

void OutboundTransfer::set_callbacks(CURL* easy) {
  set(easy, CURLOPT_ERRORBUFFER, detail_.data());
  set(easy, CURLOPT_HEADERFUNCTION, &on_header);
  set(easy, CURLOPT_HEADERDATA, this);
  set(easy, CURLOPT_WRITEFUNCTION, &on_body);
  set(easy, CURLOPT_WRITEDATA, this);
  set(easy, CURLOPT_PREREQFUNCTION, &on_request);
  set(easy, CURLOPT_PREREQDATA, this);
  set(easy, CURLOPT_RESOLVER_START_FUNCTION, &on_lookup);
  set(easy, CURLOPT_RESOLVER_START_DATA, this);
  set(easy, CURLOPT_OPENSOCKETFUNCTION, &on_open_socket);
  set(easy, CURLOPT_OPENSOCKETDATA, this);
}

std::optional<HttpOutcome> OutboundTransfer::finished(CURL* easy, CURLcode code) {
  if (code != CURLE_OK) {
    trace_.tls_detail = detail_[0] != '\0' ? std::string_view(detail_.data()) : curl_easy_strerror(code);
    return tl::unexpected(describe_failure(code, request_.host(), trace_));
  }
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  reply_.status = static_cast<int>(status);
  if (request_.follow(reply_.status, location())) return std::nullopt;
  return std::move(reply_);
}

std::string_view OutboundTransfer::location() const {
  const auto found = std::find_if(reply_.headers.begin(), reply_.headers.end(),
                                  [](const auto& header) { return header.first == "location"; });
  return found == reply_.headers.end() ? std::string_view() : std::string_view(found->second);
}

void OutboundTransfer::take_header_line(std::string_view line) {
  if (headers_complete_) return;
  if (line.starts_with("HTTP/")) {
    in_final_headers_ = !is_interim(line);
    return;
  }
  if (!in_final_headers_) return;
  if (trim(line).empty()) {
    headers_complete_ = true;
    return;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  reply_.headers.emplace_back(lower(trim(line.substr(0, colon))), trim(line.substr(colon + 1)));
}

std::size_t OutboundTransfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<OutboundTransfer*>(self);
  const std::size_t bytes = size * count;
  transfer.header_bytes_ += bytes;
  if (transfer.header_bytes_ > kMaxAnswerHeaderBytes) {
    transfer.trace_.answer_too_large = true;
    return 0;
  }
  transfer.take_header_line({data, bytes});
  return bytes;
}

std::size_t OutboundTransfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<OutboundTransfer*>(self);
  const std::size_t bytes = size * count;
  if (bytes > transfer.request_.response_cap() - transfer.reply_.body.size()) {
    transfer.trace_.answer_too_large = true;
    return 0;
  }
  transfer.reply_.body.append(data, bytes);
  return bytes;
}

// curl asks this before it writes the request, and again when it wants to send it a second time because a connection
// that had been used before was lost without one byte of an answer. The receiver may have acted on the first copy, and
// curl repeats even a POST; so only requests that change nothing may go again.
int OutboundTransfer::on_request(void* self, char*, char*, int, int) {
  auto& transfer = *static_cast<OutboundTransfer*>(self);
  if (transfer.times_sent_++ > 0 && !transfer.request_.is_safe()) {
    transfer.trace_.repeat_refused = true;
    return CURL_PREREQFUNC_ABORT;
  }
  transfer.trace_.request_begun = true;
  transfer.has_address_ = true;  // a connection used again opened no socket
  return CURL_PREREQFUNC_OK;
}

int OutboundTransfer::on_lookup(void*, void*, void* self) {
  static_cast<OutboundTransfer*>(self)->looked_up_ = true;
  return 0;
}

// The one place that sees the address which is really connected to, whatever the URL or the name server said.
curl_socket_t OutboundTransfer::on_open_socket(void* self, curlsocktype purpose, curl_sockaddr* address) {
  auto& transfer = *static_cast<OutboundTransfer*>(self);
  transfer.has_address_ = true;
  const bool internet = address->family == AF_INET || address->family == AF_INET6;
  if (purpose != CURLSOCKTYPE_IPCXN || !internet || !transfer.egress_.allows(transfer.request_.host(), address->addr)) {
    transfer.trace_.blocked_address = internet ? text_of(address->addr) : "not an internet address";
    return CURL_SOCKET_BAD;
  }
  transfer.trace_.connect_tried = true;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

}  // namespace ipaas::daemon
