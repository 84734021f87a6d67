// A setup as people write it by hand: check lists its weaknesses, import makes a fleet of it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compose, scene, token_of } from './scene.mjs';

const tokens = { BOT1_TOKEN: token_of(1), BOT2_TOKEN: token_of(2), BOT3_TOKEN: token_of(3) };
const ids = { BOT1_ID: '123456789012345671', BOT2_ID: '123456789012345672', BOT3_ID: '123456789012345673' };
const env_of = (variables) => Object.entries(variables).map(([name, value]) => `${name}=${value}\n`).join('');

const in_scene = (name, files, run) => test(name, () => {
  const place = new scene(files);
  try {
    run(place);
  } finally {
    place.remove();
  }
});

const found = (answer) => JSON.parse(answer.stdout).findings.map((each) => `${each.id} ${each.file}`);

in_scene('its weaknesses are listed', { 'docker-compose.yml': compose }, (place) => {
  const answer = place.run(['check', 'docker-compose.yml']);
  assert.equal(answer.status, 2, answer.stderr);
  for (const id of ['GF204', 'GF205', 'GF207', 'GF208', 'GF209', 'GF210', 'GF212', 'GF215', 'GF226'])
    assert.match(answer.stdout, new RegExp(id));
  assert.doesNotMatch(answer.stdout, /GF202|GF201/);
  assert.match(answer.stdout, /docker-compose\.yml:7:\d+ {2}postgres: port 5432 as 5432/);
});

in_scene('a .env beside it, and what git knows of it, count too', {
  'docker-compose.yml': compose, '.env': env_of({ BOT1_TOKEN: token_of(1), BOT2_TOKEN: token_of(1) }),
}, (place) => {
  const look = () => found(place.run(['check', '-o', 'json', 'docker-compose.yml'])).filter((each) => each.endsWith('.env'));
  assert.deepEqual(look(), ['GF503 .env']);
  chmodSync(join(place.folder, '.env'), 0o644);
  assert.deepEqual(look(), ['GF506 .env', 'GF503 .env']);
  const git = (...args) => spawnSync('git', ['-c', 'init.defaultBranch=main', ...args], { cwd: place.folder });
  if (git('init').status !== 0) return;
  assert.deepEqual(look(), ['GF505 .env', 'GF506 .env', 'GF503 .env']);
  writeFileSync(join(place.folder, '.gitignore'), '*.log\n.env\n');
  assert.deepEqual(look(), ['GF506 .env', 'GF503 .env']);
  git('add', '-f', '.env', 'docker-compose.yml');
  assert.deepEqual(look(), ['GF504 .env', 'GF506 .env', 'GF503 .env']);
});

in_scene('it becomes a fleet that check finds good', { 'docker-compose.yml': compose }, (place) => {
  const answer = place.run(['import', 'docker-compose.yml']);
  assert.equal(answer.status, 0, answer.stderr);
  const fleet = readFileSync(join(place.folder, 'fleet.yaml'), 'utf8');
  assert.match(fleet, /name: bot1\n +token: \$\{BOT1_TOKEN\}\n +app_id: \$\{BOT1_ID\}/);
  assert.match(fleet, /database_url: \$\{DATABASE_URL\}/);
  assert.doesNotMatch(fleet, /bots:bots@/);
  for (const left of ['postgres: the whole service', 'nginx: the whole service', 'bot3: DATABASE_URL', 'guildfleet db copy --bot bot1']) {
    assert.ok(answer.stderr.includes(left), `${left} is not in\n${answer.stderr}`);
    assert.ok(fleet.includes(left), left);
  }
  writeFileSync(join(place.folder, '.env'), env_of({ ...tokens, ...ids, DATABASE_URL: 'postgresql://bots:k9f8s7@postgres:5432/bots' }), { mode: 0o600 });
  const checked = place.run(['check']);
  assert.equal(checked.status, 0, checked.stdout);
  assert.match(checked.stdout, /fleet\.yaml: good, 3 bots/);
  // Rendered again it is a setup without those weaknesses.
  assert.equal(place.run(['render', 'compose', '-o', 'deploy']).status, 0);
  const again = place.run(['check', 'deploy/docker-compose.yml', '--fail-on', 'warning']);
  assert.equal(again.status, 0, again.stdout);
});

in_scene('a .env becomes a fleet that check finds good', {
  '.env': env_of({ ...tokens, BOT1_APP_ID: ids.BOT1_ID, LOG_LEVEL: 'WARNING', PORT: '3005', OTHER: '1' }),
}, (place) => {
  const answer = place.run(['import', '.env']);
  assert.equal(answer.status, 0, answer.stderr);
  assert.match(answer.stderr, /\.env: OTHER: /);
  assert.match(place.run(['check']).stdout, /fleet\.yaml: good, 3 bots/);
  const fleet = readFileSync(join(place.folder, 'fleet.yaml'), 'utf8');
  for (const token of Object.values(tokens)) assert.ok(!fleet.includes(token));
});

in_scene('nothing is overwritten unasked, and what is no setup of bots is refused', {
  'fleet.yaml': 'mine', 'docker-compose.yml': compose, 'web.yml': 'services: { web: { image: "nginx:1" } }\n', '.env': 'A=1\n',
}, (place) => {
  assert.equal(place.run(['import', 'docker-compose.yml']).status, 3);
  assert.equal(readFileSync(join(place.folder, 'fleet.yaml'), 'utf8'), 'mine');
  assert.equal(place.run(['import', 'docker-compose.yml', '--force']).status, 0);
  for (const file of ['web.yml', '.env', 'absent.yml', '.']) {
    const answer = place.run(['import', file, '-o', 'new.yaml']);
    assert.equal(answer.status, 2, file);
    assert.notEqual(answer.stderr, '', file);
  }
});

in_scene('a folder is told apart file by file, and no secret of another machine is missed', {
  'docker-compose.yml': 'services: {}\n', 'config/music.yaml': 'bots: [{ name: music, token_file: /run/secrets/music, shards: 4 }]\n',
  'secrets/music_token': 'abc', 'notes.yaml': 'a: 1\n', 'node_modules/x/.env': 'A_PASSWORD=admin\n',
}, (place) => {
  const answer = place.run(['check', '.', '-o', 'json']);
  assert.equal(answer.status, 0, answer.stdout);
  const { files, findings } = JSON.parse(answer.stdout);
  assert.deepEqual(files.map((each) => `${each.file} ${each.kind}`), ['config/music.yaml fleet', 'docker-compose.yml compose']);
  assert.deepEqual(findings.map((each) => each.id), ['GF105']);
});

in_scene('a terminal obeys no name of a file', { 'a\x1b[31m.yml': 'services: { web: { image: nginx } }\n' }, (place) => {
  for (const args of [['check', '.'], ['check', 'a\x1b[31m.yml'], ['check', 'b\x1b.yml'], ['import', 'a\x1b[31m.yml']]) {
    const { stdout, stderr } = place.run(args);
    assert.ok(!`${stdout}${stderr}`.includes('\x1b'), JSON.stringify(stdout + stderr));
    assert.match(stdout + stderr, /[ab]\?/);
  }
});

in_scene('exit codes follow --fail-on, and comments are honoured', {
  'a.yml': 'services:\n  a:\n    # guildfleet: ignore GF208, GF209 a sketch\n    image: x\n    restart: always\n',
}, (place) => {
  assert.equal(place.run(['check', 'a.yml']).status, 0);
  assert.equal(place.run(['check', 'a.yml', '--fail-on', 'warning']).status, 2);
  assert.equal(place.run(['check', 'a.yml', '--fail-on', 'never']).status, 0);
  assert.match(place.run(['check', 'a.yml']).stdout, /1 file: 3 warnings; 1 ignored by comments/);
  assert.equal(place.run(['check', 'absent.yml', '--fail-on', 'never']).status, 2);
  assert.match(place.run(['check', '--explain', 'gf202']).stdout, /^GF202 error: One token in several services/);
  assert.equal(place.run(['check', '--explain', 'GF999']).status, 2);
  assert.match(place.run(['check', '--list']).stdout, /^GF101 +error/);
});
