// What the models of kubernetes-models say: their validators about values, TypeScript about fields that do not exist.
import { writeFileSync } from 'node:fs';
import ts from 'typescript';
import { called } from './rendering.mjs';

const packages = {
  'monitoring.coreos.com/v1': '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1',
  'traefik.io/v1alpha1': '@kubernetes-models/traefik/traefik.io/v1alpha1',
};
const package_of = ({ apiVersion }) => packages[apiVersion] ?? `kubernetes-models/${apiVersion}`;

export async function wrong_values(objects) {
  const problems = [];
  for (const { file, object } of objects) {
    const models = await import(package_of(object));
    try {
      new models[object.kind](object).validate();
    } catch (error) {
      problems.push(`${file}: ${called(object)}: ${error.message}`);
    }
  }
  return problems;
}

// The newest models that run on Node 18 are older than what the operator takes since 0.66.
const newer_fields = { PrometheusRule: ['keep_firing_for'] };

function literal(object) {
  const newer = newer_fields[object.kind] ?? [];
  return JSON.stringify(object, (key, value) => (newer.includes(key) ? undefined : value));
}

// A literal with a field that its type does not have is an error of the compiler.
export function unknown_fields(objects) {
  const source = 'objects.ts';
  const lines = objects.map(({ object }, i) => {
    const type = `import('${package_of(object)}').I${object.kind}`;
    return `export const object_${i}: ${type} = ${literal(object)};`;
  });
  writeFileSync(source, lines.join('\n') + '\n');
  const program = ts.createProgram([source], {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  });
  return ts.getPreEmitDiagnostics(program).map((found) => {
    const text = ts.flattenDiagnosticMessageText(found.messageText, ' ');
    if (found.file?.fileName !== source) return text;
    const { file, object } = objects[found.file.getLineAndCharacterOfPosition(found.start).line];
    return `${file}: ${called(object)}: ${text}`;
  });
}
