// Every rendered object of every pattern, and what kustomize makes of them, before every description that there is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unknown_fields, wrong_values } from './models.mjs';
import { has_openapi, openapi, openapi_file } from './openapi.mjs';
import { built, no_kustomize, overlays_in } from './overlays.mjs';
import { fleets, render, rendered_objects } from './rendering.mjs';

const folders = fleets.map((fleet) => render(fleet));
const all_built = no_kustomize ? [] : folders.flatMap((folder) => overlays_in(folder).flatMap((overlay) => built(folder, overlay)));
const by_content = new Map([...folders.flatMap(rendered_objects), ...all_built].map((each) => [JSON.stringify(each.object), each]));
const objects = [...by_content.values()];

const broken = (change) => {
  const object = structuredClone(objects.find(({ object }) => object.kind === 'Deployment').object);
  change(object.spec);
  return { file: 'broken', object };
};
const with_unknown_field = broken((spec) => (spec.template.spec.hostNetwrk = true));
const with_wrong_value = broken((spec) => (spec.replicas = 'two'));

test('the models accept every value, and refuse a wrong one', async () => {
  assert.deepEqual(await wrong_values(objects), []);
  assert.equal((await wrong_values([with_wrong_value])).length, 1);
});

test('the models know every field, and refuse another', () => {
  const problems = unknown_fields([...objects, with_unknown_field]);
  assert.equal(problems.length, 1, problems.join('\n'));
  assert.match(problems[0], /^broken: .*hostNetwrk/);
});

test("Kubernetes' description accepts every object, and refuses a wrong one", { skip: !has_openapi && `${openapi_file} is not there` }, () => {
  const described = new openapi();
  const known = objects.filter(({ object }) => described.knows(object));
  assert.deepEqual(known.flatMap((each) => described.problems(each)), []);
  const others = objects.filter(({ object }) => !described.knows(object)).map(({ object }) => object.kind);
  assert.deepEqual([...new Set(others)].sort(), ['Middleware', 'PodMonitor', 'PrometheusRule']);
  assert.match(described.problems(with_unknown_field).join(), /hostNetwrk/);
  assert.match(described.problems(with_wrong_value).join(), /integer/);
});

test('what kustomize makes is among them', { skip: no_kustomize }, () => {
  assert.ok(all_built.length > 100);
});
