// A compose file as people write it by themselves runs with the image unchanged; and what an image says to somebody
// whose files belong to another user.
import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { podman, project, request, run, wait_for } from './engine.mjs';
import { image, simulated } from './fleet.mjs';

const service = (bot, store) => `  ${bot}:
    image: ${image}
    restart: unless-stopped
    environment:
      DISCORD_TOKEN: \${${bot.toUpperCase()}_TOKEN}
      DISCORD_APP_ID: \${${bot.toUpperCase()}_ID}
      BOT_NAME: ${bot}
      PORT: 3001
      ${store}
      DISCORD_API_URL: http://sim:4000/api
    volumes: ["${bot}:/app/storage"]
`;

const compose = `version: "3.8"
services:
  sim:
    image: ${image}
    command: [sim, --address, 0.0.0.0, --host, sim, --bots, "3", --guilds, "3", --identify-ms, "500"]
    ports: ["127.0.0.1:4000:4000"]
  postgres:
    image: docker.io/library/postgres:16-alpine
    environment: { POSTGRES_USER: bots, POSTGRES_PASSWORD: bots, POSTGRES_DB: bots }
    volumes: ["data:/var/lib/postgresql/data"]
${service('bot1', 'SQLITE_PATH: /app/storage/bot1.sqlite')}${service('bot2', 'SQLITE_PATH: /app/storage/bot2.sqlite')}${
  service('bot3', 'DATABASE_URL: postgresql://bots:bots@postgres:5432/bots')}  nginx:
    image: docker.io/library/nginx:alpine
    ports: ["8088:80"]
    volumes: ["./nginx.conf:/etc/nginx/nginx.conf:ro"]
volumes: { bot1: {}, bot2: {}, bot3: {}, data: {} }
`;

const nginx = `events {}
http {
  server {
    listen 80;
${['bot1', 'bot2', 'bot3'].map((bot) => `    location /${bot}/ { proxy_pass http://${bot}:3001/; }\n`).join('')}  }
}
`;

async function runs_unchanged(folder) {
  writeFileSync(join(folder, 'docker-compose.yml'), compose);
  writeFileSync(join(folder, 'nginx.conf'), nginx);
  const made = new project('gf-by-hand', folder, ['docker-compose.yml'], {});
  await made.down();
  try {
    await made.up(['sim', 'postgres']);
    const sim = new simulated();
    const accounts = await wait_for('the simulator answers', () => sim.bots());
    for (const account of accounts) {
      made.environment[`${account.name.toUpperCase()}_TOKEN`] = account.token;
      made.environment[`${account.name.toUpperCase()}_ID`] = account.application_id ?? account.id;
    }
    await wait_for('PostgreSQL is up', () => made.exec('postgres', 'pg_isready'));
    await made.up(['bot1', 'bot2', 'bot3']);
    await made.up(['nginx']);
    for (const bot of ['bot1', 'bot2', 'bot3']) {
      await wait_for(`${bot} answers`, async () => {
        const answer = await request(`http://127.0.0.1:8088/${bot}/health`);
        return answer.status === 200 && JSON.parse(answer.text).status === 'ok' && JSON.parse(answer.text).bot === bot;
      });
    }
  } catch (error) {
    error.message += `\n${await made.logs('bot1').catch(String)}`;
    throw error;
  } finally {
    await made.down();
  }
}

// What `guildfleet check` says inside of a container with this mount.
const said_with = (mount, environment) => run('sh', ['-c',
  `podman run --rm --read-only -v ${mount} ${environment.map((each) => `-e ${each}`).join(' ')} ${image} check 2>&1 || true`]);

async function tells_how_to_give_a_secret(folder) {
  const file = join(folder, 'token');
  writeFileSync(file, 'MTIzNDU2Nzg5MDEyMzQ1Njc4.GAbcde.this-is-a-token-of-nobody-0123456789', { mode: 0o600 });
  const mount = `${file}:/run/secrets/token:ro`;
  const before = await said_with(mount, ['DISCORD_TOKEN_FILE=/run/secrets/token', 'SQLITE_PATH=/tmp/x.sqlite']);
  const advice = /on the host, as root: (chown 65532 [^\s)]+)/.exec(before);
  if (!advice) throw new Error(`no command in: ${before}`);
  await run('sh', ['-c', advice[1]]);
  const after = await said_with(mount, ['DISCORD_TOKEN_FILE=/run/secrets/token', 'SQLITE_PATH=/tmp/x.sqlite']);
  if (after.includes('cannot read')) throw new Error(`after ${advice[1]}: ${after}`);
}

async function tells_how_to_give_a_volume(folder) {
  const storage = join(folder, 'storage');
  mkdirSync(storage);
  chownSync(storage, 1000, 1000);
  chmodSync(storage, 0o700);
  const token = join(folder, 'token');
  const look = () => run('sh', ['-c',
    `podman run --rm --read-only -v ${storage}:/app/storage -v ${token}:/run/secrets/token:ro -e DISCORD_TOKEN_FILE=/run/secrets/token ${image} check 2>&1 || true`]);
  const before = await look();
  const advice = /on the host, as root: (chown 65532 [^\s)]+)/.exec(before);
  if (!advice) throw new Error(`no command in: ${before}`);
  await run('sh', ['-c', advice[1]]);
  const after = await look();
  if (after.includes('cannot create')) throw new Error(`after ${advice[1]}: ${after}`);
}

async function is_small() {
  const size = async (name) => Number((await podman('image', 'inspect', '--format', '{{.Size}}', name)).trim());
  const above = (await size(image)) - (await size('docker.io/library/debian:bookworm-slim'));
  if (above > 60e6) throw new Error(`${(above / 1e6).toFixed(1)} MB above the base`);
  return `${(above / 1e6).toFixed(1)} MB above the base`;
}

export function by_hand({ work }) {
  const folder = join(work, 'by-hand');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return [
    ['the image is small', is_small],
    ['three services and nginx run unchanged', () => runs_unchanged(folder)],
    ['a secret of another user is told with the command that mends it', () => tells_how_to_give_a_secret(folder)],
    ['a volume of another user is told with the command that mends it', () => tells_how_to_give_a_volume(folder)],
  ];
}
