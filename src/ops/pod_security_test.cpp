#include "ops/pod_security.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

namespace guildfleet::ops {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

namespace fs = std::filesystem;

// Of Kubernetes itself; not part of this repository.
void expect_of_each_fixture(const char* folder, const auto& matcher) {
  const fs::path fixtures = fs::path(GUILDFLEET_REFERENCE_DIR) / "pod-security" / folder;
  if (!fs::is_directory(fixtures)) GTEST_SKIP() << fixtures << " is not there";
  std::size_t count = 0;
  for (const auto& each : fs::directory_iterator(fixtures)) {
    EXPECT_THAT(pod_security_violations(YAML::LoadFile(each.path())), matcher) << each.path();
    ++count;
  }
  EXPECT_GT(count, 20U);
}

TEST(pod_security, accepts_what_kubernetes_accepts) {
  expect_of_each_fixture("pass", IsEmpty());
}

TEST(pod_security, refuses_what_kubernetes_refuses) {
  expect_of_each_fixture("fail", Not(IsEmpty()));
}

constexpr std::string_view bare = "{{ containers: [{{ name: a, {} }}] }}";

TEST(pod_security, finds_the_pod_in_whatever_makes_it) {
  const std::string pod = fmt::format(fmt::runtime(bare), "image: x");
  for (const std::string& text :
       {fmt::format("{{ kind: Pod, spec: {} }}", pod),
        fmt::format("{{ kind: Deployment, spec: {{ template: {{ spec: {} }} }} }}", pod),
        fmt::format(
            "{{ kind: CronJob, spec: {{ jobTemplate: {{ spec: {{ template: {{ spec: {} }} }} }} }} }}", pod)})
    EXPECT_THAT(pod_security_violations(YAML::Load(text)), testing::SizeIs(4)) << text;
}

TEST(pod_security, says_who_does_what) {
  const auto found = pod_security_violations(YAML::Load(
      "{ kind: Pod, spec: { hostPID: true, securityContext: { runAsNonRoot: true, seccompProfile: { type: "
      "RuntimeDefault } }, containers: [{ name: web, securityContext: { allowPrivilegeEscalation: false, "
      "capabilities: { drop: [ALL] } }, ports: [{ hostPort: 80 }] }] } }"));
  EXPECT_THAT(found,
              ElementsAre("the pod has hostPID: true", "container web takes hostPort 80 of its machine"));
}

TEST(pod_security, has_nothing_to_say_of_what_makes_no_pods) {
  for (const char* text : {"{ kind: Service, spec: { ports: [] } }", "[1, 2]", "text", "", "spec: 5"})
    EXPECT_THAT(pod_security_violations(YAML::Load(text)), IsEmpty()) << text;
}

TEST(pod_security, survives_what_has_another_form) {
  EXPECT_THAT(
      pod_security_violations(YAML::Load(
          "{ kind: Pod, metadata: 7, spec: { containers: [a, { name: [b], securityContext: no, ports: "
          "{} }], volumes: [x, { hostPath: }], securityContext: [] } }")),
      testing::Contains(HasSubstr("hostPath")));
}

}  // namespace
}  // namespace guildfleet::ops
