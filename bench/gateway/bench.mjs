// What reading the gateway costs: the same feed to guildfleet and to discord.js, each as a process of its own,
// against a fresh simulator each time. Prints a Markdown table of medians.
//
//   node bench/gateway/bench.mjs --bin build/release/guildfleet [--runs 3] [--guilds 1000] [--messages 100000]
//                                [--database-url postgresql://... [--redis-url redis://...]]
//
// CPU is user and system time of the whole process from its start to the end of the feed; RSS is read then.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    bin: { type: 'string', default: 'build/release/guildfleet' },
    runs: { type: 'string', default: '3' },
    guilds: { type: 'string', default: '1000' },
    messages: { type: 'string', default: '100000' },
    only: { type: 'string', default: '' },
    'database-url': { type: 'string', default: '' },
    'redis-url': { type: 'string', default: '' },
  },
});

options.bin = resolve(options.bin);   // its folder is another
const clockTicks = 100;
const until = async (what, limitMs, probe) => {
  const end = Date.now() + limitMs;
  for (;;) {
    const answer = await probe().catch(() => undefined);
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`${what}: not within ${limitMs} ms`);
    await new Promise((wake) => setTimeout(wake, 50));
  }
};

const cpuSeconds = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / clockTicks;
};
const rssMegabytes = (pid) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

async function startSimulator(tls, folder) {
  const args = ['sim', '--port', '0', '--guilds', options.guilds, '--no-rate-limits'];
  if (tls) args.push('--tls', '--ca-file', join(folder, 'ca.pem'));
  const child = spawn(options.bin, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (part) => (text += part));
  const found = await until('simulator', 30000, async () => /DISCORD_API_URL=(\S+)\n\S+\s+(\S+)\n/.exec(text));
  return { child, api: found[1], token: found[2], ca: tls ? join(folder, 'ca.pem') : '' };
}

const post = async (simulator, path, body) => {
  const response = await fetch(simulator.api.replace('/api', '') + path, { method: 'POST', body: JSON.stringify(body) });
  return response.json();
};

const clients = {
  guildfleet: (simulator, folder, mode) => {
    const env = {
      PATH: process.env.PATH, DISCORD_TOKEN: simulator.token, DISCORD_API_URL: simulator.api, BOT_NAME: 'bench',
      FEATURES: mode.features ?? 'probe', PORT: String(mode.port), SQLITE_PATH: join(folder, 'bench.sqlite'),
      COMPRESSION: mode.compression, LOG_LEVEL: 'warn', THREADS: '1', TLS_CA_FILE: simulator.ca,
    };
    if (!simulator.ca) delete env.TLS_CA_FILE;
    if (mode.store) {
      env.DATABASE_URL = options['database-url'];
      env.BOT_NAME = `bench${Date.now()}`;   // no run finds the session of another
      if (options['redis-url']) env.REDIS_URL = options['redis-url'];
    }
    return spawn(options.bin, ['run'], { env, cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  },
  'discord.js': (simulator, folder, mode) =>
    spawn(process.execPath, [join(here, 'discordjs.mjs')], {
      env: { PATH: process.env.PATH, TOKEN: simulator.token, API: simulator.api, COMPRESSION: mode.compression,
             NODE_EXTRA_CA_CERTS: simulator.ca },
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
};

async function measure(client, mode) {
  const folder = mkdtempSync(join(tmpdir(), 'guildfleet-bench-'));
  const simulator = await startSimulator(mode.tls, folder);
  if (mode.tls) process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';   // this driver's own control calls
  const child = clients[client](simulator, folder, { ...mode, port: 3900 + Math.floor(Math.random() * 90) });
  try {
    const fed = await post(simulator, '/_sim/feed', { count: Number(options.messages), wait: 120000 });
    if (!fed.finished) throw new Error(`feed did not finish: ${JSON.stringify(fed)}`);
    // The feed is written; the client is done when its CPU time stands still.
    let last = -1;
    const cpu = await until('quiet client', 60000, async () => {
      const now = cpuSeconds(child.pid);
      const quiet = now === last;
      last = now;
      await new Promise((wake) => setTimeout(wake, 300));
      return quiet ? Math.max(now, 0.001) : undefined;
    });
    return { cpu, rss: rssMegabytes(child.pid) };
  } finally {
    child.kill('SIGKILL');
    simulator.child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const modes = [
  ['guildfleet', { name: 'plain', compression: 'none' }],
  ['guildfleet', { name: 'plain, no subscriber', compression: 'none', features: 'probe-idle' }],
  ['guildfleet', { name: 'TLS', compression: 'none', tls: true }],
  ['guildfleet', { name: 'zlib-stream', compression: 'zlib-stream' }],
  ['guildfleet', { name: 'zstd-stream', compression: 'zstd-stream' }],
  ['discord.js', { name: 'plain', compression: 'none' }],
  ['discord.js', { name: 'zlib-stream', compression: 'zlib-stream' }],
];

if (options['database-url']) {
  const store = options['redis-url'] ? 'PostgreSQL and Redis' : 'PostgreSQL';
  modes.push(['guildfleet', { name: `plain, ${store}`, compression: 'none', store }]);
  modes.push(['guildfleet', { name: `plain, no subscriber, ${store}`, compression: 'none', features: 'probe-idle', store }]);
}

console.log(`Feed: ${options.guilds} guilds, then ${options.messages} messages. Medians of ${options.runs} runs.\n`);
console.log('| client | mode | CPU s | RSS MB |\n|---|---|---|---|');
for (const [client, mode] of modes) {
  if (options.only && !`${client} ${mode.name}`.includes(options.only)) continue;
  if (client === 'discord.js' && !existsSync(join(here, 'node_modules/discord.js'))) {
    console.log(`| ${client} | ${mode.name} | not installed: npm ci --prefix bench/gateway | |`);
    continue;
  }
  const runs = [];
  for (let i = 0; i < Number(options.runs); ++i) runs.push(await measure(client, mode));
  console.log(`| ${client} | ${mode.name} | ${median(runs.map((r) => r.cpu)).toFixed(2)} | ` +
              `${median(runs.map((r) => r.rss)).toFixed(1)} |`);
}
