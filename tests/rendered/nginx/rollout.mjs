// A real rollout of real nodes, its weights written by the program, and nginx that follows them.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { eventually, server } from '../monitoring/servers.mjs';
import { address_of } from './backends.mjs';
import { get } from './clients.mjs';
import { gateway } from './runner.mjs';

const sim_port = 4000;

// Which part of the answers comes from nodes of each release.
async function releases() {
  const count = 60;
  const found = {};
  const answers = await Promise.all(Array.from({ length: count }, () => get('/bot4/health')));
  for (const { status, body } of answers) {
    if (status !== 200) throw new Error(`a node does not answer: ${status}`);
    found[body.release] = (found[body.release] ?? 0) + 1 / count;
  }
  return found;
}

const become = (wanted) => eventually(`answers of ${JSON.stringify(wanted)}`, async () => {
  const found = await releases();
  for (const [release, share] of Object.entries(wanted))
    if (Math.abs((found[release] ?? 0) - share) > 0.05) throw new Error(JSON.stringify(found));
  return true;
});

export async function follow_a_rollout(program, folder) {
  mkdirSync(folder, { recursive: true });
  const sim = new server('sim', [program, 'sim', '--port', `${sim_port}`, '--bots', '1', '--shards', '4', '--identify-ms', '100'],
    { folder, port: sim_port, ready: '/_sim/bots' });
  await sim.started();
  const [{ token }] = await sim.json('/_sim/bots');
  const fleet = `${folder}/fleet.yaml`;
  writeFileSync(fleet, `address: "\${ADDRESS:-}"
egress_folder: ${folder}
store: { sqlite: "${folder}/{bot}.sqlite" }
discord: { api_url: "http://127.0.0.1:${sim_port}/api" }
bots: [{ name: bot4, token: "\${TOKEN}", shards: 4 }]
`, { mode: 0o600 });
  execFileSync(program, ['render', 'nginx', '--config', fleet, '-o', folder], { stdio: 'pipe' });
  const edge = new gateway(`${folder}/nginx`, `${folder}/edge`);
  const guildfleet = (...words) => execFileSync('env', [`TOKEN=${token}`, program, ...words, '--config', fleet], { stdio: 'pipe' }).toString();

  for (const [name, release] of [['bot4-1', '1'], ['bot4-1-green', '2']]) {
    const settings = [`TOKEN=${token}`, `ADDRESS=${address_of(name)}`, `NODE_NAME=${name}`, `RELEASE=${release}`];
    const node = new server(name, ['env', ...settings, program, 'run', '--config', fleet],
      { folder, port: 3001, host: address_of(name), ready: '/readyz' });
    await node.started();
    // Standing by is ready, too.
    const shards = release === '1' ? 4 : 0;
    await eventually(`${name} has ${shards} shards`, async () => {
      const { bots } = await node.json('/health');
      return bots[0].shards.filter((shard) => shard.state === 'connected').length === shards;
    });
  }
  const writer = new server('weights', [program, 'rollout', 'weights', '--config', fleet, '--output', edge.weights, '--watch'], { folder });
  edge.start();
  await become({ 1: 1 });
  // A node that was alone on its file looks for others every five seconds only.
  await eventually('the rollout starts', () => guildfleet('rollout', 'start', '--to', '2', '--steps', '25%,100%', '--pause', '1h'));
  await become({ 1: 0.75, 2: 0.25 });
  guildfleet('rollout', 'promote', '--full', '--wait');
  await become({ 2: 1 });
  guildfleet('rollout', 'undo', '--wait');
  await become({ 1: 1 });
  writer.process.kill('SIGTERM');
  const [code] = await writer.ended;
  if (code !== 0) throw new Error(`rollout weights ended with ${code}`);
  await edge.stop();
  return readFileSync(`${folder}/weights.log`, 'utf8').trim().split('\n').map((line) => line.replace(/.*: /, '')).join('; ');
}
