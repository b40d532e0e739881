#include "daemon/http/wait_page.h"

#include "core/base/time_text.h"
#include "daemon/http/envelope.h"

namespace ipaas::daemon::http {
namespace {

constexpr std::string_view kStyle =
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:0 auto;padding:1.5rem;color:#1b1f24;background:#fff}"
    "h1{font-size:1.3rem;margin:0 0 1rem;overflow-wrap:anywhere}"
    ".ask{white-space:pre-wrap;overflow-wrap:anywhere;padding:1rem;border:1px solid #d0d7de;border-radius:.5rem;background:#f6f8fa}"
    "dl{display:grid;grid-template-columns:auto 1fr;gap:.2rem 1rem;color:#57606a;font-size:.9rem}dd{margin:0;overflow-wrap:anywhere}"
    "label{display:block;margin:1rem 0 .3rem}"
    "textarea{box-sizing:border-box;width:100%;font:inherit;padding:.5rem;border:1px solid #8c959f;border-radius:.4rem}"
    "button{font:inherit;font-weight:600;min-height:3rem;padding:0 1.6rem;margin:1rem .6rem 0 0;border:0;border-radius:.4rem;"
    "color:#fff;background:#1a7f37}button.no{background:#cf222e}"
    "@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}.ask{background:#161b22;border-color:#30363d}"
    "dl{color:#9198a1}textarea{color:inherit;background:#161b22}}";

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t' ? ' ' : c;
    }
  }
  return out;
}

/// Neither caches nor search engines keep it, nobody frames it, and the link's token goes to no other site.
Response html(int status, std::string_view title, std::string_view content) {
  std::string page = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">";
  page += "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex,nofollow\">";
  page.append("<title>").append(escaped(title)).append("</title><style>").append(kStyle).append("</style></head><body><main>\n<h1>");
  page.append(escaped(title)).append("</h1>\n").append(content).append("\n</main></body></html>\n");
  Response response = raw(status, "text/html; charset=utf-8", std::move(page));
  response.headers = {
      {"Content-Security-Policy",
       "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
      {"Cache-Control", "no-store"},
      {"X-Robots-Tag", "noindex, nofollow"},
      {"Referrer-Policy", "no-referrer"},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"}};
  return response;
}

std::string facts(const service::Wait& wait) {
  std::string list = "<dl><dt>Workflow</dt><dd>" + escaped(wait.workflow) + "</dd><dt>Step</dt><dd>" + escaped(wait.path) +
                     "</dd><dt>Execution</dt><dd>" + escaped(wait.execution.str()) + "</dd>";
  if (wait.until) list += "<dt>Until</dt><dd>" + escaped(format_instant(*wait.until)) + "</dd>";
  return list + "</dl>";
}

}  // namespace

Response question_page(const service::Wait& wait, const security::Masker& masker) {
  // Without an action a form goes to the address that it came from, with the token in it.
  if (!wait.approval) {
    return html(200, wait.workflow + " waits for a confirmation",
                "<p>Confirming lets the workflow go on. It can be done once.</p>\n" + facts(wait) +
                    "\n<form method=\"post\"><button>Confirm</button></form>");
  }
  const std::string message = wait.message.empty() ? "Shall it go on?" : masker.mask(wait.message);
  return html(200, wait.workflow + " asks for your approval",
              "<p class=\"ask\">" + escaped(message) + "</p>\n" + facts(wait) +
                  "\n<form method=\"post\"><label for=\"comment\">Comment (optional)</label>"
                  "<textarea id=\"comment\" name=\"comment\" rows=\"3\" maxlength=\"" +
                  std::to_string(service::kLongestComment / 4) +
                  "\"></textarea>"
                  "<button name=\"decision\" value=\"approve\">Approve</button>"
                  "<button class=\"no\" name=\"decision\" value=\"reject\">Reject</button></form>");
}

Response notice_page(int status, std::string_view title, std::string_view text) {
  return html(status, title, "<p>" + escaped(text) + "</p>");
}

}  // namespace ipaas::daemon::http
