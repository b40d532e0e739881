#include "cli/api/client.h"

#include <httplib.h>

#include "cli/api/envelope.h"
#include "cli/api/host.h"

namespace ipaas::cli {
namespace {

// Longer than the longest poll (30 s) and than two heartbeats of a stream (15 s each).
constexpr time_t kSilenceSeconds = 50;
constexpr time_t kConnectSeconds = 5;

bool is_unreserved(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '-' ||
         byte == '_' || byte == '.' || byte == '~';
}

std::string percent_encode(std::string_view text) {
  std::string out;
  for (const char byte : text) {
    if (is_unreserved(byte)) {
      out += byte;
      continue;
    }
    const auto value = static_cast<unsigned char>(byte);
    out += '%';
    out += "0123456789ABCDEF"[value >> 4U];
    out += "0123456789ABCDEF"[value & 15U];
  }
  return out;
}

std::string with_query(const std::string& path, const Query& query) {
  std::string target = path;
  char separator = '?';
  for (const auto& [name, value] : query) {
    if (value.empty()) continue;
    target += separator + name + "=" + percent_encode(value);
    separator = '&';
  }
  return target;
}

httplib::Client connection(const std::string& socket) {
  httplib::Client client(socket, 80);
  client.set_address_family(AF_UNIX);
  client.set_connection_timeout(kConnectSeconds);
  client.set_read_timeout(kSilenceSeconds);
  client.set_write_timeout(kSilenceSeconds);
  client.set_url_encode(false);  // paths are encoded here, once
  return client;
}

httplib::Headers headers(const std::string& tenant) {
  return {{"Host", "localhost"}, {"Accept", "application/json"}, {"X-Ipaas-Tenant", tenant}};
}

ResultOrErrors<Answer> answer_of(const httplib::Result& result, const std::string& socket) {
  if (!result) return fail_with(unreachable(socket));
  return open_envelope(result->status, result->body);
}

}  // namespace

std::string api_path(std::string_view collection, std::string_view name, std::string_view verb) {
  std::string path = std::string(collection) + "/" + percent_encode(name);
  if (!verb.empty()) path.append("/").append(verb);
  return path;
}

ResultOrErrors<Answer> Client::get(const std::string& path, const Query& query) const {
  return answer_of(connection(socket_).Get(with_query(path, query), headers(tenant_)), socket_);
}

ResultOrErrors<Answer> Client::post(const std::string& path, const Json& body) const {
  return answer_of(connection(socket_).Post(path, headers(tenant_), dump_json(body), "application/json"), socket_);
}

ResultOrErrors<Answer> Client::put(const std::string& path, const Json& body) const {
  return answer_of(connection(socket_).Put(path, headers(tenant_), dump_json(body), "application/json"), socket_);
}

ResultOrErrors<Answer> Client::remove(const std::string& path) const {
  return answer_of(connection(socket_).Delete(path, headers(tenant_)), socket_);
}

ResultOrErrors<Client::StreamEnd> Client::stream(const std::string& path, const Query& query,
                                                 const std::string& last_event_id,
                                                 const EventStreamParser::Receiver& receiver) const {
  httplib::Headers sent = headers(tenant_);
  sent.erase("Accept");
  sent.emplace("Accept", "text/event-stream");
  if (!last_event_id.empty()) sent.emplace("Last-Event-ID", last_event_id);

  int status = 0;
  std::string refusal;
  bool wants_more = true;
  EventStreamParser parser(receiver);
  const auto take = [&](const char* bytes, std::size_t size) {
    if (status == 200) return wants_more = parser.feed({bytes, size});
    refusal.append(bytes, size);
    return refusal.size() < 1024 * 1024;
  };
  const auto begin = [&](const httplib::Response& response) {
    status = response.status;
    return true;
  };
  const httplib::Result result = connection(socket_).Get(with_query(path, query), sent, begin, take);
  if (status == 0) return fail_with(unreachable(socket_));
  if (status != 200) {
    auto answer = open_envelope(status, refusal);
    if (!answer) return tl::unexpected(answer.error());
  }
  return wants_more ? StreamEnd::kConnectionLost : StreamEnd::kReceiverDone;
}

}  // namespace ipaas::cli
