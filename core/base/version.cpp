#include "core/base/version.h"

namespace ipaas {

std::string_view version() { return IPAAS_VERSION; }

}  // namespace ipaas
