// A fleet in containers: rendered, its secrets made, beside a simulated Discord in a container of its own.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { json_of, podman, project, request, run, wait_for } from './engine.mjs';

export const image = 'localhost/guildfleet:test';
const sim_port = 4000;

const simulator = `services:
  sim:
    image: ${image}
    command: [sim, --address, 0.0.0.0, --host, sim, --port, "${sim_port}", --bots, "3", --guilds, "60", --shards, "2",
              --identify-ms, "500"]
    ports: ["127.0.0.1:${sim_port}:${sim_port}"]
    networks: [outside]
  # Whatever options an image has of its own.
  prometheus:
    entrypoint: [prometheus]
networks:
  outside: {}
`;

export class simulated {
  url = `http://127.0.0.1:${sim_port}/_sim`;
  bots() { return json_of(`${this.url}/bots`); }
  report() { return json_of(`${this.url}/report`); }
  sessions() { return json_of(`${this.url}/sessions`); }
  // Commands that members use while `during` runs; how many there were, and which were not answered exactly once.
  async while_used(bots, during) {
    let over = false;
    const asked = [];
    const guilds = (await json_of(`${this.url}/guilds`)).map((guild) => guild.id);
    const use = async (bot) => {
      for (let turn = 0; !over; turn += 1) {
        const at = Date.now();
        try {
          const done = await json_of(`${this.url}/command`, { bot, name: 'ping', guild: guilds[turn % guilds.length], wait: 3000 });
          asked.push({ bot, id: done.id });
        } catch (error) {
          asked.push({ bot, problem: error.message });
        }
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, 100 - (Date.now() - at))));
      }
    };
    const users = bots.map(use);
    try {
      await during();
    } finally {
      over = true;
      await Promise.all(users);
    }
    const unanswered = [];
    for (const each of asked) {
      const status = each.id ? await json_of(`${this.url}/interactions/${each.id}`) : {};
      if (!status.answered || status.followups.length > 0) unanswered.push({ ...each, status });
    }
    return { asked: asked.length, unanswered };
  }
}

// Writes the files of one pattern into `folder` and starts its simulator. `services` of it are not started yet.
export async function prepare(name, fleet, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'fleet.yaml'), fleet);
  await podman('run', '--rm', '--user', '0', '-v', `${folder}:/fleet`, image, 'render', 'compose', '--config', '/fleet/fleet.yaml', '-o', '/fleet');
  writeFileSync(join(folder, 'sim.yml'), simulator);
  const made = new project(name, folder, ['docker-compose.yml', 'sim.yml'], {
    GUILDFLEET_IMAGE: image, GREEN_IMAGE: image, RELEASE: 'one', GREEN_RELEASE: 'two', HTTP_PORT: '8088',
    NGINX_IMAGE: 'docker.io/library/nginx:alpine', PROMETHEUS_IMAGE: 'docker.io/prom/prometheus:latest', DISCORD_API_URL: `http://sim:${sim_port}/api`,
  });
  await made.down();
  await made.up(['sim']);
  const sim = new simulated();
  await wait_for('the simulator answers', () => request(`${sim.url}/bots`).then((answer) => answer.status === 200));
  mkdirSync(join(folder, 'secrets'), { mode: 0o700 });
  const tokens = [];
  for (const bot of await sim.bots()) {
    writeFileSync(join(folder, 'secrets', `${bot.name}_token`), bot.token, { mode: 0o600 });
    tokens.push(bot.token);
  }
  await run('sh', ['./make-secrets'], { folder });
  return { project: made, sim, tokens };
}

// Every text that nobody but its owner may see.
export function secrets_of(folder, tokens) {
  const read = (name) => {
    try {
      return readFileSync(join(folder, 'secrets', name), 'utf8').trim();
    } catch {
      return '';
    }
  };
  return [...tokens, read('postgres_password'), read('redis_password'), read('fleet_key')].filter(Boolean);
}
