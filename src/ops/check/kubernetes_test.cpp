#include "ops/check/kubernetes.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "ops/check/kubernetes_check_kit.hpp"
#include "ops/render/kubernetes_test_kit.hpp"

namespace guildfleet::ops {
namespace {

TEST(kubernetes_check, has_nothing_to_say_of_what_is_right) {
  EXPECT_EQ(told(check(std::string(good)), good), "");
}

TEST(kubernetes_check, says_once_that_no_namespace_is_named) {
  std::string text(good);
  for (std::size_t at = text.find("namespace: bots"); at != std::string::npos;
       at = text.find("namespace: bots"))
    text.replace(at, std::string_view("namespace: bots").size(), "uid: a");
  const finding_list found = check(text);
  ASSERT_EQ(found.size(), 1U) << told(found, text);
  EXPECT_EQ(found.front().rule->id, "GF329");
}

TEST(kubernetes_check, looks_into_lists) {
  const std::string text =
      "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Secret\n    metadata: { name: a }\n "
      "   data: { "
      "token: YWJj }\n";
  EXPECT_EQ(told(check(text), text), "GF312 Secret a: token in:     data: { token: YWJj }\n");
}

// A folder as kustomize has it: the base, an overlay that patches it, and files that are data.
TEST(kubernetes_check, reads_a_folder_as_kustomize_does) {
  const std::vector<source_text> files = {
      {"k8s/base/kustomization.yaml",
       "resources: [all.yaml]\nconfigMapGenerator:\n  - name: config\n    files: "
       "[fleet.yaml=data/fleet.yaml]\n"},
      {"k8s/base/all.yaml", std::string(good)},
      {"k8s/base/data/fleet.yaml", "apiVersion: v1\nkind: Secret\nstringData: { a: b }\n"},
      {"k8s/production/kustomization.yaml",
       "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../base]\npatches:\n  "
       "- path: "
       "./more.yaml\n"},
      {"k8s/production/more.yaml",
       "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: musicbot }\nspec:\n  replicas: 5\n"},
  };
  finding_list found = check_kubernetes(files);
  sort_findings(found);
  ASSERT_EQ(found.size(), 3U) << told(found, files[4].text);
  EXPECT_EQ(found[0].rule->id, "GF306");
  EXPECT_EQ(found[1].rule->id, "GF302");
  EXPECT_EQ(found[1].source, "k8s/production/more.yaml");
  EXPECT_EQ(found[1].at.line, 5U);
  EXPECT_EQ(found[2].rule->id, "GF327");
}

// What is not applied together is not looked at together.
TEST(kubernetes_check, looks_at_each_overlay_by_itself) {
  const std::string overlay = "resources: [../base]\n";
  const std::vector<source_text> overlays = {{"k8s/base/kustomization.yaml", "resources: [all.yaml]\n"},
                                             {"k8s/base/all.yaml", std::string(good)},
                                             {"k8s/a/kustomization.yaml", overlay + "namespace: a\n"},
                                             {"k8s/b/kustomization.yaml", overlay + "namespace: b\n"}};
  EXPECT_EQ(told(check_kubernetes(overlays), good), "");
  const std::string wrong = replaced(std::string(good), "replicas: 1", "replicas: 3");
  std::vector<source_text> broken = overlays;
  broken[1].text = wrong;
  const std::vector<source_text> alone = {{"all.yaml", wrong}};
  EXPECT_EQ(told(check_kubernetes(broken), wrong).size(), told(check_kubernetes(alone), wrong).size());
}

TEST(kubernetes_check, sees_what_one_overlay_leaves_to_another) {
  const std::string text(good);
  const std::size_t at = text.rfind("---", text.find("kind: NetworkPolicy"));
  ASSERT_NE(at, std::string::npos);
  const std::size_t end = std::min(text.find("---", at + 3), text.size());
  const std::string policy = text.substr(at, end - at);
  const std::string rest = text.substr(0, at) + text.substr(end);
  std::vector<source_text> files = {{"base/kustomization.yaml", "resources: [all.yaml]\n"},
                                    {"base/all.yaml", rest},
                                    {"canary/kustomization.yaml", "resources: [../base]\n"},
                                    {"production/kustomization.yaml", "resources: [../base, policy.yaml]\n"},
                                    {"production/policy.yaml", policy}};
  EXPECT_EQ(told(check_kubernetes(files), rest), "");
  files.resize(3);
  EXPECT_EQ(told(check_kubernetes(files), rest).substr(0, 5), "GF324");
}

TEST(kubernetes_check, looks_at_each_folder_of_kustomize_by_itself) {
  const std::string root = "resources: [all.yaml]\n";
  std::vector<source_text> files = {{"one/kustomization.yaml", root},
                                    {"one/all.yaml", std::string(good)},
                                    {"two/kustomization.yaml", root},
                                    {"two/all.yaml", std::string(good)}};
  EXPECT_EQ(told(check_kubernetes(files), good), "");
  // Where one refers to the other they are applied together.
  files[2].text = "resources: [all.yaml, ../one]\n";
  EXPECT_TRUE(told(check_kubernetes(files), good).contains("GF303"));
  // What no kustomization names is one set, and a circle ends somewhere.
  files[0].text = "resources: [all.yaml, ../two]\n";
  EXPECT_FALSE(check_kubernetes(files).empty());
  files.erase(files.begin() + 2);
  files.erase(files.begin());
  EXPECT_TRUE(told(check_kubernetes(files), good).contains("GF303"));
}

TEST(kubernetes_check, reads_patches_that_a_kustomization_holds_itself) {
  struct patch_case {
    std::string_view patch;
    bool counts;
  };
  const patch_case cases[] = {
      {"{ target: { kind: Deployment, name: musicbot }, patch: '[{ op: replace, path: /spec/replicas, value: "
       "3 }]' }",
       true},
      {"{ patch: '{ kind: Deployment, metadata: { name: musicbot }, spec: { replicas: 3 } }' }", true},
      {"{ target: { kind: Deployment }, patch: '{ spec: { replicas: 3 } }' }", true},
      {"{ target: { labelSelector: app=other }, patch: '{ spec: { replicas: 3 } }' }", false},
      {"{ target: { name: other }, patch: '{ spec: { replicas: 3 } }' }", false},
      {"{ target: { name: musicbot }, patch: '[{ op: replace, path: /spec/other, value: 3 }]' }", false},
      {"{ target: { name: musicbot }, patch: '[' }", false},
  };
  for (const auto& each : cases) {
    const std::vector<source_text> files = {
        {"all.yaml", std::string(good)},
        {"kustomization.yaml", fmt::format("patches:\n  - {}\n", each.patch)}};
    const finding_list found = check_kubernetes(files);
    const auto replicated =
        std::ranges::find(found, "GF302", [](const finding& one) { return one.rule->id; });
    ASSERT_EQ(replicated != found.end(), each.counts) << each.patch << told(found, good);
    if (!each.counts) continue;
    EXPECT_EQ(replicated->source, "kustomization.yaml");
    EXPECT_EQ(replicated->at.line, 2U);
  }
}

TEST(kubernetes_check, knows_a_version_that_kustomize_gives) {
  const std::string bare = replaced(std::string(good), "musicbot:1.4", "musicbot");
  const std::vector<source_text> files = {
      {"kustomization.yaml", "images:\n  - { name: registry.example.org/musicbot, newTag: \"1.5\" }\n"},
      {"all.yaml", bare}};
  EXPECT_EQ(told(check_kubernetes(files), bare), "");
  const std::vector<source_text> moving = {
      {"kustomization.yaml", "images:\n  - { name: registry.example.org/musicbot, newTag: latest }\n"},
      {"all.yaml", std::string(good)}};
  const finding_list found = check_kubernetes(moving);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.front().rule->id, "GF315");
  EXPECT_EQ(found.front().at.line, 2U);
}

TEST(kubernetes_check, tells_a_template_of_helm_from_a_slip) {
  const std::string text = "apiVersion: v1\n{{ if .Values.x }}\nkind: Service\n";
  const finding_list found = check(text);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found.front().detail.starts_with("a template, as it seems: ")) << found.front().detail;
}

TEST(kubernetes_check, survives_what_has_another_form) {
  for (const std::string_view text :
       {"", "[1, 2]", "text", "kind: Pod\napiVersion: v1\nspec: 5\n",
        "kind: Deployment\napiVersion: apps/v1\nspec: []\n",
        "kind: Deployment\napiVersion: apps/v1\nspec: { template: { spec: { containers: [a, [b], {}], "
        "volumes: x } } }\n",
        "kind: Service\napiVersion: v1\nspec: { type: NodePort, ports: 7, selector: [] }\n",
        "kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1\nimages: 5\npatches: [a]\nreplicas: "
        "[x]\n",
        "kind: List\napiVersion: v1\nitems: [1, [2], { kind: List }]\n"})
    (void)check(std::string(text));
}

// What guildfleet renders must stand before its own rules; notes are allowed.
TEST(kubernetes_check, has_nothing_against_what_guildfleet_renders) {
  for (const std::string_view fleet_text : fleets) {
    std::vector<source_text> files;
    for (const rendered_file& each : rendered(fleet_text).files) {
      if (each.path.ends_with(".yaml")) files.push_back({each.path, each.text});
    }
    for (const finding& each : check_kubernetes(files))
      EXPECT_EQ(each.rule->severity, finding_severity::note)
          << each.source << ":" << each.at.line << " " << each.rule->id << " " << each.detail;
  }
}

TEST(kubernetes_check, has_ids_in_order) {
  const auto rules = kubernetes_rules();
  EXPECT_TRUE(std::ranges::is_sorted(rules, {}, &check_rule::id));
  for (const check_rule& each : rules) EXPECT_TRUE(each.id.starts_with("GF3")) << each.id;
}

}  // namespace
}  // namespace guildfleet::ops
