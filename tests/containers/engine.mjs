// podman, podman-compose, and conditions that are waited for.
import { spawn } from 'node:child_process';
import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

// What the command printed. Throws with that when its exit code is not 0.
export async function run(command, parameters, { environment = {}, folder } = {}) {
  const child = spawn(command, parameters, {
    cwd: folder, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (data) => { out += data; });
  child.stderr.on('data', (data) => { err += data; });
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`${command} ${parameters.join(' ')}: exit code ${code}\n${out}${err}`.slice(-4000));
  return out;
}

export const podman = (...parameters) => run('podman', parameters);

// The result of `look` as soon as it is one; a failure of `look` is "not yet".
export async function wait_for(what, look, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  for (let last = ''; ;) {
    try {
      const found = await look();
      if (found) return found;
    } catch (error) {
      last = error.message;
    }
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s. ${last}`);
    await pause(200);
  }
}

// { status, text } of a request to this machine.
export function request(url, body) {
  return new Promise((resolve, reject) => {
    const call = http.request(url, { method: body === undefined ? 'GET' : 'POST', timeout: 10_000 }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (data) => { text += data; });
      answer.on('end', () => resolve({ status: answer.statusCode, text }));
    });
    call.on('error', reject).on('timeout', () => call.destroy(new Error(`${url}: no answer`)));
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

export async function json_of(url, body) {
  const answer = await request(url, body);
  if (answer.status !== 200) throw new Error(`${url}: ${answer.status} ${answer.text.slice(0, 300)}`);
  return JSON.parse(answer.text);
}

// The services of a folder with a compose file.
export class project {
  constructor(name, folder, files, environment) {
    Object.assign(this, { name, folder, files, environment });
  }
  compose(parameters, environment = {}) {
    const files = this.files.flatMap((file) => ['-f', file]);
    return run('podman-compose', ['-p', this.name, ...files, ...parameters],
      { folder: this.folder, environment: { ...this.environment, ...environment } });
  }
  // Only these: podman-compose knows no profiles.
  async up(services, environment) {
    await this.compose(['up', '-d', '--no-build', '--no-deps', ...services], environment);
    for (const service of services)
      await wait_for(`${service} runs`, () => this.state(service).then((state) => state.Running), 30);
  }
  container(service) { return `${this.name}_${service}_1`; }
  async state(service) { return (await this.inspect(service)).State; }
  async inspect(service) { return JSON.parse(await podman('inspect', this.container(service)))[0]; }
  logs(service) { return run('sh', ['-c', `podman logs ${this.container(service)} 2>&1`]); }
  exec(service, ...command) { return podman('exec', this.container(service), ...command); }
  stop(service, seconds = 55) { return podman('stop', '-t', String(seconds), this.container(service)); }
  remove(service) { return podman('rm', '-f', this.container(service)); }
  async containers() {
    const listed = await podman('ps', '-a', '--filter', `label=io.podman.compose.project=${this.name}`, '--format', '{{.Names}}');
    return listed.split('\n').filter(Boolean);
  }
  async down() {
    const names = await this.containers();
    if (names.length) await podman('rm', '-f', '-t', '3', ...names);
    for (const kind of ['volume', 'network']) {
      const listed = await podman(kind, 'ls', '--format', '{{.Name}}');
      const ours = listed.split('\n').filter((each) => each.startsWith(`${this.name}_`));
      if (ours.length) await podman(kind, 'rm', '-f', ...ours);
    }
  }
}
