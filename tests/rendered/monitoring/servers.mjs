// Programs that the test runs on loopback, and questions to them.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { openSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

const patience_ms = 60_000; // for what happens at once on an idle machine

export async function free_port() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

// Asks again and again until `look` answers something true; what it threw last is the reason of a failure.
export async function eventually(what, look) {
  const until = Date.now() + patience_ms;
  let problem;
  do {
    try {
      const seen = await look();
      if (seen) return seen;
    } catch (error) {
      problem = error;
    }
    await pause(50);
  } while (Date.now() < until);
  throw new Error(`not within ${patience_ms / 1000} s: ${what}${problem ? ` (${problem.message})` : ''}`);
}

export class server {
  static all = [];

  // Answers at `port`, and at `ready` once it is up.
  constructor(name, command, { folder, port, host = '127.0.0.1', ready }) {
    Object.assign(this, { name, port, host, ready, log: `${folder}/${name}.log` });
    const log = openSync(this.log, 'w');
    this.process = spawn(command[0], command.slice(1), { cwd: folder, stdio: ['ignore', log, log] });
    this.ended = once(this.process, 'exit');
    server.all.push(this);
  }

  async started() {
    try {
      await eventually(`${this.name} is up`, () => this.status_of(this.ready).then((status) => status === 200));
    } catch (error) {
      throw new Error(`${error.message}\n${readFileSync(this.log, 'utf8').slice(-2000)}`);
    }
  }

  fetch(path, request) {
    return fetch(`http://${this.host}:${this.port}${path}`, request);
  }

  async status_of(path) {
    const answer = await this.fetch(path);
    await answer.arrayBuffer();
    return answer.status;
  }

  async json(path, request) {
    const answer = await this.fetch(path, request);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  async kill() {
    this.process.kill('SIGKILL');
    await this.ended;
  }

  static async kill_all() {
    await Promise.all(server.all.filter((each) => each.process.exitCode === null && !each.process.killed).map((each) => each.kill()));
  }
}
