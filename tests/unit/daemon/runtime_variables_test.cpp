// The `vars` of an execution: what its workflow names, as it was when it began.
#include "tests/unit/daemon/runtime_kit.h"

#include "core/service/variables.h"

using namespace ipaas;
using namespace ipaas::test;

namespace {

void set(Instance& instance, const std::string& name, const Json& value) {
  auto reader = instance.readers.borrow().value();
  const service::Caller caller{kTenant, "uid:0", security::Role::kOwner};
  const auto page = instance.book.page(kTenant);
  const service::Context context{caller, *reader, instance.queue, instance.runtime, instance.catalog, page->masker,
                                 instance.ids, instance.clock};
  REQUIRE(service::set_variable(context, name, value));
}

}  // namespace

TEST_CASE("an execution sees the variables that its workflow names, in any letter case, and carries no others") {
  FlakyStore store(store::make_memory_store());
  Instance instance(store);
  set(instance, "Region", "eu");
  set(instance, "limits", {{"orders", 7}});
  set(instance, "other", "unseen");
  instance.apply("name: w\non: { manual: {} }\nsteps: [ { id: a, set: '${{ vars.REGION }}' }, { log: 'max ${{ vars.limits.orders }}' } ]\n"
                 "outputs: { region: '${{ steps.a.outputs }}', none: '${{ vars.never-set }}' }\n");
  const auto ended = instance.ended(instance.run("w"));
  CHECK(ended.execution.vars == Json{{"limits", {{"orders", 7}}}, {"Region", "eu"}});
  CHECK(ended.execution.outputs == Json{{"region", "eu"}, {"none", nullptr}});
}

TEST_CASE("a workflow that computes the name sees all, one that names none carries none") {
  FlakyStore store(store::make_memory_store());
  Instance instance(store);
  set(instance, "a", 1);
  set(instance, "b", 2);
  instance.apply("name: all\non: { manual: {} }\nsteps: [ { log: '${{ toJSON(vars) }}' } ]\n");
  instance.apply("name: none\non: { manual: {} }\nsteps: [ { log: hello } ]\n");
  CHECK(instance.ended(instance.run("all")).execution.vars == Json{{"a", 1}, {"b", 2}});
  CHECK(instance.ended(instance.run("none")).execution.vars == Json::object());
}

TEST_CASE("a change counts for what begins after it") {
  FlakyStore store(store::make_memory_store());
  Instance instance(store);
  instance.apply("name: w\non: { manual: {} }\nsteps: [ { set: 1 } ]\noutputs: { x: '${{ vars.x }}' }\n");
  CHECK(instance.ended(instance.run("w")).execution.outputs == Json{{"x", nullptr}});
  set(instance, "x", 1);
  const ExecutionId first = instance.run("w");
  set(instance, "x", 2);
  CHECK(instance.ended(first).execution.outputs == Json{{"x", 1}});
  CHECK(instance.ended(instance.run("w")).execution.outputs == Json{{"x", 2}});
}
