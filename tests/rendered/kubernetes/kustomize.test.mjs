// Overlays: that what they name exists, and what kustomize makes of them where there is a kubectl.
import assert from 'node:assert/strict';
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { built, no_kustomize, overlays_in } from './overlays.mjs';
import { called, fleets, kustomization, objects_in, render, rendered_objects } from './rendering.mjs';

const folders = Object.fromEntries(fleets.map((fleet) => [fleet, render(fleet)]));
const kustomizations_in = (folder) => ['base', 'base/nodes', ...overlays_in(folder).map((name) => `overlays/${name}`)];

const skip = no_kustomize;
const of_kind = (objects, kind) => objects.map(({ object }) => object).filter((object) => object.kind === kind);
const workloads = (objects) => [...of_kind(objects, 'Deployment'), ...of_kind(objects, 'StatefulSet')];
const nodes = (objects) => workloads(objects).filter(({ metadata }) => metadata.labels['app.kubernetes.io/component'] === 'node');
const pod = (workload) => workload.spec.template.spec;
const variables = (workload) => pod(workload).containers[0].env;

test('kustomizations name files that exist, and every file of objects', () => {
  for (const fleet of fleets) {
    const named = new Set();
    for (const name of kustomizations_in(folders[fleet])) {
      const content = kustomization(folders[fleet], name);
      const sources = (content.configMapGenerator ?? []).flatMap(({ files }) => files.map((each) => each.split('=')[1]));
      for (const path of [...content.resources, ...sources]) {
        const whole = join(folders[fleet], 'kubernetes', name, path);
        assert.ok(existsSync(whole), `${fleet}: ${name} names ${path}`);
        named.add(whole);
      }
    }
    for (const { file } of rendered_objects(folders[fleet])) assert.ok(named.has(file), `${file} is in no kustomization`);
  }
});

test('patches have a target of their kind', () => {
  for (const fleet of fleets) {
    const kinds = nodes(rendered_objects(folders[fleet])).map(({ kind }) => kind);
    for (const overlay of overlays_in(folders[fleet])) {
      for (const { target, patch } of kustomization(folders[fleet], `overlays/${overlay}`).patches ?? []) {
        assert.ok(kinds.includes(target.kind), `${fleet} ${overlay}: there is no ${target.kind}`);
        assert.equal(objects_in(patch, overlay)[0].object.kind, target.kind);
      }
    }
  }
});

test('every object is in the namespace of its overlay', { skip }, () => {
  for (const [overlay, space] of [['production', 'bots'], ['dev', 'bots-dev'], ['canary', 'bots']]) {
    for (const { object } of built(folders.services, overlay)) {
      if (object.kind === 'Namespace') assert.equal(object.metadata.name, space);
      else assert.equal(object.metadata.namespace, space, called(object));
    }
  }
});

test('pods get the configuration that is there, and new pods when it changes', { skip }, () => {
  const folder = render('services');
  const config_of_music = () => {
    const objects = built(folder, 'production');
    const name = pod(of_kind(objects, 'Deployment').find(({ metadata }) => metadata.name === 'music'))
      .volumes.find(({ configMap }) => configMap).configMap.name;
    assert.ok(of_kind(objects, 'ConfigMap').some(({ metadata }) => metadata.name === name), name);
    return name;
  };
  const before = config_of_music();
  assert.equal(config_of_music(), before);
  appendFileSync(join(folder, 'kubernetes/base/nodes/config/music.yaml'), '# changed\n');
  assert.notEqual(config_of_music(), before);
});

test('dev runs one pod of each bot, shows nothing to the world and is watched by nobody', { skip }, () => {
  for (const fleet of fleets) {
    const objects = built(folders[fleet], 'dev');
    for (const each of nodes(objects)) {
      assert.equal(each.spec.replicas, 1);
      assert.equal(pod(each).containers[0].resources.requests.memory, '32Mi');
      assert.ok(pod(each).containers[0].resources.limits.memory, 'what the patch does not name stays');
    }
    for (const kind of ['Ingress', 'PodMonitor', 'PrometheusRule']) assert.deepEqual(of_kind(objects, kind), []);
  }
});

test('a canary is a workload of another release beside the stable one, and nothing else', { skip }, () => {
  for (const [fleet, release, image] of [
    ['services', '1.1', 'registry.example.org/guildfleet:1.1'],
    ['shared', 'next', 'guildfleet:next'],
  ]) {
    const objects = built(folders[fleet], 'canary');
    assert.deepEqual([...new Set(objects.map(({ object }) => object.kind))].sort(), ['ConfigMap', 'Deployment']);
    for (const each of of_kind(objects, 'Deployment')) {
      assert.match(each.metadata.name, /-canary$/);
      assert.equal(each.spec.replicas, 1);
      assert.equal(pod(each).containers[0].image, image);
      assert.equal(variables(each).find(({ name }) => name === 'RELEASE').value, release);
      const labels = [each.spec.selector.matchLabels, each.spec.template.metadata.labels,
        ...pod(each).topologySpreadConstraints.map(({ labelSelector }) => labelSelector.matchLabels)];
      for (const { track } of labels) assert.equal(track, 'canary');
    }
  }
});

test('a canary knows its pod before it tells its address', { skip }, () => {
  for (const each of of_kind(built(folders.services, 'canary'), 'Deployment')) {
    const names = variables(each).map(({ name }) => name);
    assert.ok(names.includes('POD_IP') && names.indexOf('POD_IP') < names.indexOf('ADVERTISE'), names.join());
  }
});

test('services and policies of the stable pods are those of the canary too', { skip }, () => {
  const production = built(folders.services, 'production');
  const labels = of_kind(built(folders.services, 'canary'), 'Deployment').find(({ metadata }) => metadata.name === 'music-canary')
    .spec.template.metadata.labels;
  const selects = (selector) => Object.entries(selector).every(([key, value]) => labels[key] === value);
  assert.ok(selects(of_kind(production, 'Service').find(({ metadata }) => metadata.name === 'music').spec.selector));
  for (const name of ['discord', 'to-database', 'to-redis', 'music-peers', 'gateway', 'prometheus']) {
    const { spec } = of_kind(production, 'NetworkPolicy').find(({ metadata }) => metadata.name === name);
    assert.ok(selects(spec.podSelector.matchLabels), name);
  }
});
