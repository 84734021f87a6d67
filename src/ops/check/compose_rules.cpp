#include "ops/check/compose_rules.hpp"

namespace guildfleet::ops {
namespace {

using enum finding_severity;

constexpr std::array table = {
    check_rule{"GF201", error, "Not a Compose file that can be read",
               "What cannot be read cannot be checked, and Compose refuses it too.",
               "Mend the place that is named; docker compose config says what Compose reads."},
    check_rule{
        "GF202", error, "One token in several services",
        "Each process with the token gets every event, so each message is answered several times; each start "
        "uses up identifies, and after 1,000 in a day Discord resets the token.",
        "Give each service the token of an application of its own; or run one bot with more shards; or "
        "several "
        "guildfleet nodes that share the shards by leases in one database."},
    check_rule{
        "GF203", error, "Several replicas of one bot without leases",
        "Replicas with one token get every event each: everything is done as often as there are replicas.",
        "Set replicas to 1; or run guildfleet with DATABASE_URL, whose nodes share the shards by leases."},
    check_rule{
        "GF204", error, "A database is published on all addresses",
        "Everybody who reaches this machine reaches the database, and Docker's rules pass ufw by.",
        "Take ports: away, services reach it by name; or bind it to this machine: 127.0.0.1:5432:5432."},
    check_rule{
        "GF205", error, "A default password",
        "It is among the first that anybody tries, and this file tells it to all who read it.",
        "Make one up (openssl rand -hex 24), put it into a file that only you can read, and give it as a "
        "secret: POSTGRES_PASSWORD_FILE: /run/secrets/..., or with Grafana "
        "GF_SECURITY_ADMIN_PASSWORD__FILE."},
    check_rule{
        "GF206", error, "A secret is written in the file",
        "It ends up in git, in backups and on screens, and whoever has a bot's token is the bot.",
        "Reset it, for it is known by now; put the new one into a file beside, list that under secrets:, and "
        "name it with NAME_FILE: /run/secrets/...; or at least write ${NAME} and keep it in .env."},
    check_rule{
        "GF207", note, "A secret in the environment",
        "docker inspect shows it, every process of the container inherits it, and crash reports often hold "
        "it.",
        "Where the program reads NAME_FILE (guildfleet and most databases do), give it as a secret: secrets: "
        "at the top and in the service, and NAME_FILE: /run/secrets/..."},
    check_rule{
        "GF208", warning, "An image without a version",
        "Nobody can tell what runs, each machine may run another one, and there is nothing to go back to.",
        "Write the version: image: postgres:16.4-alpine; better with its digest, @sha256:..."},
    check_rule{
        "GF209", warning, "No memory limit",
        "One bot that grows takes the memory of all, and the kernel then ends whichever process it likes.",
        "Write mem_limit: 256m, or deploy: { resources: { limits: { memory: 256M } } }."},
    check_rule{"GF210", warning, "No health check",
               "A program that hangs counts as running: nobody sees it, and nothing waits until it is ready.",
               "Add healthcheck: with what the program offers, such as [CMD, guildfleet, health] or [CMD, "
               "pg_isready]."},
    check_rule{"GF211", warning, "No restart policy",
               "After a crash or a reboot of the machine it stays down until somebody notices.",
               "Write restart: unless-stopped; or restart: \"no\" where it is to run once."},
    check_rule{"GF212", warning, "Logs that grow without end",
               "Docker's default keeps everything that a container ever wrote, until the disk is full.",
               "Write logging: { driver: json-file, options: { max-size: 10m, max-file: \"5\" } }, or use "
               "driver: local."},
    check_rule{
        "GF213", error, "A health check with a program that the image lacks",
        "Each check fails, so the container is never healthy, and what waits for that never starts.",
        "Use what is in the image: pg_isready, redis-cli ping, guildfleet health, wget in Alpine images."},
    check_rule{"GF214", warning, "Does not wait until what it depends on is ready",
               "Started is not ready: the database takes seconds, the bot fails and starts anew, and each "
               "start of a bot "
               "uses up identifies.",
               "Write depends_on: { postgres: { condition: service_healthy } }, and give that service a "
               "health check."},
    check_rule{"GF215", warning, "Too little time to stop",
               "Docker kills after stop_grace_period (10 s by default): what runs is cut off, sessions are "
               "not kept, and "
               "the next start has to identify instead of resuming.",
               "Write stop_grace_period: 45s; with guildfleet at least deploy.drain and 15 s."},
    check_rule{
        "GF216", warning, "One SQLite file for several services",
        "Two programs that write one file wait for each other and fail with \"database is locked\"; a copy "
        "taken meanwhile may be broken.",
        "Give each service a file of its own, or use PostgreSQL for what they share."},
    check_rule{"GF217", error, "SQLite on network storage",
               "SQLite needs locks that NFS, CIFS and the like do not keep: the file gets corrupt.",
               "Keep it on a local volume; what several machines share belongs into PostgreSQL."},
    check_rule{"GF218", error, "A container with all rights over the machine",
               "Whoever gets into it is root of the machine.",
               "Take privileged: away, write cap_drop: [ALL], and give back single capabilities where they "
               "are needed."},
    check_rule{"GF219", error, "The engine's socket is in a container",
               "Who reaches the socket can start a container with the whole disk in it: that is root of the "
               "machine. "
               ":ro does not change that.",
               "Take it away; what must see containers gets a proxy that allows single questions only."},
    check_rule{
        "GF220", warning, "A container in the machine's own network",
        "Every port it opens is open on the machine, it reaches what listens on 127.0.0.1, and two of them "
        "fight for ports.",
        "Take network_mode: host away and publish the one port that is needed."},
    check_rule{
        "GF221", warning, "A container runs as root",
        "A hole in the program is then a hole in more: files of volumes, and the kernel behind.",
        "Write user: \"65532:65532\" (any number without an account will do), and give it its volume."},
    check_rule{"GF222", warning, "An update in Swarm runs the old and the new with one token",
               "With order: start-first docker stack deploy has both connected for a while, and everything "
               "is done twice; docker compose passes it over.",
               "Write order: stop-first; or use guildfleet, where the new one takes the sessions over."},
    check_rule{
        "GF223", warning, "A bot's port is published on all addresses",
        "Health, metrics and whatever else it answers are open to everybody, past the gateway.",
        "Publish it on this machine only (127.0.0.1:3001:3001), or not at all: services reach it by name."},
    check_rule{"GF224", warning, "Monitoring is published on all addresses",
               "Prometheus and its kin ask nobody for a password and tell names, addresses and load of all; "
               "Grafana asks, and anybody may try.",
               "Bind it to 127.0.0.1 and come by ssh -L, or put it behind a gateway that asks who it is."},
    check_rule{"GF225", error, "Two services want one port", "The second one does not start.",
               "Give one of them another port."},
    check_rule{"GF226", note, "version: means nothing any more",
               "Compose warns of it at each command and reads nothing from it.", "Remove the line."},
    check_rule{"GF227", error, "Certificates are not looked at",
               "Whoever sits between can read what passes, tokens and passwords too, and answer in the "
               "server's name.",
               "Remove the setting; add the certificate that is missing (NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, "
               "sslrootcert)."},
    check_rule{"GF228", warning, "Two bots with one name",
               "Logs, metrics and stored data of both cannot be told apart.",
               "Give each a BOT_NAME of its own."},
    check_rule{"GF229", warning, "Data on no volume",
               "What is in the container goes with it, at the next update or at docker compose down; what is "
               "in a volume without a name stays on the disk, and the next container does not find it.",
               "Add a volume with a name for the folder: volumes: [\"data:/app/storage\"], and the name "
               "under volumes: at the top."},
};

}  // namespace

std::span<const check_rule> compose_rules() {
  return table;
}

const check_rule& rule_of(compose_rule which) {
  return table.at(static_cast<std::size_t>(which));
}

}  // namespace guildfleet::ops
