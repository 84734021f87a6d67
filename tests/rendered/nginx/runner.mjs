// run-nginx.sh, as the container runs it: as a user that owns nothing but its working folder.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { eventually } from '../monitoring/servers.mjs';

const user = 65532;
const maps_users = readFileSync('/proc/self/uid_map', 'utf8').trim().split(/\s+/)[2] !== '1';
const as_user = maps_users ? ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--no-new-privs'] : [];

export class gateway {
  static all = [];

  // `rendered`: what was rendered; `folder`: of this gateway alone.
  constructor(rendered, folder) {
    Object.assign(this, { rendered, folder, weights: `${folder}/weights`, tls: `${folder}/tls`, work: `${folder}/work` });
    for (const each of [folder, this.weights, this.tls, this.work]) mkdirSync(each, { recursive: true });
    if (maps_users) chownSync(this.work, user, user);
  }

  // Files appear in the folder as the program makes them appear: all at once.
  write(name, text) {
    writeFileSync(`${this.weights}/${name}.new`, text);
    renameSync(`${this.weights}/${name}.new`, `${this.weights}/${name}`);
  }
  forget(name) { rmSync(`${this.weights}/${name}`); }

  certify(name, serial) {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
      '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-set_serial', `${serial}`,
      '-keyout', `${this.folder}/made.key`, '-out', `${this.folder}/made.crt`], { stdio: 'pipe' });
    for (const kind of ['key', 'crt']) {
      copyFileSync(`${this.folder}/made.${kind}`, `${this.tls}/tls.${kind}.new`);
      chmodSync(`${this.tls}/tls.${kind}.new`, 0o600);
      if (maps_users) chownSync(`${this.tls}/tls.${kind}.new`, user, user);
      renameSync(`${this.tls}/tls.${kind}.new`, `${this.tls}/tls.${kind}`);
    }
  }

  start() {
    this.code = undefined;
    const log = openSync(`${this.folder}/log`, 'a');
    if (maps_users) chownSync(`${this.folder}/log`, user, user);
    this.said = readFileSync(`${this.folder}/log`, 'utf8').length;
    this.process = spawn('env', [...as_user, 'sh', `${this.rendered}/run-nginx.sh`, this.rendered, this.weights, this.tls, this.work],
      { stdio: ['ignore', log, log] });
    this.ended = once(this.process, 'exit').then(([code]) => { this.code = code; return code; });
    gateway.all.push(this);
  }
  log() { return readFileSync(`${this.folder}/log`, 'utf8'); }
  // The next line that says so, after those that were waited for before.
  async says(text) {
    await eventually(`"${text}" in the log:\n${this.log().slice(this.said).slice(-2000)}`, () => {
      if (this.code !== undefined) throw new Error(`it ended with ${this.code}`);
      const at = this.log().indexOf(text, this.said);
      if (at >= 0) this.said = at + text.length;
      return at >= 0;
    });
  }
  master() { return Number(readFileSync(`${this.work}/nginx.pid`, 'utf8')); }
  async stop() {
    this.process.kill('SIGTERM');
    return this.ended;
  }
  static async stop_all() {
    for (const each of gateway.all) if (each.code === undefined) await each.stop();
  }
}
