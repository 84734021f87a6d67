#include "ops/check/kubernetes.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "ops/render/kubernetes_test_kit.hpp"

namespace guildfleet::ops {
namespace {

// A bot of somebody else's on SQLite, two nodes of guildfleet on PostgreSQL, and nothing wrong with them.
constexpr std::string_view good = R"(apiVersion: apps/v1
kind: Deployment
metadata:
  name: musicbot
  namespace: bots
spec:
  replicas: 1
  strategy: { type: Recreate }
  selector: { matchLabels: { app: musicbot } }
  template:
    metadata: { labels: { app: musicbot } }
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 45
      securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: bot
          image: registry.example.org/musicbot:1.4
          env:
            - name: DISCORD_TOKEN
              valueFrom: { secretKeyRef: { name: music, key: token } }
            - name: SQLITE_PATH
              value: /data/bot.sqlite
          resources: { limits: { memory: 256Mi } }
          livenessProbe: { httpGet: { path: /alive, port: 3000 } }
          readinessProbe: { httpGet: { path: /connected, port: 3000 } }
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
          volumeMounts:
            - { name: data, mountPath: /data }
      volumes:
        - name: data
          persistentVolumeClaim: { claimName: musicbot }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: musicbot, namespace: bots }
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: local-path
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: game
  namespace: bots
spec:
  replicas: 2
  selector: { matchLabels: { app: game } }
  template:
    metadata: { labels: { app: game } }
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 45
      securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: node
          image: registry.example.org/guildfleet:1.0
          env:
            - name: DISCORD_TOKEN
              valueFrom: { secretKeyRef: { name: game, key: token } }
            - name: DATABASE_URL
              valueFrom: { secretKeyRef: { name: database, key: url } }
          ports: [{ name: http, containerPort: 3001 }]
          resources: { limits: { memory: 512Mi } }
          livenessProbe: { httpGet: { path: /livez, port: 3001 } }
          readinessProbe: { httpGet: { path: /readyz, port: 3001 } }
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: game, namespace: bots }
spec: { maxUnavailable: 1, selector: { matchLabels: { app: game } } }
---
apiVersion: v1
kind: Service
metadata: { name: game, namespace: bots }
spec:
  type: ClusterIP
  selector: { app: game }
  ports: [{ port: 80, targetPort: http }]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: game
  namespace: bots
  annotations: { example.org/weight: "20" }
spec:
  tls: [{ hosts: [bots.example.org], secretName: tls }]
  rules:
    - host: bots.example.org
      http: { paths: [{ path: /health, pathType: Exact, backend: { service: { name: game, port: { number: 80 } } } }] }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: postgres, namespace: bots }
spec:
  replicas: 1
  selector: { matchLabels: { app: postgres } }
  volumeClaimTemplates: [{ metadata: { name: data }, spec: { accessModes: [ReadWriteOnce] } }]
  template:
    metadata: { labels: { app: postgres } }
    spec:
      automountServiceAccountToken: false
      securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: postgres
          image: postgres:16.4-alpine
          env:
            - { name: POSTGRES_USER, value: game }
            - { name: POSTGRES_PASSWORD_FILE, value: /run/secrets/password }
          resources: { limits: { memory: 512Mi } }
          livenessProbe: { tcpSocket: { port: 5432 } }
          readinessProbe: { exec: { command: [pg_isready] } }
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
          volumeMounts: [{ name: data, mountPath: /var/lib/postgresql/data }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: bots }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: bots }
data:
  LOG_LEVEL: info
  fleet.yaml: |
    token: "${TOKEN}"
    password_file: /run/secrets/password
)";

// Fails the test when `text` does not hold `from`.
std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << "nothing holds: " << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

std::string_view line_of(std::string_view text, std::size_t number) {
  for (; number > 1; --number) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  return text.substr(0, text.find('\n'));
}

// "GF302 in: replicas: 3", one for each finding.
std::string told(const finding_list& findings, std::string_view text) {
  std::string out;
  for (const finding& each : findings)
    out += fmt::format("{} {} in: {}\n", each.rule->id, each.detail, line_of(text, each.at.line));
  return out;
}

finding_list check(std::string text) {
  const source_text file{"k8s/all.yaml", std::move(text)};
  finding_list found = check_kubernetes(std::span(&file, 1));
  sort_findings(found);
  return found;
}

TEST(kubernetes_check, has_nothing_to_say_of_what_is_right) {
  EXPECT_EQ(told(check(std::string(good)), good), "");
}

struct broken_case {
  std::string_view from;
  std::string_view to;
  std::string_view id;
  std::string_view line;  // a part of the line that the finding names
};

void expect_one(std::string_view base, const broken_case& each) {
  const std::string text = replaced(std::string(base), each.from, each.to);
  const finding_list found = check(text);
  ASSERT_EQ(found.size(), 1U) << each.to << " gave:\n" << told(found, text);
  EXPECT_EQ(found.front().rule->id, each.id) << each.to;
  EXPECT_TRUE(line_of(text, found.front().at.line).contains(each.line)) << each.to << " gave:\n"
                                                                        << told(found, text);
  EXPECT_EQ(found.front().source, "k8s/all.yaml");
}

TEST(kubernetes_check, finds_what_is_wrong_with_tokens) {
  const broken_case cases[] = {
      {"kind: Deployment\nmetadata:\n  name: musicbot", "kind: [\n", "GF301", "metadata"},
      {"key: token } }\n            - name: DATABASE_URL", "key: token } }\n            - name: OTHER_URL",
       "GF302", "replicas: 2"},
      {"name: game, key: token", "name: music, key: token", "GF303", "- name: DISCORD_TOKEN"},
      {"  strategy: { type: Recreate }\n", "", "GF304", "apiVersion: apps/v1"},
      {"strategy: { type: Recreate }", "strategy: { rollingUpdate: { maxSurge: 1 } }", "GF304",
       "maxSurge: 1"},
  };
  for (const auto& each : cases) expect_one(good, each);
}

TEST(kubernetes_check, counts_pods_wherever_their_number_stands) {
  const std::string_view where = "---\napiVersion: v1\nkind: ConfigMap";
  const broken_case cases[] = {
      {where,
       "---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: a, namespace: bots "
       "}\nspec:\n "
       " scaleTargetRef: { kind: Deployment, name: musicbot }\n  maxReplicas: 4\n---\napiVersion: v1\nkind: "
       "ConfigMap",
       "GF302", "maxReplicas: 4"},
      {where,
       "---\napiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: { name: a, namespace: bots "
       "}\nspec:\n  "
       "scaleTargetRef: { name: musicbot }\n  maxReplicaCount: 4\n---\napiVersion: v1\nkind: ConfigMap",
       "GF302", "maxReplicaCount: 4"},
      {where,
       "---\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nreplicas:\n  - { name: "
       "musicbot, count: 3 "
       "}\n---\napiVersion: v1\nkind: ConfigMap",
       "GF302", "count: 3"},
  };
  // The claim of one pod and the missing budget are beside the point.
  std::string base = replaced(std::string(good), "persistentVolumeClaim: { claimName: musicbot }",
                              "persistentVolumeClaim: { claimName: elsewhere }");
  base = replaced(
      base, "matchLabels: { app: game } } }\n---\napiVersion: v1",
      "matchExpressions: [{ key: app, operator: In, values: [game, musicbot] }] } }\n---\napiVersion: v1");
  for (const auto& each : cases) expect_one(base, each);
}

TEST(kubernetes_check, finds_what_is_wrong_with_storage) {
  const broken_case cases[] = {
      {"accessModes: [ReadWriteOnce]\n  storage", "accessModes: [ReadWriteMany]\n  storage", "GF305",
       "mountPath: /data }"},
      {"storageClassName: local-path", "storageClassName: nfs-client", "GF305", "mountPath: /data }"},
      {"persistentVolumeClaim: { claimName: musicbot }", "emptyDir: {}", "GF309", "mountPath: /data }"},
      {"mountPath: /data }", "mountPath: /other }", "GF309", "- name: SQLITE_PATH"},
      {"replicas: 1\n  selector: { matchLabels: { app: postgres",
       "replicas: 2\n  selector: { matchLabels: { app: postgres", "GF307", "replicas: 2"},
  };
  for (const auto& each : cases) {
    if (each.id != "GF307") expect_one(good, each);
  }
  const std::string budget =
      replaced(std::string(good), "matchLabels: { app: game } } }\n---\napiVersion: v1",
               "matchExpressions: [{ key: app, operator: Exists }] } }\n---\napiVersion: v1");
  expect_one(budget, cases[4]);
}

TEST(kubernetes_check, finds_pods_that_want_one_volume) {
  std::string base =
      replaced(std::string(good), "          ports: [{ name: http",
               "          volumeMounts: [{ name: x, mountPath: /x }]\n          ports: [{ name: http");
  base = replaced(base, "---\napiVersion: policy/v1",
                  "      volumes: [{ name: x, persistentVolumeClaim: { claimName: musicbot } "
                  "}]\n---\napiVersion: policy/v1");
  EXPECT_EQ(
      told(check(base), base),
      "GF306 Deployment game: replicas: 2, and one claim musicbot for all in:       volumes: [{ name: x, "
      "persistentVolumeClaim: { claimName: musicbot } }]\n");
  std::string website = replaced(base, "registry.example.org/guildfleet:1.0", "nginx:1.27");
  website = replaced(website, "replicas: 2", "replicas: 1");
  website = replaced(website, "name: DISCORD_TOKEN\n              valueFrom: { secretKeyRef: { name: game",
                     "name: OTHER\n              valueFrom: { secretKeyRef: { name: game");
  website = replaced(website, "path: /livez", "path: /alive");
  EXPECT_EQ(told(check(website), website).substr(0, 5), "GF308");
}

TEST(kubernetes_check, finds_secrets_that_are_none) {
  const std::string_view token = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GAbcde.this-token-must-be-nowhere-0123456789";
  const std::string literal = fmt::format("value: {}", token);
  const std::string in_text = fmt::format("token: \"{}\"", token);
  const std::string_view where = "---\napiVersion: v1\nkind: ConfigMap";
  const broken_case cases[] = {
      {"valueFrom: { secretKeyRef: { name: music, key: token } }", literal, "GF310", "- name: DISCORD_TOKEN"},
      {"{ name: POSTGRES_PASSWORD_FILE, value: /run/secrets/password }",
       "{ name: POSTGRES_PASSWORD, value: Xk29fjeLw }", "GF310", "POSTGRES_PASSWORD"},
      {"valueFrom: { secretKeyRef: { name: database, key: url } }",
       "value: postgresql://bots:Xk29fjeLw@db/bots", "GF310", "- name: DATABASE_URL"},
      {"LOG_LEVEL: info", "GRAFANA_PASSWORD: Xk29fjeLw", "GF311", "GRAFANA_PASSWORD"},
      {"token: \"${TOKEN}\"", in_text, "GF311", "fleet.yaml: |"},
      {"password_file: /run/secrets/password", "password: Xk29fjeLw", "GF311", "fleet.yaml: |"},
      {where,
       "---\napiVersion: v1\nkind: Secret\nmetadata: { name: a, namespace: bots }\nstringData:\n  token: "
       "abcdefg\n---\napiVersion: v1\nkind: ConfigMap",
       "GF312", "token: abcdefg"},
      {where,
       "---\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nsecretGenerator:\n  - name: "
       "a\n    "
       "literals:\n      - token=abcdefg\n---\napiVersion: v1\nkind: ConfigMap",
       "GF312", "token=abcdefg"},
      {where,
       "---\napiVersion: v1\nkind: Secret\nmetadata: { name: a, namespace: bots }\ndata:\n  password: "
       "YWRtaW4=\n---\napiVersion: v1\nkind: ConfigMap",
       "GF313", "password: YWRtaW4="},
      {"{ name: POSTGRES_PASSWORD_FILE, value: /run/secrets/password }",
       "{ name: POSTGRES_PASSWORD, value: game }", "GF313", "POSTGRES_PASSWORD"},
      {"{ name: POSTGRES_PASSWORD_FILE, value: /run/secrets/password }",
       "{ name: POSTGRES_HOST_AUTH_METHOD, value: trust }", "GF313", "trust"},
      {"- name: SQLITE_PATH",
       "- { name: NODE_TLS_REJECT_UNAUTHORIZED, value: \"0\" }\n            - name: SQLITE_PATH", "GF314",
       "NODE_TLS"},
  };
  for (const auto& each : cases) {
    expect_one(good, each);
    for (const finding& found : check(replaced(std::string(good), each.from, each.to))) {
      for (const std::string_view secret :
           {token, std::string_view("Xk29fjeLw"), std::string_view("abcdefg")})
        EXPECT_FALSE(found.detail.contains(secret)) << found.detail;
    }
  }
}

TEST(kubernetes_check, accepts_secrets_that_are_not_written_down) {
  for (const std::string_view secret :
       {"kind: Secret\nmetadata: { name: a }\nstringData: { token: \"${TOKEN}\" }\n",
        "kind: Secret\nmetadata: { name: a }\nstringData: { token: <token> }\n",
        "kind: Secret\nmetadata: { name: a }\ndata: { token: \"ENC[AES256_GCM,data:x]\" }\nsops: { version: "
        "3.9 }\n",
        "kind: Secret\nmetadata: { name: a }\ntype: kubernetes.io/service-account-token\n"}) {
    const std::string text = fmt::format("apiVersion: v1\n{}", secret);
    EXPECT_EQ(told(check(text), text), "");
  }
}

TEST(kubernetes_check, finds_what_is_wrong_with_pods) {
  const broken_case cases[] = {
      {"musicbot:1.4", "musicbot", "GF315", "image: registry.example.org/musicbot"},
      {"musicbot:1.4", "musicbot:latest", "GF315", "musicbot:latest"},
      {"          resources: { limits: { memory: 256Mi } }\n", "", "GF316", "- name: bot"},
      {"          readinessProbe: { httpGet: { path: /connected, port: 3000 } }\n", "", "GF317",
       "- name: bot"},
      {"          livenessProbe: { tcpSocket: { port: 5432 } }\n", "", "GF317", "- name: postgres"},
      {"path: /livez", "path: /health", "GF318", "livenessProbe"},
      {"path: /livez", "path: /ready", "GF318", "livenessProbe"},
      {"httpGet: { path: /alive, port: 3000 }", "exec: { command: [sh, -c, psql -c 'select 1'] }", "GF318",
       "psql"},
      {"httpGet: { path: /alive, port: 3000 }", "exec: { command: [curl, -f, \"https://discord.com/api\"] }",
       "GF318", "curl"},
      {"path: /connected", "path: /alive", "GF319", "livenessProbe: { httpGet: { path: /alive"},
      {"terminationGracePeriodSeconds: 45", "terminationGracePeriodSeconds: 10", "GF320", "Seconds: 10"},
      {"resources: { limits: { memory: 256Mi } }",
       "resources: { limits: { memory: 256Mi } }\n          lifecycle: { preStop: { exec: { command: [sleep, "
       "\"60\"] } } }",
       "GF320", "preStop"},
  };
  for (const auto& each : cases) expect_one(good, each);
}

TEST(kubernetes_check, finds_rights_that_nobody_needs) {
  const broken_case cases[] = {
      {"{ allowPrivilegeEscalation: false, capabilities", "{ capabilities", "GF321", "- name: bot"},
      {"securityContext: { runAsNonRoot: true, seccompProfile", "securityContext: { seccompProfile", "GF321",
       "- name: bot"},
      {"      automountServiceAccountToken: false",
       "      automountServiceAccountToken: false\n      hostNetwork: true", "GF322", "hostNetwork: true"},
      {"persistentVolumeClaim: { claimName: musicbot }", "hostPath: { path: /srv }", "GF322", "hostPath"},
      {"      automountServiceAccountToken: false\n", "", "GF323", "terminationGracePeriodSeconds"},
      {"kind: NetworkPolicy", "kind: Other", "GF324", "apiVersion: apps/v1"},
      {"type: ClusterIP", "type: NodePort", "GF325", "type: NodePort"},
      {"  type: ClusterIP\n  selector: { app: game }\n  ports: [{ port: 80, targetPort: http }]",
       "  type: LoadBalancer\n  selector: { app: postgres }\n  ports: [{ port: 80, targetPort: 5432 }]",
       "GF325", "LoadBalancer"},
  };
  for (const auto& each : cases) expect_one(good, each);
}

TEST(kubernetes_check, finds_what_is_wrong_with_traffic) {
  const std::string_view where = "---\napiVersion: v1\nkind: ConfigMap";
  const broken_case cases[] = {
      {"  tls: [{ hosts: [bots.example.org], secretName: tls }]\n", "", "GF326", "host: bots.example.org"},
      {"kind: PodDisruptionBudget", "kind: Other", "GF327", "replicas: 2"},
      {"example.org/weight", "nginx.ingress.kubernetes.io/canary-weight", "GF328", "canary-weight"},
      {where,
       "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: { name: a, namespace: bots "
       "}\nspec:\n "
       " rules:\n    - backendRefs:\n        - { name: game, weight: 90 }\n---\napiVersion: v1\nkind: "
       "ConfigMap",
       "GF328", "weight: 90"},
      {where,
       "---\napiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: { name: a, namespace: bots }\nspec:\n  "
       "targetRef: { "
       "kind: Deployment, name: game }\n---\napiVersion: v1\nkind: ConfigMap",
       "GF328", "targetRef"},
      {"  selector: { app: game }\n", "  selector: { app: games }\n", "GF332", "app: games"},
      {"targetPort: http", "targetPort: web", "GF332", "targetPort: web"},
      {"metadata: { labels: { app: postgres } }", "metadata: { labels: { app: other } }", "GF333",
       "app: postgres"},
  };
  for (const auto& each : cases) expect_one(good, each);
}

TEST(kubernetes_check, finds_a_rollout_that_weighs_bots) {
  std::string text =
      replaced(std::string(good), "apps/v1\nkind: Deployment", "argoproj.io/v1alpha1\nkind: Rollout");
  text =
      replaced(text, "strategy: { type: Recreate }", "strategy: { canary: { steps: [{ setWeight: 20 }] } }");
  const finding_list found = check(text);
  ASSERT_EQ(found.size(), 1U) << told(found, text);
  EXPECT_EQ(found.front().rule->id, "GF328");
}

TEST(kubernetes_check, finds_what_has_grown_old) {
  const std::string_view where = "---\napiVersion: v1\nkind: ConfigMap";
  const broken_case cases[] = {
      {"name: musicbot\n  namespace: bots", "name: musicbot\n  namespace: default", "GF329",
       "namespace: default"},
      {"apiVersion: policy/v1", "apiVersion: policy/v1beta1", "GF330", "policy/v1beta1"},
      {"networking.k8s.io/v1\nkind: Ingress", "extensions/v1beta1\nkind: Ingress", "GF330",
       "extensions/v1beta1"},
      {where,
       R"(---
apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly, namespace: bots }
spec:
  schedule: "0 4 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          automountServiceAccountToken: false
          securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
          containers:
            - name: kubectl
              image: bitnami/kubectl:1.31
              command: [kubectl, rollout restart, deployment/musicbot]
              resources: { limits: { memory: 64Mi } }
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
---
apiVersion: v1
kind: ConfigMap)",
       "GF331", "schedule:"},
  };
  for (const auto& each : cases) expect_one(good, each);
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
