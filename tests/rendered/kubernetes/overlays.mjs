// What kustomize makes of the overlays, where there is a kubectl.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { objects_in } from './rendering.mjs';

// Older ones know neither labels with selectors nor patches with targets.
function why_not() {
  try {
    const { kustomizeVersion } = JSON.parse(execFileSync('kubectl', ['version', '--client', '-o', 'json'], { stdio: 'pipe' }));
    return Number(kustomizeVersion?.match(/^v(\d+)/)?.[1] ?? 0) >= 5 ? false : `kubectl has kustomize ${kustomizeVersion}, not 5`;
  } catch {
    return 'there is no kubectl: what kustomize makes of the overlays is unproven';
  }
}

// Why what is built cannot be looked at; false when it can.
export const no_kustomize = why_not();

export const overlays_in = (folder) =>
  ['dev', 'production', 'canary'].filter((name) => existsSync(join(folder, 'kubernetes/overlays', name)));

export const built = (folder, overlay) => {
  const path = join(folder, 'kubernetes/overlays', overlay);
  return objects_in(execFileSync('kubectl', ['kustomize', path], { encoding: 'utf8' }), path);
};
