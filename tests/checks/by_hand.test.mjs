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

const in_scene = (name, files, run) => test(name, (t) => {
  const place = new scene(files);
  try {
    run(place, t);
  } finally {
    place.remove();
  }
});

const look_at_env = (place) => () =>
  found(place.run(['check', '-o', 'json', 'docker-compose.yml'])).filter((each) => each.endsWith('.env'));

const found = (answer) => JSON.parse(answer.stdout).findings.map((each) => `${each.id} ${each.file}`);

in_scene('its weaknesses are listed', { 'docker-compose.yml': compose }, (place) => {
  const answer = place.run(['check', 'docker-compose.yml']);
  assert.equal(answer.status, 2, answer.stderr);
  for (const id of ['GF204', 'GF205', 'GF207', 'GF208', 'GF209', 'GF210', 'GF212', 'GF215', 'GF226'])
    assert.match(answer.stdout, new RegExp(id));
  assert.doesNotMatch(answer.stdout, /GF202|GF201/);
  assert.match(answer.stdout, /docker-compose\.yml:7:\d+ {2}postgres: port 5432 as 5432/);
});

in_scene('a .env beside it counts too', {
  'docker-compose.yml': compose, '.env': env_of({ BOT1_TOKEN: token_of(1), BOT2_TOKEN: token_of(1) }),
}, (place) => {
  const look = look_at_env(place);
  assert.deepEqual(look(), ['GF503 .env']);
  chmodSync(join(place.folder, '.env'), 0o644);
  assert.deepEqual(look(), ['GF506 .env', 'GF503 .env']);
});

in_scene('what git knows of a .env counts', {
  'docker-compose.yml': compose, '.env': env_of({ BOT1_TOKEN: token_of(1), BOT2_TOKEN: token_of(1) }),
}, (place, t) => {
  const look = look_at_env(place);
  chmodSync(join(place.folder, '.env'), 0o644);
  const git = (...args) => spawnSync('git', ['-c', 'init.defaultBranch=main', ...args], { cwd: place.folder });
  if (git('init').status !== 0) {
    t.skip('git is not here');
    return;
  }
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
  assert.match(place.run(['import', 'absent.yml']).stderr, /absent\.yml: cannot be read/);
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

in_scene('a fleet.yaml that is broken is so in a folder too', {
  'config/music.yaml': 'bots: [{ name: music, tokn: x }]\nprot: 3001\n',
}, (place) => {
  const answer = place.run(['check', 'config', '-o', 'json']);
  assert.equal(answer.status, 2, answer.stdout);
  const { findings, problems } = JSON.parse(answer.stdout);
  assert.ok(findings.some((each) => each.id === 'GF101'), answer.stdout);
  assert.ok(problems.length > 0, answer.stdout);
  assert.doesNotMatch(place.run(['check', 'config']).stdout, /good/);
});

in_scene('what is not read is told', {
  'docker-compose.yml': 'services: { a: { image: "x:1", env_file: [bots.env, more.env] } }\n',
  'bots.env': `A=${'x'.repeat(2 ** 20)}\n`, 'deep/fleet.yaml': `bots: []\n# ${'x'.repeat(2 ** 20)}\n`,
}, (place) => {
  const named = place.run(['check', 'docker-compose.yml', '-o', 'json']);
  assert.equal(named.status, 0, named.stdout);
  assert.deepEqual(JSON.parse(named.stdout).not_read, [
    'bots.env: is larger than 1 MiB; it was not looked at', 'more.env: cannot be read: No such file or directory; it was not looked at']);
  assert.match(place.run(['check', '.']).stderr, /deep\/fleet\.yaml: is larger than 1 MiB/);
  assert.match(place.run(['check', '/proc/self/mem']).stderr, /mem: cannot be read: /);
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
  assert.equal(place.run(['check', '--explain', '']).status, 2);
  assert.match(place.run(['check', '--explain', 'GD101']).stderr, /docs\/doctor\.md/);
  assert.match(place.run(['check', '--list']).stdout, /^GF101 +error/);
});

in_scene('secret files in git are found, and not opened', {
  'docker-compose.yml': 'services: {}\nsecrets: { music: { file: ./keys/music } }\n', 'keys/music': 'hidden', 'secrets/game': 'hidden',
  'x/cards_token': 'hidden', 'secrets/README.md': '', 'fleet.yaml': 'bots: [{ name: a, token_file: keys/music }]\n',
}, (place) => {
  const git = (...args) => spawnSync('git', ['-c', 'init.defaultBranch=main', ...args], { cwd: place.folder });
  if (git('init').status !== 0) return;
  const look = (...args) => found(place.run(['check', '-o', 'json', ...args])).filter((each) => each.startsWith('GF513'));
  assert.deepEqual(look('.'), []);
  git('add', '.');
  assert.deepEqual(look('.'), ['GF513 keys/music', 'GF513 secrets/game', 'GF513 x/cards_token']);
  assert.deepEqual(look('docker-compose.yml'), ['GF513 keys/music']);
  assert.deepEqual(look(), ['GF513 keys/music']);
  assert.deepEqual(look('x'), ['GF513 x/cards_token']);
  assert.equal(place.run(['check', 'docker-compose.yml']).status, 2);
});

in_scene('of a file of no kind nothing is shown', { shadow: 'root:hidden:19000:0:99999:7:::\n', 'a.yml': 'hidden: 1\n' }, (place) => {
  for (const file of ['shadow', 'a.yml']) {
    const answer = place.run(['check', file]);
    assert.equal(answer.status, 2);
    assert.equal(answer.stdout, '');
    assert.match(answer.stderr, /^[a-z.]+: is of no kind that is known/);
    assert.doesNotMatch(answer.stdout + answer.stderr, /hidden/);
  }
});

in_scene('pipes are read, and devices are not', { 'compose.json': '{ "services": { "a": { "image": "x" } } }\n' }, (place) => {
  const piped = (args, input) => spawnSync(process.env.GUILDFLEET, ['check', '-o', 'json', ...args], { cwd: place.folder, input, encoding: 'utf8' });
  const kinds = (answer) => JSON.parse(answer.stdout).files.map((each) => `${each.file} ${each.kind}`);
  assert.deepEqual(kinds(piped(['-'], 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n')), ['- kubernetes']);
  assert.deepEqual(kinds(piped(['/dev/stdin'], 'services: { a: { image: x } }\n')), ['/dev/stdin compose']);
  assert.deepEqual(kinds(piped(['-'], `bots: [{ name: a, token: ${token_of(1)} }]\n`)), ['- fleet']);
  assert.deepEqual(kinds(piped(['-'], 'A=1\nBOT_TOKEN=x\n')), ['- env']);
  assert.deepEqual(kinds(piped(['compose.json'])), ['compose.json compose']);
  assert.match(piped(['/dev/zero']).stderr, /^\/dev\/zero: is not a regular file/);
  const pipe = spawnSync('bash', ['-c', '"$GUILDFLEET" check -o json <(echo "services: { a: { image: x } }")'], { cwd: place.folder, encoding: 'utf8' });
  assert.match(kinds(pipe)[0], / compose$/);
  // As docker compose -f - does: its paths are from here. Beside another pipe there is nothing.
  const absent = 'services: { a: { image: x, env_file: absent.env } }\n';
  assert.deepEqual(JSON.parse(piped(['-'], absent).stdout).not_read, ['absent.env: cannot be read: No such file or directory; it was not looked at']);
  assert.deepEqual(JSON.parse(piped(['/dev/stdin'], absent).stdout).not_read, []);
  const endless = JSON.parse(piped(['-c', '/dev/zero']).stdout);
  assert.deepEqual(endless.findings.map((each) => each.id), ['GF101']);
});

in_scene('files that are named and not there are told', {
  'k8s/kustomization.yaml': 'resources: [absent.yaml, there.yaml, "https://example.org/x.yaml"]\n', 'k8s/there.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n',
  'compose.yml': 'services:\n  a: { extends: { file: common.yml, service: b }, image: "x:1" }\n',
}, (place) => {
  const { findings } = JSON.parse(place.run(['check', '-o', 'json', '.']).stdout);
  const told = findings.filter((each) => /01$/.test(each.id)).map((each) => `${each.id} ${each.file}:${each.line} ${each.detail}`);
  assert.deepEqual(told, ['GF201 compose.yml:2 extends: the file common.yml is not there', 'GF301 k8s/kustomization.yaml:1 resources: absent.yaml is not there']);
});

in_scene('addresses in SARIF are from here, or whole', { 'sub/a.yml': 'services: { a: { image: x } }\n', 'b.yml': 'services: { a: { image: x } }\n' }, (place) => {
  const uris = (cwd, file) => {
    const answer = spawnSync(process.env.GUILDFLEET, ['check', '-o', 'sarif', file], { cwd: join(place.folder, cwd), encoding: 'utf8' });
    return new Set(JSON.parse(answer.stdout).runs[0].results.map((each) => each.locations[0].physicalLocation.artifactLocation.uri));
  };
  assert.deepEqual(uris('.', './sub/../sub/a.yml'), new Set(['sub/a.yml']));
  assert.deepEqual(uris('sub', '../sub/a.yml'), new Set(['a.yml']));
  assert.match([...uris('sub', '../b.yml')][0], /^file:\/\/\/.*\/b\.yml$/);
});
