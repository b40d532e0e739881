#include "daemon/http/request_parser.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <limits>
#include <optional>
#include <vector>

namespace ipaas::daemon::http {
namespace {

namespace beast = boost::beast;
using beast::error_code;

/// A chunk's extensions, or a trailer, longer than this serve nobody.
constexpr std::size_t kChunkHeaderBytes = 16 * 1024;
/// Room in a request line beside its target.
constexpr std::size_t kRequestLineRest = 64;

constexpr Refusal kTooManyHeaderBytes{431, "too_large", "the header is too large"};
constexpr Refusal kTooManyFields{431, "too_large", "too many header fields"};
constexpr Refusal kTargetTooLong{414, "too_large", "the request target is too long"};
constexpr Refusal kBodyTooLarge{413, "too_large", "the body is too large"};

Method to_method(beast::http::verb given) {
  using beast::http::verb;
  switch (given) {
    case verb::get:
      return Method::kGet;
    case verb::head:
      return Method::kHead;
    case verb::post:
      return Method::kPost;
    case verb::put:
      return Method::kPut;
    case verb::patch:
      return Method::kPatch;
    case verb::delete_:
      return Method::kDelete;
    case verb::options:
      return Method::kOptions;
    default:
      return Method::kOther;
  }
}

/// A piece of Exchange::head, which moves while it grows.
struct Span {
  std::size_t start = 0;
  std::size_t size = 0;
  [[nodiscard]] std::string_view in(const std::string& text) const { return {text.data() + start, size}; }
};

/// One message as Beast sees it: keeps places instead of copies, and stops Beast by setting `refusal`.
class Message final : public beast::http::basic_parser<true> {
 public:
  explicit Message(const Limits& limits) : limits_(limits) {
    header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    // Ours counts. (With none at all Beast 1.74 refuses every Content-Length.)
    body_limit(std::numeric_limits<std::uint64_t>::max());
  }

  const char* base = nullptr;  ///< where Exchange::head is now
  std::string* body = nullptr;
  std::size_t max_body = 0;

  Method method = Method::kGet;
  Span target;
  std::vector<std::pair<Span, Span>> fields;
  std::optional<int> minor_version;  ///< known when the request line is
  std::optional<Refusal> refusal;

 private:
  Span place(beast::string_view text) const { return {static_cast<std::size_t>(text.data() - base), text.size()}; }

  void refuse(Refusal why, error_code& ec) {
    refusal = why;
    ec = beast::http::error::bad_value;
  }

  void on_request_impl(beast::http::verb verb, beast::string_view, beast::string_view path, int version,
                       error_code& ec) override {
    minor_version = version - 10;
    method = to_method(verb);
    target = place(path);
    if (path.size() > limits_.target_bytes) refuse(kTargetTooLong, ec);
  }

  void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value, error_code& ec) override {
    if (is_header_done()) return;  // a trailer
    if (fields.size() == limits_.header_fields) return refuse(kTooManyFields, ec);
    if (!stands_in_line({name.data(), name.size()}, {value.data(), value.size()})) {
      return refuse(malformed("a header field is folded over lines"), ec);
    }
    fields.emplace_back(place(name), place(value));
  }

  // Pure virtual in newer versions of Beast, absent from older ones.
  void on_trailer_field_impl(beast::http::field, beast::string_view, beast::string_view, error_code&) {}

  void on_chunk_header_impl(std::uint64_t size, beast::string_view, error_code& ec) override {
    if (size > max_body - body->size()) refuse(kBodyTooLarge, ec);
  }

  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, error_code&) override {
    body->append(bytes.data(), bytes.size());
    return bytes.size();
  }

  void on_response_impl(int, beast::string_view, int, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(beast::string_view bytes, error_code&) override { return bytes.size(); }
  void on_finish_impl(error_code&) override {}

  const Limits& limits_;
};

std::string_view describe(const error_code& ec) {
  using beast::http::error;
  if (ec == error::bad_method) return "the method is malformed";
  if (ec == error::bad_target) return "the request target is malformed";
  if (ec == error::bad_version) return "the request line does not end in HTTP/1.0 or HTTP/1.1";
  if (ec == error::bad_content_length) return "Content-Length is malformed or stands twice";
  if (ec == error::bad_transfer_encoding) return "Transfer-Encoding is malformed or stands twice";
  if (ec == error::bad_chunk || ec == error::bad_chunk_extension) return "a chunk is malformed";
  return "a header field is malformed";
}

}  // namespace

class RequestParser::Machine {
 public:
  explicit Machine(const Limits& limits) : limits_(limits) { message_.emplace(limits); }

  void reset() {
    std::vector<std::pair<Span, Span>> fields = std::move(message_->fields);
    fields.clear();
    message_.emplace(limits_);
    message_->fields = std::move(fields);
    state = State::kHead;
    parsed_ = 0;
  }

  std::size_t feed(std::string_view bytes, Exchange& exchange) {
    if (state == State::kHead) return feed_head(bytes, exchange);
    if (state == State::kBody) return framing.chunked ? feed_chunks(bytes, exchange) : feed_plain(bytes, exchange);
    return 0;
  }

  void allow_body(std::size_t max_bytes, Exchange& exchange) {
    if (framing.content_length > max_bytes) return refuse(kBodyTooLarge);
    message_->max_body = max_bytes;
    message_->body = &exchange.body;
    message_->eager(true);
    state = State::kBody;
    if (!framing.chunked && framing.content_length == 0) finish(exchange);
  }

  [[nodiscard]] bool keep_alive() const { return message_->keep_alive(); }

  State state = State::kHead;
  Refusal refusal;
  Framing framing;
  int minor_version = 1;

 private:
  void refuse(Refusal why) {
    refusal = why;
    state = State::kRefused;
  }

  /// Appends to the head no more than belongs to it, so that what follows is not copied twice.
  std::size_t feed_head(std::string_view bytes, Exchange& exchange) {
    std::string& head = exchange.head;
    // RFC 9112, section 2.2: an empty line in front of a request is forgiven.
    if (head.empty() && bytes.starts_with("\r\n")) return 2;
    const std::size_t old_size = head.size();
    const std::size_t blank_line = bytes.find("\r\n\r\n");
    head.append(bytes.substr(0, blank_line == std::string_view::npos ? blank_line : blank_line + 4));
    const std::size_t end = head.find("\r\n\r\n", old_size < 3 ? 0 : old_size - 3);
    if (end != std::string::npos) head.resize(end + 4);
    const std::size_t used = head.size() - old_size;

    if (has_bare_line_feed(head, old_size)) {
      refuse(malformed("a line ends in a bare line feed"));
    } else if (parse_head(head)) {
      limit_head(head);
    }
    if (state == State::kHead && message_->is_header_done()) check_head(exchange);
    return used;
  }

  bool parse_head(const std::string& head) {
    message_->base = head.data();
    error_code ec;
    while (!message_->is_header_done() && parsed_ < head.size()) {
      parsed_ += message_->put(boost::asio::buffer(head.data() + parsed_, head.size() - parsed_), ec);
      if (ec == beast::http::error::need_more) return true;
      if (ec == beast::http::error::header_limit) {
        refuse(message_->minor_version ? kTooManyHeaderBytes : kTargetTooLong);
      } else if (ec) {
        refuse(message_->refusal.value_or(malformed(describe(ec))));
      }
      if (ec) return false;
    }
    return true;
  }

  void limit_head(const std::string& head) {
    if (!message_->minor_version && head.size() > limits_.target_bytes + kRequestLineRest)
      return refuse(kTargetTooLong);
    if (head.size() > limits_.header_bytes) refuse(kTooManyHeaderBytes);
  }

  void check_head(Exchange& exchange) {
    Request& request = exchange.request;
    request.headers.clear();
    for (const auto& [name, value] : message_->fields)
      request.headers.emplace_back(name.in(exchange.head), value.in(exchange.head));
    request.method = message_->method;
    minor_version = message_->minor_version.value_or(1);
    if (const auto wrong = read_target(message_->target.in(exchange.head), request, exchange.decoded))
      return refuse(*wrong);
    const tl::expected<Framing, Refusal> checked = check_fields(minor_version, request.headers);
    if (!checked) return refuse(checked.error());
    framing = *checked;
    exchange.body.clear();
    state = State::kDecide;
  }

  std::size_t feed_plain(std::string_view bytes, Exchange& exchange) {
    const std::size_t missing = framing.content_length - exchange.body.size();
    const std::size_t used = std::min(missing, bytes.size());
    exchange.body.append(bytes.substr(0, used));
    if (used == missing) finish(exchange);
    return used;
  }

  std::size_t feed_chunks(std::string_view bytes, Exchange& exchange) {
    error_code ec;
    const std::size_t used = message_->put(boost::asio::buffer(bytes.data(), bytes.size()), ec);
    if (ec && ec != beast::http::error::need_more) {
      refuse(message_->refusal.value_or(malformed(describe(ec))));
    } else if (message_->is_done()) {
      finish(exchange);
    } else if (has_bare_line_feed(bytes.substr(used), 0)) {
      // Beast would wait for the carriage return; chunk data it has always taken, so what is left is a line.
      refuse(malformed("a line ends in a bare line feed"));
    } else if (bytes.size() - used > kChunkHeaderBytes) {
      refuse(malformed("a chunk's header or the trailer is too long"));
    }
    return used;
  }

  void finish(Exchange& exchange) {
    exchange.request.body = exchange.body;
    state = State::kDone;
  }

  const Limits& limits_;
  std::optional<Message> message_;
  std::size_t parsed_ = 0;  ///< bytes of the head that Beast has taken
};

RequestParser::RequestParser(const Limits& limits) : machine_(std::make_unique<Machine>(limits)) {}
RequestParser::~RequestParser() = default;
RequestParser::RequestParser(RequestParser&&) noexcept = default;

void RequestParser::reset() {
  machine_->reset();
}
std::size_t RequestParser::feed(std::string_view bytes, Exchange& exchange) {
  return machine_->feed(bytes, exchange);
}
void RequestParser::allow_body(std::size_t max_bytes, Exchange& exchange) {
  machine_->allow_body(max_bytes, exchange);
}
RequestParser::State RequestParser::state() const {
  return machine_->state;
}
const Refusal& RequestParser::refusal() const {
  return machine_->refusal;
}
const Framing& RequestParser::framing() const {
  return machine_->framing;
}
bool RequestParser::keep_alive() const {
  return machine_->keep_alive();
}
int RequestParser::minor_version() const {
  return machine_->minor_version;
}

}  // namespace ipaas::daemon::http
