// Kubernetes' own description of its API, made strict: a field that it does not name is an error.
import { existsSync, readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { called } from './rendering.mjs';

export const openapi_file = process.env.KUBERNETES_OPENAPI;
export const has_openapi = existsSync(openapi_file);

function made_strict(schema) {
  if (schema.format === 'int-or-string') return { type: ['string', 'integer'] };
  const strict = { ...schema };
  if (schema.properties) {
    strict.properties = Object.fromEntries(Object.entries(schema.properties).map(([key, value]) => [key, made_strict(value)]));
    strict.additionalProperties ??= false;
  }
  if (typeof schema.additionalProperties === 'object') strict.additionalProperties = made_strict(schema.additionalProperties);
  if (schema.items) strict.items = made_strict(schema.items);
  return strict;
}

export class openapi {
  constructor() {
    const { definitions } = JSON.parse(readFileSync(openapi_file, 'utf8'));
    this.names = new Map();
    for (const [name, schema] of Object.entries(definitions)) {
      for (const { group, version, kind } of schema['x-kubernetes-group-version-kind'] ?? [])
        this.names.set(`${group === '' ? version : `${group}/${version}`} ${kind}`, name);
    }
    const strict = Object.fromEntries(Object.entries(definitions).map(([name, schema]) => [name, made_strict(schema)]));
    this.ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
    this.ajv.addSchema({ $id: 'kubernetes', definitions: strict });
  }

  // Custom resources are not described there.
  knows({ apiVersion, kind }) {
    return this.names.has(`${apiVersion} ${kind}`);
  }

  problems({ file, object }) {
    const name = this.names.get(`${object.apiVersion} ${object.kind}`);
    const validate = this.ajv.getSchema(`kubernetes#/definitions/${name}`);
    if (validate(object)) return [];
    return validate.errors.map((each) => {
      const field = each.params.additionalProperty ? ` (${each.params.additionalProperty})` : '';
      return `${file}: ${called(object)}: ${each.instancePath} ${each.message}${field}`;
    });
  }
}
