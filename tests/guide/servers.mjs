// The servers that a chapter tells its reader to have: at their usual ports, with the password of the guide.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './terminals.mjs';

const running = [];

const as_server_user = (command) =>
  process.getuid() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', ...command] : command;

function programs_of_postgres() {
  const versions = '/usr/lib/postgresql';
  const found = (existsSync(versions) ? readdirSync(versions) : [])
    .map((each) => join(versions, each, 'bin'))
    .filter((each) => existsSync(join(each, 'initdb')));
  if (found.length === 0) throw new Error('there is no PostgreSQL: scripts/install-deps test');
  return found[0];
}

const listens = (port) =>
  eventually(
    () => new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('connect', () => socket.destroy() && resolve(true)).on('error', () => resolve(undefined));
    }),
    () => { throw new Error(`nothing listens on port ${port}`); },
  );

async function start_postgresql(folder) {
  const programs = programs_of_postgres();
  mkdirSync(folder);
  const password = join(folder, 'password');
  writeFileSync(password, 'guide\n');
  if (process.getuid() === 0) {
    const [uid, gid] = ['-u', '-g'].map((each) => Number(execFileSync('id', [each, 'postgres'])));
    for (const each of [folder, password]) chownSync(each, uid, gid);
  }
  const data = join(folder, 'data');
  const [initdb, ...options] = as_server_user([join(programs, 'initdb'), '--pgdata', data, '--no-sync', '--username=postgres',
    `--pwfile=${password}`, '--auth=scram-sha-256', '--locale=C.UTF-8', '--encoding=UTF8']);
  execFileSync(initdb, options, { cwd: folder, stdio: 'pipe' });
  const settings = ['listen_addresses=127.0.0.1', 'fsync=off', 'unix_socket_directories=', 'shared_buffers=32MB'];
  const [postgres, ...rest] = as_server_user([join(programs, 'postgres'), '-D', data, ...settings.flatMap((each) => ['-c', each])]);
  running.push(spawn(postgres, rest, { cwd: folder, stdio: 'ignore' }));
  await listens(5432);
}

async function start_redis(folder) {
  mkdirSync(folder);
  running.push(spawn('redis-server', ['--port', '6379', '--bind', '127.0.0.1', '--save', ''], { cwd: folder, stdio: 'ignore' }));
  await listens(6379);
}

const known = { postgresql: start_postgresql, redis: start_redis };

// Answers how they are ended again.
export async function start_servers(names) {
  if (names.length === 0) return () => {};
  const folder = mkdtempSync(join(tmpdir(), 'guide-'));
  chmodSync(folder, 0o755); // PostgreSQL runs as another user
  await Promise.all(names.map((name) => known[name](join(folder, name))));
  return () => {
    for (const each of running) each.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
}
