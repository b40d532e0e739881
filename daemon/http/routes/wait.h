// A request that is answered when an execution has ended.
#pragma once

#include "daemon/http/routes/api.h"

namespace ipaas::daemon::http {

/// Answers with the execution once it has ended, or as it is after `time`. No thread waits meanwhile.
void wait_for_end(Api& api, const service::Caller& caller, const ExecutionId& id, Duration time, Responder responder);

}  // namespace ipaas::daemon::http
