#include "daemon/http/trusted_proxies.h"

#include <charconv>

#include "daemon/http/percent.h"

namespace ipaas::daemon::http {
namespace {

using boost::asio::ip::address;

template <typename Bytes>
bool same_prefix(const Bytes& a, const Bytes& b, unsigned bits) {
  for (std::size_t i = 0; i < a.size() && bits > 0; ++i) {
    const unsigned here = std::min(bits, 8U);
    if (((a[i] ^ b[i]) & (0xff00U >> here) & 0xffU) != 0) return false;
    bits -= here;
  }
  return true;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> hops(const Request& request) {
  std::vector<std::string_view> hops;
  for (const auto& [name, value] : request.headers) {
    if (!equals_without_case(name, "X-Forwarded-For")) continue;
    std::string_view rest = value;
    for (;;) {
      const std::size_t comma = rest.find(',');
      hops.push_back(trim(rest.substr(0, comma)));
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  return hops;
}

}  // namespace

Result<TrustedProxies> TrustedProxies::parse(const std::vector<std::string>& networks) {
  TrustedProxies proxies;
  for (const std::string& text : networks) {
    const std::size_t slash = text.find('/');
    boost::system::error_code error;
    Network network{boost::asio::ip::make_address(text.substr(0, slash), error), 0};
    const unsigned longest = network.address.is_v4() ? 32 : 128;
    network.prefix = longest;
    bool good = !error;
    if (good && slash != std::string::npos) {
      const char* const end = text.data() + text.size();
      const auto [stop, wrong] = std::from_chars(text.data() + slash + 1, end, network.prefix);
      good = wrong == std::errc() && stop == end && network.prefix <= longest;
    }
    if (!good)
      return fail(ErrorKind::kInvalid, "trusted_proxies: `" + text + "` is neither an address nor a network",
                  "write it like 10.0.0.0/8 or ::1");
    proxies.networks_.push_back(network);
  }
  return proxies;
}

bool TrustedProxies::contains(std::string_view text) const {
  if (networks_.empty()) return false;
  boost::system::error_code error;
  const address candidate = boost::asio::ip::make_address(std::string(text), error);
  if (error) return false;
  for (const Network& network : networks_) {
    if (network.address.is_v4() != candidate.is_v4()) continue;
    const bool inside =
        candidate.is_v4()
            ? same_prefix(network.address.to_v4().to_bytes(), candidate.to_v4().to_bytes(), network.prefix)
            : same_prefix(network.address.to_v6().to_bytes(), candidate.to_v6().to_bytes(), network.prefix);
    if (inside) return true;
  }
  return false;
}

std::string TrustedProxies::client_address(const Request& request) const {
  if (!contains(request.peer.address)) return request.peer.address;
  std::string client = request.peer.address;
  const std::vector<std::string_view> claimed = hops(request);
  for (auto hop = claimed.rbegin(); hop != claimed.rend(); ++hop) {
    boost::system::error_code error;
    boost::asio::ip::make_address(std::string(*hop), error);
    // What is no address was not written by a proxy of ours, nor was anything before it.
    if (error) break;
    client = *hop;
    if (!contains(client)) break;
  }
  return client;
}

}  // namespace ipaas::daemon::http
