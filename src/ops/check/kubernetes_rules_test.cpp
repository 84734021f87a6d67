#include "ops/check/kubernetes_rules.hpp"

#include "ops/check/kubernetes_check_kit.hpp"

namespace guildfleet::ops {
namespace {

TEST(kubernetes_check, finds_what_is_wrong_with_tokens) {
  const broken_case cases[] = {
      {"kind: Deployment\nmetadata:\n  name: musicbot", "kind: [\n", "GF301", "spec:"},
      {"guildfleet:1.0", "gamebot:1.0", "GF302", "replicas: 2"},
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
      {"storageClassName: local-path", "storageClassName: rook-cephfs", "GF305", "mountPath: /data }"},
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
  expect_one(budget, cases[5]);
  const std::string block = replaced(std::string(good), "local-path", "rook-ceph-block");
  EXPECT_EQ(told(check(block), block), "");
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

TEST(kubernetes_check, shows_no_query_of_a_probe) {
  const std::string asked = replaced(std::string(good), "path: /alive", "path: \"/alive?key=hidden\"");
  const std::string text = replaced(asked, "path: /connected", "path: \"/alive?key=hidden\"");
  const finding_list found = check(text);
  ASSERT_EQ(found.size(), 1U) << told(found, text);
  EXPECT_EQ(found.front().detail, "Deployment musicbot: both ask 3000:/alive");
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

TEST(kubernetes_check, knows_which_kinds_of_a_version_are_gone) {
  const std::string text =
      "apiVersion: networking.k8s.io/v1beta1\nkind: ServiceCIDR\nmetadata: { name: a }\nspec: { cidrs: "
      "[10.7.0.0/16] }\n";
  EXPECT_EQ(told(check(text), text), "");
}

TEST(kubernetes_check, takes_only_references_for_no_secrets) {
  const std::string_view where = "valueFrom: { secretKeyRef: { name: music, key: token } }";
  for (const std::string_view value : {"${DISCORD_TOKEN}", "$(DISCORD_TOKEN)", "$DISCORD_TOKEN", "<token>"}) {
    const std::string text = replaced(std::string(good), where, fmt::format("value: \"{}\"", value));
    EXPECT_EQ(told(check(text), text), "") << value;
  }
  for (const std::string_view value : {"$ecret-of-ours", "ab$cd$ef", "$$(DISCORD_TOKEN)"}) {
    const std::string literal = fmt::format("value: \"{}\"", value);
    expect_one(good, {where, literal, "GF310", "- name: DISCORD_TOKEN"});
  }
}

TEST(kubernetes_check, finds_what_has_grown_old) {
  const std::string_view where = "---\napiVersion: v1\nkind: ConfigMap";
  const broken_case cases[] = {
      {"name: musicbot\n  namespace: bots", "name: musicbot\n  namespace: default", "GF329",
       "namespace: default"},
      {"apiVersion: policy/v1", "apiVersion: policy/v1beta1", "GF330", "policy/v1beta1"},
      {"networking.k8s.io/v1\nkind: Ingress", "extensions/v1beta1\nkind: Ingress", "GF330",
       "extensions/v1beta1"},
      {"networking.k8s.io/v1\nkind: Ingress", "networking.k8s.io/v1beta1\nkind: Ingress", "GF330",
       "networking.k8s.io/v1beta1"},
      {where,
       "---\napiVersion: node.k8s.io/v1beta1\nkind: RuntimeClass\nmetadata: { name: a }\nhandler: "
       "a\n---\napiVersion: v1\nkind: ConfigMap",
       "GF330", "node.k8s.io/v1beta1"},
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

}  // namespace
}  // namespace guildfleet::ops
