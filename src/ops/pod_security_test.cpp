#include "ops/pod_security.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

namespace guildfleet::ops {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

namespace fs = std::filesystem;

std::vector<pod_security_violation> violations_of(std::string_view text) {
  base::problem_list problems;
  const auto documents = base::parse_foreign_yaml(text, "pod.yaml", problems);
  for (const auto& each : problems) ADD_FAILURE() << base::to_text(each);
  if (!documents || documents->empty()) return {};
  return pod_security_violations(documents->front());
}

std::vector<pod_security_violation> violations_in(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return violations_of(std::string_view(text.str()));
}

auto says(const std::string& text) {
  return testing::Field("text", &pod_security_violation::text, text);
}

// Of Kubernetes itself; not part of this repository.
void expect_of_each_fixture(const char* folder, const auto& matcher) {
  const fs::path fixtures = fs::path(GUILDFLEET_REFERENCE_DIR) / "pod-security" / folder;
  if (!fs::is_directory(fixtures)) GTEST_SKIP() << fixtures << " is not there";
  std::size_t count = 0;
  for (const auto& each : fs::directory_iterator(fixtures)) {
    EXPECT_THAT(violations_in(each.path()), matcher) << each.path();
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
    EXPECT_THAT(violations_of(text), testing::SizeIs(4)) << text;
}

TEST(pod_security, says_who_does_what) {
  const auto found = violations_of(
      "{ kind: Pod, spec: { hostPID: true, securityContext: { runAsNonRoot: true, seccompProfile: { type: "
      "RuntimeDefault } }, containers: [{ name: web, securityContext: { allowPrivilegeEscalation: false, "
      "capabilities: { drop: [ALL] } }, ports: [{ hostPort: 80 }] }] } }");
  EXPECT_THAT(found, ElementsAre(says("the pod has hostPID: true"),
                                 says("container web takes hostPort 80 of its machine")));
}

TEST(pod_security, says_where_and_whether_the_machine_is_open) {
  const auto found = violations_of(
      "kind: Pod\nspec:\n  hostNetwork: true\n  securityContext:\n    runAsNonRoot: true\n    "
      "seccompProfile: { "
      "type: RuntimeDefault }\n  containers:\n    - name: web\n      securityContext:\n        "
      "allowPrivilegeEscalation: true\n        capabilities: { drop: [ALL] }\n");
  EXPECT_THAT(
      found,
      ElementsAre(pod_security_violation{{3, 16}, "the pod has hostNetwork: true", true},
                  pod_security_violation{
                      {10, 35}, "container web does not have allowPrivilegeEscalation: false", false}));
}

TEST(pod_security, has_nothing_to_say_of_what_makes_no_pods) {
  for (const char* text : {"{ kind: Service, spec: { ports: [] } }", "[1, 2]", "text", "", "spec: 5"})
    EXPECT_THAT(violations_of(text), IsEmpty()) << text;
}

TEST(pod_security, survives_what_has_another_form) {
  EXPECT_THAT(
      violations_of(
          "{ kind: Pod, metadata: 7, spec: { containers: [a, { name: [b], securityContext: no, ports: "
          "{} }], volumes: [x, { hostPath: }], securityContext: [] } }"),
      testing::Contains(says("the volume  is of the kind hostPath")));
}

}  // namespace
}  // namespace guildfleet::ops
