// What tests of the Kubernetes rules share: a folder with nothing wrong, and one slip in it at a time.
#pragma once

#include <string>
#include <string_view>

#include "ops/check/finding_test_kit.hpp"
#include "ops/check/kubernetes.hpp"

namespace guildfleet::ops {

// A bot of somebody else's on SQLite, two nodes of guildfleet on PostgreSQL, and nothing wrong with them.
inline constexpr std::string_view good = R"(apiVersion: apps/v1
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

inline finding_list check(std::string text) {
  const source_text file{"k8s/all.yaml", std::move(text)};
  finding_list found = check_kubernetes(std::span(&file, 1));
  sort_findings(found);
  return found;
}

inline void expect_one(std::string_view base, const broken_case& each) {
  const std::string text = replaced(std::string(base), each.from, each.to);
  const finding_list found = check(text);
  ASSERT_EQ(found.size(), 1U) << each.to << " gave:\n" << told(found, text);
  EXPECT_EQ(found.front().rule->id, each.id) << each.to;
  EXPECT_TRUE(line_of(text, found.front().at.line).contains(each.line)) << each.to << " gave:\n"
                                                                        << told(found, text);
  EXPECT_EQ(found.front().source, "k8s/all.yaml");
}

}  // namespace guildfleet::ops
