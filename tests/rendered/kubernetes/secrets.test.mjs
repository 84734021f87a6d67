// make-secrets and apply-secrets, run as a person does, before a stand-in for kubectl.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { new_folder, render } from './rendering.mjs';

// Writes down how it was called; there is no namespace yet.
const stand_in = `#!/bin/sh
printf '%s\\n' "$*" >>"$CALLS"
case $1 in
get) exit 1 ;;
apply) cat >/dev/null ;;
esac
`;

function prepared(fleet, overlay) {
  const folder = join(render(fleet), 'kubernetes/overlays', overlay);
  const tools = new_folder();
  writeFileSync(join(tools, 'kubectl'), stand_in, { mode: 0o755 });
  const calls = join(tools, 'calls');
  const env = { PATH: `${tools}:${process.env.PATH}`, CALLS: calls };
  return {
    secrets: join(folder, 'secrets'),
    run: (script) => spawnSync(join(folder, script), { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
    calls: () => (existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []),
  };
}

function with_tokens({ secrets }, ...names) {
  mkdirSync(secrets);
  for (const name of names) writeFileSync(join(secrets, name), `value-of-${name}`);
}

test('every secret comes from its file, and its value is on no command line', () => {
  const it = prepared('services', 'production');
  with_tokens(it, 'music_token', 'management_bot_token');
  assert.equal(it.run('make-secrets').status, 0);
  assert.equal(statSync(join(it.secrets, 'fleet_key')).mode & 0o077, 0, 'for nobody else');
  const applied = it.run('apply-secrets');
  assert.equal(applied.status, 0, applied.stderr);
  const calls = it.calls();
  assert.ok(calls.includes('create namespace bots'));
  for (const name of readdirSync(it.secrets)) {
    const secret = name.replaceAll('_', '-');
    assert.ok(calls.some((call) => call.startsWith(`create secret generic ${secret} `) && call.includes(`--from-file=${name}=secrets/${name}`)), name);
    const value = readFileSync(join(it.secrets, name), 'utf8');
    assert.ok(!calls.some((call) => call.includes(value)), name);
  }
});

test('nothing is put into the cluster before every file is there', () => {
  const it = prepared('services', 'production');
  with_tokens(it, 'music_token');
  const made = it.run('make-secrets');
  assert.equal(made.status, 1);
  assert.match(made.stderr, /management_bot_token is missing: the token of bot management_bot/);
  const applied = it.run('apply-secrets');
  assert.equal(applied.status, 1);
  assert.match(applied.stderr, /run .\/make-secrets first/);
  assert.deepEqual(it.calls(), []);
});

test('dev has secrets of its own', () => {
  const it = prepared('independent', 'dev');
  with_tokens(it, 'music_token', '7up_token');
  assert.equal(it.run('apply-secrets').status, 0);
  for (const call of it.calls()) assert.match(call, /my-fleet-dev/);
});
