// Rendered fleets in real containers, against a simulated Discord in a container:
//   node run.mjs --work FOLDER [--only TEXT]
// The image and the servers' images are there already: see the script `run`. Prints a line per check; the last
// one is "N passed, N failed, N skipped".
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as checks from './checks.mjs';
import * as deploys from './deploys.mjs';
import { prepare } from './fleet.mjs';
import { by_hand } from './by_hand.mjs';
import { monitoring } from './monitoring.mjs';

const { values: options } = parseArgs({
  options: { work: { type: 'string' }, only: { type: 'string', default: '' } },
});

const three = ['bot1', 'bot2', 'bot3'];
const direct = (bots) => bots.map((_, place) => `http://127.0.0.1:${3001 + place}/health`);
const listed = (bots) => `bots:\n${bots.map((bot) => `  - { name: ${bot}, token: "\${T}", shards: 2, features: [ping, help] }\n`).join('')}`;
const of_everyone = [
  checks.bots_are_ready, checks.health_is_shown, checks.the_health_check_passes, checks.a_node_may_do_nothing,
  checks.a_killed_node_comes_back,
];

const patterns = [
  {
    name: 'independent', fleet: `fleet: trio\n${listed(three)}`, bots: three, sessions: 6,
    servers: [], nodes: ['bot1-1', 'bot2-1', 'bot3-1'], health: direct(three),
    checks: [...of_everyone, checks.secrets_are_nowhere],
  },
  {
    name: 'shared', fleet: `fleet: trio\nstore: { database_url: "\${D}" }\n${listed(three)}`, bots: three, sessions: 6,
    servers: ['postgres'], nodes: ['bot1-1', 'bot2-1', 'bot3-1'], health: direct(three),
    checks: [...of_everyone, checks.a_restart_of_the_database_is_survived, checks.secrets_are_nowhere],
  },
  {
    name: 'services',
    fleet: `fleet: trio\nstore: { database_url: "\${D}" }\nredis: { url: "\${R}" }\n${listed(['bot1', 'bot2'])}`,
    bots: ['bot1', 'bot2'], sessions: 4, servers: ['postgres', 'redis'],
    nodes: ['bot1-1', 'bot1-2', 'bot2-1', 'bot2-2'], gateways: ['weights', 'nginx'], gateway: 'http://127.0.0.1:8088',
    health: ['http://127.0.0.1:8088/bot1/health', 'http://127.0.0.1:8088/bot2/health'],
    checks: [
      ...of_everyone, checks.metrics_are_not_shown_by_the_gateway, monitoring, checks.a_restart_of_the_database_is_survived,
      deploys.rolling, deploys.blue_green, deploys.canary, checks.secrets_are_nowhere,
    ],
  },
];

let passed = 0;
let failed = 0;

async function step(name, action) {
  const begun = Date.now();
  const took = () => `${((Date.now() - begun) / 1000).toFixed(1)} s`;
  try {
    const said = await action();
    passed += 1;
    console.log(`passed  ${name}  ${took()}${typeof said === 'string' ? `  ${said}` : ''}`);
    return true;
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}  ${took()}  ${error.message}`);
    return false;
  }
}

async function run_pattern(pattern) {
  const folder = join(options.work, pattern.name);
  let fleet;
  const started = await step(`${pattern.name}: starts`, async () => {
    fleet = { ...pattern, folder, ...(await prepare(`gf-${pattern.name}`, pattern.fleet, folder)) };
    await fleet.project.up(pattern.servers);
    await fleet.project.up([...pattern.nodes, ...(pattern.gateways ?? [])]);
  });
  if (started) {
    for (const check of pattern.checks) await step(`${pattern.name}: ${check.name.replaceAll('_', ' ')}`, () => check(fleet));
  }
  if (!fleet) return;
  if (failed) for (const node of pattern.nodes) console.log(await fleet.project.logs(node).then((log) => log.slice(-1500), String));
  await fleet.project.down();
}

for (const pattern of patterns.filter((each) => each.name.includes(options.only))) await run_pattern(pattern);
if ('by hand'.includes(options.only)) {
  for (const [name, check] of by_hand(options)) await step(`by hand: ${name}`, check);
}
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
