#include "core/connectors/credential_type.h"

namespace ipaas::connectors {

namespace {

using Format = CredentialField::Format;

CredentialType generic() {
  return {.name = "generic",
          .description = "Any fields, all of them secret; `secret`, `previous` and `public_key` verify webhooks, "
                         "`verify_token` confirms subscriptions",
          .fields = {{.name = "secret", .description = "The key that a webhook's signature is checked with"},
                     {.name = "previous", .description = "The key before it, accepted while a rotation is under way"}},
          .open = true};
}

CredentialType bearer() {
  return {.name = "bearer",
          .description = "A token in the Authorization header (RFC 6750)",
          .fields = {{.name = "token", .required = true, .description = "The token, without the word Bearer"}}};
}

CredentialType basic() {
  return {.name = "basic",
          .description = "User name and password in the Authorization header (RFC 7617)",
          .fields = {{.name = "username", .required = true, .secret = false, .description = "The user, without a colon"},
                     {.name = "password", .required = true, .description = "The password"}}};
}

CredentialType api_key() {
  return {.name = "api-key",
          .description = "A key in a header or in the query",
          .fields = {{.name = "value", .required = true, .description = "The key"},
                     {.name = "name",
                      .required = true,
                      .secret = false,
                      .description = "Name of the header or of the query parameter, such as X-API-Key",
                      .format = Format::kToken},
                     {.name = "in",
                      .secret = false,
                      .description = "Where it goes; header unless it is written",
                      .options = {"header", "query"}}}};
}

CredentialType discord() {
  return {.name = "discord",
          .description = "A Discord webhook, or the token of a bot",
          .fields = {{.name = "webhook_url", .description = "Address of the webhook", .format = Format::kUrl},
                     {.name = "bot_token", .description = "Token of the bot, without the word Bot"}},
          .one_of = {{"webhook_url", "bot_token"}}};
}

CredentialType openweather() {
  return {.name = "openweather",
          .description = "A key of the OpenWeather API",
          .fields = {{.name = "api_key", .required = true, .description = "The key, sent as `appid`"}}};
}

}  // namespace

std::vector<CredentialType> common_credential_types() {
  return {generic(), bearer(), basic(), api_key(), discord(), openweather()};
}

}  // namespace ipaas::connectors
