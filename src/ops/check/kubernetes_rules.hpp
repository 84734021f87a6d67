// The rules GF3xx, about Kubernetes objects. docs/checks.md tells more of each.
#pragma once

#include <algorithm>
#include <array>

#include "ops/check/finding.hpp"

namespace guildfleet::ops::kubernetes_rule {

using enum finding_severity;

inline constexpr auto table = std::to_array<check_rule>({
    {"GF301", error, "Not a manifest that can be read",
     "kubectl refuses it, and what it holds is not checked.",
     "Correct the place that is named. Templates of Helm are no YAML: check what helm template writes."},
    {"GF302", error, "Several pods of one token without leases",
     "Discord sends every event to each session that it accepts: every pod answers every message, and each "
     "start uses up identifies, until Discord resets the token.",
     "replicas: 1 without an autoscaler; or guildfleet with DATABASE_URL, whose pods share the shards by "
     "leases."},
    {"GF303", error, "One token in several workloads",
     "Two programs with one token both get every event, and their requests and identifies count together.",
     "A token of its own for each; or one workload with more shards."},
    {"GF304", warning, "Two sessions at each update",
     "RollingUpdate starts the new pod before it ends the old one. Without leases both work for a while: "
     "everything is done twice.",
     "strategy: { type: Recreate }; or a StatefulSet, which ends a pod before it begins the next."},
    {"GF305", error, "SQLite on shared or network storage",
     "SQLite's locks do not hold on network file systems: the file breaks, sometimes weeks later.",
     "ReadWriteOnce on a local disk or a block device; or PostgreSQL by DATABASE_URL."},
    {"GF306", error, "Several pods of one ReadWriteOnce volume",
     "The volume goes to one machine: pods elsewhere wait forever, and those on it write the same files.",
     "replicas: 1; or a StatefulSet with volumeClaimTemplates, where each pod has a volume of its own."},
    {"GF307", error, "Replicas that are no cluster",
     "Each pod of this database has data of its own, and the Service asks one of them by chance.",
     "replicas: 1; or an operator that makes a primary and its replicas, as CloudNativePG does."},
    {"GF308", warning, "An update that waits for its own volume",
     "The new pod needs the ReadWriteOnce volume that the old one holds: on another machine it waits "
     "forever, "
     "on the same one both write.",
     "strategy: { type: Recreate }; or a StatefulSet."},
    {"GF309", warning, "Data that ends with the pod",
     "What is in an emptyDir or in the container itself is gone when the pod is made anew.",
     "A PersistentVolumeClaim for the folder of the SQLite file; or DATABASE_URL."},
    {"GF310", error, "A secret as a plain value",
     "Whoever may read the Deployment, its history or this file reads it.",
     "valueFrom: { secretKeyRef: ... }, or better a file of a Secret and the _FILE twin of the variable. "
     "Make a "
     "new one: this one is known."},
    {"GF311", error, "A secret in a ConfigMap",
     "ConfigMaps are neither kept nor shown as secrets, and many more may read them.",
     "Put it into a Secret that is made by kubectl create secret. Make a new one: this one is known."},
    {"GF312", error, "A Secret with its value in the folder",
     "base64 hides nothing. In git it stays readable for good, for everybody who gets a copy.",
     "kubectl create secret generic NAME --from-file=..., SealedSecret, SOPS or External Secrets. Make a new "
     "one: this one is known."},
    {"GF313", error, "A default password", "Everybody tries these first.",
     "A random one: openssl rand -hex 24, in a Secret."},
    {"GF314", error, "Certificates are not looked at",
     "Whoever sits between can read what passes, tokens and passwords too, and answer in the server's name.",
     "Take the variable out; give the program the authority's certificate instead."},
    {"GF315", warning, "An image without a version",
     "A restart may start another version than the one before, and a rollback has nothing to go back to.",
     "A tag that is never moved, or a digest: image: NAME:1.4.2"},
    {"GF316", warning, "No memory limit",
     "A pod that grows takes its machine with it, and the scheduler does not know what it needs.",
     "resources: { requests: { memory: 128Mi }, limits: { memory: 256Mi } }"},
    {"GF317", warning, "No probes",
     "Without a liveness probe a program that hangs stays so; without a readiness probe a rollout goes on "
     "before "
     "the new pod works.",
     "livenessProbe on /livez, readinessProbe on /readyz, and a startupProbe on /livez for the start."},
    {"GF318", error, "A liveness probe that asks Discord or the database",
     "An outage elsewhere then restarts every pod, which helps nothing; each start costs identifies, and "
     "after "
     "1,000 of them in a day Discord resets the token.",
     "livenessProbe on /livez, which asks only whether the process itself works; the rest is for readiness."},
    {"GF319", warning, "Liveness and readiness ask the same",
     "Either a pod counts as ready before it is connected, or it is killed for what a restart does not mend.",
     "livenessProbe on /livez, readinessProbe on /readyz."},
    {"GF320", warning, "Too little time to stop",
     "After it the pod is killed: sessions are not handed over, jobs not finished, and the next pod has to "
     "identify.",
     "terminationGracePeriodSeconds: 45, or the time to drain and 15 seconds more."},
    {"GF321", warning, "Less than Pod Security \"restricted\"",
     "A hole in the program is then a hole in the machine sooner than need be.",
     "securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } } for the pod, { "
     "allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } } for the container."},
    {"GF322", error, "A part of the machine in the pod",
     "privileged, host namespaces, hostPath and hostPort give a pod what belongs to its machine and to other "
     "pods.",
     "Take it out: a bot needs none of it."},
    {"GF323", warning, "A token of the cluster in every pod",
     "Whoever gets into the pod can ask the API server as this service account.",
     "automountServiceAccountToken: false"},
    {"GF324", warning, "No NetworkPolicy",
     "Every pod of the cluster can reach every other one, the database too.",
     "A policy that forbids everything, and one for each way that is needed; guildfleet render kubernetes "
     "writes "
     "them."},
    {"GF325", error, "A database or metrics reachable from outside",
     "NodePort and LoadBalancer listen on addresses outside of the cluster.", "type: ClusterIP"},
    {"GF326", warning, "An Ingress without TLS",
     "Tokens of the API and everything else go over the network as everybody can read it.",
     "tls: [{ hosts: [HOST], secretName: NAME }], with a certificate of cert-manager for example."},
    {"GF327", note, "No PodDisruptionBudget",
     "When machines are emptied, all pods of the workload may be ended at the same time.",
     "A PodDisruptionBudget with maxUnavailable: 1 and the selector of the pods."},
    {"GF328", warning, "Weights that cannot move a bot's work",
     "Discord sends events over the connection that a bot opened; they never pass an Ingress or a mesh. This "
     "canary gets none of the guilds, or, with the same token, all of them twice.",
     "Move shards instead: guildfleet rollout start --to RELEASE (docs/rollouts.md)."},
    {"GF329", note, "In the namespace default",
     "Rights, quotas, policies and Pod Security belong to namespaces; in default they hold for everything.",
     "A namespace of its own, with the label pod-security.kubernetes.io/enforce: restricted."},
    {"GF330", error, "An API that Kubernetes has removed", "The API server refuses the object.",
     "The apiVersion that is named; its fields may differ: kubectl convert, or kubectl explain."},
    {"GF331", warning, "Restarts by the clock",
     "Each restart without a hand-over costs identifies and minutes without the bot, and hides what it was "
     "to "
     "mend.",
     "Take it out. For memory that grows: guildfleet doctor memory, and a memory limit until it is mended."},
    {"GF332", warning, "A Service without pods", "Nothing answers at its name.",
     "Make selector and targetPort those of the pods."},
    {"GF333", error, "A selector that does not fit its own pods", "The API server refuses the object.",
     "Give spec.selector.matchLabels and spec.template.metadata.labels the same labels."},
});

// Of the table; does not compile for an id that it lacks.
consteval const check_rule& of(std::string_view id) {
  return *std::ranges::find(table, id, &check_rule::id);
}

inline constexpr const check_rule& unreadable = of("GF301");
inline constexpr const check_rule& replicated_token = of("GF302");
inline constexpr const check_rule& shared_token = of("GF303");
inline constexpr const check_rule& overlapping_update = of("GF304");
inline constexpr const check_rule& sqlite_on_network = of("GF305");
inline constexpr const check_rule& shared_volume = of("GF306");
inline constexpr const check_rule& no_cluster = of("GF307");
inline constexpr const check_rule& waiting_update = of("GF308");
inline constexpr const check_rule& data_in_pod = of("GF309");
inline constexpr const check_rule& plain_secret = of("GF310");
inline constexpr const check_rule& secret_in_config_map = of("GF311");
inline constexpr const check_rule& secret_in_folder = of("GF312");
inline constexpr const check_rule& default_password = of("GF313");
inline constexpr const check_rule& tls_off = of("GF314");
inline constexpr const check_rule& unversioned_image = of("GF315");
inline constexpr const check_rule& no_memory_limit = of("GF316");
inline constexpr const check_rule& no_probes = of("GF317");
inline constexpr const check_rule& deep_liveness = of("GF318");
inline constexpr const check_rule& same_probes = of("GF319");
inline constexpr const check_rule& short_grace = of("GF320");
inline constexpr const check_rule& unrestricted_pod = of("GF321");
inline constexpr const check_rule& open_host = of("GF322");
inline constexpr const check_rule& mounted_account = of("GF323");
inline constexpr const check_rule& no_network_policy = of("GF324");
inline constexpr const check_rule& published_service = of("GF325");
inline constexpr const check_rule& plain_ingress = of("GF326");
inline constexpr const check_rule& no_disruption_budget = of("GF327");
inline constexpr const check_rule& weights_of_bots = of("GF328");
inline constexpr const check_rule& default_namespace = of("GF329");
inline constexpr const check_rule& removed_version = of("GF330");
inline constexpr const check_rule& scheduled_restart = of("GF331");
inline constexpr const check_rule& service_without_pods = of("GF332");
inline constexpr const check_rule& own_selector = of("GF333");

}  // namespace guildfleet::ops::kubernetes_rule
