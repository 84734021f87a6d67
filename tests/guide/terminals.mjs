// The terminals of one chapter: one in which commands end, and others in which programs go on.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

let patience_ms = 120_000; // for what happens within half a minute on an idle machine
const look_every_ms = 100;

// What follows a failure often fails too, and need not be waited for.
export const lose_patience = () => { patience_ms = 3_000; };

// Until `look` answers something that is not undefined; then the answer. After the patience: what `otherwise` says.
export async function eventually(look, otherwise) {
  const until = Date.now() + patience_ms;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > until) return otherwise();
    await pause(look_every_ms);
  }
}

// What a shell would keep from one command to the next.
const wrapper = `
[ -f "$STATE" ] && . "$STATE" && cd "$PWD_KEPT"
trap 'export PWD_KEPT=$PWD; declare -px >"$STATE.new"; mv "$STATE.new" "$STATE"' EXIT
set -e
. "$1"
`;

export class terminals {
  constructor(folder, keep, environment) {
    Object.assign(this, { folder, keep, environment, running: new Map() });
  }

  start(script, file, out) {
    writeFileSync(file, `${script}\n`);
    return spawn('bash', ['--noprofile', '--norc', '-c', wrapper, 'bash', file], {
      cwd: this.folder,
      env: { ...this.environment, STATE: join(this.keep, 'state') },
      stdio: ['ignore', out, out],
      detached: true,
    });
  }

  // In the main terminal, to its end: { code, text }
  async run(script, name) {
    const file = join(this.keep, name);
    const log = `${file}.out`;
    const out = openSync(log, 'w');
    const child = this.start(script, file, out);
    const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), patience_ms);
    const [code, signal] = await once(child, 'exit');
    clearTimeout(timer);
    closeSync(out);
    return { code: signal ? `signal ${signal}` : code, text: readFileSync(log, 'utf8') };
  }

  // In another terminal, where it goes on: { ended, text }, of which text grows.
  open(name, script) {
    const log = join(this.keep, `${name.replaceAll(' ', '-')}.out`);
    const out = openSync(log, 'w');
    const child = spawn('bash', ['--noprofile', '--norc', '-c', script], {
      cwd: this.folder, env: this.environment, stdio: ['ignore', out, out], detached: true,
    });
    closeSync(out);
    const program = { child, ended: false, code: undefined, text: () => readFileSync(log, 'utf8') };
    child.on('exit', (code, signal) => Object.assign(program, { ended: true, code: signal ?? code }));
    this.running.set(name, program);
    return program;
  }

  // Ctrl-C
  async interrupt(name) {
    const program = this.running.get(name);
    if (!program) throw new Error(`nothing runs in the terminal "${name}"`);
    if (!program.ended) process.kill(-program.child.pid, 'SIGINT');
    await eventually(() => (program.ended ? true : undefined), () => {
      throw new Error(`Ctrl-C did not end what runs in the terminal "${name}":\n${program.text()}`);
    });
    if (program.code !== 0) throw new Error(`after Ctrl-C in the terminal "${name}" the exit code was ${program.code}:\n${program.text()}`);
  }

  close() {
    for (const { child, ended } of this.running.values()) if (!ended) process.kill(-child.pid, 'SIGKILL');
  }
}
