// Every rendered object of every pattern, before every description of it that there is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unknown_fields, wrong_values } from './models.mjs';
import { has_openapi, openapi, openapi_file } from './openapi.mjs';
import { fleets, render, rendered_objects } from './rendering.mjs';

const objects = fleets.flatMap((fleet) => rendered_objects(render(fleet)));
const skip = !has_openapi && `${openapi_file} is not there`;

const broken = (change) => {
  const object = structuredClone(objects.find(({ object }) => object.kind === 'Deployment').object);
  change(object.spec);
  return [{ file: 'broken', object }];
};
const with_unknown_field = broken((spec) => (spec.template.spec.hostNetwrk = true));
const with_wrong_value = broken((spec) => (spec.replicas = 'two'));

test('models accept every value', async () => {
  assert.deepEqual(await wrong_values(objects), []);
});

test('models know every field', () => {
  assert.deepEqual(unknown_fields(objects), []);
});

test('models refuse what is wrong', async () => {
  assert.equal((await wrong_values(with_wrong_value)).length, 1);
  assert.match(unknown_fields(with_unknown_field).join(), /hostNetwrk/);
});

test("Kubernetes' description accepts every object", { skip }, () => {
  const described = new openapi();
  const known = objects.filter(({ object }) => described.knows(object));
  assert.deepEqual(known.flatMap((each) => described.problems(each)), []);
  const others = objects.filter(({ object }) => !described.knows(object)).map(({ object }) => object.kind);
  assert.deepEqual([...new Set(others)].sort(), ['Middleware', 'PodMonitor', 'PrometheusRule']);
});

test("Kubernetes' description refuses what is wrong", { skip }, () => {
  const described = new openapi();
  assert.match(described.problems(with_unknown_field[0]).join(), /hostNetwrk/);
  assert.match(described.problems(with_wrong_value[0]).join(), /integer/);
});
