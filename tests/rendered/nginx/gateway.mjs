// nginx with what is rendered for it:  node gateway.mjs PROGRAM FLEETS WORK     (run by `check`, in namespaces of its own)
// Prints a line per check; exit code 0 when all passed.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, openSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { eventually, server } from '../monitoring/servers.mjs';
import { backend, heard } from './backends.mjs';
import { get, new_address, shares, web_socket, while_asked } from './clients.mjs';
import { follow_a_rollout } from './rollout.mjs';
import { gateway } from './runner.mjs';

const [program, fleets, work] = process.argv.slice(2);

function render(name, fleet) {
  const folder = `${work}/${name}`;
  mkdirSync(folder, { recursive: true });
  execFileSync(program, ['render', 'nginx', '--config', fleet, '-o', folder], { stdio: 'pipe' });
  return `${folder}/nginx`;
}
function render_text(name, text) {
  writeFileSync(`${work}/${name}.yaml`, text);
  return render(name, `${work}/${name}.yaml`);
}

const plain = render_text('plain', `
store: { database_url: "\${D}" }
redis: { url: "\${R}" }
api: { port: 3002 }
deploy: { trusted_proxies: [127.0.9.0/24] }
bots: [{ name: bot1, token: "\${A}" }, { name: bot2, token: "\${B}" }]
`);

// What is left of a bot that is gone; its nodes' names cannot be looked up any more.
const left_over = 'upstream gone { server gone-1:3001; }\n';
writeFileSync(`${plain}/upstreams/gone.conf`, left_over);

// The nodes of bot1 with these weights, as `guildfleet rollout weights` writes them.
function upstreams(weights) {
  const of = (name, port) => {
    const servers = Object.entries(weights).map(([node, weight]) => `  server ${node}:${port} ${weight ? `weight=${weight}` : 'down'};\n`);
    return `upstream ${name} {\n  zone ${name} 64k;\n${servers.join('')}  keepalive 16;\n}\n`;
  };
  return of('bot1', 3001) + of('bot1.api', 3002);
}

const near = (found, wanted) => {
  for (const [node, share] of Object.entries({ ...Object.fromEntries(Object.keys(found).map((each) => [each, 0])), ...wanted }))
    assert(Math.abs((found[node] ?? 0) - share) <= 0.05, `${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
};
const shares_become = (wanted) => eventually(`shares of ${JSON.stringify(wanted)}`, async () => near(await shares('/bot1/health'), wanted) ?? true);
const half = { 'bot1-1': 0.5, 'bot1-2': 0.5 };

let edge; // the gateway of the checks below

const checks = {
  async 'nginx -t takes what is rendered for every fleet, without a warning'() {
    const names = readdirSync(fleets).map((file) => basename(file, '.yaml'));
    for (const name of names) {
      const rendered = render(name, `${fleets}/${name}.yaml`);
      const own = new gateway(rendered, `${work}/${name}-prefix`);
      own.certify('bots.example.org', 1);
      copyFileSync(`${rendered}/nginx.conf`, `${own.folder}/nginx.conf`);
      writeFileSync(`${own.folder}/upstreams.conf`,
        readdirSync(`${rendered}/upstreams`).map((file) => readFileSync(`${rendered}/upstreams/${file}`, 'utf8')).join(''));
      const said = `${own.folder}/said`;
      const log = openSync(said, 'w');
      const { status } = spawnSync('nginx', ['-t', '-q', '-e', 'stderr', '-p', own.folder, '-c', `${own.folder}/nginx.conf`], { stdio: ['ignore', log, log] });
      assert.equal(readFileSync(said, 'utf8'), '', name);
      assert.equal(status, 0, name);
    }
    return names.join(', ');
  },
  async 'it starts without weights, as a user without rights, whatever bots that are gone have left behind'() {
    edge = new gateway(plain, `${work}/edge`);
    edge.write('gone.conf', left_over);
    edge.start();
    await eventually('it answers', () => get('/health').then(({ status }) => status === 200));
    await shares_become(half);
  },
  async 'health of a real node is shown below its bot, and metrics are not'() {
    const { status, body } = await get('/bot2/health');
    assert.equal(status, 200);
    assert.equal(body.status, 'ok');
    assert(body.uptime >= 0, JSON.stringify(body));
    for (const path of ['/bot2/metrics', '/bot1/metrics', '/metrics', '/', '/bot3/health', '/bot1/health/x'])
      assert.equal((await get(path)).status, 404, path);
  },
  async 'the prefix of a bot is taken away before its API'() {
    const { body } = await get('/bot1/api/v1/bots?x=%2F1');
    assert.equal(body.path, '/api/v1/bots?x=%2F1');
  },
  async 'a WebSocket passes'() {
    const socket = await web_socket.open('/bot1/api/socket');
    await socket.echo('hello');
    socket.close();
    assert.equal((await get('/bot1/health')).body.headers.connection, undefined, 'others are kept alive');
  },
  async 'who asks too often is answered with 429, and nobody else'() {
    const from = new_address();
    const statuses = await Promise.all(Array.from({ length: 100 }, () => get('/bot1/health', { from }).then(({ status }) => status)));
    const refused = statuses.filter((status) => status === 429).length;
    assert(refused >= 30 && refused <= 60, `${refused} of 100 were refused`);
    assert.equal(statuses.filter((status) => status === 200).length, 100 - refused);
    assert.equal((await get('/bot1/health')).status, 200);
  },
  async 'the address of a client is told by trusted proxies only'() {
    const told = async (from, headers) => (await get('/bot1/health', { from, headers })).body.headers;
    const stranger = new_address();
    const lie = { 'X-Forwarded-For': '203.0.113.7', 'X-Real-IP': '203.0.113.8', 'X-Forwarded-Proto': 'https' };
    const of_stranger = await told(stranger, lie);
    assert.deepEqual([of_stranger['x-forwarded-for'], of_stranger['x-real-ip'], of_stranger['x-forwarded-proto']], [stranger, stranger, 'http']);
    const of_proxy = await told('127.0.9.1', lie);
    assert.deepEqual([of_proxy['x-forwarded-for'], of_proxy['x-real-ip'], of_proxy['x-forwarded-proto']], ['203.0.113.7', '203.0.113.7', 'https']);
    // What stands before the last address that is not a trusted proxy's was said by the client.
    const chain = await told('127.0.9.1', { 'X-Forwarded-For': '198.51.100.1, 203.0.113.9, 127.0.9.2' });
    assert.equal(chain['x-forwarded-for'], '203.0.113.9');
  },
  async 'clients behind one proxy are counted one by one'() {
    const ask = (client) => get('/bot1/health', { from: '127.0.9.3', headers: { 'X-Forwarded-For': client } }).then(({ status }) => status);
    const statuses = await Promise.all(Array.from({ length: 90 }, () => ask('203.0.113.20')));
    assert(statuses.includes(429));
    assert.equal(await ask('203.0.113.21'), 200);
  },
  async 'weights change under way: no request fails, a WebSocket stays, the shares are as told'() {
    const steps = [[19, 1], [3, 1], [1, 1], [1, 3], [0, 1], [1, 0]];
    const seen = await while_asked(['/bot1/api/slow/900', '/bot1/api/slow/300', '/bot1/api/slow/50', '/bot1/health'], '/bot1/api/socket', async (so_far) => {
      for (const [blue, green] of steps) {
        edge.write('bot1.conf', upstreams({ 'bot1-1': blue, 'bot1-1-green': green }));
        await edge.says('loading what has changed');
        await shares_become({ 'bot1-1': blue / (blue + green), 'bot1-1-green': green / (blue + green) });
      }
      const before = so_far.messages;
      await eventually('the WebSocket is still the same', () => so_far.messages > before + 2);
    });
    assert.deepEqual(seen.failures, []);
    assert(seen.requests > 50 && seen.messages > 50, JSON.stringify(seen));
    return `${steps.length} changes, ${seen.requests} requests and ${seen.messages} messages of one WebSocket, none failed`;
  },
  async 'a broken file is not loaded, what was before serves on, and the next good one is taken'() {
    for (const broken of ['upstream bot1 { server nonsense', 'upstream bot1 { server bot1-1:3001 weight=0; }', upstreams({ 'nowhere-1': 1 })]) {
      edge.write('bot1.conf', broken);
      await edge.says('is not loaded');
      await shares_become({ 'bot1-1': 1 });
    }
    edge.write('bot1.conf', upstreams({ 'bot1-1': 1, 'bot1-1-green': 1 }));
    await edge.says('loading what has changed');
    await shares_become({ 'bot1-1': 0.5, 'bot1-1-green': 0.5 });
  },
  async 'a name that can be looked up at last is taken by itself'() {
    edge.write('bot1.conf', upstreams({ 'late-1': 1 }));
    await edge.says('is not loaded');
    const hosts = readFileSync('/etc/hosts', 'utf8');
    writeFileSync('/etc/hosts', `${hosts}127.0.1.2 late-1\n`);
    await edge.says('loading what has changed');
    await shares_become({ 'bot1-2': 1 });
    // A container that was made anew has another address.
    writeFileSync('/etc/hosts', `${hosts}127.0.1.12 late-1\n`);
    await edge.says('loading what has changed');
    await shares_become({ 'bot1-2-green': 1 });
  },
  async 'without a file the rendered one holds again'() {
    edge.forget('bot1.conf');
    await edge.says('loading what has changed');
    await shares_become(half);
  },
  async 'a request that runs is answered before it ends, and its exit code is that of nginx'() {
    const runs = once(heard, '/api/slow/2000');
    const slow = get('/bot1/api/slow/2000');
    await runs;
    const health = await get('/bot1/health');
    assert.equal(health.status, 200);
    const code = edge.stop();
    assert.equal((await slow).status, 200);
    assert.equal(await code, 0);
    edge.start();
    await eventually('it answers', () => get('/health').then(({ status }) => status === 200));
    const workers = execFileSync('pgrep', ['-P', `${edge.master()}`]).toString().split('\n').filter(Boolean).map(Number);
    process.kill(edge.master(), 'SIGKILL');
    assert.equal(await edge.ended, 128 + 9);
    for (const each of workers) process.kill(each, 'SIGKILL');
  },
  async 'it starts with what was rendered where the weights are broken, and takes them once they are good'() {
    edge.write('bot1.conf', 'nonsense');
    edge.start();
    await eventually('it answers', () => get('/health').then(({ status }) => status === 200));
    await shares_become(half);
    edge.write('bot1.conf', upstreams({ 'bot1-1-green': 1 }));
    await shares_become({ 'bot1-1-green': 1 });
    assert.equal(await edge.stop(), 0);
  },
  async 'it ends at once while a name takes long to look up'() {
    edge.start();
    await eventually('it answers', () => get('/health').then(({ status }) => status === 200));
    const silent = createSocket('udp4');
    await new Promise((resolve) => { silent.bind(53, '127.0.0.53', resolve); });
    const asked = once(silent, 'message');
    edge.write('bot1.conf', upstreams({ 'silent-1': 1 }));
    await asked;
    const begun = Date.now();
    assert.equal(await edge.stop(), 0);
    assert(Date.now() - begun < 20_000, 'it waited for the name');
    silent.close();
    edge.forget('bot1.conf');
  },
  async 'it waits while it cannot start, and ends when it is told to'() {
    const lost = new gateway(render_text('lost', 'bots: [{ name: lost, token: "${A}" }]\n'), `${work}/lost-edge`);
    lost.start();
    await lost.says('nginx cannot start with this');
    assert.equal(await lost.stop(), 0);
    lost.start();
    await lost.says('nginx cannot start with this');
    lost.write('lost.conf', upstreams({ 'bot1-2': 1 }).replaceAll('upstream bot1', 'upstream lost').replaceAll('zone bot1', 'zone lost'));
    await eventually('it answers', () => get('/lost/health').then(({ status }) => status === 200));
    assert.equal(await lost.stop(), 0);
  },
  async 'TLS: the name, nothing old, and a certificate that is replaced'() {
    const safe = new gateway(`${work}/services/nginx`, `${work}/safe-edge`);
    safe.certify('bots.example.org', 7);
    safe.start();
    const ask = (path, more = {}) => get(path, { port: 8443, tls: { servername: 'bots.example.org', rejectUnauthorized: false, ...more } });
    await eventually('it answers', () => ask('/bot1/health').then(({ status }) => status === 200));
    const { headers, body } = await ask('/bot1/health', { rejectUnauthorized: true, ca: readFileSync(`${safe.tls}/tls.crt`) });
    assert.equal(headers['strict-transport-security'], 'max-age=31536000');
    assert.equal(body.headers['x-forwarded-proto'], 'https');
    const moved = await get('/bot1/health?x=1', { headers: { Host: 'elsewhere.example.org' } });
    assert.deepEqual([moved.status, moved.headers.location], [308, 'https://bots.example.org/bot1/health?x=1']);
    assert.equal((await get('/health')).status, 200, 'who watches the container needs no TLS');
    await assert.rejects(ask('/health', { maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0', minVersion: 'TLSv1' }));
    safe.certify('bots.example.org', 8);
    await eventually('the new certificate is shown', async () => (await ask('/health')).certificate.serialNumber === '08');
    assert.equal(await safe.stop(), 0);
  },
  'guildfleet rollout moves the weights': () => follow_a_rollout(program, `${work}/rollout`),
};

let failed = 0;
try {
  for (const name of ['bot1-1', 'bot1-2', 'bot1-1-green', 'bot1-2-green']) await backend(name);
  await new server('demo', [program, 'demo', '--port', '3001'], { folder: work, port: 3001, ready: '/readyz' }).started();
  for (const [name, check] of Object.entries(checks)) {
    try {
      const said = await check();
      console.log(`passed  ${name}${typeof said === 'string' ? `: ${said}` : ''}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${name}: ${error.message}`);
    }
  }
} catch (error) {
  failed += 1;
  console.log(`FAILED  to start: ${error.message}`);
} finally {
  await gateway.stop_all();
  await server.kill_all();
}
process.exit(failed === 0 ? 0 : 1);
