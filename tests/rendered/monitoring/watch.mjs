// Prometheus and Alertmanager with what is rendered for them, watching bots of the real program and a simulated Discord:
//   node watch.mjs PROGRAM WORK
// Prints a line per check; exit code 0 when all passed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { eventually, free_port, server } from './servers.mjs';

const [program, work] = process.argv.slice(2);
const run = (command, ...parameters) => execFileSync(command, parameters, { cwd: work, stdio: 'pipe' });

function replaced(text, what, by) {
  assert.match(text, what, 'prometheus.yml is not as this test knows it');
  return text.replace(what, by);
}

// prometheus.yml for this machine: one target in place of the containers, no look-ups of names, and seconds for quarters of a minute.
function adapt(file, target) {
  let text = readFileSync(file, 'utf8');
  text = replaced(text, /scrape_interval: .*/, 'scrape_interval: 1s');
  text = replaced(text, /evaluation_interval: .*/, 'evaluation_interval: 1s');
  text = replaced(text, /alertmanager:9093/, '127.0.0.1:9');
  text = replaced(text, /( {4}static_configs:\n)( {6}- targets: \[.*-1:3001\]\n)+/, `$1      - targets: ["${target}"]\n`);
  text = replaced(text, / {4}dns_sd_configs:\n( {6}.*\n)+/, '');
  text = replaced(text, / {2}- job_name: prometheus\n[^]*/, '');
  writeFileSync(file, text);
}

rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
writeFileSync(`${work}/fleet.yaml`, 'fleet: watched\nbots: [{ name: music, token: "${A}" }, { name: game, token: "${B}" }]\n');
for (const target of ['prometheus', 'grafana']) run(program, 'render', target, '-o', '.');

const [fleet_port, prometheus_port, alertmanager_port] = [await free_port(), await free_port(), await free_port()];
adapt(`${work}/prometheus/prometheus.yml`, `127.0.0.1:${fleet_port}`);
const fleet = new server('demo', [program, 'demo', '--port', `${fleet_port}`], { folder: work, port: fleet_port, ready: '/readyz' });
const prometheus = new server(
  'prometheus',
  ['prometheus', '--config.file=prometheus/prometheus.yml', '--storage.tsdb.path=data', `--web.listen-address=127.0.0.1:${prometheus_port}`],
  { folder: work, port: prometheus_port, ready: '/-/ready' },
);
const alertmanager = new server(
  'alertmanager',
  ['prometheus-alertmanager', '--config.file=alertmanager/alertmanager.yml', '--storage.path=kept', '--cluster.listen-address=',
    `--web.listen-address=127.0.0.1:${alertmanager_port}`],
  { folder: work, port: alertmanager_port, ready: '/-/ready' },
);

const query = async (expression) => {
  const answer = await prometheus.json('/api/v1/query', { method: 'POST', body: new URLSearchParams({ query: expression }) });
  return answer.data.result;
};
const has_data = async (expression) => (await query(expression)).length > 0;
const exposed = () => fleet.fetch('/metrics').then((answer) => answer.text());

// What Grafana asks with every bot and node chosen.
const expressions = readdirSync(`${work}/grafana/dashboards`).flatMap((file) =>
  JSON.parse(readFileSync(`${work}/grafana/dashboards/${file}`)).panels.flatMap((panel) =>
    panel.targets.map(({ expr }) =>
      expr.replaceAll('$bot', '.*').replaceAll('$node', '.*').replaceAll('$__rate_interval', '30s'))));

// Every metric in it is one that this fleet has: one node, no PostgreSQL, no Redis, no rollout. Some show only what is the case.
function must_have_data(expression, metrics) {
  if (expression.includes('ALERTS') || expression.includes('> 0')) return false;
  return expression.match(/guildfleet_[a-z_]+/g).every((name) => metrics.includes(`\n${name}{`) || metrics.includes(`\n${name} `));
}

const checks = {
  async 'promtool finds nothing wrong with the metrics'() {
    const said = execFileSync('promtool', ['check', 'metrics'], { input: await exposed(), stdio: 'pipe' });
    assert.equal(said.toString(), '');
  },
  async 'the node is a target that is up, with its labels'() {
    await eventually('it is up', () => has_data('up{job="guildfleet",node="127.0.0.1",fleet="watched",egress="host"} == 1'));
    await eventually('its bots are seen', () =>
      has_data('guildfleet_gateway_shards{bot="music",state="connected",fleet="watched"} == 1'));
  },
  async 'no rule fails, and none fires while all is well'() {
    const rules = async () => (await prometheus.json('/api/v1/rules')).data.groups.flatMap((group) => group.rules);
    await eventually('all have been looked at', async () => {
      const all = await rules();
      return all.length > 0 && all.every((rule) => rule.health !== 'unknown');
    });
    for (const rule of await rules()) {
      assert.equal(rule.health, 'ok', `${rule.name}: ${rule.lastError}`);
      assert.notEqual(rule.state, 'firing', rule.name);
    }
  },
  async 'every expression of a dashboard is answered, and has data where there is some'() {
    await eventually('there are two scrapes', () => has_data('rate(guildfleet_process_uptime_seconds[30s]) > 0'));
    const metrics = await exposed();
    const sure = expressions.filter((each) => must_have_data(each, metrics));
    assert(expressions.length > 80 && sure.length > 60, `${sure.length} of ${expressions.length} must have data`);
    for (const each of expressions) await query(each);
    for (const each of sure) await eventually(`data for ${each}`, () => has_data(each));
    return `${expressions.length} expressions, ${sure.length} with data`;
  },
  async 'a node that is killed is about to be an alert'() {
    await fleet.kill();
    await eventually('it is pending', () => has_data('ALERTS{alertname="GuildfleetNodeDown",alertstate="pending"}'));
  },
  async 'Alertmanager keeps back what follows from an outage of Discord, and nothing else'() {
    const alert = (alertname, labels = {}) => ({ labels: { alertname, ...labels } });
    const follows = alert('GuildfleetShardDown', { bot: 'music', follows: 'discord' });
    const other = alert('GuildfleetNodeDown', { instance: 'a' });
    const post = (...alerts) => alertmanager.json('/api/v2/alerts', {
      method: 'POST', body: JSON.stringify(alerts), headers: { 'Content-Type': 'application/json' },
    });
    const states = async () => Object.fromEntries(
      (await alertmanager.json('/api/v2/alerts')).map((each) => [each.labels.alertname, each.status.state]));
    const are = (wanted) => eventually(JSON.stringify(wanted), async () => assert.deepEqual(await states(), wanted) ?? true);
    await post(follows, other);
    await are({ GuildfleetShardDown: 'active', GuildfleetNodeDown: 'active' });
    await post(follows, other, alert('GuildfleetDiscordOutage'));
    await are({ GuildfleetShardDown: 'suppressed', GuildfleetNodeDown: 'active', GuildfleetDiscordOutage: 'active' });
  },
};

let failed = 0;
try {
  for (const each of server.all) await each.started();
  for (const [name, check] of Object.entries(checks)) {
    try {
      const said = await check();
      console.log(`passed  ${name}${said ? `: ${said}` : ''}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${name}: ${error.message}`);
    }
  }
} catch (error) {
  failed += 1;
  console.log(`FAILED  to start: ${error.message}`);
} finally {
  await server.kill_all();
}
process.exit(failed === 0 ? 0 : 1);
