// Renders fleets, and reads the objects of what was rendered.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';

export const fleets = readdirSync('fleets').map((file) => basename(file, '.yaml'));

// A new folder; the next run of the tests takes it away.
export function new_folder() {
  mkdirSync('rendered', { recursive: true });
  return mkdtempSync(join(resolve('rendered'), 'of-'));
}

// The folder that the fleet was rendered into.
export function render(fleet, folder = new_folder()) {
  execFileSync(process.env.GUILDFLEET, ['render', 'kubernetes', '--config', `fleets/${fleet}.yaml`, '-o', folder], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return folder;
}

// Kubernetes reads YAML 1.1.
export function objects_in(text, file) {
  return parseAllDocuments(text, { version: '1.1' }).map((document) => {
    if (document.errors.length > 0) throw new Error(`${file}: ${document.errors[0].message}`);
    return { file, object: document.toJS() };
  });
}

function files_below(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files_below(path) : [path];
  });
}

// Everything that the API server is to get; kustomizations and the configuration of nodes are not of it.
export function rendered_objects(folder) {
  return files_below(join(folder, 'kubernetes'))
    .filter((path) => path.endsWith('.yaml') && !path.includes('/config/') && !path.endsWith('kustomization.yaml'))
    .flatMap((path) => objects_in(readFileSync(path, 'utf8'), path));
}

export function kustomization(folder, name) {
  const file = join(folder, 'kubernetes', name, 'kustomization.yaml');
  return objects_in(readFileSync(file, 'utf8'), file)[0].object;
}

export const called = (object) => `${object.kind} ${object.metadata.name}`;
