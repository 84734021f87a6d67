// What `check -o sarif` writes is SARIF 2.1.0.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import Ajv from 'ajv-draft-04';
import { compose, scene } from './scene.mjs';

const home = dirname(createRequire(import.meta.url).resolve('@microsoft/jest-sarif/package.json'));
const schema = JSON.parse(readFileSync(join(home, 'lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8'));
// ajv itself checks no formats, and one pattern of the schema is none for regular expressions in Unicode mode.
const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false }).compile(schema);

const place = new scene({
  'docker-compose.yml': compose,
  'sub folder/.env': 'BOT1_TOKEN=abc\nBOT2_TOKEN=abc\n',
  'clean/docker-compose.yml': 'services: {}\n',
});
after(() => place.remove());

const log_of = (...paths) => {
  const { stdout } = place.run(['check', '-o', 'sarif', ...paths]);
  const log = JSON.parse(stdout);
  assert.ok(validate(log), JSON.stringify(validate.errors, null, 1));
  return log.runs[0];
};

test('findings fit the schema, and each names its rule', () => {
  const run = log_of('.');
  assert.ok(run.results.length > 10);
  for (const result of run.results) assert.equal(run.tool.driver.rules[result.ruleIndex].id, result.ruleId);
  const addresses = new Set(run.results.map((each) => each.locations[0].physicalLocation.artifactLocation.uri));
  assert.deepEqual([...addresses].sort(), ['docker-compose.yml', 'sub%20folder/.env']);
  const fingerprints = new Set(run.results.map((each) => each.partialFingerprints['guildfleet/v1']));
  assert.equal(fingerprints.size, run.results.length);
});

test('nothing found fits it too', () => {
  assert.deepEqual(log_of('clean').results, []);
});

test('a file below the folder of the run is named from there, however it was given', () => {
  const run = log_of(join(place.folder, 'docker-compose.yml'));
  assert.equal(run.results[0].locations[0].physicalLocation.artifactLocation.uri, 'docker-compose.yml');
});

test('the schema finds what is wrong', () => {
  const log = JSON.parse(place.run(['check', '-o', 'sarif', 'docker-compose.yml']).stdout);
  log.runs[0].results[0].level = 'fatal';
  assert.ok(!validate(log));
});
