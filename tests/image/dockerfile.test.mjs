// The Dockerfile before a linter, and what a linter cannot know: that what it copies is there, and that the image
// has the libraries which the program is linked to.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DockerfileParser } from 'dockerfile-ast';
import { validate, ValidationSeverity } from 'dockerfile-utils';

const root = process.env.SOURCES;
const program = process.env.GUILDFLEET;
const text = readFileSync(join(root, 'Dockerfile'), 'utf8');
const file = DockerfileParser.parse(text);

const strict = Object.fromEntries([
  'deprecatedMaintainer', 'directiveCasing', 'emptyContinuationLine', 'instructionCasing', 'instructionCmdMultiple',
  'instructionEntrypointMultiple', 'instructionHealthcheckMultiple', 'instructionJSONInSingleQuotes',
  'instructionWorkdirRelative',
].map((rule) => [rule, ValidationSeverity.ERROR]));

const of_kind = (keyword) => file.getInstructions().filter((each) => each.getKeyword() === keyword);
const last_stage = () => text.slice(text.lastIndexOf('\nFROM '));

test('a linter finds nothing', () => {
  assert.deepEqual(validate(text, strict).map((found) => `${found.range.start.line + 1}: ${found.message}`), []);
});

for (const [what, wrong] of [
  ['an unknown instruction', (good) => good.replace('\nWORKDIR', '\nWORKDIRR')],
  ['a second CMD', (good) => `${good}CMD ["run"]\n`],
  ['a relative WORKDIR', (good) => good.replace('WORKDIR /app', 'WORKDIR app')],
]) {
  test(`the linter finds ${what}`, () => {
    assert.notEqual(wrong(text), text);
    assert.notDeepEqual(validate(wrong(text), strict), []);
  });
}

test('everything that is copied is there, and .dockerignore lets it through', () => {
  const kept = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n').filter((line) => line.startsWith('!'));
  const everything = !readFileSync(join(root, '.dockerignore'), 'utf8').split('\n').includes('*');
  let looked = 0;
  for (const copy of of_kind('COPY')) {
    if (copy.getFlags().some((flag) => flag.getName() === 'from')) continue;
    const sources = copy.getArguments().map(String).slice(0, -1);
    for (const source of sources) {
      looked += 1;
      assert.ok(existsSync(join(root, source)), source);
      assert.ok(everything || kept.some((line) => source.startsWith(line.slice(1).replace(/^\//, '').replace(/\/?\**$/, ''))), source);
    }
  }
  assert.ok(looked > 5);
});

test('it runs as a numbered user, with no shell between it and its signals', () => {
  assert.match(last_stage(), /^USER 65532:65532$/m);
  for (const keyword of ['ENTRYPOINT', 'CMD']) {
    for (const each of of_kind(keyword)) assert.match(each.getArgumentsContent(), /^\[".*"\]$/);
  }
  assert.match(of_kind('HEALTHCHECK')[0].toString(), /CMD \["guildfleet", "health"\]/);
});

test('no image is taken by a tag that moves from release to release', () => {
  for (const from of file.getFROMs()) assert.match(from.getImage(), /^debian:bookworm-slim$/);
});

// Named packages, and what Debian installs with them.
function with_dependencies(named) {
  const listed = execFileSync('dpkg-query', ['-W', '-f', '${Package}\t${Pre-Depends}, ${Depends}\n'], { encoding: 'utf8' });
  const needs = new Map(listed.trim().split('\n').map((line) => line.split('\t'))
    .map(([name, needed]) => [name, needed.split(/[,|]/).map((each) => each.trim().split(/[ :]/)[0]).filter(Boolean)]));
  const all = new Set(named);
  for (const each of all) for (const needed of needs.get(each) ?? []) all.add(needed);
  return all;
}

// The packages of the libraries that the program was linked to here.
test('the image has every library that the program needs', () => {
  const dynamic = execFileSync('llvm-readelf-19', ['-d', program], { encoding: 'utf8' });
  const libraries = [...dynamic.matchAll(/\(NEEDED\).*\[(.+)\]/g)].map((found) => found[1]);
  assert.ok(libraries.length > 5, dynamic);
  const list = /apt-get install -y --no-install-recommends \\\n([^&]+)&&/.exec(last_stage())[1];
  const installed = with_dependencies(list.split(/[\s\\]+/).filter(Boolean));
  for (const library of libraries) {
    const found = execFileSync('dpkg-query', ['-S', `*/${library}`], { encoding: 'utf8' });
    const owners = found.trim().split('\n').map((line) => line.split(':')[0]);
    assert.ok(owners.some((owner) => installed.has(owner)), `${library} is of ${owners}, which is not installed`);
  }
});
