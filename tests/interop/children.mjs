// Child processes: one simulator, one client; both are read line by line.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

// Lines of a process that can be waited for. A line is looked at once per call of `next`.
class process_lines {
  constructor(program, parameters, environment) {
    this.child = spawn(program, parameters, { env: environment, stdio: ['pipe', 'pipe', 'pipe'] });
    this.lines = [];
    this.log = '';
    this.waiting = new Set();
    this.exited = once(this.child, 'exit').then(([code, signal]) => {
      this.exit = code ?? signal;
      this.wake();
      return this.exit;
    });
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      this.lines.push(line);
      this.note(line);
      this.wake();
    });
    createInterface({ input: this.child.stderr }).on('line', (line) => this.note(line));
    this.child.stdin.on('error', () => {}); // the child may be gone before its input is closed
  }

  note(line) {
    this.log = `${this.log}  ${line}\n`.slice(-20_000);
  }

  wake() {
    for (const look of this.waiting) look();
  }

  // First result of `choose(line)` that is not undefined, over all lines so far and to come.
  async find(what, choose, milliseconds) {
    let timer;
    let look;
    try {
      return await new Promise((resolve, reject) => {
        let at = 0;
        look = () => {
          try {
            for (; at < this.lines.length; ++at) {
              const found = choose(this.lines[at]);
              if (found !== undefined) return resolve(found);
            }
          } catch (error) {
            reject(error);
          }
          if (this.exit !== undefined) reject(new Error(`${what}: the process ended with ${this.exit}`));
        };
        timer = setTimeout(() => reject(new Error(`${what}: not within ${milliseconds} ms`)), milliseconds);
        this.waiting.add(look);
        look();
      });
    } finally {
      clearTimeout(timer);
      this.waiting.delete(look);
    }
  }

  async stop(ask, milliseconds) {
    if (this.exit !== undefined) return this.exit;
    const timer = setTimeout(() => this.child.kill('SIGKILL'), milliseconds);
    ask(this.child);
    const ended = await this.exited;
    clearTimeout(timer);
    return ended;
  }
}

export class simulator {
  // `ca_file`: serves TLS and writes its authority's certificate there.
  static async start(program, ca_file) {
    // A short heartbeat interval, so that every client heartbeats during its run.
    const parameters = ['sim', '--port', '0', '--bots', '1', '--guilds', '3', '--channels', '4', '--members', '20'];
    parameters.push('--heartbeat-ms', '3000');
    if (ca_file) parameters.push('--tls', '--ca-file', ca_file);
    const started = new simulator();
    started.lines = new process_lines(program, parameters, process.env);
    started.ca_file = ca_file;
    const url = (line) => /^DISCORD_API_URL=(.*)$/.exec(line)?.[1];
    started.api_url = await started.lines.find('start of the simulator', url, 20_000);
    const [bot] = await started.get('/_sim/bots');
    started.token = bot.token;
    started.application = bot.application_id;
    return started;
  }

  async get(path) {
    return this.request('GET', path);
  }

  async post(path, body) {
    return this.request('POST', path, body);
  }

  async request(method, path, body) {
    const { request } = this.ca_file ? https : http;
    const headers = { 'content-type': 'application/json', 'user-agent': 'DiscordBot (interop, 1.0)' };
    if (path.startsWith('/api/')) headers.authorization = `Bot ${this.token}`;
    const ca = this.ca_file && readFileSync(this.ca_file);
    const sent = request(new URL(path, this.api_url), { method, headers, ca, agent: false });
    sent.end(body && JSON.stringify(body));
    const [response] = await once(sent, 'response');
    let text = '';
    for await (const part of response) text += part;
    if (response.statusCode !== 200) throw new Error(`${method} ${path}: ${response.statusCode} ${text}`);
    return JSON.parse(text);
  }

  // A fault of the one connection that there is.
  async fault(order) {
    const { affected } = await this.post('/_sim/fault', order);
    if (affected !== 1) throw new Error(`fault ${order.kind}: ${affected} connections`);
  }

  // Until a client has sent a heartbeat.
  async heartbeat(milliseconds) {
    const until = performance.now() + milliseconds;
    while ((await this.get('/_sim/report')).gateway.heartbeats === 0) {
      if (performance.now() > until) throw new Error(`no heartbeat within ${milliseconds} ms`);
      await pause(50);
    }
  }

  async stop() {
    return this.lines.stop((child) => child.kill('SIGTERM'), 5_000);
  }
}

export class client_process {
  constructor(script, environment) {
    this.lines = new process_lines(process.execPath, [script], { ...process.env, ...environment });
  }

  // The first event with this name for which `fits` holds.
  async event(name, milliseconds, fits = () => true) {
    const choose = (line) => {
      const told = JSON.parse(line);
      if (told.event === 'failed') throw new Error(told.why);
      return told.event === name && fits(told) ? told : undefined;
    };
    return this.lines.find(`"${name}" of the client`, choose, milliseconds);
  }

  events(name) {
    return this.lines.lines.map((line) => JSON.parse(line)).filter((told) => told.event === name);
  }

  // The end of its input asks a client to go offline and to end.
  async stop() {
    return this.lines.stop((child) => child.stdin.end(), 8_000);
  }

  get log() {
    return this.lines.log;
  }
}
